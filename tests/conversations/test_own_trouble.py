"""When the bot itself is in trouble: its database, or something that nobody foresaw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bot.errors import StorageError
from tests.workspace import Workspace, labels, table

pytestmark = pytest.mark.acquainted

# Of a kind with what errors may quote; the traceback shows the line of code, so not there.
SECRETS = "jane@acme.com asked with xoxb-demo and exec_live_Demo0nly"


@contextmanager
def database_away(workspace: Workspace, error: type[Exception] = StorageError) -> Iterator[None]:
    """Every statement fails."""
    engine = workspace.bot.db.engine.sync_engine

    def refuse(*_: object) -> None:
        if error is StorageError:
            raise sa.exc.OperationalError("SELECT", {}, Exception("gone"))
        raise error(SECRETS)

    sa.event.listen(engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(engine, "before_cursor_execute", refuse)


async def test_a_database_that_is_away_is_told(workspace: Workspace) -> None:
    await workspace.ask("jane", "sessions last 7d")
    with database_away(workspace):
        told = await workspace.ask("jane", "sessions last 7d")
        assert told.text == (
            "I can't reach my own database right now. Try again in a minute. If it keeps "
            "happening, tell the person who runs this bot."
        )
        assert labels(told) == []  # a button needs the database to know what it does
    assert table(await workspace.ask("jane", "sessions last 7d"))


async def test_an_error_while_telling_of_an_error_is_logged(
    workspace: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRETS)

    monkeypatch.setattr(type(workspace.bot.messages), "message", fail)
    await workspace.say("jane", "sessions glod")
    await workspace.bot.drain()
    assert "no way to answer: ValueError (reference " in caplog.text
    assert_clean(caplog)


def assert_clean(caplog: pytest.LogCaptureFixture) -> None:
    """No e-mail, no token, no key in the log."""
    for secret in ("jane@acme.com", "xoxb-demo", "exec_live_"):
        assert secret not in caplog.text

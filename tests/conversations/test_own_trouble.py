"""When the bot itself is in trouble: its database, or something that nobody foresaw."""

from __future__ import annotations

import logging
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
    engine = workspace.bot.core.database.engine.sync_engine

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
            "I can't reach my own database right now. Try again in a minute; if it stays so, tell "
            "the person who runs me."
        )
        assert labels(told) == []  # a button needs the database to know what it does
    assert table(await workspace.ask("jane", "sessions last 7d"))


async def test_a_database_that_breaks_in_an_unknown_way(
    workspace: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    with database_away(workspace, RuntimeError):
        told = await workspace.ask("jane", "sessions last 7d")
    assert told.text.startswith("Something went wrong on my side.")
    assert told.text.rpartition("Reference: ")[2].rstrip(".") in caplog.text
    assert_clean(caplog)


@pytest.mark.parametrize("said", ["sessions jane@acme.com", "help"])
async def test_what_nobody_foresaw_gets_a_reference(
    workspace: Workspace,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
) -> None:
    with monkeypatch.context() as patch:
        for name in ("answer", "offers"):

            async def fail(*_: object, **__: object) -> None:
                raise ValueError(SECRETS)

            patch.setattr(type(workspace.bot.core.answerer), name, fail)
        told = await workspace.ask("jane", said)
    assert told.text.startswith("Something went wrong on my side. Try again;")
    reference = told.text.rpartition("Reference: ")[2].rstrip(".")
    assert len(reference) == 8
    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    (record,) = errors
    assert f"reference {reference}" in record.getMessage()
    assert "ValueError" in record.getMessage()
    assert "in fail" in record.getMessage()
    assert_clean(caplog)
    assert labels(told) == ["Try again"]
    assert (await workspace.press("jane", told, "Try again")).text != told.text


async def test_an_error_while_telling_of_an_error_is_logged(
    workspace: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError(SECRETS)

    monkeypatch.setattr(type(workspace.bot.core.messages), "draw", fail)
    await workspace.say("jane", "sessions glod")
    await workspace.bot.work.drain()
    assert "no way to answer: ValueError (reference " in caplog.text
    assert_clean(caplog)


def assert_clean(caplog: pytest.LogCaptureFixture) -> None:
    """No e-mail, no token, no key in the log."""
    for secret in ("jane@acme.com", "xoxb-demo", "exec_live_"):
        assert secret not in caplog.text

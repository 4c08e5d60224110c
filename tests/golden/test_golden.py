"""The example messages: golden files, Slack's limits, and a few rules for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import pytest
import pytest_asyncio

from bot.messages.blocks import Message
from bot.messages.jinja import SUFFIX, our_folder
from bot.messages.render import View
from tests.conftest import MakeUrl
from tests.golden import FOLDER, Made, examples, file_of, rendered, templates
from tests.golden.checker import assert_few_buttons, assert_fits, assert_sendable, assert_text_says

Views: TypeAlias = dict[str, dict[str, View]]
Messages: TypeAlias = dict[str, dict[str, Made]]
HOW = "if this is meant, run: python -m tests.golden, and read the diff"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def views(sqlite_urls: MakeUrl) -> Views:
    return await examples(sqlite_urls())


@pytest.fixture(scope="module")
def made(views: Views) -> Messages:
    return {
        template: {name: rendered(view) for name, view in variants.items()}
        for template, variants in views.items()
    }


@contextmanager
def naming(name: str) -> Iterator[None]:
    """Name the example that fails."""
    try:
        yield
    except AssertionError as error:
        error.add_note(name)
        raise


def messages(made: Messages) -> Iterator[tuple[str, Message]]:
    for template, variants in made.items():
        for name, example in variants.items():
            if isinstance(example, Message):
                yield f"{template}: {name}", example


def test_messages_read_as_in_their_golden_files(made: Messages) -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(made), HOW
    for template, variants in made.items():
        assert file_of(variants) == (FOLDER / f"{template}.txt").read_text(encoding="utf-8"), HOW


def test_every_template_has_an_example(views: Views) -> None:
    used = {
        name
        for variants in views.values()
        for view in variants.values()
        for name in templates(view)
    }
    ours = {path.name.removesuffix(SUFFIX) for path in our_folder().glob(f"*{SUFFIX}")}
    assert used == {name for name in ours if not name.startswith("_")}


@pytest.mark.parametrize("check", [assert_fits, assert_text_says, assert_few_buttons])
def test_every_message_keeps_the_rules(made: Messages, check: Callable[[Message], None]) -> None:
    for name, message in messages(made):
        with naming(name):
            check(message)


def test_slack_takes_every_message_without_tables_and_every_modal(made: Messages) -> None:
    for name, message in messages(made):
        with naming(name):
            assert_fits(message.plain())
    for modals in made.values():
        for modal in modals.values():
            if isinstance(modal, dict):
                assert_sendable(modal)

"""Three messages and two forms as markup: they are what they were, each sentence written once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering import blocks
from bot.rendering import report_samples as made
from bot.rendering.coach_messages import CoachMessages
from bot.rendering.coach_views import CoachView
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.digest_views import DigestView
from bot.rendering.messages import Messages
from bot.rendering.values import tidy
from bot.reports.coach import coach_report
from bot.reports.digest import group_digest
from tests.rendering import ported
from tests.rendering.checker import assert_fits, assert_sendable, buttons, table_rows, texts
from tests.rendering.ported import BOTH, figures, same
from tests.rendering.strategies import answers, names
from tests.reports.given import LONG_KNOWN, NOW, WINDOW, rosters, row_lists, task_lists

EXAMPLES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COMPANIES = [(0, False), (1, False), (7, False), (40, False), (7, True)]


@pytest.mark.parametrize("draw", ported.answers())
def test_an_answer_is_what_it_was(draw):
    assert_same(draw())


@pytest.mark.parametrize(("people", "hostile"), COMPANIES)
def test_digests_and_messages_to_coaches_are_what_they_were(people, hostile):
    for draw in ported.reports(made.company(people, hostile=hostile)):
        assert_same(draw())


def assert_same(before):
    after = blocks.message(BOTH.document)
    assert_fits(after)
    assert same(after.blocks) == same(before.blocks)
    if len(before.text) < 3_000:
        assert figures(before.text) <= figures(after.text)


@pytest.mark.parametrize(("people", "hostile"), [(3, False), (7, True)])
def test_forms_are_what_they_were(people, hostile):
    for draw in ported.forms(made.company(people, hostile=hostile)):
        before, after = draw(), blocks.modal(BOTH.document)
        assert_sendable(after)
        assert same(after) == same(before)


def test_no_line_of_a_template_is_longer_than_120_characters():
    for path in ported.FOLDER.glob("*.j2"):
        assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 120, path.name


def test_no_sentence_is_written_twice():
    for path in ported.FOLDER.glob("*.j2"):
        said = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", path.read_text("utf-8"))
        long = [line.strip() for line in said.split("\n") if len(line.split()) > 3]
        assert len(long) == len(set(long)), path.name


@EXAMPLES
@given(answers(most=120), st.sampled_from([0, 1, 2]))
def test_any_answer(view, level):
    Messages(BOTH).answer(view, level)
    message = blocks.message(BOTH.document, level)
    assert_fits(message)
    assert list(buttons(message).values()).count(view.id) >= 2
    if view.rows and level < 2:
        head, *rows = table_rows(message)
        assert head == ["When", "Who", "Scenario", "Score", "Rank", "Length"]
        people = [session.user.name for session in view.rows[view.start :]]
        for row, person in zip(rows, people, strict=False):
            assert row[1] == (in_html(tidy(person, 80)) or "–")
    assert_text_says(message)


def in_html(text):
    return re.sub("[ \t\r\n]+", " ", text).strip(" ")


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, names, st.booleans(), st.sampled_from([0, 1, 2]))
def test_any_digest(roster, rows, tasks, group, first, level):
    known = None if first else LONG_KNOWN
    report = group_digest(roster, rows, tasks, WINDOW, known_since=known)
    DigestMessages(BOTH).digest(DigestView("d_1", group, report, NOW, late=NOW, sent_by=group))
    message = blocks.message(BOTH.document, level)
    assert_fits(message)
    assert_text_says(message)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists)
def test_any_message_to_a_coach(roster, rows, tasks):
    report = coach_report(roster, rows, tasks, WINDOW, since=LONG_KNOWN)
    handles = {person.id: f"p_{person.id}" for person in roster}
    CoachMessages(BOTH).coach(CoachView("c_1", report, NOW, handles, late=NOW))
    message = blocks.message(BOTH.document)
    assert_fits(message)
    assert_text_says(message)


def assert_text_says(message):
    """Every figure of the blocks, but for the rows of a table, stands in the text."""
    if len(message.text) < 3_900:
        shown = " ".join(texts(replace(message, blocks=said_in_words(message))))
        assert figures(shown) <= figures(message.text)


def said_in_words(message):
    return [block for block in message.blocks if block["type"] not in ("actions", "table")]

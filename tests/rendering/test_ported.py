"""Every message as markup: whatever the names and numbers, Slack takes it and its text says it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering import report_samples as made
from bot.rendering.coach_messages import CoachMessages
from bot.rendering.coach_views import CoachView
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.digest_views import DigestView
from bot.rendering.elements import in_html
from bot.rendering.fallback import LEVELS
from bot.rendering.messages import Messages
from bot.rendering.values import tidy
from bot.rendering.views import Message
from bot.reports.coach import coach_report
from bot.reports.digest import group_digest
from tests.rendering.checker import assert_fits, assert_sendable, buttons, table_rows, texts
from tests.rendering.ported import FOLDER, Ported, everything, figures
from tests.rendering.strategies import NASTY, answers, names
from tests.reports.given import LONG_KNOWN, NOW, WINDOW, rosters, row_lists, task_lists

AT_LEVEL = [Ported(level) for level in LEVELS]
EXAMPLES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
HOSTILE = (*NASTY, "]]>", "<![CDATA[ &nbsp; &#8; <!here>", "\x1b[31m", "x" * 10_000, "ü" * 10_000)


def test_no_line_of_a_template_is_longer_than_120_characters():
    for path in FOLDER.glob("*.j2"):
        assert max(map(len, path.read_text(encoding="utf-8").splitlines())) <= 120, path.name


def test_no_sentence_is_written_twice():
    markup = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.j2"))
    said = re.sub(r"(?s)\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", "\n", markup)
    sentences = Counter(re.findall(r"(?m)^ *([A-Z]\S*(?: \S+){4,})", said))
    assert len(sentences) > 50
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@settings(EXAMPLES, max_examples=6)
@given(st.lists(st.sampled_from(HOSTILE) | names, min_size=4, max_size=4), st.sampled_from(LEVELS))
def test_every_message_with_any_names(called, level):
    company = renamed(made.company(4), called)
    for name, draw in everything(AT_LEVEL[level], company).items():
        drawn = draw()
        if isinstance(drawn, Message):
            assert_fits(drawn)
            assert_text_says(drawn, level, name)
        else:
            assert_sendable(drawn)


def renamed(company, called):
    """The same people and scenarios under other names."""
    people = [replace(p, name=called[at]) for at, p in enumerate(company.people)]
    by_scenario = {f"c{at}": name for at, name in enumerate(reversed(called))}
    sessions = [
        row.model_copy(
            update={
                "scenario": row.scenario.model_copy(update={"name": by_scenario[row.scenario.id]})
            }
        )
        for row in company.sessions
    ]
    return replace(company, people=tuple(people), sessions=tuple(sessions))


@EXAMPLES
@given(answers(most=120), st.sampled_from(LEVELS))
def test_any_answer(view, level):
    message = Messages(AT_LEVEL[level]).answer(view, level).message
    assert_fits(message)
    assert list(buttons(message).values()).count(view.id) >= 2
    if view.rows and level < 2:
        head, *rows = table_rows(message)
        assert head == ["When", "Who", "Scenario", "Score", "Rank", "Length"]
        people = [session.user.name for session in view.rows[view.start :]]
        for row, person in zip(rows, people, strict=False):
            assert row[1] == (in_html(tidy(person, 80)) or "–")
    assert_text_says(message, level)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, names, st.booleans(), st.sampled_from(LEVELS))
def test_any_digest(roster, rows, tasks, group, first, level):
    known = None if first else LONG_KNOWN
    report = group_digest(roster, rows, tasks, WINDOW, known_since=known)
    view = DigestView("d_1", group, report, NOW, late=NOW, sent_by=group, roster_as_of=NOW)
    message = DigestMessages(AT_LEVEL[level]).digest(view, level)
    assert_fits(message)
    assert_text_says(message, level)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists)
def test_any_message_to_a_coach(roster, rows, tasks):
    report = coach_report(roster, rows, tasks, WINDOW, since=LONG_KNOWN)
    handles = {person.id: f"p_{person.id}" for person in roster}
    message = CoachMessages(AT_LEVEL[0]).coach(CoachView("c_1", report, NOW, handles, late=NOW))
    assert_fits(message)
    assert_text_says(message, 0)


def assert_text_says(message, level, name=""):
    """Every figure of the blocks, but for the rows of a table, stands in the text."""
    if level < 2 and len(message.text) < 3_900:
        said = [block for block in message.blocks if block["type"] != "actions"]
        shown = re.sub(r"(?m)^\d+\. ", "", " ".join(texts(replace(message, blocks=said))))
        assert figures(shown) <= figures(message.text), name

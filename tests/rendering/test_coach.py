"""What coaches and the people they coach are told, whatever there is to tell."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.coach_views import (
    CoachView,
    NudgePreviewView,
    NudgeWordsView,
    PersonView,
)
from bot.rendering.messages import Messages
from bot.reports.coach import coach_report
from bot.reports.conversations import MOST_NAMED
from bot.reports.each_person import each_person
from bot.reports.findings import Excused
from bot.reports.freshness import Freshness
from bot.reports.rows import by_id
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import (
    assert_fits,
    nodes,
    texts,
)
from tests.rendering.small import NUDGE
from tests.reports.given import (
    NOW,
    WEEK,
    WINDOW,
    ZONE,
    days,
    rosters,
    row_lists,
    task_lists,
)

MESSAGES = Messages()
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def buttons(message):
    return [node for node in nodes(message.blocks) if node.get("type") == "button"]


def test_of_many_people_there_are_five_lines_and_six_buttons():
    company = made.company(200)
    view = digest_samples.coach_messages(company)["coach-praise"]
    message = MESSAGES.draw(view)
    assert_fits(message)
    assert len(view.report.conversations) > 100
    assert len(view.report.lines) <= 5
    assert len(buttons(message)) <= 6
    assert [each.get("style") for each in buttons(message)].count("primary") == 1
    assert buttons(message)[0]["style"] == "primary"
    assert " more" in message.text
    (nudge,) = [each for each in buttons(message) if each["text"]["text"] == "Nudge these"][:1]
    assert len(nudge["value"].split()) == MOST_NAMED


def test_the_preview_of_a_nudge_is_what_will_be_sent():
    typed = "Hi <!channel> *Sam* :wave:,\n\n  see <@U1> a_b 2*3 *_now_*\r\n@here https://x.y"
    nudge = replace(NUDGE, words=typed)
    sent, preview = (
        MESSAGES.draw(nudge),
        MESSAGES.draw(NudgePreviewView("n_1", nudge, ("Sam Lee",), 0)),
    )
    note, words, *_ = texts(sent)
    assert words == (
        "> Hi &lt;!channel&gt; *Sam* :wave:,\n> see &lt;@U1&gt; a_b 2*3 *_now_*\n"
        "> @here https://x.y"
    )
    assert texts(preview)[1] == f"> {note}\n{words}"
    assert_fits(sent)
    for nowhere in ("", "javascript:alert(1)", "https://x.com/" + "x" * 3_000, "<!here>"):
        unlinked = MESSAGES.draw(replace(NUDGE, link=nowhere))
        assert [each["text"]["text"] for each in buttons(unlinked)] == ["Reply to Ana"]


sinces = st.sampled_from([None, days(-50)])
excuses = st.frozensets(st.sampled_from(["ann", "bob", "cy", "dee"]), max_size=2)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, excuses, excuses, st.booleans(), sinces)
def test_any_coach_message(roster, rows, found, joined, done, sent, since):
    excused = Excused(joined=joined, done=dict.fromkeys(done, NOW))
    report = coach_report(roster, rows, found, WINDOW, since=since, excused=excused)
    handles = {id_: f"p_{id_}" for id_ in by_id(roster)}
    message = MESSAGES.draw(
        CoachView("c_1" if sent else None, report, Freshness(NOW), handles, late=NOW)
    )
    assert_fits(message)
    if report.is_empty:
        assert len(message.blocks) == 1
    else:
        assert len(buttons(message)) <= 6
    for each in each_person(roster, rows, WEEK, since=since):
        talks = {talk.person.id: talk for talk in report.conversations}
        assert_fits(MESSAGES.draw(PersonView("p", each, talks.get(each.person.id), WINDOW)))
    due = report.due_soon or ()
    words = NudgeWordsView((), due, all_overdue=not due, never=sent, zone=ZONE, now=NOW)
    assert_fits(MESSAGES.draw(words))

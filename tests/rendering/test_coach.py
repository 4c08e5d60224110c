"""What coaches and the people they coach are told, whatever there is to tell."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.rendering.coach_views import (
    CoachView,
    NudgeFormView,
    NudgePreviewView,
    NudgeView,
    NudgeWordsView,
    PersonView,
)
from bot.rendering.messages import Messages
from bot.reports.coach import coach_report
from bot.reports.each_person import each_person
from bot.reports.findings import Excused
from bot.reports.freshness import Freshness
from bot.reports.rows import by_id
from tests.golden.variants import nudges
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import (
    assert_fits,
    heard,
    nodes,
    texts,
)
from tests.rendering.small import NUDGE, coach, overdue, practised
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


def menus(message):
    """The options of each overflow menu, by its action id."""
    return {
        node["action_id"]: [option["value"] for option in node["options"]]
        for node in nodes(message.blocks)
        if node.get("type") == "overflow"
    }


def test_praise_beyond_five_conversations_has_its_own_place():
    company = made.company(200)
    message = MESSAGES.draw(digest_samples.coach_messages(company)["coach"])
    assert len(menus(message)) == 5
    for title in ("Also not practised", "Also overdue", "Due within 7 days"):
        shown = next(text for text in texts(message) if text.startswith(f"*{title}"))
        assert " more" in shown
        assert heard(shown.split("\n")[0]) in message.text
        # Never a list of twenty lines.
        assert len(shown.split("\n")) <= 6
    assert any(text.startswith("*Worth a shout-out*\n") for text in texts(message))


def test_who_has_a_conversation_is_not_listed_again():
    message = MESSAGES.draw(coach(practised("ann")))
    assert "Also" not in message.text
    assert message.text.count("Bob") == 1


def test_the_preview_of_a_nudge_is_what_will_be_sent():
    for nudge in nudges().values():
        sent, preview = MESSAGES.draw(nudge), MESSAGES.draw(NudgePreviewView("n_1", nudge))
        for text in texts(sent):
            assert heard(text) in preview.text
            assert any(text.replace("\n", "\n> ") in shown for shown in texts(preview))


def test_a_nudge_leads_to_what_is_most_pressing():
    first, second = overdue("A")[0], replace(overdue("B")[0], link="https://x.exec.com/b")
    sent = MESSAGES.draw(replace(NUDGE, overdue=(first, second)))
    (practise,) = [
        each for block in sent.blocks for each in block.get("elements", ()) if "url" in each
    ]
    assert (practise["text"]["text"], practise["url"]) == ("Practise now", "https://x.exec.com/b")
    preview = MESSAGES.draw(NudgePreviewView("n_1", replace(NUDGE, overdue=(first, second))))
    assert "<https://x.exec.com/b|Practise now>" in texts(preview)[1]
    for nowhere in ("", "javascript:alert(1)", "https://x.com/" + "x" * 3_000, "<!here>"):
        unlinked = MESSAGES.draw(replace(NUDGE, overdue=(replace(first, link=nowhere),)))
        assert [block["type"] for block in unlinked.blocks] == ["section", "context"]


def test_the_words_of_a_coach_stand_below_whose_they_are_and_call_nobody():
    typed = "Hi <!channel> *Sam* :wave:,\n\n  see <@U1> a_b 2*3 *_now_*\r\n@here https://x.y"
    message = MESSAGES.draw(replace(NUDGE, overdue=overdue("A"), typed=typed))
    assert_fits(message)
    assert texts(message)[0] == (
        "*Ana Costa* asked me to pass this on:\nHi &lt;!channel&gt; *Sam* :wave:,\n"
        "see &lt;@U1&gt; a_b 2*3 *_now_*\n@here https://x.y"
    )


def test_the_form_begins_with_the_usual_words():
    nudge = replace(NUDGE, overdue=overdue("A <b>", "C"))
    words = MESSAGES.words(NudgeWordsView(nudge))
    assert words == (
        "These are past the date: A <b> (Thu 12 March), C (Thu 12 March). "
        "Ten minutes this week would be a good start."
    )
    form = MESSAGES.form(NudgeFormView("f_1", nudge, words, 500))
    (typed,) = [block["element"] for block in form["blocks"] if block["type"] == "input"]
    assert typed["initial_value"] == words
    assert (typed["multiline"], typed["max_length"]) == (True, 500)


sinces = st.sampled_from([None, days(-50)])
excuses = st.frozensets(st.sampled_from(["ann", "bob", "cy", "dee"]), max_size=2)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, excuses, excuses, st.booleans(), sinces)
def test_any_coach_message(roster, rows, found, joined, snoozed, sent, since):
    report = coach_report(
        roster, rows, found, WINDOW, since=since, excused=Excused(joined=joined, snoozed=snoozed)
    )
    handles = {id_: f"p_{id_}" for id_ in by_id(roster)}
    message = MESSAGES.draw(
        CoachView("c_1" if sent else None, report, Freshness(NOW), handles, late=NOW)
    )
    assert_fits(message)
    if report.is_empty:
        assert len(message.blocks) == 1
    else:
        assert len(menus(message)) == len(report.conversations)
    for each in each_person(roster, rows, WEEK, since=since):
        talks = {talk.person.id: talk for talk in report.conversations}
        assert_fits(MESSAGES.draw(PersonView("p", each, talks.get(each.person.id), WINDOW)))
    nudge = NudgeView("x", "y", report.overdue or (), report.due_soon or (), None, since, ZONE, NOW)
    assert_fits(MESSAGES.draw(nudge))

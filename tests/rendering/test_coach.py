"""What coaches and the people they coach are told, word for word."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.exec_api.models import Scenario
from bot.rendering.coach_views import (
    CoachesView,
    CoachLine,
    CoachView,
    MeView,
    NudgeFormView,
    NudgePreviewView,
    NudgeView,
    NudgeWordsView,
    PersonView,
    SnoozeView,
)
from bot.rendering.messages import Messages
from bot.reports.coach import coach_report
from bot.reports.each_person import each_person
from bot.reports.findings import Best, Excused
from bot.reports.intervals import Interval
from bot.reports.me import own_week
from bot.reports.rows import by_id
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import (
    assert_fits,
    assert_sendable,
    buttons,
    heard,
    nodes,
    table_rows,
    texts,
)
from tests.reports.given import (
    NOW,
    WEEK,
    WINDOW,
    ZONE,
    assignment,
    days,
    person,
    rosters,
    row_lists,
    session,
    task_lists,
)

MESSAGES = Messages()
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROSTER = [person("ann"), person("bob"), person("cy")]
NOBODY = Excused()
HANDLES = {"ann": "p_ann", "bob": "p_bob", "cy": "p_cy"}


def view(rows=(), tasks=(), people=ROSTER, excused=NOBODY, since=None, bests=(), **more):
    made = {"since": since, "excused": excused, "bests": bests}
    report = coach_report(people, rows, tasks, WINDOW, **made)
    return CoachView(**{"id": "c_1", "report": report, "as_of": NOW, "handles": HANDLES, **more})


def steady(*who, at=1, score=80, count=1):
    return [session(name, at, score, rank="silver") for name in who for _ in range(count)]


def menus(message):
    """The options of each overflow menu, by its action id."""
    return {
        node["action_id"]: [option["value"] for option in node["options"]]
        for node in nodes(message.blocks)
        if node.get("type") == "overflow"
    }


def test_everyone_to_talk_to_has_reasons_one_thing_to_do_and_a_menu():
    rows = [
        *steady("bob", at=-30, score=74, count=9),
        *steady("bob", score=61, count=4),
        *steady("cy", at=-3, score=82, count=5),
    ]
    message = MESSAGES.draw(view(rows, [assignment("ann", due=-4, scenario="Discovery")]))
    assert texts(message)[:5] == [
        "*1 of 3 practised.* 3 people to talk to this week:",
        "*Ann*: *Discovery* is overdue since Thu 12 March. Has not practised yet.\n"
        "→ Ask what's blocking *Discovery*.",
        "*Cy* has not practised this week; the week before it was 5 sessions, average 82.0 over "
        "5 graded attempts.\n"
        "→ Agree on ten minutes for practice this week.",
        "*Bob* is slipping: 13.0 points lower on the same scenarios (4 graded attempts in four "
        "weeks, 9 in the four before). All 4 were *Cold Call*.\n"
        "→ Go through a *Cold Call* attempt together.",
        "See everyone",
    ]
    assert menus(message) == {
        f"coach.person.{at}": [f"coach.{what}:{who}" for what in ("sessions", "snooze", "nudge")]
        for at, who in enumerate(("p_ann", "p_cy", "p_bob"), start=1)
    }
    assert "Ann: Discovery is overdue since Thu 12 March. Has not practised yet." in message.text
    assert "Go through a Cold Call attempt together." in message.text


def test_who_improves_is_told_so_and_so_is_a_new_personal_best():
    rows = [*steady("bob", at=-30, score=50, count=9), *steady("bob", score=95, count=4)]
    best = Best(ROSTER[0], "Renewal", 91.9, 78.4)
    message = MESSAGES.draw(view([*rows, *steady("ann", "cy")], bests=(best,)))
    said = [
        "*Bob* is improving: 45.0 points higher on the same scenarios (4 graded attempts in four "
        "weeks, 9 in the four before).",
        "*Ann* has a new personal best: *Renewal*, 91.9 (best before 78.4).",
    ]
    for words in said:
        assert any(text.startswith(words) for text in texts(message))
        assert words.replace("*", "") in message.text


@pytest.mark.parametrize(
    ("rows", "tasks_", "said"),
    [
        ([], [], "*Ann*: first gold, *Cold Call*, 95.0."),
        (
            [],
            [assignment("ann", due=-4, scenario="Discovery")],
            "*Ann*: *Discovery* is overdue since Thu 12 March. First gold: *Cold Call*, 95.0.",
        ),
        (
            [*steady("ann", at=-30, score=95, count=9), *steady("ann", score=50, count=4)],
            [],
            "9 in the four before). All 4 were *Renewal*. First gold: *Cold Call*, 95.0.",
        ),
    ],
    ids=["alone", "overdue", "slipping"],
)
def test_a_first_gold_is_a_sentence_of_its_own_beside_other_reasons(rows, tasks_, said):
    rows = [replace(row, scenario=Scenario(id="r", name="Renewal")) for row in rows]
    gold = session("ann", 2, 95, rank="gold")
    message = MESSAGES.draw(view([*rows, gold], tasks_, people=ROSTER[:1]))
    assert said in texts(message)[1]
    assert said.replace("*", "") in message.text


def test_what_was_not_passed_stands_beside_what_is_overdue():
    """It is no reason for a conversation: it would be one every week, as nobody can mend it."""
    failed = [assignment(who, "did_not_pass", -4, "Renewal") for who in ("ann", "cy")]
    message = MESSAGES.draw(view(steady("ann", "bob", "cy"), failed))
    assert texts(message)[:2] == [
        "*3 of 3 practised.*",
        "*Did not pass*\nAnn – Renewal\nCy – Renewal",
    ]
    assert "3 of 3 practised. Did not pass: Ann – Renewal; Cy – Renewal." in message.text


def test_what_is_not_known_is_not_said():
    rows = [session("ann", -2, 60), session("ann", 2, 95, rank="gold")]
    message = MESSAGES.draw(view(rows, people=ROSTER[:2], since=days(-50)))
    for words in (
        "*Bob* has not practised since at least 18 January.",
        "*Ann*: first gold since 18 January, *Cold Call*, 95.0.",
    ):
        assert any(words in text for text in texts(message))
        assert heard(words).removeprefix(", ") in message.text


def test_of_one_person_as_well_only_what_is_known_is_said():
    rows = [session("ann", -2, 60), session("ann", 2, 95)]
    given_ = view(rows, people=ROSTER[:2], since=days(-50))
    talks = {talk.person.id: talk for talk in given_.report.conversations}
    (_, bob) = each_person(ROSTER[:2], rows, WEEK, since=days(-50))
    told = MESSAGES.draw(PersonView("p_1", bob, talks["bob"], WINDOW)).text
    assert told.startswith("Bob has not practised since at least 18 January.")
    assert told.endswith("9 – 15 March: no sessions, and none since at least 18 January.")
    (bob,) = each_person(ROSTER[1:2], rows, WEEK, since=None)
    told = MESSAGES.draw(PersonView("p_1", bob, None, WINDOW)).text
    assert told.endswith("no sessions, and none before.")


def test_long_away_and_two_overdue():
    rows = steady("ann", "bob", at=-17)
    tasks = [assignment("ann", due=-4, scenario=name) for name in ("Discovery", "Renewal")]
    message = MESSAGES.draw(view(rows, tasks, people=ROSTER[:2]))
    assert "*Discovery* is overdue since Thu 12 March, and so is *Renewal*." in texts(message)[1]
    assert texts(message)[2].startswith(
        "*Bob* has not practised for the third week running, since 20 February."
    )


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
    message = MESSAGES.draw(view(steady("ann")))
    assert "Also" not in message.text
    assert message.text.count("Bob") == 1


def test_people_left_out_are_named_in_the_last_line():
    excused = Excused(joined=frozenset({"bob"}), snoozed=frozenset({"cy"}))
    message = MESSAGES.draw(view((), None, excused=excused))
    assert texts(message)[-1] == (
        "as of 09:00  ·  averages over graded attempts "
        "only  ·  joined this week: Bob  ·  snoozed: Cy"
        "  ·  assignments could not be read"
    )


@pytest.mark.parametrize(
    ("joined", "snoozed", "more", "words"),
    [
        ("", "", {}, ""),
        ("", "", {"is_member": True}, " You are not counted."),
        ("b", "", {"is_member": True}, " You and 1 who joined this week are not counted."),
        ("b", "", {}, " 1 who joined this week is not counted."),
        ("", "", {"left": 2}, " 2 who left the group since are not counted."),
        (
            "b",
            "c",
            {"is_member": True, "left": 1},
            " You, 1 who joined this week, 1 who left the group since and 1 you snoozed are not "
            "counted.",
        ),
    ],
)
def test_whom_a_digest_of_the_group_counts_besides_is_said(joined, snoozed, more, words):
    ids = {"b": "bob", "c": "cy"}
    excused = Excused(
        joined=frozenset(ids[each] for each in joined),
        snoozed=frozenset(ids[each] for each in snoozed),
    )
    message = MESSAGES.draw(view((), None, excused=excused, **more))
    n = 3 - len(joined) - len(snoozed)
    shown = texts(message)[0]
    assert shown.startswith(f"*0 of {n} practised.*{words} ")
    assert shown.count("counted") == bool(words)
    assert heard(shown) in message.text


def test_messages_can_be_paused_snoozed_and_stopped_in_the_message():
    message = MESSAGES.draw(view(late=NOW))
    assert buttons(message) == dict.fromkeys(
        ("coach.everyone", "coach.pause", "coach.snooze_all", "coach.stop"), "c_1"
    )
    stop = next(node for node in nodes(message.blocks) if node.get("action_id") == "coach.stop")
    assert stop["confirm"]["confirm"]["text"] == "Stop them"
    assert "/exec coach digest every monday 8:30" in stop["confirm"]["text"]["text"]
    assert "This was due Monday 9:00 and comes late." in texts(message)


def test_a_preview_has_no_buttons_and_who_has_no_handle_no_menu():
    message = MESSAGES.draw(view(id=None, handles={}))
    assert (buttons(message), menus(message)) == ({}, {})
    assert "Preview: nothing was sent" in texts(message)
    assert message.text.startswith("Your people, 9 – 15 March. Preview: nothing was sent. ")


@pytest.mark.parametrize(
    ("people", "excused", "words", "more"),
    [
        (ROSTER, Excused(), "all 3 practised", ""),
        (ROSTER[:1], Excused(), "your one person practised", ""),
        (
            ROSTER[:1],
            Excused(snoozed=frozenset({"ann"})),
            "nobody was expected to practise",
            " 1 you snoozed is not counted.",
        ),
        ([], Excused(), "you coach nobody yet", ""),
    ],
)
def test_nothing_to_say_is_one_line(people, excused, words, more):
    message = MESSAGES.draw(view(steady("ann", "bob", "cy"), (), people, excused))
    assert len(message.blocks) == 1
    said = f"Your people, 9 – 15 March: {words}, and there is nothing you need to do.{more}"
    assert message.text == said
    assert [text.replace("*", "") for text in texts(message)] == [said]
    assert menus(message)["coach.messages"] == [
        f"coach.{what}:c_1" for what in ("everyone", "pause", "snooze_all", "stop")
    ]


def test_nothing_to_say_tells_how_old_the_assignments_are():
    given_ = view(steady("ann", "bob", "cy"), tasks_as_of=NOW - timedelta(hours=3))
    message = MESSAGES.draw(given_)
    assert message.text.endswith("nothing you need to do. Assignments updated at 06:00.")
    assert texts(message)[0].endswith("Assignments updated at 06:00.")


def test_a_person_has_their_week_and_what_can_be_done():
    rows = steady("ann", count=2)
    (ann, bob, _) = each_person(ROSTER, [*rows, *steady("bob", at=-3)], WEEK, since=None)
    shown = MESSAGES.draw(PersonView("p_1", ann, None, WINDOW))
    assert (
        shown.text
        == "Ann, 9 – 15 March: 2 sessions, 0 min, average 80.0 over 2 graded attempts, best 80.0."
    )
    assert buttons(shown) == dict.fromkeys(("coach.sessions", "coach.snooze", "coach.nudge"), "p_1")
    (talk,) = view(rows, people=ROSTER[1:2]).report.conversations
    told = MESSAGES.draw(PersonView("p_1", bob, talk, WINDOW)).text
    assert told.startswith("Bob has not practised yet. Agree on ten minutes")
    assert told.endswith("no sessions; the last one was on Fri 6 March.")


NUDGE = NudgeView("Ana Costa", "Sam Lee", (), (), None, None, ZONE, NOW)


def tasks(*names_, due=-4):
    given_ = [assignment("ann", due=due, scenario=name) for name in names_]
    report = coach_report(ROSTER, (), given_, WINDOW, since=None)
    return report.overdue if due < 0 else report.due_soon


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"overdue": tasks("A")}, "This one is past the date: *A* (Thu 12 March)."),
        (
            {"overdue": tasks(*"ABCDE"), "due": tasks("Z", due=2)},
            "These are past the date: *A* (Thu 12 March), *B* (Thu 12 March), "
            "*C* (Thu 12 March) and 2 more.",
        ),
        ({"due": tasks("Z", due=2)}, "Coming up: *Z* (Wed 18 March)."),
        ({"last": days(-17)}, "Your last role-play was on 20 February."),
        ({}, "You haven't tried a role-play yet."),
        ({"since": days(-50)}, "Ten minutes this week would be a good start."),
    ],
)
def test_a_nudge_is_friendly_and_names_the_coach(more, words):
    given_ = replace(NUDGE, **more)
    message = MESSAGES.draw(given_)
    assert texts(message)[0].startswith(f"*Ana Costa* asked me to pass this on:\n{words}")
    preview = MESSAGES.draw(NudgePreviewView("n_1", given_))
    assert list(buttons(preview)) == ["nudge.send", "nudge.edit", "nudge.cancel"]
    # The preview is what will be sent.
    for text in texts(message):
        assert heard(text) in preview.text
        assert any(text.replace("\n", "\n> ") in shown for shown in texts(preview))


def test_a_nudge_leads_to_what_is_most_pressing():
    first, second = tasks("A")[0], replace(tasks("B")[0], link="https://x.exec.com/b")
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
    message = MESSAGES.draw(replace(NUDGE, overdue=tasks("A"), typed=typed))
    assert_fits(message)
    assert texts(message)[0] == (
        "*Ana Costa* asked me to pass this on:\nHi &lt;!channel&gt; *Sam* :wave:,\n"
        "see &lt;@U1&gt; a_b 2*3 *_now_*\n@here https://x.y"
    )


def test_the_form_begins_with_the_usual_words():
    nudge = replace(NUDGE, overdue=tasks("A <b>", "C"))
    words = MESSAGES.words(NudgeWordsView(nudge))
    assert words == (
        "These are past the date: A <b> (Thu 12 March), C (Thu 12 March). "
        "Ten minutes this week would be a good start."
    )
    form = MESSAGES.form(NudgeFormView("f_1", nudge, words, 500))
    (typed,) = [block["element"] for block in form["blocks"] if block["type"] == "input"]
    assert typed["initial_value"] == words
    assert (typed["multiline"], typed["max_length"]) == (True, 500)


def test_snoozing_asks_until_when():
    until = (NOW + timedelta(days=14)).date()
    made_ = MESSAGES.form(SnoozeView("n_1", "Sam <b>", until))
    assert_sendable(made_)
    assert (made_["callback_id"], made_["private_metadata"]) == ("coach.snooze_form", "n_1")
    assert made_["blocks"][1]["element"]["initial_date"] == "2026-03-30"
    assert "*Sam &lt;b&gt;*" in made_["blocks"][0]["text"]["text"]
    everything = MESSAGES.form(SnoozeView("n_1", None, until))
    assert "won't be sent" in everything["blocks"][0]["text"]["text"]


def me(rows=(), tasks_=(), since=None, **more):
    week = own_week(ROSTER[0], rows, tasks_, WINDOW, since=since)
    return MeView(
        **{"id": "m_1", "week": week, "as_of": NOW, "monday": False, "named": True, **more}
    )


def test_ones_own_week():
    rows = [
        session("ann", -2, 70, seconds=600),
        session("ann", 1, 90, rank="gold", seconds=600),
        session("ann", 2, 80, rank="silver", seconds=600),
        session("ann", 3, 60, "Renewal", rank="bronze"),
        session("bob", 3, 99),
    ]
    due = [
        assignment("ann", due=2, scenario="Discovery"),
        assignment("ann", due=-1),
        assignment("ann", "did_not_pass", -1, scenario="Pricing"),
    ]
    message = MESSAGES.draw(me(rows, due))
    assert texts(message)[:6] == [
        "*3 sessions*, up 2 from 1 the week before. 2 weeks in a row with practice.",
        "*Practice time*\n20 min\nup 10 min from 10 min",
        "*Average score*\n76.7 (3 graded attempts)\ntoo few to compare",
        "*Best*\n90.0 in Cold Call",
        "*Ranks*\n🥇 1 gold   🥈 1 silver   🥉 1 bronze",
        "*Overdue*   Cold Call Sun 15 March\n*Did not pass*   Pricing\n"
        "*Due next*   Discovery Wed 18 March",
    ]
    assert table_rows(message) == [
        ["Scenario", "Sessions", "First", "Last", "Best", "Lift", "Graded attempts"],
        ["Cold Call", "2", "70.0", "80.0", "90.0", "+20.0", "3"],
        ["Renewal", "1", "60.0", "60.0", "60.0", "–", "1"],
    ]
    for words in (
        "3 sessions, up 2 from 1 the week before. 2 weeks in a row",
        "Average score: 76.7 (3 graded attempts), too few to compare.",
        "Did not pass: Pricing; Due next: Discovery Wed 18 March.",
        "Cold Call, sessions 2, first 70.0, last 80.0, best 90.0, lift +20.0, graded attempts 3;",
    ):
        assert words in message.text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "*No practice yet.*"),
        (steady("ann", at=7.1), "*No sessions*. Today so far: 1 session."),
        (steady("ann"), "*1 session*, none the week before. Today so far: none."),
        (steady("ann", at=7.1, count=2) + steady("ann"), " Today so far: 2 sessions."),
    ],
)
def test_what_one_asks_for_tells_of_today_as_well(rows, words):
    week = own_week(ROSTER[0], rows, (), WINDOW, since=None, today=Interval(WEEK.end, days(8)))
    message = MESSAGES.draw(me(week=week))
    assert words in texts(message)[0]
    assert heard(words).removeprefix(", ") in message.text


def test_ones_own_average_is_compared_over_three_attempts_on_either_side():
    message = MESSAGES.draw(me([*steady("ann", at=-2, score=70, count=3), *steady("ann", count=4)]))
    assert "*Average score*\n80.0 (4 graded attempts)\nup 10.0 from 70.0 over 3" in texts(message)
    assert "80.0 (4 graded attempts), up 10.0 from 70.0 over 3." in message.text


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ((), "*No practice yet.*"),
        (steady("ann", at=-2), "*No sessions*; the week before it was 1."),
        (steady("ann", at=-20), "*No sessions*."),
        (steady("ann"), "*1 session*, none the week before."),
        (
            steady("ann", at=-2) + steady("ann"),
            "*1 session*, no change from 1 the week before. 2 weeks in a row with practice.",
        ),
    ],
)
def test_weeks_with_little_in_them(rows, words):
    message = MESSAGES.draw(me(rows))
    assert texts(message)[0] == words
    assert heard(words).removeprefix(", ") in message.text


@pytest.mark.parametrize(
    ("since", "weeks", "attempts", "footer"),
    [
        (None, "2 weeks in a row", "so far", ""),
        (days(-50), "2 weeks in a row", "since 18 January", "since 18 January"),
        (days(-7), "2 or more weeks in a row", "since 2 March", "since 2 March"),
    ],
)
def test_best_lift_and_weeks_say_since_when_they_are_known(since, weeks, attempts, footer):
    rows = [session("ann", -2, 70), session("ann", 1, 90)]
    message = MESSAGES.draw(me(rows, since=since))
    assert f"{weeks} with practice." in texts(message)[0]
    assert f"{weeks} with practice." in message.text
    said = f"Per scenario (first, best, lift and attempts {attempts}): Cold Call, sessions 1, "
    assert f"{said}first 70.0, last 90.0, best 90.0, lift +20.0, graded attempts 2." in message.text
    (table,) = [node for node in nodes(message.blocks) if node.get("type") == "data_table"]
    assert table["caption"] == "Scenarios"
    assert (f"  ·  first, best, lift and attempts {footer}" in texts(message)[-1]) is bool(footer)
    assert (f", first, best, lift and attempts {footer}" in message.text) is bool(footer)


def test_the_monday_message_is_asked_for_and_stopped_with_a_button():
    assert buttons(MESSAGES.draw(me())) == {"me.monday_on": "m_1", "me.unnamed": "m_1"}
    scheduled = MESSAGES.draw(me(monday=True, scheduled=True, late=NOW))
    assert buttons(scheduled) == {"me.monday_off": "m_1", "me.unnamed": "m_1"}
    assert "This was due Monday 9:00 and comes late." in scheduled.text
    assert "only you see this" not in scheduled.text
    unnamed = MESSAGES.draw(me(named=False))
    assert buttons(unnamed) == {"me.monday_on": "m_1", "me.named": "m_1"}
    assert "your name is hidden in channel digests" in unnamed.text


def test_coaches_are_listed_with_whom_and_when():
    lines = (
        CoachLine("Ana", ("West", "East"), ("Sam",), "every Monday at 8:30 (UTC)"),
        CoachLine("Bob", (), ("Sam",), "daily", paused=True),
        CoachLine("Cy", ("West",), (), "daily", left=True),
        CoachLine("Dee", (), ()),
    )
    message = MESSAGES.draw(CoachesView(lines))
    assert table_rows(message)[1:] == [
        ["Ana", "West and East; Sam", "every Monday at 8:30 (UTC)"],
        ["Bob", "Sam", "paused (daily)"],
        ["Cy", "West", "account switched off"],
        ["Dee", "nobody", "no messages"],
    ]
    assert "4 coaches. Ana, coaches West and East; Sam, every Monday at 8:30 (UTC);" in message.text
    empty = MESSAGES.draw(CoachesView(()))
    assert empty.text.startswith("Nobody coaches anyone yet.")


def test_a_new_coach_learns_of_the_messages_and_how_to_stop_them():
    told = digest_samples.coaches_added(made.company(7))[0]
    message = MESSAGES.draw(told)
    assert (
        "You get a message about them every Monday at 8:30 (Central European time)" in message.text
    )
    assert "next on Mon 23 March at 9:00. Pause or stop it here" in message.text
    assert set(buttons(message)) == {"coach.preview", "coach.pause", "coach.stop"}
    admin = MESSAGES.draw(replace(told, to_coach=False))
    assert "on by default" in admin.text
    assert buttons(admin) == {}
    stopped = MESSAGES.draw(replace(told, when=None, upcoming=None))
    assert "Messages about them are off, as you wanted." in stopped.text


sinces = st.sampled_from([None, days(-50)])
excuses = st.frozensets(st.sampled_from(["ann", "bob", "cy", "dee"]), max_size=2)


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, excuses, excuses, st.booleans(), sinces)
def test_any_coach_message(roster, rows, found, joined, snoozed, sent, since):
    report = coach_report(
        roster, rows, found, WINDOW, since=since, excused=Excused(joined=joined, snoozed=snoozed)
    )
    handles = {id_: f"p_{id_}" for id_ in by_id(roster)}
    message = MESSAGES.draw(CoachView("c_1" if sent else None, report, NOW, handles, late=NOW))
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

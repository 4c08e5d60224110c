"""What the digest of a group says, word for word, and what it never says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import Pattern
from bot.language.query import Rank
from bot.rendering.digest_views import CountedView, DetailsView, DigestView, OwnShareView, Part
from bot.rendering.messages import Messages
from bot.reports import metrics
from bot.reports.digest import group_digest
from bot.reports.each_person import each_person
from bot.reports.findings import Best
from bot.reports.intervals import Interval, Window, preceding
from bot.reports.recount import Recount, Recounted
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import assert_fits, buttons, nodes, table_rows, texts
from tests.rendering.strategies import names
from tests.reports.given import (
    LONG_KNOWN,
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
NOTHING_KNOWN = ", so there is nothing to compare it with."


def view(rows=(), roster=ROSTER, tasks=(), known_since=LONG_KNOWN, bests=(), **more):
    report = group_digest(roster, rows, tasks, WINDOW, known_since=known_since, bests=bests)
    return DigestView("d_1", "West Coast", report, NOW, **more)


def practised(*who, at=1, score=80, **more):
    return [session(name, at, score, rank="silver", seconds=600, **more) for name in who]


def fields(message):
    """The figures by their label: the lines below it."""
    found = {}
    for block in message.blocks:
        for field in block.get("fields", ()):
            label, *lines = field["text"].split("\n")
            found[label.strip("*")] = lines
    return found


def charts(message):
    return [block for block in message.blocks if block["type"] == "data_visualization"]


def test_each_figure_comes_with_its_n_and_its_change():
    rows = [
        *practised("ann", "bob", "cy", "ann"),
        *practised("ann", "bob", "cy", at=-1, score=76),
        session("bob", 2, 92, rank="gold", seconds=900),
        session("cy", 2, valid=False),
    ]
    message = MESSAGES.draw(view(rows))
    assert fields(message) == {
        "Sessions": ["6", "up 3 from 3"],
        "Practice time": ["55 min", "up 25 min from 30 min"],
        "Average score": ["82.4 (5 graded attempts)", "up 6.4 from 76.0 over 3"],
        "Ranks": [
            "🥇 1   🥈 4",
            "gold up 1, silver up 1",
        ],
    }
    assert "Sessions: 6, up 3 from 3." in message.text
    assert "Practice time: 55 min, up 25 min from 30 min." in message.text
    assert "Average score: 82.4 (5 graded attempts), up 6.4 from 76.0 over 3." in message.text
    assert "Ranks: gold 1, silver 4, gold up 1, silver up 1." in message.text
    assert "1 incomplete attempt isn't in the average" in message.text


def test_the_same_again_is_no_change():
    rows = [*practised("ann", "bob", "cy"), *practised("ann", "bob", "cy", at=-1)]
    message = MESSAGES.draw(view(rows))
    assert "*3 of 3 people practised*, no change from 3 the week before." in texts(message)
    assert {label: lines[-1] for label, lines in fields(message).items()} == {
        "Sessions": "no change from 3",
        "Practice time": "no change from 30 min",
        "Ranks": "no change",
        "Average score": "no change from 80.0 over 3",
    }


def test_the_first_period_says_so_once():
    message = MESSAGES.draw(view(practised("ann", "bob", "cy"), known_since=None))
    first = "*3 of 3 people practised*. This is the first week I know of" + NOTHING_KNOWN
    assert first in texts(message)
    assert fields(message)["Sessions"] == ["3"]
    assert "from" not in str(fields(message))


@pytest.mark.parametrize(("length", "word"), [(1, "day"), (3, "3 days"), (14, "2 weeks")])
def test_the_first_period_of_another_length(length, word):
    interval = Interval(WEEK.end - timedelta(days=length), WEEK.end)
    window = Window(interval, preceding(interval, ZONE), ZONE, NOW)
    report = group_digest(ROSTER, practised("ann", at=6.5), (), window, known_since=None)
    message = MESSAGES.draw(replace(view(), report=report))
    assert f"1 of 3 people practised. This is the first {word} I know of{NOTHING_KNOWN}" in (
        message.text
    )


def test_an_average_where_there_was_none_before():
    rows = [*practised("ann", "bob", "cy"), *[session(who, -1) for who in ("ann", "bob", "cy")]]
    message = MESSAGES.draw(view(rows))
    assert fields(message)["Average score"] == ["80.0 (3 graded attempts)", "none the week before"]


def ungraded(at):
    """Three people who practised, without a score."""
    return [session(who, at) for who in ("ann", "bob", "cy")]


@pytest.mark.parametrize("who", [(), ("ann",), ("ann", "bob")])
def test_of_many_who_practised_and_few_who_were_graded_no_result_is_shown(who):
    rows = [*ungraded(1), *practised(*who, at=2, score=41), *practised("ann", "bob", "cy", at=-1)]
    message = MESSAGES.draw(view(rows))
    assert list(fields(message)) == ["Sessions", "Practice time"]
    assert "Average score and ranks are shown here when 3 or more people have" in message.text
    assert "41" not in json.dumps([message.text, message.blocks])


@pytest.mark.parametrize("who", [("ann",), ("ann", "bob")])
def test_results_of_one_or_two_people_are_not_shown_as_a_groups(who):
    rows = [*practised(*who, score=41), *practised("ann", "bob", "cy", at=-9)]
    message = MESSAGES.draw(view(rows))
    assert list(fields(message)) == ["Sessions", "Practice time"]
    told = "Average score and ranks are shown here when 3 or more people have graded attempts."
    assert told in texts(message)
    assert told in message.text
    assert "41" not in json.dumps([message.text, message.blocks])


def test_results_of_one_person_cannot_be_reckoned_from_a_change():
    rows = [*practised("ann", "bob", "cy"), *ungraded(-1)]
    rows += practised(*["ann"] * 4, at=-1, score=41)
    message = MESSAGES.draw(view(rows))
    few = "too few to compare"
    assert fields(message)["Average score"] == ["80.0 (3 graded attempts)", few]
    assert f"Average score: 80.0 (3 graded attempts), {few}. Ranks: silver 3." in message.text
    assert "41" not in json.dumps([message.text, message.blocks])


GOLD_SHARE = metrics.Metric(
    key="gold share",
    label="Gold share",
    form="score",
    of=lambda group: 100.0 * group.sessions.ranks.get(Rank.GOLD, 0) / group.sessions.sessions,
    shown=Pattern("{value} % of {n}"),
    n=lambda group: group.sessions.sessions,
    counted="session",
)


@pytest.mark.parametrize(
    ("who", "shown"),
    [(["ann"], False), (["ann", "bob"], False), (["ann", "bob", "cy"], True)],
)
def test_a_new_metric_of_results_is_hidden_for_few_without_anybodys_doing(monkeypatch, who, shown):
    monkeypatch.setattr(metrics, "DIGEST_METRICS", (*metrics.DIGEST_METRICS, GOLD_SHARE))
    given_ = view([*practised(*who), *practised("ann", "bob", "cy", at=-1)])
    message = MESSAGES.draw(given_)
    assert fields(message).get("Gold share") == (
        ["0.0 % of 3 sessions", "no change from 0.0 over 3"] if shown else None
    )
    assert ("Gold share: 0.0 % of 3 sessions" in message.text) is shown
    hidden = (
        "Average score, ranks and gold share are shown here when 3 or more people have graded "
        "attempts."
    )
    assert (hidden in message.text, hidden in texts(message)) == (not shown, not shown)
    counted = MESSAGES.draw(CountedView(given_))
    assert "Average score, ranks and gold share: " in counted.text
    assert f"Gold share: {len(who)} session" in counted.text


def test_a_new_personal_best_is_a_fact_and_no_low_score_stands_in_a_channel():
    bests = (Best(ROSTER[0], "Cold Call", 85, 43.5), Best(ROSTER[1], "Renewal", 91.9, 78.4))
    message = MESSAGES.draw(view(practised("ann", "bob", "cy"), bests=bests))
    said = ("Ann: Cold Call, up 41.5 on the best before", "Bob: Renewal, 91.9 (best before 78.4)")
    assert "*New personal bests*\n" + "\n".join(said) in texts(message)
    assert f"New personal bests: {'; '.join(said)}." in message.text
    assert "43.5" not in json.dumps([message.text, message.blocks])


@given(st.lists(st.sampled_from("abcdef"), max_size=30), st.data())
def test_nobody_is_named_for_not_having_practised_or_for_a_bad_attempt(who, data):
    roster = [person(name, f"Person-{name}-") for name in "abcdef"]
    rows = [
        session(name, data.draw(st.integers(1, 6)), data.draw(st.integers(10, 99)), f"On{name}")
        for name in who
    ]
    tasks = [assignment(name, due=data.draw(st.integers(-9, 9))) for name in who]
    praised = [each for each in roster if any(row.user.id == each.id for row in rows)][:2]
    bests = tuple(Best(each, "Cold Call", 60, 40) for each in praised)
    given_ = view(rows, roster, tasks, bests=bests)
    message = MESSAGES.draw(given_)
    said = json.dumps([message.text, message.blocks])
    assert {member.name for member in roster if member.name in said} == {
        each.name for each in praised
    }


def test_scenarios_and_assignments_are_counts():
    rows = [*practised("ann", "bob", "cy", "ann"), *practised("ann", "bob", "cy", at=2)]
    rows += practised("ann", "bob", "cy", at=3, scenario="Renewal", score=70)
    rows += practised("ann", "bob", "cy", at=4, scenario="Renewal", score=70)
    rows += practised("ann", at=5, scenario="Pricing")
    tasks = [assignment("ann", due=-1), assignment("bob", due=2), assignment("bob", due=3)]
    message = MESSAGES.draw(view(rows, tasks=tasks))
    words = (
        "*Most practised*   Cold Call (7 sessions), of 3 scenarios\n"
        "*Least practised*   Pricing (1 session)\n"
        "*Highest average*   Cold Call (80.0 over 7 graded attempts), of 2 scenarios with 5 or "
        "more graded attempts by 3 or more people\n"
        "*Lowest average*   Renewal (70.0 over 6 graded attempts)"
    )
    assert words in texts(message)
    assert words.replace("\n", "; ").replace("*   ", ": ").replace("*", "") in message.text
    assert "*Assignments*   1 overdue, 2 due within 7 days" in texts(message)
    assert "Assignments: 1 overdue, 2 due within 7 days." in message.text
    message = MESSAGES.draw(view(rows, tasks=[*tasks, assignment("bob", "did_not_pass")]))
    words = "1 overdue, 1 did not pass, 2 due within 7 days"
    assert f"*Assignments*   {words}" in texts(message)
    assert f"Assignments: {words}." in message.text


def test_assignments_that_are_not_known_are_not_called_none():
    message = MESSAGES.draw(view(practised("ann"), tasks=None))
    assert "ssignments" not in message.text


def test_the_chart_runs_over_eight_weeks_and_stands_in_the_text():
    rows = [row for week in range(9) for row in practised("ann", "bob", at=1 - 7 * week)]
    message = MESSAGES.draw(view(rows))
    (chart,) = charts(message)
    points = chart["chart"]["series"][0]["data"]
    assert [point["label"] for point in points] == chart["chart"]["axis_config"]["categories"]
    assert [point["value"] for point in points] == [2] * 8
    assert chart["title"] == "Sessions per week"
    assert "Sessions per week: 19 Jan 2, 26 Jan 2," in message.text
    lines = MESSAGES.draw(view(rows), plain=True)
    assert charts(lines) == []
    assert any("19 Jan: 2, 26 Jan: 2" in text for text in texts(lines))


def test_a_first_week_is_charted_by_days():
    message = MESSAGES.draw(view(practised("ann", "bob"), known_since=None))
    (chart,) = charts(message)
    assert chart["title"] == "Sessions per day"
    assert [point["value"] for point in chart["chart"]["series"][0]["data"]] == [
        0,
        2,
        0,
        0,
        0,
        0,
        0,
    ]


def test_a_quiet_week_is_short():
    message = MESSAGES.draw(view(practised("ann", "bob", at=-1), tasks=[assignment(due=-1)]))
    words = "*Nobody in the group practised* (3 people); the week before, 2 did, with 2 sessions."
    assert words in texts(message)
    assert words.replace("*", "") in message.text
    assert [block["type"] for block in message.blocks] == [
        *("header", "section", "section", "actions", "context")
    ]


@pytest.mark.parametrize(
    ("roster", "known_since", "words"),
    [
        (ROSTER, LONG_KNOWN, "*Nobody in the group practised* (3 people), nor the week before."),
        (ROSTER[:1], None, "*Nobody in the group practised* (1 person)."),
        ([], LONG_KNOWN, "*Nobody is in this group*, so there is nothing to count."),
    ],
)
def test_nobody_at_all(roster, known_since, words):
    message = MESSAGES.draw(view((), roster, known_since=known_since))
    assert words in texts(message)
    assert words.replace("*", "") in message.text


def test_what_comes_late_says_so():
    message = MESSAGES.draw(view(practised("ann"), late=NOW))
    assert "This was due Monday 9:00 and comes late." in texts(message)
    assert "This was due Monday 9:00 and comes late." in message.text


def test_buttons_carry_the_opaque_id_and_a_preview_has_none():
    given_ = view(practised("ann"))
    assert buttons(MESSAGES.draw(given_)) == {
        "digest.details": "d_1",
        "digest.counted": "d_1",
        "digest.manage": "d_1",
    }
    preview = MESSAGES.draw(replace(given_, id=None))
    assert buttons(preview) == {}
    assert "Preview: only you see this" in texts(preview)
    assert preview.text.startswith(
        "West Coast, practice 9 – 15 March. Preview: only you see this. "
    )


def test_only_the_chosen_parts_are_shown():
    bests = (Best(ROSTER[0], "Cold Call", 80, 60),)
    rows = practised("ann", "bob", "cy")
    given_ = view(rows, tasks=[assignment(due=-1)], bests=bests, parts=frozenset())
    message = MESSAGES.draw(given_)
    assert charts(message) == []
    assert "personal best" not in message.text
    assert "Assignments" not in message.text
    assert "New personal bests" in MESSAGES.draw(replace(given_, parts=frozenset(Part))).text


def test_the_last_line_says_what_was_counted():
    rows = [*practised("ann"), session("ann", 2, valid=False), session("eve", 1, 90)]
    message = MESSAGES.draw(view(rows, roster_as_of=NOW - timedelta(hours=5), sent_by="Ana <b>"))
    assert texts(message)[-1] == (
        "Central European time  ·  as of 09:00"
        "  ·  group members updated at 04:00"
        "  ·  1 incomplete attempt isn't in the average"
        "  ·  1 session of people who were not in the group left out"
        "  ·  sent by Ana &lt;b&gt;"
    )


def test_details_name_everyone_with_their_figures():
    rows = [*practised("ann", "ann", "bob"), session("cy", -10, 50)]
    people = each_person(ROSTER, rows, WEEK, since=None)
    message = MESSAGES.draw(DetailsView("d_1", "West Coast", WINDOW, people, NOW))
    assert table_rows(message) == [
        ["Who", "Sessions", "Practice", "Average (n)", "Best", "Last"],
        ["Ann", "2", "20 min", "80.0 (2)", "80.0", "10 Mar"],
        ["Bob", "1", "10 min", "80.0 (1)", "80.0", "10 Mar"],
        ["Cy", "0", "0 min", "–", "–", "27 Feb"],
    ]
    assert "*2 of 3 people practised*. Not yet: Cy." in message.blocks[0]["text"]["text"]
    assert (
        "Ann, sessions 2, practice 20 min, average 80.0 over 2 graded attempts, best 80.0"
        in message.text
    )
    assert "Cy, sessions 0, practice 0 min, last 27 Feb" in message.text


def test_details_say_since_when_nobody_saw_a_session():
    people = each_person(ROSTER[:2], practised("ann"), WEEK, since=days(-50))
    message = MESSAGES.draw(DetailsView("d_1", "West Coast", WINDOW, people, NOW))
    assert table_rows(message)[2] == ["Bob", "0", "0 min", "–", "–", "–"]
    assert "no last one means none since at least 18 January" in message.text
    assert "  ·  last –: none since at least 18 January" in texts(message)[-1]
    never = each_person(ROSTER[:2], practised("ann"), WEEK, since=None)
    message = MESSAGES.draw(DetailsView("d_1", "West Coast", WINDOW, never, NOW))
    assert "Bob, sessions 0, practice 0 min." in message.text
    assert "none since" not in message.text


@pytest.mark.parametrize("plain", [False, True])
def test_details_of_many_lose_nobody_from_page_to_page(plain):
    company = made.company(200, hostile=True)
    everyone = made.everyone(company)
    handles = digest_samples.handles(company)
    found, start = [], 0
    while start is not None:
        given_ = DetailsView("d_1", "R&D", made.window(), everyone, made.NOW, start, handles)
        message = MESSAGES.draw(given_, plain=plain)
        assert_fits(message)
        options = next(node for node in nodes(message.blocks) if "options" in node)["options"]
        found.extend(option["value"] for option in options)
        after = buttons(message).get("digest.details.next")
        start = None if after is None else int(after.removeprefix("d_1:"))
    assert found == [handles[each.person.id] for each in everyone]


def test_how_it_was_counted_is_told_with_the_numbers():
    rows = [*practised("ann", "bob"), session("ann", 2, valid=False)]
    report = group_digest(ROSTER, rows, [assignment(due=-1)], WINDOW, known_since=LONG_KNOWN)
    message = MESSAGES.draw(CountedView(DigestView("d_1", "West Coast", report, NOW)))
    for part in (
        "The 3 people who were in West Coast when the week ended, and for the week before those "
        "who were in it when that ended.",
        "Mon 9 – Sun 15 March in Central European time, compared with Mon 2 – Sun 8 March.",
        "2 had at least one session: 3 sessions in all",
        "Average score: 2 graded attempts. Ranks: 2 graded attempts. "
        "1 incomplete attempt isn't counted there.",
        "1 overdue, 0 due within 7 days",
    ):
        assert part in message.text
        assert any(part in text for text in texts(message))


@pytest.mark.parametrize(
    ("posted", "day"), [(-7, "last Monday"), (-14, "Mon 2 March")], ids=["a-week", "two-weeks"]
)
def test_what_was_recounted_since_it_was_posted_is_one_line(posted, day):
    pairs = (("sessions", 50, 52), ("people", 1, 2), ("average", 77.9, 78.2))
    changes = Recount(NOW + timedelta(days=posted), tuple(Recounted(*pair) for pair in pairs))
    words = "50 sessions (52 then), 1 person practised (2 then), average 77.9 (78.2 then)"
    message = MESSAGES.draw(view(practised("ann"), recount=changes))
    assert f"Recounted since {day}: {words}" in texts(message)
    assert f" Recounted since {day}: {words}. Central European time" in message.text
    report = group_digest(ROSTER, practised("ann"), (), WINDOW, known_since=LONG_KNOWN)
    counted = MESSAGES.draw(CountedView(DigestView("d_1", "West Coast", report, NOW), changes))
    assert f"Recounted since it was posted: {words}." in counted.text


def own_share(rows, who="ann"):
    own = [each for each in each_person(ROSTER, rows, WEEK, since=None) if each.person.id == who]
    return MESSAGES.draw(OwnShareView(view(rows), own[0] if own else None))


def test_a_reader_sees_their_own_figures_beside_those_of_the_group():
    rows = [session(who, 1, 70, rank="bronze", seconds=60) for who in ("bob", "cy")]
    rows.append(session("ann", 1, 91, rank="gold", seconds=60))
    message = own_share(rows)
    assert texts(message)[:-1] == [
        "*West Coast*   9 – 15 March\n*3 of 3 people practised.* You had 1 session.",
        "*Sessions*\nYou   1\nGroup   3",
        "*Practice time*\nYou   1 min\nGroup   3 min",
        "*Average score*\nYou   91.0 (1 graded attempt)\nGroup   77.0 (3 graded attempts)",
        "*Ranks*\nYou   🥇 1\nGroup   🥇 1   🥉 2",
    ]
    assert "Average score: You 91.0 (1 graded attempt), Group 77.0 (3 graded" in message.text
    assert "Ranks: You gold 1, Group gold 1, bronze 2." in message.text
    for name in ("Bob", "Cy", "Ann"):
        assert name not in message.text + str(message.blocks)


def test_of_a_group_of_few_who_practised_nobody_reads_more_than_the_channel():
    rows = [session("bob", 1, 70, rank="bronze"), session("ann", 1, 91, rank="gold")]
    shown = own_share(rows)
    assert "*Average score*\nYou   91.0 (1 graded attempt)" in texts(shown)
    stranger = own_share(rows, "nobody")
    assert "You were not in the group then, so only its own figures are here." in stranger.text
    for message in (shown, stranger):
        hidden = "Average score and ranks of the group are shown when 3 or more people have graded"
        assert hidden in message.text
        assert "80.5" not in message.text + str(message.blocks)
    assert "Average score:" not in stranger.text


@EXAMPLES
@given(rosters, row_lists, st.none() | task_lists, names, st.booleans(), st.booleans())
def test_any_digest(roster, rows, tasks, group, first, plain):
    known = None if first else LONG_KNOWN
    report = group_digest(roster, rows, tasks, WINDOW, known_since=known)
    given_ = DigestView("d_1", group, report, NOW, late=NOW, sent_by=group, roster_as_of=NOW)
    message = MESSAGES.draw(given_, plain=plain)
    assert_fits(message)
    assert "d_1" in buttons(message)["digest.details"]
    assert_fits(MESSAGES.draw(CountedView(replace(given_, checked_at=NOW))))
    own = each_person(roster, rows, WEEK, since=None)
    assert_fits(MESSAGES.draw(OwnShareView(given_, own[0] if own else None)))

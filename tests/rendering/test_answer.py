"""What the answer says, word for word."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.language.query import Sort
from bot.rendering.answer_values import page_start
from bot.rendering.messages import Messages
from bot.rendering.views import Away, Cost
from bot.reports.figures import figures
from tests.rendering import samples
from tests.rendering.checker import assert_fits, buttons, table_rows, texts, turns

MESSAGES = Messages()
HEADER = ["When", "Who", "Score", "Scenario", "Rank", "Length"]


def test_the_answer():
    rendered = MESSAGES.draw(samples.answer(4))
    assert_fits(rendered)
    assert turns(rendered) == (None, None)
    assert texts(rendered) == [
        "*4 sessions*   Jane Smith  ·  gold  ·  13 Mar 10:00 – 20 Mar 10:00 Europe/Berlin",
        "*Average score*\n93.5 (3 graded attempts)",
        "*Practice time*\n15 min",
        "*Best*\n94.5 in Procurement Discovery",
        "*Ranks*\n🥇 1 gold   🥈 1 silver   🥉 1 bronze",
        "Share in channel",
        "Edit filters",
        "Refresh",
        "How was this counted?",
        "As of Fri 20 Mar 10:00  ·  1 incomplete attempt isn't in the average",
    ]
    assert table_rows(rendered) == [
        HEADER,
        ["Fri 20 Mar 10:00", "Jane Smith", "94.5", "Procurement Discovery", "Gold", "–"],
        ["Fri 20 Mar 07:00", "Tomás García", "93.5", 'The "R&D" call', "Silver", "5 min 01 s"],
        [
            "Fri 20 Mar 04:00",
            "Sam O'Brien",
            "92.5",
            "<script> & cold_call_opener",
            "Bronze",
            "5 min 02 s",
        ],
        [
            "Fri 20 Mar 01:00",
            "\u2068نور حداد\u2069",
            "91.5",
            "Procurement Discovery",
            "Unranked (incomplete)",
            "5 min 03 s",
        ],
    ]
    assert buttons(rendered) == {
        "sessions.share": "q_7f3a",
        "sessions.edit": "q_7f3a",
        "sessions.refresh": "q_7f3a",
        "sessions.counted": "q_7f3a",
    }
    assert rendered.text.startswith(
        "4 sessions: Jane Smith, gold, 13 Mar 10:00 – 20 Mar 10:00 Europe/Berlin. Average"
        " score: 93.5 (3 graded attempts). Practice time: 15 min. Best: 94.5 in Procurement"
        " Discovery. Ranks: 1 gold, 1 silver, 1 bronze. Fri 20 Mar 10:00, Jane Smith, 94.5,"
        " Procurement Discovery, Gold, –; Fri 20 Mar 07:00, "
    )
    assert rendered.text.endswith(
        " 91.5, Procurement Discovery, Unranked (incomplete), 5 min 03 s. As of Fri 20 Mar 10:00,"
        " 1 incomplete attempt isn't in the average."
    )


@pytest.mark.parametrize(
    ("changes", "first_line"),
    [
        ({}, "*4 sessions*"),
        ({"total": 128, "limit": 4}, "*4 of 128 sessions*"),
        ({"total": 1204}, "*1,204 sessions*"),
        ({"complete": False}, "*4+ sessions*"),
    ],
)
def test_how_many_sessions(changes, first_line):
    view = samples.found(samples.answer(4), **changes)
    assert texts(MESSAGES.draw(view))[0].startswith(first_line + "   ")


def test_one_session_is_singular():
    message = MESSAGES.draw(samples.answer(1))
    assert texts(message)[0].startswith("*1 session*")
    assert "*Average score*\n94.5 (1 graded attempt)" in texts(message)


def test_figures_that_do_not_run_over_all_say_so_and_offer_to_count_all():
    view = samples.found(samples.answer(4), total=812, complete=False, sort=Sort.BEST)
    view = replace(view, cost=Cost(4, 310))
    message = MESSAGES.draw(view)
    assert_fits(message)
    assert texts(message)[5:10] == [
        "Figures over the best 812 sessions; there may be more.\nCount all of them? This needs"
        " about 4 of the 310 requests you have left today.",
        "Narrow it",
        "Run it",
        "Rows 1–4 of 812",
        "Next 4",
    ]
    assert texts(message)[10:12] == ["Share in channel", "Refresh"]
    assert buttons(message) == {
        "sessions.edit": "q_7f3a",
        "sessions.count_all": "q_7f3a",
        "sessions.next": "q_7f3a:4",
        "sessions.share": "q_7f3a",
        "sessions.refresh": "q_7f3a",
        "sessions.counted": "q_7f3a",
    }
    assert "Figures over the best 812 sessions; there may be more." in message.text
    assert (
        " Count all of them? This needs about 4 of the 310 requests you have left today. Buttons:"
        " Narrow it; Run it."
    ) in message.text


@pytest.mark.parametrize(("left", "runs"), [(40, True), (39, False), (0, False)])
def test_what_the_day_does_not_hold_cannot_be_run_today(left, runs):
    view = replace(samples.found(samples.answer(4), complete=False), cost=Cost(40, left))
    message = MESSAGES.draw(view)
    assert f"This needs about 40 of the {left} requests you have left today." in str(texts(message))
    assert ("so it cannot be run today." in str(texts(message))) is not runs
    assert ("so it cannot be run today." in message.text) is not runs
    assert ("Run it" in texts(message)) is runs
    assert ("; Run it" in message.text) is runs


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (datetime(2026, 2, 24, 23, tzinfo=UTC), "since 25 Feb"),
        (datetime(2026, 2, 25, 13, 2, tzinfo=UTC), "since 25 Feb 14:02"),
        (datetime(2025, 8, 24, 22, tzinfo=UTC), "since 25 Aug 2025"),
    ],
)
def test_figures_run_over_what_is_held(since, words):
    view = samples.found(samples.answer(4), total=1204, complete=False)
    view = replace(view, held_since=since)
    message = MESSAGES.draw(view)
    assert texts(message)[0].startswith(
        f"*1,204 sessions {words}*; older sessions are not counted yet   Jane Smith"
    )
    assert f"1,204 sessions {words}; older sessions are not counted yet: Jane Sm" in message.text
    shared = MESSAGES.draw(replace(samples.shared(), answer=view))
    assert texts(shared)[0] == texts(message)[0]


def test_none_found_in_what_is_held():
    view = samples.found(samples.answer(0), complete=False)
    view = replace(view, held_since=samples.AS_OF - timedelta(days=3), cost=Cost(4, 310))
    message = MESSAGES.draw(view)
    assert_fits(message)
    assert texts(message)[0].startswith(
        "*No sessions since 17 Mar 10:00*; older sessions are not counted yet   Jane Smith"
    )
    assert texts(message)[1] == (
        "Look at all of them? This needs about 4 of the 310 requests you have left today."
    )
    assert "Try:" in texts(message)
    assert f" {texts(message)[1]} ".replace("\n", " ") in message.text


HOUR = timedelta(hours=1)
LATER = samples.AS_OF + HOUR


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (Away("unreachable", now=LATER), "As of 10:00, Exec can't be reached."),
        (
            Away("unreachable", now=LATER + 24 * HOUR),
            "As of Fri 20 Mar 10:00, Exec can't be reached.",
        ),
        (Away("unreachable"), "As of Fri 20 Mar 10:00, Exec can't be reached."),
        (
            Away("limited", LATER + 4 * HOUR, LATER),
            "As of 10:00: Exec's limit is used up until 15:00.",
        ),
        (
            Away("limited", LATER + 14 * HOUR, LATER),
            "As of 10:00: Exec's limit is used up until Sat 21 Mar 01:00.",
        ),
        (Away("limited", now=LATER), "As of 10:00: Exec's limit is used up."),
        (
            Away("key", now=LATER),
            "As of 10:00: Exec does not accept my key; the admins have been told.",
        ),
    ],
)
def test_an_answer_while_exec_is_away_says_so_above_the_figures(away, words):
    for rows, after in ((0, "No sessions match."), (4, "Average score")):
        message = MESSAGES.draw(replace(samples.answer(rows), away=away))
        assert_fits(message)
        assert texts(message)[1] == f"*{words}*"
        assert f"Europe/Berlin. {words} {after}" in message.text


def test_how_old_it_is_stands_in_the_footer():
    view = replace(
        samples.answer(4),
        checked_at=samples.AS_OF - timedelta(minutes=48),
        roster_as_of=samples.AS_OF - timedelta(days=1),
        looks_every=5,
    )
    message = MESSAGES.draw(view)
    assert texts(message)[-1].startswith(
        "As of Fri 20 Mar 10:00  ·  older sessions last checked 09:12  ·  group members updated"
        " Thu 19 Mar 10:00"
    )
    assert (
        "  ·  few requests are left today, so I look for new sessions every 5 minutes"
        in (texts(message)[-1])
    )
    assert ", few requests are left today, so I look for new sessions every 5 min" in message.text
    often = MESSAGES.draw(replace(view, looks_every=1))
    assert "so I look for new sessions every minute" in texts(often)[-1]


def test_the_footer_tells_what_matters():
    view = replace(samples.unfinished_answer(), requests_left=1)
    message = MESSAGES.draw(view)
    assert texts(message)[-1] == (
        "You see your own practice.  ·  As of Fri 20 Mar 10:00  ·  1"
        " incomplete attempt isn't in the average  ·  1 request to Exec left today"
    )
    assert message.text.endswith(
        " You see your own practice. As of Fri 20 Mar 10:00, 1 incomplete"
        " attempt isn't in the average, 1 request to Exec left today."
    )


def test_pages_go_forth_and_back():
    view = samples.answer(312)
    second = MESSAGES.draw(replace(view, start=100))
    assert "Rows 101–200 of 312" in texts(second)
    assert buttons(second)["sessions.previous"] == "q_7f3a:0"
    assert buttons(second)["sessions.next"] == "q_7f3a:200"
    assert turns(second) == (200, 0)
    last = MESSAGES.draw(replace(view, start=300))
    assert "Rows 301–312 of 312" in texts(last)
    assert "sessions.next" not in buttons(last)
    assert " Rows 301–312 of 312. " in last.text


@pytest.mark.parametrize(("page", "start"), [(0, 0), (1, 0), (2, 100), (4, 300), (9, 300)])
def test_page_start(page, start):
    assert page_start(samples.answer(312), page) == start


def test_rows_that_have_gone_lead_to_the_last_page():
    rendered = MESSAGES.draw(replace(samples.answer(150), start=400))
    assert "Rows 101–150 of 150" in texts(rendered)


def test_text_tells_how_many_rows_it_has_no_room_for():
    message = MESSAGES.draw(samples.answer(312))
    assert 3_800 < len(message.text) <= 4_000
    told = message.text.count(", Procurement Discovery, ") + message.text.count("call, ")
    told += message.text.count("opener, ")
    assert f" – and {312 - told} more. Rows 1–100 of 312. As of " in message.text


def test_nothing_found_says_which_filter_to_loosen():
    message = MESSAGES.draw(samples.answer(0))
    assert_fits(message)
    assert texts(message) == [
        "*No sessions*   Jane Smith  ·  gold  ·  13 Mar 10:00 – 20 Mar 10:00 Europe/Berlin",
        "No sessions match. Try:",
        "Without gold",
        "Any time",
        "Edit filters",
        "Refresh",
        "How was this counted?",
        "As of Fri 20 Mar 10:00",
    ]
    assert buttons(message)["query.run.1"] == "o_2"
    assert message.text == (
        "No sessions: Jane Smith, gold, 13 Mar 10:00 – 20 Mar 10:00 Europe/Berlin. No sessions"
        " match. Try: Without gold; Any time. As of Fri 20 Mar 10:00."
    )


def test_ungraded_rows_show_a_dash_and_invalid_ones_are_marked():
    graded, *_ = samples.sessions(1)
    rows = (
        replace(graded, score=None, rank=None, is_valid_attempt=False),
        replace(graded, rank=None, is_valid_attempt=False),
        replace(graded, is_valid_attempt=False),
        replace(graded, score=91.0, rank="platinum"),
    )
    view = samples.found(samples.answer(4), rows=rows, sums=figures(rows))
    shown = table_rows(MESSAGES.draw(view))[1:]
    assert [[row[2], row[4]] for row in shown] == [
        ["–", "Incomplete"],
        ["94.5", "Incomplete"],
        ["94.5", "Gold (incomplete)"],
        ["91.0", "Platinum"],
    ]


def test_about_one_person_no_column_says_who():
    rows = samples.sessions(1)
    view = replace(samples.found(samples.answer(1), rows=rows), about_one=True)
    head, row = table_rows(MESSAGES.draw(view))
    assert head == ["When", "Scenario", "Score", "Rank", "Length"]
    assert row == ["Fri 20 Mar 10:00", "Procurement Discovery", "94.5", "Gold", "–"]
    (block,) = [each for each in MESSAGES.draw(view).blocks if each["type"] == "data_table"]
    assert block["row_header_column_index"] == 1


def test_years_are_written_when_they_differ():
    view = replace(samples.answer(1), as_of=samples.AS_OF.replace(year=2027))
    assert table_rows(MESSAGES.draw(view))[1][0] == "Fri 20 Mar 2026 10:00"


def test_shared_has_no_private_buttons():
    view = samples.shared(4)
    answer = replace(view.answer, requests_left=3, narrowed_to_self=True, cost=Cost(3, 3))
    message = MESSAGES.draw(replace(view, answer=answer, shared_by="<@U1> Ana_"))
    assert_fits(message)
    assert buttons(message) == {"share.remove": "s_1"}
    assert texts(message)[-2] == (
        "Shared by &lt;@U1&gt; Anaˍ  ·  As of Fri 20 Mar 10:00"
        "  ·  1 incomplete attempt isn't in the average  ·  Central European time"
    )
    assert "confirm" in message.blocks[-1]["elements"][0]


def test_a_hundred_rows_are_drawn_quickly():
    view = samples.answer(100)
    MESSAGES.draw(view)
    took = []
    for _ in range(10):
        before = time.process_time()
        MESSAGES.draw(view)
        took.append(time.process_time() - before)
    # About 10 ms; the event loop waits for it, so a tenfold slip should not pass unseen.
    assert min(took) < 0.1

"""What the other messages say, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.errors import Sentence
from bot.language.query import Kind, Rank
from bot.rendering.messages import Messages
from bot.rendering.views import Choice, Offer, ProblemView, ProgressView
from bot.reports.figures import NOTHING
from tests.rendering import samples, status_samples
from tests.rendering.checker import assert_fits, assert_sendable, buttons, table_rows, texts

MESSAGES = Messages()


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (ProgressView(), "Looking…"),
        (ProgressView(page=3, pages=12), "Looking… page 3 of 12"),
        (ProgressView(slow=True), "Exec is slow to answer. Still looking…"),
        (
            ProgressView(zone="Europe/Berlin", waiting_until=samples.AS_OF),
            "Exec takes no more requests right now. Your answer comes after Fri 20 Mar 10:00.",
        ),
    ],
)
def test_progress(view, words):
    message = MESSAGES.draw(view)
    assert message.text in (words, f"{words}.")
    assert texts(message) == [words]


def test_a_problem_is_one_sentence_with_ways_on():
    sentence = Sentence(
        "I don't know `{word}`. Did you mean *{near}*?", {"word": "<b>", "near": "x"}
    )
    message = MESSAGES.draw(ProblemView(sentence, (Offer("gold", "o_1"),), "abc123"))
    assert texts(message) == [
        "I don't know `&lt;b&gt;`. Did you mean *x*?",
        "gold",
        "Reference: abc123",
    ]
    plain = MESSAGES.draw(ProblemView(sentence))
    assert plain.text == "I don't know &lt;b&gt;. Did you mean x?"
    assert len(plain.blocks) == 1


def test_the_command_is_named_as_it_is_installed():
    messages = Messages(command="/practice")
    unknown = Sentence("`{command} help` shows what you can ask.")
    assert messages.draw(ProblemView(unknown)).text == "/practice help shows what you can ask."
    assert messages.plain(unknown) == "/practice help shows what you can ask."
    assert "/practice help when" in messages.draw(samples.help_view()).text


def test_offers_stand_four_to_a_row():
    offers = tuple(Offer(f"way {n}", f"o_{n}") for n in range(9))
    message = MESSAGES.draw(ProblemView(Sentence("No."), offers))
    assert [len(b["elements"]) for b in message.blocks if b["type"] == "actions"] == [4, 4, 1]
    assert list(buttons(message)) == [f"query.run.{n}" for n in range(9)]


@pytest.mark.parametrize(
    ("people", "names", "words"),
    [
        (12, ("Ana Costa", "Bob"), "12 people in #west will see this: Ana Costa, Bob and 10 more."),
        (1, ("Ana Costa",), "1 person in #west will see this: Ana Costa."),
        (2, ("Ana Costa", "Bob"), "2 people in #west will see this: Ana Costa and Bob."),
        (40, (), "40 people in #west will see this."),
        (0, (), "Everyone in #west will see this."),
    ],
)
def test_who_will_see_it(people, names, words):
    view = replace(samples.share_confirm(), channel="#west", people=people, names=names)
    message = MESSAGES.draw(view)
    assert message.text == words
    assert buttons(message) == {"share.post": "q_7f3a", "share.cancel": "q_7f3a"}


def test_a_question_says_what_it_costs_before_it_is_run():
    within, beyond = map(MESSAGES.draw, samples.costs())
    assert_fits(within)
    assert texts(within) == [
        "*Not counted yet*   West Coast  ·  1 Jan 2024 – 20 Mar 2026",
        "This needs about 40 of the 310 requests you have left today.",
        "Narrow it",
        "Run it",
        "These cost nothing:",
        "Only last 90 days",
    ]
    assert buttons(within) == {
        "sessions.edit": "q_7f3a",
        "sessions.count_all": "q_7f3a",
        "query.run.0": "o_5",
    }
    assert within.text == (
        "Not counted yet: West Coast, 1 Jan 2024 – 20 Mar 2026. This needs"
        " about 40 of the 310 requests you have left today. Buttons: Narrow it; Run it."
        " These cost nothing: Only"
        " last 90 days."
    )
    assert_fits(beyond)
    assert texts(beyond)[1:4] == [
        "This needs about 40 of the 12 requests you have left today. That is more than"
        " are left, so it cannot be run today.",
        "Narrow it",
    ]


def test_the_status_of_a_bot_that_runs_well():
    well, *_ = status_samples.statuses()
    message = MESSAGES.draw(well)
    assert_fits(message)
    assert texts(message) == [
        "*312 of 1,000 requests used in the last 24 hours*   688 left today, 57 of 60 in this"
        " minute",
        "*All sessions since 20 Dec 2025 10:00 are here (100% of 90 days)*",
        "*Sessions*\n18,204",
        "*People*\n5,000, as of 06:00",
        "*Last sync*\n2 minutes ago (09:58)",
        "*Oldest ungraded session*\n09:12 (12 ungraded)",
        "*Rankings with names*\ncoaches and admins, privately",
        "Refresh",
        "As of Fri 20 Mar 10:00 Europe/Berlin  ·  I look for new sessions every minute",
    ]
    assert table_rows(message) == [
        ["Purpose", "Requests"],
        ["New sessions", "164"],
        ["Questions people asked", "98"],
        ["People and groups", "50"],
    ]
    assert message.text == (
        "312 of 1,000 requests used in the last 24 hours; 688 left today, 57 of 60 in this minute."
        " By purpose: New sessions, 164; Questions people asked, 98; People and groups, 50. All"
        " sessions since 20 Dec 2025 10:00 are here (100% of 90 days). Sessions: 18,204. People:"
        " 5,000, as of 06:00. Last sync: 2 minutes ago (09:58). Oldest ungraded session:"
        " 09:12 (12 ungraded). Rankings with names: coaches and admins, privately."
        " As of Fri 20 Mar 10:00 Europe/Berlin, I look for new"
        " sessions every minute."
    )


def test_the_status_of_a_bot_in_trouble_and_of_one_just_started():
    _, trouble, started = map(MESSAGES.draw, status_samples.statuses())
    assert texts(trouble)[:3] == [
        "*Exec has not accepted my key since 09:12.* Make a new one.",
        "*312 of 1,000 requests used in the last 24 hours*   3 left today, 0 of 60 in this minute"
        "\nNo request may be sent until 11:00.",
        "*All sessions since 30 Dec 2025 08:00 are here (98% of 90 days); 2 stretches not read"
        " yet*",
    ]
    assert "*Last sync*\n24 hours ago (Thu 19 Mar 10:00)" in texts(trouble)
    assert table_rows(started) == []
    assert texts(started)[1:6] == [
        "*Not all of the newest sessions are here yet (0% of 90 days)*",
        "*Sessions*\n0",
        "*People*\n0",
        "*Last sync*\nnone yet; one is under way",
        "*Oldest ungraded session*\nnone",
    ]


def test_explain_shows_the_exact_request():
    request = "GET /sessions?user_emails=a_b@c.de&rank=gold&x=" + "y" * 700
    message = MESSAGES.draw(replace(samples.explain(), request=request))
    assert f"*What Exec is asked*\n```{request.replace('&', '&amp;')}```" in texts(message)
    assert "`user_emails`   jane@acme.com\n`rank`   gold" in texts(message)


def test_how_an_answer_was_counted_is_said_in_words():
    given = samples.counted()
    asked = "Jane Smith, last 7 days (Fri 13 Mar 10:00 – Fri 20 Mar 10:00, Central European time)."
    assert texts(MESSAGES.draw(given)) == [
        f"*How this was counted*\n9 sessions: {asked} Average and best use 6 graded attempts; 2"
        " incomplete ones and 1 that waits for a grade aren't counted. Ranks come from Exec and are"
        " not computed from the score. Exec's own staff aren't counted. Checked 10:00."
    ]
    none = replace(given, figures=NOTHING)
    assert texts(MESSAGES.draw(none)) == [
        f"*How this was counted*\nNo sessions: {asked} Ranks come from Exec and are not computed"
        " from the score. Exec's own staff aren't counted. Checked 10:00."
    ]


def test_help_in_short_and_in_full():
    short = MESSAGES.draw(samples.help_view())
    assert "Who; When." in texts(short)[3]
    assert buttons(short) == {"query.run.0": "o_1", "query.run.1": "o_2", "query.form": "f_1"}
    full = MESSAGES.draw(samples.help_view("who"))
    assert "`@jane` · `me`\na person For example: `/exec sessions @jane`" in texts(full)
    assert texts(MESSAGES.draw(samples.help_view("nonsense"))) == texts(short)


def test_the_form_has_a_report_and_seven_optional_inputs():
    view = MESSAGES.form(samples.form())
    assert_sendable(view)
    assert view["callback_id"] == "query.form"
    inputs = {block["block_id"]: block["element"] for block in view["blocks"]}
    ids = ["report", "people", "group", "scenario", "ranks", "period", "order", "more"]
    assert list(inputs) == ids
    assert [element["action_id"] for element in inputs.values()] == ids
    assert [block.get("optional", False) for block in view["blocks"]] == [False, *[True] * 7]
    for menu in ("report", "group", "order"):
        assert inputs[menu]["initial_option"] in inputs[menu]["options"]
    assert [option["text"]["text"] for option in inputs["ranks"]["options"]] == [
        "Gold",
        "Silver",
        "Bronze",
        "Unranked",
    ]
    assert [option["value"] for option in inputs["ranks"]["initial_options"]] == [Rank.GOLD]
    assert inputs["people"]["initial_users"] == ["U0JANE"]


def test_a_kind_with_too_many_choices_is_typed():
    many = tuple(Choice(f"Group {n}", f"g{n}") for n in range(101))
    view = MESSAGES.form(replace(samples.form(), choices={Kind.GROUP: many}))
    assert_sendable(view)
    group = view["blocks"][2]["element"]
    assert (group["type"], group["initial_value"]) == ("plain_text_input", "g1")

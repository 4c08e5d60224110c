"""What is said about subscriptions, and their form."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings

from bot.language.schedule_words import read, words
from bot.outbox.describe import trouble_of
from bot.outbox.reasons import REASONS, Why
from bot.rendering.digest_views import Part
from bot.rendering.messages import Messages
from bot.rendering.subscription_views import (
    AnotherView,
    Audience,
    Last,
    RemovedView,
    RemoveView,
    SavedView,
    SubscriptionsView,
    TroubleView,
    Waiting,
    rhythms,
)
from tests.rendering import report_samples as made
from tests.rendering import subscription_samples as samples
from tests.rendering.checker import assert_fits, assert_sendable, buttons, heard, nodes, texts
from tests.rendering.report_samples import NOW, ZONE

MESSAGES = Messages()
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COMPANY = made.company(7)
SUB = replace(samples.subscription(COMPANY), owner="Ana Costa")
WHAT = "*West Coast* in #west-coast, every Monday at 9:00 (Central European time)"


def test_saved_tells_the_next_three_times_in_the_zone_across_a_clock_change():
    message = MESSAGES.draw(samples.saved(COMPANY)["saved"])
    assert texts(message)[:2] == [
        "*Saved.* The digest of *West Coast* comes to #west-coast every Monday at 9:00 "
        "(Central European time).",
        "Next: Mon 23 March at 9:00, Mon 30 March at 9:00 and Mon 6 April at 9:00.",
    ]
    assert buttons(message) == dict.fromkeys(
        ("digest.preview", "digest.send_now", "digest.edit", "digest.remove"), "s_1"
    )
    assert "Next: Mon 23 March at 9:00," in message.text


def test_messages_to_oneself_follow_the_slack_profile():
    for name, action in (("saved-coach", "coach.pause"), ("saved-me", "me.monday_off")):
        message = MESSAGES.draw(samples.saved(COMPANY)[name])
        assert "which follows your Slack profile" in message.text
        assert action in buttons(message)
    paused = MESSAGES.draw(samples.saved(COMPANY)["saved-paused"])
    assert "It is paused: it won't be sent until you resume." in paused.text
    assert "coach.resume" in buttons(paused)
    assert paused.text.startswith("You get a message about your people every Monday")
    pausing = MESSAGES.draw(samples.saved(COMPANY)["saved-pausing"])
    assert texts(pausing)[0].startswith(
        "*Paused.* Your message about your people (every Monday at 9:00) won't be sent until you"
        " resume."
    )


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, "Last: Mon 16 March at 9:00, sent  ·  next: Mon 23 March at 9:00"),
        ({"last": None}, "Not sent yet  ·  next: Mon 23 March at 9:00"),
        ({"last": Last(NOW, "late")}, "Last: Mon 16 March at 9:00, sent late  ·  next:"),
        ({"last": Last(NOW, "missed")}, "Last: Mon 16 March at 9:00, missed  ·"),
        ({"last": Last(NOW, "failed")}, "Last: Mon 16 March at 9:00, not sent  ·"),
        ({"last": Last(NOW, "unsure")}, "Last: Mon 16 March at 9:00, perhaps sent  ·"),
        (
            {"waiting": Waiting(NOW + timedelta(days=7), REASONS[Why.EXEC_AWAY].waits)},
            "9:00, sent  ·  Mon 23 March at 9:00 is waiting: Exec can't be reached  ·  next:",
        ),
        (
            {"waiting": Waiting(NOW, REASONS[Why.SLACK_AWAY].waits), "last": None},
            "Not sent yet  ·  Mon 16 March at 9:00 is waiting: Slack does not take it  ·  next:",
        ),
        (
            {"waiting": Waiting(NOW, REASONS[Why.BROKEN].waits), "last": None},
            "Mon 16 March at 9:00 is waiting: something went wrong on my side  ·  next:",
        ),
        ({"waiting": Waiting(NOW)}, "Mon 16 March at 9:00 is on its way  ·  next:"),
        ({"paused": True}, "sent  ·  paused  ·  set up by Ana Costa"),
        ({"snoozed_until": NOW + timedelta(days=9)}, "snoozed until Wed 25 March"),
        ({"next": None}, "no next date"),
        (
            {"paused": True, "trouble": trouble_of(Why.ARCHIVED, SUB)},
            "Ana Costa\n#west-coast is archived.",
        ),
    ],
)
def test_the_list_shows_last_and_next_and_why_not(change, state):
    sub = replace(SUB, **change)
    message = MESSAGES.draw(SubscriptionsView("l_1", "#west-coast", (sub,), NOW))
    assert texts(message)[0] == "*1 digest* in #west-coast"
    assert texts(message)[1].startswith(f"{WHAT}\n")
    assert state in texts(message)[1]
    assert heard(state.split("\n")[-1]).removesuffix(",").removesuffix("  ·") in message.text
    last = "resume" if sub.paused else "pause"
    assert buttons(message) == {
        f"digest.{what}.1": "s_1" for what in ("preview", "send_now", "edit", last)
    }
    (menu,) = (node for node in nodes(message.blocks) if node.get("type") == "overflow")
    assert [option["value"] for option in menu["options"]] == ["digest.remove:s_1"]


def test_a_long_list_comes_in_pages_that_lose_none():
    many = tuple(replace(SUB, id=f"s_{at}") for at in range(34))
    found, start = [], 0
    while start is not None:
        message = MESSAGES.draw(SubscriptionsView("l_1", None, many, NOW, start))
        assert_fits(message)
        found.extend(value for name, value in buttons(message).items() if "preview" in name)
        after = buttons(message).get("digest.list.next")
        start = None if after is None else int(after.removeprefix("l_1:"))
    assert found == [sub.id for sub in many]
    assert texts(message)[0] == "*34 digests*"


@pytest.mark.parametrize(
    ("channel", "said"),
    [("#west", "*No digest* comes to #west yet"), (None, "*There is no digest yet*")],
)
def test_an_empty_list_says_how_to_begin(channel, said):
    message = MESSAGES.draw(SubscriptionsView("l_1", channel, (), NOW))
    assert texts(message) == [
        said,
        "`/exec digest` adds one to a channel",
    ]


def test_removing_asks_first_and_can_be_undone_for_a_while():
    asked = MESSAGES.draw(RemoveView(SUB))
    assert asked.text.startswith("Remove West Coast in #west-coast, every Monday at 9:00")
    assert buttons(asked) == {"digest.remove_now": "s_1", "digest.keep": "s_1"}
    gone = MESSAGES.draw(RemovedView(SUB, NOW + timedelta(minutes=10), NOW))
    assert "Undo works until 09:10." in gone.text
    assert buttons(gone) == {"digest.undo": "s_1"}


def in_trouble(why):
    pauses = REASONS[why].pauses
    sub = replace(SUB, paused=pauses, next=None if pauses else SUB.next)
    return replace(sub, trouble=trouble_of(why, sub))


@pytest.mark.parametrize("why", [why for why in Why if REASONS[why].way_out])
def test_every_trouble_says_why_and_what_to_do(why):
    sub = in_trouble(why)
    message = MESSAGES.draw(TroubleView(sub, NOW, NOW))
    first, why_and_what, *_ = texts(message)
    assert first.startswith(f"{WHAT}: what was due Mon 16 March at 9:00 ")
    assert heard(why_and_what) in message.text
    # A reason and a way out, in sentences; and a button of each name that is named.
    assert why_and_what.count(".") >= 2
    for label in ("Resume", "Send now", "Edit", "Take it over"):
        assert label not in why_and_what or label in texts(message)
    listed = MESSAGES.draw(SubscriptionsView("l", None, (sub,), NOW))
    said = texts(listed)[1].split("\n")[-1]
    assert said
    assert why_and_what.startswith(said)


def test_a_pause_is_told_and_what_goes_on_tells_the_next_time():
    paused = MESSAGES.draw(TroubleView(in_trouble(Why.ARCHIVED), NOW, NOW))
    assert "was not sent, and it is now paused." in paused.text
    assert "digest.resume" in buttons(paused)
    goes_on = MESSAGES.draw(TroubleView(in_trouble(Why.EXEC_AWAY), NOW, NOW))
    assert "Next: Mon 23 March at 9:00." in goes_on.text
    assert "digest.send_now" in buttons(goes_on)


def test_the_answer_to_a_question_is_called_so():
    sub = replace(SUB, title="sessions: group West Coast, gold", is_question=True)
    saved = MESSAGES.draw(SavedView(sub, (), NOW))
    assert "The answer to sessions: group West Coast, gold comes to #west-coast" in saved.text
    another = AnotherView(sub, 0, "every Friday at 9:00", ZONE, "a", "c")
    assert "has the answer to sessions: group West Coast, gold already" in (
        MESSAGES.draw(another).text
    )


def test_a_question_stands_in_the_form_as_text():
    form = MESSAGES.form(samples.forms(COMPANY)["form-question"])
    assert_sendable(form)
    assert element(form, "question")["initial_value"] == 'sessions group:"West Coast" last 7d'
    named = {block.get("block_id") for block in form["blocks"]}
    assert not named & {"group", "parts"}
    assert {"rhythm", "clock", "zone", "channel"} <= named


def element(form, name):
    return next(block for block in form["blocks"] if block.get("block_id") == name)["element"]


def test_the_form_is_filled_in():
    form = MESSAGES.form(samples.forms(COMPANY)["form"])
    assert_sendable(form)
    assert (form["callback_id"], form["private_metadata"]) == ("digest.form", "f_1")
    assert element(form, "group")["initial_option"]["value"] == "g1"
    assert element(form, "rhythm")["initial_option"]["value"] == "every monday"
    assert element(form, "clock")["initial_time"] == "09:00"
    assert element(form, "zone")["initial_value"] == ZONE
    assert element(form, "channel")["initial_conversation"] == "C1001"
    chosen = element(form, "parts")["initial_options"]
    assert [option["value"] for option in chosen] == [part.value for part in Part]
    said = str(form["blocks"])
    assert "Next: Mon 23 March at 9:00, Mon 30 March at 9:00 and Mon 6 April at 9:00" in said
    assert "7 people in #west-coast will see this: Jane Smith, Tomás García, Sam O'Brien and 4" in (
        said
    )
    # The preview is the digest itself.
    assert "*6 of 7 people practised*" in said


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        (Audience(14, (), guests=2), "2 guests among them: guests may not see practice results"),
        (Audience(14, (), shared=True), "Another company shares this channel"),
        (Audience(1, ("Ana",)), "1 person in #west-coast will see this: Ana."),
        (None, "I can't see who is in #west-coast."),
    ],
)
def test_the_form_says_who_is_in_the_channel(audience, words):
    form = MESSAGES.form(replace(samples.forms(COMPANY)["form"], audience=audience, preview=None))
    assert words in form["blocks"][-1]["elements"][0]["text"]


def test_a_group_or_rhythm_that_is_not_on_the_menu_is_kept():
    form = MESSAGES.form(samples.forms(COMPANY)["form-typed"])
    assert element(form, "group") == {
        "type": "plain_text_input",
        "action_id": "group",
        "initial_value": "West Coast",
        "placeholder": {"type": "plain_text", "text": "West Coast", "emoji": True},
    }
    assert "These fields make no send time yet." in str(form["blocks"])
    changed = MESSAGES.form(samples.forms(COMPANY)["form-guests"])
    assert element(changed, "rhythm")["initial_option"] == {
        "text": {
            "type": "plain_text",
            "text": "Every 3 weeks friday from 2026-03-27",
            "emoji": True,
        },
        "value": "every 3 weeks friday from 2026-03-27",
    }
    assert changed["blocks"][0]["text"]["text"] == "I don't know the zone `West Coast`."


def test_every_rhythm_of_the_form_is_one_that_the_schedule_reads():
    for _, choices in rhythms():
        for choice in choices:
            reading = read(f"{choice.value} 8:15 {ZONE}", now=NOW, zone="UTC")
            written = words(reading.schedule, zone=False)
            assert written.replace(" 8:15", "").startswith(choice.value)

"""What is said about subscriptions, and their form."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.outbox.describe import trouble_of
from bot.outbox.reasons import REASONS, NotSentReason
from bot.rendering.messages import Messages
from bot.rendering.subscription_views import (
    Audience,
    SubscriptionsView,
    TroubleView,
)
from tests.rendering import report_samples as made
from tests.rendering import subscription_samples as samples
from tests.rendering.checker import assert_fits, buttons, texts, told
from tests.rendering.report_samples import NOW

MESSAGES = Messages()
COMPANY = made.company(7)
SUB = replace(samples.subscription(COMPANY), owner="Ana Costa")


def test_a_long_list_comes_in_pages_that_lose_none():
    many = tuple(replace(SUB, id=f"s_{at}") for at in range(34))
    found, start = [], 0
    while start is not None:
        message = MESSAGES.draw(SubscriptionsView("l_1", None, many, NOW, start))
        assert_fits(message)
        found.extend(re.findall(r"digest\.preview:(\w+)", str(message.blocks)))
        after = buttons(message).get("digest.list.next")
        start = None if after is None else int(after.removeprefix("l_1:"))
    assert found == [sub.id for sub in many]
    assert texts(message)[0] == "*34 digests*"


@pytest.mark.parametrize("why", [why for why in NotSentReason if REASONS[why].remedy])
def test_every_trouble_says_why_and_what_to_do(why):
    pauses = REASONS[why].pauses
    sub = replace(SUB, paused=pauses, next=None if pauses else SUB.next)
    sub = replace(sub, trouble=trouble_of(why, sub))
    message = MESSAGES.draw(TroubleView(sub, NOW, NOW))
    _first, why_and_what, *_ = texts(message)
    assert told(why_and_what) in message.text
    # A reason and a way out, in sentences; and a button of each name that is named.
    assert why_and_what.count(".") >= 2
    for label in ("Resume", "Send now", "Edit"):
        assert label not in why_and_what or label in texts(message)
    listed = MESSAGES.draw(SubscriptionsView("l", None, (sub,), NOW))
    said = texts(listed)[1].split("\n")[-1]
    assert said
    assert why_and_what.startswith(said)


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

"""What the digest of a group never says, and that it says all of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Pattern
from bot.language.query import Rank
from bot.rendering.digest_views import (
    DetailsView,
)
from bot.rendering.messages import Messages
from bot.reports import metrics
from bot.reports.findings import Best
from bot.reports.freshness import Freshness
from tests.rendering import digest_samples
from tests.rendering import report_samples as made
from tests.rendering.checker import assert_fits, buttons, nodes, texts
from tests.rendering.small import ROSTER, digest, own_share, practiced
from tests.reports.given import (
    NOW,
    assignment,
    person,
    session,
)

MESSAGES = Messages()
FRESH = Freshness(NOW, NOW, NOW)


def fields(message):
    """The figures by their label: the lines below it."""
    found = {}
    for block in message.blocks:
        for field in block.get("fields", ()):
            label, *lines = field["text"].split("\n")
            found[label.strip("*")] = lines
    return found


def ungraded(at):
    """Three people who practiced, without a score."""
    return [session(who, at) for who in ("ann", "bob", "cy")]


@pytest.mark.parametrize("who", [(), ("ann",), ("ann", "bob")])
def test_of_many_who_practised_and_few_who_were_graded_no_result_is_shown(who):
    rows = [*ungraded(1), *practiced(*who, at=2, score=41), *practiced("ann", "bob", "cy", at=-1)]
    message = MESSAGES.draw(digest(rows))
    assert list(fields(message)) == ["Sessions", "Practice time"]
    assert "Average score and ranks are shown here when 3 or more people have" in message.text
    assert "41" not in json.dumps([message.text, message.blocks])


def test_results_of_one_person_cannot_be_reckoned_from_a_change():
    rows = [*practiced("ann", "bob", "cy"), *ungraded(-1)]
    rows += practiced(*["ann"] * 4, at=-1, score=41)
    message = MESSAGES.draw(digest(rows))
    few = "too few to compare"
    assert fields(message)["Average score"] == ["80.0 (3 graded attempts)", few]
    assert f"Average score: 80.0 (3 graded attempts), {few}\nRanks: 🥈 3\n" in message.text
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
    given_ = digest([*practiced(*who), *practiced("ann", "bob", "cy", at=-1)])
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


def test_a_new_personal_best_is_a_fact_and_no_low_score_stands_in_a_channel():
    bests = (Best(ROSTER[0], "Cold Call", 85, 43.5), Best(ROSTER[1], "Renewal", 91.9, 78.4))
    message = MESSAGES.draw(digest(practiced("ann", "bob", "cy"), bests=bests))
    said = ("Ann: Cold Call, up 41.5", "Bob: Renewal, up 13.5")
    assert "*👏 New personal bests*\n" + "\n".join(said) in texts(message)
    assert "\n".join(("👏 New personal bests", *said)) in message.text
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
    given_ = digest(rows, roster, tasks, bests=bests)
    message = MESSAGES.draw(given_)
    said = json.dumps([message.text, message.blocks])
    assert {member.name for member in roster if member.name in said} == {
        each.name for each in praised
    }


@pytest.mark.parametrize("plain", [False, True])
def test_details_of_many_lose_nobody_from_page_to_page(plain):
    company = made.company(200, hostile=True)
    everyone = made.everyone(company)
    handles = digest_samples.handles(company)
    found, start = [], 0
    while start is not None:
        given_ = DetailsView("d_1", "R&D", made.window(), everyone, FRESH, start, handles)
        message = MESSAGES.draw(given_, plain=plain)
        assert_fits(message)
        options = next(node for node in nodes(message.blocks) if "options" in node)["options"]
        found.extend(option["value"] for option in options)
        after = buttons(message).get("digest.details.next")
        start = None if after is None else int(after.removeprefix("d_1:"))
    assert found == [handles[each.person.id] for each in everyone]


def test_of_a_group_of_few_who_practised_nobody_reads_more_than_the_channel():
    rows = [session("bob", 1, 70, rank="bronze"), session("ann", 1, 91, rank="gold")]
    shown = MESSAGES.draw(own_share(rows))
    assert "*Average score*\nYou 91.0 (1 graded attempt)" in texts(shown)
    stranger = MESSAGES.draw(own_share(rows, "nobody"))
    assert "You were not in the group then, so only its own figures are here." in stranger.text
    for message in (shown, stranger):
        hidden = "Average score and ranks of the group are shown when 3 or more people have graded"
        assert hidden in message.text
        assert "80.5" not in message.text + str(message.blocks)
    assert "Average score:" not in stranger.text

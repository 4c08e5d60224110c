"""Every report for every kind of asker: privately, in a channel, and on a schedule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.reports.table import REPORTS
from tests.office import Office, SlackMessage
from tests.promises.cases import cases
from tests.shown import Button, names_in, offers, table

WEST = 'group:"West Coast"'
# Reports about one person.
OF_ONE = {"session", "prep"}


@dataclass(frozen=True)
class Report:
    name: str
    rep: str
    channel: str
    words: str

    def about(self, people: str = "") -> str:
        """The question about these people, or about nobody in particular."""
        return " ".join(self.words.format(people).split())

    @property
    def group(self) -> str:
        """The question about West Coast, or about one of its people."""
        return self.about("@jane" if self.name in OF_ONE else WEST)


def reports(office: Office) -> Iterator[Report]:
    """Each report, a minute after the previous one: Exec counts requests by the minute."""
    for name, row in cases("rights")["reports"].items():
        office.wait(minutes=1)
        yield Report(name, *row)


def named(office: Office, message: SlackMessage) -> set[str]:
    return names_in(message, office.world.people.values())


def shown(message: SlackMessage) -> list[dict[str, Any]]:
    """The blocks of a message, without what Slack adds."""
    return [{key: b[key] for key in b if key != "block_id"} for b in message.blocks]


async def test_a_rep_gets_their_own_or_nothing(office: Office) -> None:
    asked = set()
    for report in reports(office):
        asked.add(report.name)
        answer = await office.ask("bob", report.about())
        assert named(office, answer) <= {"Bob Jones"}, report
        assert offers(answer, Button.REFRESH) is (report.rep == "own"), report
        if report.name not in OF_ONE | {"team"}:  # of a team they get the last week
            refused = await office.ask("bob", report.group)
            assert not offers(refused, Button.REFRESH), report
            assert named(office, refused) <= {"Bob Jones"}, report
    assert asked == {definition.name for definition in REPORTS if definition.has_command}


async def test_a_coach_gets_their_own_people_and_nobody_else(office: Office) -> None:
    await office.ask("ana", 'coach add @kofi.mensah "West Coast"')
    theirs = {person.name for person in office.roster("West Coast")} | {"Kofi Mensah"}
    for report in reports(office):
        answer = await office.ask("kofi.mensah", report.group)
        assert offers(answer, Button.REFRESH), report
        assert named(office, answer) <= theirs, report
        assert named(office, await office.ask("kofi.mensah", report.about())) <= theirs, report
        other = "@sakura.tanaka" if report.name in OF_ONE else 'group:"Enterprise"'
        refused = await office.ask("kofi.mensah", report.about(other))
        assert not offers(refused, Button.REFRESH), report
        assert named(office, refused) <= theirs | {"Sakura Tanaka"}, report  # as it was typed


async def test_a_channel_sees_what_was_previewed_and_names_of_the_praised(office: Office) -> None:
    for report in reports(office):
        answer = await office.ask("ana", report.group, "west-coast")
        may = report.channel == "clock"
        assert offers(answer, Button.WEEKLY) is offers(answer, Button.SHARE) is may, report
        if may:
            preview = await office.press("ana", answer, Button.SHARE)
            await office.press_only("ana", preview, Button.POST)
            post = office.posts("west-coast")[-1]
            assert len(named(office, post) - {"Ana Costa"}) <= 3, report
            *content, buttons = shown(post)
            assert buttons["type"] == "actions"
            assert shown(preview)[-len(content) :] == content, report
        line = f"digest {report.group} every monday 9:00"
        saved = await office.ask("ana", line, "west-coast")
        assert offers(saved, Button.PREVIEW) is may, report


async def test_results_of_one_or_two_are_shared_only_by_the_one_they_are_of(
    office: Office,
) -> None:
    for report in reports(office):
        for people in ("@jane", "@jane @noah.williams")[: 1 if report.name in OF_ONE else 2]:
            answer = await office.ask("ana", report.about(people), "west-coast")
            assert not offers(answer, Button.SHARE), report
            assert not offers(answer, Button.WEEKLY), report
        if report.rep == "own":
            own = await office.ask("jane", report.about("me"), "west-coast")
            assert not offers(own, Button.WEEKLY), report
            post = await office.share("jane", own)
            assert (post is not None) is (report.channel != "never"), report
            if post is not None:
                assert "Jane Smith" in post.text, report
                assert table(post) == ([] if report.name == "session" else table(own)), report

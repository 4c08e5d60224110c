"""Alerts: set, listed, removed, and sent once."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.office import NOW, Office, berlin
from tests.shown import Button, buttons, everything, names_in, numbers, offers


def first_golds(office: Office, who: str) -> list[str]:
    """Scenarios in which somebody has no gold yet."""
    rows = office.world.sessions.by_user.get(office.person(who).id, [])
    won = {row.scenario_id for row in rows if row.rank == "gold"}
    return [scenario.name for id_, scenario in office.world.scenarios.items() if id_ not in won]


async def earn(office: Office, who: str, scenario: str, at: datetime) -> None:
    office.practice(who, scenario=scenario, score=95, at=at - timedelta(minutes=1))
    office.wait(seconds=(at - office.clock()).total_seconds())
    await office.ask("ana", "sessions last 1d")  # the newest sessions are read then
    await office.run_jobs()


async def test_an_alert_is_set_listed_and_removed(office: Office) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    assert not offers(await office.ask("jane", "alert @priya gold"), "My alerts")
    for said in ("@jane gold", "my people inactive 14d", "@jane below 70", "my people overdue"):
        await office.ask("bob", f"alert {said}")
        office.wait(seconds=1)
    listed = await office.ask("bob", "alert list")
    assert sum(button["text"]["text"] == Button.REMOVE for button in buttons(listed)) == 4
    assert {14, 70} <= set(numbers(listed.text))
    removed = await office.press("bob", listed, Button.REMOVE)
    assert len([e for e in buttons(removed) if e["text"]["text"] == Button.REMOVE]) == 3


async def test_an_alert_comes_once_and_at_most_once_an_hour(office: Office) -> None:
    await office.ask("ana", 'coach add @bob "West Coast"')
    await office.ask("bob", "alert my people gold")
    await office.ask("bob", "alert @jane gold")
    first, second, third, *_ = first_golds(office, "jane")
    before = len(office.dms("bob"))
    await earn(office, "jane", first, NOW + timedelta(minutes=20))
    (news,) = office.dms("bob")[before:]
    assert "Jane Smith" in news.text
    assert first in news.text
    await earn(office, "jane", second, NOW + timedelta(minutes=50))
    assert len(office.dms("bob")) == before + 1
    await earn(office, "jane", third, NOW + timedelta(minutes=90))
    replies = office.dms("bob")[before + 1 :]
    assert len(replies) == 1
    assert {second, third} <= {
        scenario for scenario in (first, second, third) if scenario in replies[0].text
    }
    assert first not in replies[0].text


async def test_no_alert_comes_at_night(office: Office) -> None:
    await office.ask("ana", "alert @jane gold")
    scenario = first_golds(office, "jane")[0]
    await earn(office, "jane", scenario, berlin("2026-03-20 20:30"))
    for moment in ("2026-03-20 23:00", "2026-03-21 6:55"):
        await office.at(berlin(moment))
        assert office.dms("ana") == []
    await office.at(berlin("2026-03-21 7:01"))
    assert len(office.dms("ana")) == 1


async def test_alerts_are_about_silence_averages_and_due_dates(office: Office) -> None:
    rows = office.world.sessions.by_user[office.person("priya").id]
    days = (NOW - rows[0].created_at).days + 1
    for said in (f"@priya inactive {days}d", "@jane below 30"):
        await office.ask("ana", f"alert {said}")
    for minutes in range(1, 41):
        office.practice("jane", score=1.0, at=NOW + timedelta(minutes=minutes))
    await earn(office, "mei.chen", "Cold Call Opener", NOW + timedelta(hours=25))
    said = " ".join(dm.text for dm in office.dms("ana"))
    assert "Jane Smith" in said
    assert "Priya Nair" in said
    assert {1.0, days} <= set(numbers(said))


async def test_an_alert_does_not_name_people_who_are_no_longer_theirs(
    office: Office,
) -> None:
    await office.ask("ana", "coach add @bob @jane @priya")
    await office.ask("bob", "alert @jane @priya gold")
    await office.remove("coach remove @bob @jane")
    before = len(office.dms("bob"))
    for minutes, who in ((20, "jane"), (100, "priya")):
        scenario = first_golds(office, who)[0]
        await earn(office, who, scenario, NOW + timedelta(minutes=minutes))
    (news,) = office.dms("bob")[before:]
    assert names_in(news, office.world.members.values()) == {"Priya Nair"}
    assert "Jane" not in everything(await office.ask("bob", "alert list"))

"""Who and what counts in the messages about a group, whatever Exec lists beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.sandbox.world_tasks import progress
from bot.sandbox.world_things import Assignment, Person
from tests.conversations.conftest import NOW, Office
from tests.conversations.test_digests import LINE, told

THE_20TH = datetime(2026, 3, 20, tzinfo=UTC)  # as Exec writes a day, and it is today


def task(office: Office, person: Person, scenario: str, attempts: int | None = None) -> None:
    """Something to practise by the 20th: for a gold, in so many attempts."""
    office.world.assignments.append(
        Assignment(
            id=f"task {len(office.world.assignments)}",
            user_id=person.id,
            scenario_id=office.world.scenario(scenario).id,
            due_date=THE_20TH,
            attempt_min=1,
            attempt_max=attempts,
            rank_min="gold",
            program_id=None,
            created_at=NOW - timedelta(days=1),
        )
    )


async def test_what_is_due_on_a_day_is_in_time_until_it_ends_and_what_was_not_passed_is_told(
    office: Office,
) -> None:
    jane, sam = (office.world.person(f"{who}@acme.com") for who in ("jane", "sam"))
    office.world.assignments.clear()
    task(office, jane, "Renewal Save")
    task(office, sam, "Cold Call Opener", attempts=1)
    office.world.add_session(sam, "Cold Call Opener", NOW - timedelta(hours=1), score=60)
    held = [progress(each, office.world.sessions, NOW).status for each in office.world.assignments]
    assert held == ["past_due", "did_not_pass"]

    assert "Due next: Renewal Save Fri 20 March." in (await office.ask("jane", "me")).text
    assert " Did not pass: Cold Call Opener." in (await office.ask("sam", "me")).text
    await office.ask("ana", 'coach add @priya "West Coast"')
    preview = await office.press("priya", told(office, "priya")[0], "Preview")
    assert " Did not pass: Sam Lee – Cold Call Opener." in preview.text
    assert "Due within 7 days: Jane Smith – Renewal Save, Fri 20 March." in preview.text
    saved = await office.ask("ana", LINE, "west-coast")
    words = "0 overdue, 1 did not pass, 1 due within 7 days"
    assert f"Assignments: {words}." in saved.text
    assert f"*Assignments*   {words}" in str(saved.blocks)

    office.clock.now = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    assert "Overdue: Renewal Save Fri 20 March." in (await office.ask("jane", "me")).text
    preview = await office.press("priya", told(office, "priya")[0], "Preview")
    assert "Renewal Save is overdue since Fri 20 March" in preview.text

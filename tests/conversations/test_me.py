"""A person's own week: when they ask for it, and on Mondays if they want it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from bot.sandbox.exec_faults import Fault
from bot.storage.plans import Kind
from tests.conversations.conftest import Office, footer, labels, table

ON, OFF = "Send me this every Monday", "Stop the Monday message"
UNNAMED, NAMED = "Leave my name out of digests", "Let digests name me"
MONDAY = datetime(2026, 3, 23, 7, 30, tzinfo=UTC)  # 8:30 in Berlin


async def subscribed(office: Office, who: str = "jane") -> bool:
    own = await office.bot.core.digests.subscriptions.listed(
        office.slack.team.id, owner_id=office.user(who)
    )
    return any(one.kind is Kind.OWN for one in own)


async def test_own_week_counts_what_exec_has(office: Office) -> None:
    answer = await office.ask("jane", "me")
    assert answer.text.startswith("Your practice, 14 – 20 March:")
    assert answer.visible_to == office.user("jane")
    start, end = (datetime(2026, 3, day, 23, tzinfo=UTC) for day in (13, 20))
    jane = office.world.person("jane@acme.com")
    truth = [
        each
        for each in office.world.sessions
        if each.user_id == jane.id and start <= each.created_at < end
    ]
    assert sum(int(row[1]) for row in table(answer)[1:]) == len(truth)
    assert f"{len(truth)} session" in answer.text or not truth
    assert "only you see this" in footer(answer)


async def test_the_monday_message_is_off_unless_asked_for(office: Office) -> None:
    answer = await office.ask("jane", "me")
    assert labels(answer) == [ON, UNNAMED]
    assert not await subscribed(office)
    saved = await office.press("jane", answer, ON)
    assert "You get your own week every Monday at 8:30 (Europe/Berlin" in saved.text
    assert await subscribed(office)
    office.clock.now = MONDAY + timedelta(seconds=1)
    await office.bot.delivering.run_due()
    (message,) = office.seen("jane", office.dm("jane"))
    assert message.text.startswith("Your practice, 16 – 22 March:")
    assert labels(message) == [OFF, UNNAMED]
    stopped = await office.press("jane", message, OFF)
    assert stopped.text.startswith("Stopped.")
    assert not await subscribed(office)
    assert labels(await office.ask("jane", "me")) == [ON, UNNAMED]


async def test_without_exec_tasks_are_said_to_be_missing(office: Office) -> None:
    await office.ask("jane", "me")
    office.exec.faults.append(Fault("status", times=None, path="/scenarios/assignments"))
    answer = await office.ask("jane", "me")
    assert "assignments could not be read" in footer(answer)


async def praised(office: Office) -> str:
    """The e-mail of who comes first among the most improved of a digest; "" for nobody."""
    saved = await office.ask("ana", 'digest "West Coast" every monday 9:00', "west-coast")
    preview = await office.press("ana", saved, "Preview")
    named = re.search(r"Most improved: (.+?) – ", preview.text)
    people = office.world.people.values()
    return next((each.email for each in people if named and each.name == named[1]), "")


async def test_who_does_not_want_to_be_named_is_not(office: Office) -> None:
    who = await praised(office)
    answer = await office.ask(who, "me")
    done = await office.press(who, answer, UNNAMED)
    assert done.text.startswith("Done: digests in channels leave your name out")
    assert await praised(office) not in ("", who)
    answer = await office.ask(who, "me")
    assert "digests leave your name out" in footer(answer)
    done = await office.press(who, answer, NAMED)
    assert done.text.startswith("Done: digests in channels may name you again")
    assert await praised(office) == who


async def test_named_or_not_in_words(office: Office) -> None:
    done = await office.ask("jane", "me Unnamed")
    assert "`/exec me named` undoes this" in done.text
    assert labels(await office.ask("jane", "me")) == [ON, NAMED]
    await office.ask("jane", "me named")
    assert labels(await office.ask("jane", "me")) == [ON, UNNAMED]


async def test_other_words_after_me_are_a_question(office: Office) -> None:
    problem = await office.ask("jane", "me last 30d")
    assert problem.text.startswith("`/exec me` shows your own week")
    answer = await office.press("jane", problem, "Ask about sessions")
    assert {row[1] for row in table(answer)[1:]} == {"Jane Smith"}

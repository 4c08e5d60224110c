"""How long Slack waits for its acks if 50 people ask at once while Exec takes five seconds, and
whether everybody gets an answer; then SIGTERM while ten answers are under way.

python -m tests.bench.at_once
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from bot.demo.exec_server import Fault
from bot.demo.slack_workspace import Ack, Message
from tests import fork_server
from tests.workspace import ApartWorkspace, separate_workspace, table

PEOPLE, STOPPED, EXEC_SECONDS = 50, 10, 5.0
ANSWER_SECONDS = 60.0
QUESTION = "sessions me last 7d"


async def main() -> None:
    """Print a line for each."""
    with tempfile.TemporaryDirectory() as folder:
        async with separate_workspace(Path(folder)) as place, place.started() as bot:
            members = {each.email for each in place.world.members.values()}
            users = place.slack.team.users.values()
            people = [u.email for u in users if u.email in members and not u.is_restricted]
            for _ in range(60):  # until it has read who is in Exec
                if table(await place.ask("ana", QUESTION)):
                    break
                await asyncio.sleep(1)
            place.exec.faults.append(Fault("slow", None, seconds=EXEC_SECONDS))
            askers = [people[n % len(people)] for n in range(PEOPLE)]
            acks = await asyncio.gather(*(place.say(who, QUESTION) for who in askers))
            answers = await _answers(place, askers, acks)
            took = sorted(each.took * 1000 for each in acks)
            print(f"{PEOPLE} people: slowest ack {took[-1]:.0f} ms, median {took[PEOPLE // 2]:.0f}")
            print(f"{len(answers)} of {PEOPLE} answered")

            asked = people[:STOPPED]
            acks = await asyncio.gather(*(place.say(who, "sessions me last 9d") for who in asked))
            bot.process.terminate()
            answers = await _answers(place, asked, acks)
            print(f"SIGTERM: {len(answers)} of {STOPPED} answered, exit code {await bot.ends()}")


async def _answers(place: ApartWorkspace, who: list[str], acks: list[Ack]) -> list[Message]:
    waiting = (
        place.answer_to(each, after=ack, seconds=ANSWER_SECONDS)
        for each, ack in zip(who, acks, strict=True)
    )
    found = await asyncio.gather(*waiting, return_exceptions=True)
    return [each for each in found if isinstance(each, Message) and "interrupted" not in each.text]


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place_of_server:
        stop = fork_server.start(Path(place_of_server))
        try:
            asyncio.run(main())
        finally:
            stop()

"""The stand-in Exec and the stand-in Slack Web API, in a process of their own.

    python -m tests.bench.standins 2026-03-20T09:00:00+00:00 PEOPLE SESSIONS

Prints where they are as JSON.
Each line on standard input is the seconds that Exec takes from then on, and is answered by a line
with the number of its requests; the process ends when standard input does.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime

from bot.sandbox.demo import team_of
from bot.sandbox.exec_server import ExecServer, Fault
from bot.sandbox.slack_server import SlackServer
from tests.bench.payloads import world_of
from tests.bench.processes import TOKEN

# The bot keeps to Exec's limits by itself; the stand-in's own would only get in the way.
NO_LIMIT = 1_000_000


def _now() -> datetime:
    return datetime.now(UTC)


async def main(moment: str, people: str, sessions: str) -> None:
    """Serve until standard input ends."""
    world = world_of(datetime.fromisoformat(moment), int(people), int(sessions))
    async with (
        ExecServer(world, clock=_now, per_minute=NO_LIMIT, per_day=NO_LIMIT) as exec_server,
        SlackServer(
            team_of(world),
            clock=_now,
            signing_secret=os.environ["SLACK_SIGNING_SECRET"],
            bot_token=TOKEN,
            app_token="xapp-bench",
        ) as slack,
    ):
        where = {"exec": exec_server.url, "key": exec_server.key, "slack": slack.api_url}
        print(json.dumps(where), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            seconds = float(line)
            slow = Fault("slow", times=None, seconds=seconds)
            exec_server.faults[:] = [slow] if seconds else []
            print(len(exec_server.requests), flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

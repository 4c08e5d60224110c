"""How long an answer takes, from the moment Slack sends its payload until all of it is shown.

    python -m tests.bench.answers

Each report is asked in a company of 200 people whose past is stored; the bot is a process of its
own.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median

from tests.bench.past import acquainted
from tests.workspace import Workspace, offered

PEOPLE, SESSIONS = 200, 6_000
ADMIN, REP = "ana@acme.com", "jane@acme.com"
GROUP = 'group:"West Coast"'
# Who asks what. Skills and a session's feedback are stored after the first time.
ASKED = (
    (ADMIN, f"sessions {GROUP} last 30d"),
    (ADMIN, f"team {GROUP}"),
    (ADMIN, f"leaderboard {GROUP}"),
    (ADMIN, f"inactive {GROUP}"),
    (ADMIN, f"trend {GROUP} by week"),
    (ADMIN, f"progress {GROUP}"),
    (ADMIN, f"scenarios {GROUP}"),
    (ADMIN, "skills @jane skill:closing"),
    (ADMIN, "session last @jane"),
    (ADMIN, f"assignments {GROUP}"),
    (ADMIN, f'compare {GROUP} vs group:"East Coast"'),
    (ADMIN, "prep @jane"),
    (REP, "me"),
)
WARM, TIMES = 3, 20


async def seconds(place: Workspace, who: str, text: str) -> float:
    """The median of several times. Raises RuntimeError for a question that is not answered."""
    took = []
    for _ in range(WARM + TIMES):
        began = time.perf_counter()
        answer = await place.ask(who, text)
        took.append(time.perf_counter() - began)
        if not offered(answer):
            raise RuntimeError(f"{text}: the bot said {answer.text!r}")
    return median(took[WARM:])


async def main() -> None:
    """Print the fastest and the slowest report."""
    async with acquainted(PEOPLE, SESSIONS) as (place, _):
        took = {text: await seconds(place, who, text) for who, text in ASKED}
    first, *_, last = sorted(took, key=lambda text: took[text])
    told = " to ".join(f"{took[text] * 1000:.0f} ms ({text})" for text in (first, last))
    print(f"an answer, median of each of {len(took)} reports: {told}")


if __name__ == "__main__":
    asyncio.run(main())

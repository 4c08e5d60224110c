"""Each report, warm: payload sent to whole answer received, beside the bare app's ack.

    python -m tests.bench.reports [--markdown] [--people 200]

A company of so many people; without the option one of 200 and one of 5,000.
"""

from __future__ import annotations

import argparse
import asyncio

from bot.reports.table import REPORTS
from tests.bench.__main__ import say, talking
from tests.bench.figures import BESIDE, Table, beside, machine
from tests.bench.payloads import ADMIN, REP

# People and their sessions: as many as a run can read in a few minutes.
SIZES = {200: 6_000, 5_000: 20_000}
TIMES = 20
GROUP = 'group:"West Coast"'
# Who asks what. Skills and a session's feedback are held after the first time.
ASKED = {
    "sessions": (ADMIN, f"sessions {GROUP} last 30d"),
    "team": (ADMIN, f"team {GROUP}"),
    "leaderboard": (ADMIN, f"leaderboard {GROUP}"),
    "inactive": (ADMIN, f"inactive {GROUP}"),
    "trend": (ADMIN, f"trend {GROUP} by week"),
    "progress": (ADMIN, f"progress {GROUP}"),
    "scenarios": (ADMIN, f"scenarios {GROUP}"),
    "skills": (ADMIN, "skills @jane skill:closing"),
    "session": (ADMIN, "session last @jane"),
    "assignments": (ADMIN, f"assignments {GROUP}"),
    "compare": (ADMIN, f'compare {GROUP} vs group:"East Coast"'),
    "prep": (ADMIN, "prep @jane"),
    "me": (REP, "me"),
}


async def measured(people: int) -> Table:
    """A row for each report."""
    rows = []
    async with talking(people, SIZES.get(people, 30 * people)) as (talk, _payloads):
        for name, (who, text) in ASKED.items():
            say(f"{name}, {people} people")
            expects = "me." if name == "me" else "sessions."
            case = talk.asking(f"`{text}`", who, text, TIMES, expects)
            found = await talk.compare(case)
            requests = f"{found.requests:.3g}"
            rows.append(beside(found.label, found.answers, found.bare, requests))
    title = f"Time to answer each report, in a company of {people:,} people (bare: its ack)"
    return Table(title, ("", *BESIDE, "Exec requests"), tuple(rows))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.reports", description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="tables for docs/measurements.md")
    parser.add_argument("--people", type=int, help="of a company of so many people alone")
    options = parser.parse_args()
    missing = {report.name for report in REPORTS if report.asked} - ASKED.keys()
    if missing:
        parser.error(f"nothing is asked of {', '.join(sorted(missing))}")
    print(machine())
    for people in [options.people] if options.people else SIZES:
        table = asyncio.run(measured(people))
        print("\n" + (table.markdown() if options.markdown else table.plain()))


if __name__ == "__main__":
    main()

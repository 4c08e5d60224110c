"""Every zone with a change of its clocks in 2026 and 2027, against a walk by the minute.

`python -m tests.outbox.zones` takes some minutes; the suite checks one change of each kind.
"""

from __future__ import annotations

from tests.outbox.model import changes, distinct_zones, utc
from tests.outbox.test_clock_changes import check


def main() -> None:
    zones = checked = 0
    for zone in distinct_zones():
        found = list(changes(zone, utc(2026), utc(2028)))
        zones += bool(found)
        for change in found:
            checked += check(zone, change)
    print(f"{zones} zones, {checked} questions: all as the clocks on the wall show")


if __name__ == "__main__":
    main()

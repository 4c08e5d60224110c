"""What the person who runs the bot does by hand: read the past in, remove a person."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

from bot.app import Core
from bot.errors import Limited, UserError
from bot.language.dates import DateForm, write_day, write_hour
from bot.language.parse import parse
from bot.language.query import Query
from bot.mirror.forget import Traces
from bot.mirror.reader import requests_for
from bot.mirror.rows import from_ms, to_ms
from bot.mirror.stretches import DAY
from bot.mirror.sync import missing
from bot.rendering.numbers import count


def since_of(text: str, *, now: datetime, retention: timedelta) -> datetime:
    """The moment that "90d", "3 months" or "2026-01-31" goes back to (aware).

    Raises UserError, also for one so long ago that its sessions would be removed again.
    """
    words = f"since {text}" if "-" in text else f"last {text}"
    query = parse(words, now=now, zone=ZoneInfo("UTC"))
    period = query.period
    if period is None or period.start is None or query != Query(period=period):
        raise UserError(
            "--since takes a length like 90d, or a date like 2026-01-31, and nothing else."
        )
    start = period.start.astimezone(UTC)
    if start < now - retention:
        raise UserError(
            f"Sessions older than {retention.days} days are not kept (EXECBOT_RETENTION_DAYS), so "
            "reading them would be in vain. Ask for less, or keep them longer."
        )
    return start


async def sync(core: Core, since: datetime, again: datetime | None = None) -> bool:
    """Read all sessions from then until now that are not stored, and show how far it is.

    `again`: also those that were last read before then, and before now.

    False if the requests ran out before it was done: what was read stays. Raises ExecError and
    StorageError.
    """
    start = to_ms(since)
    # What comes while it reads is for the next time, or it might never end.
    end = to_ms(core.clock())
    read_since = 0 if again is None else min(to_ms(again), end)
    used = 0
    with _progress() as bar:
        task = bar.add_task("Reading", total=max(1, end - start), told="")
        try:
            # Page by page: what a reading cost that a limit cuts short, nobody tells.
            while fetched := await core.sync.fill(
                start, "by_hand", end, pages=1, read_since=read_since
            ):
                used += fetched.requests
                read, left = await _how_far(core, start, end, read_since)
                bar.update(task, completed=read, told=_told(core, used, read, left))
            bar.update(task, completed=end - start, told=_told(core, used, end - start, 0))
        except Limited as error:
            bar.stop()
            until = error.until.astimezone()
            when = f"{until:%a} {write_hour(until)}"
            print(
                f"{count(used, 'request')} used. No more may be sent before {when}: some "
                "of each day are kept for people's questions. What was read is kept; run this "
                f"again then{_going_on(read_since)}."
            )
            return False
    told = "is stored" if again is None else f"was read since {_written(read_since)}"
    print(f"Done: every session since {write_day(since, DateForm(year=True))} {told}.")
    return True


def _going_on(read_since: int) -> str:
    """How to go on with what was not read again yet."""
    return f" with --again {_written(read_since)}" if read_since else ""


def _written(milliseconds: int) -> str:
    """A moment as --again reads it, to the second before."""
    return f"{from_ms(milliseconds):%Y-%m-%dT%H:%M:%SZ}"


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
        console=Console(file=sys.stdout),
    )


async def _how_far(core: Core, start: int, end: int, read_since: int) -> tuple[int, int]:
    """How much of [start, end) is read (ms), by readings since then, and about how many requests
    the rest takes."""
    unread = missing(await core.sync.known(start, read_since), start, end)
    left = requests_for(await core.store.expected(unread))
    return end - start - sum(b - a for a, b in unread), left


def _told(core: Core, used: int, read: int, left: int) -> str:
    words = f"{count(round(read / DAY), 'day')} read, {count(used, 'request')} used"
    if left == 0:
        return words
    minutes = left / core.settings.exec_requests_per_minute
    time = "less than a minute" if minutes < 1 else f"about {minutes:.0f} min"
    return f"{words}, about {left:,} left ({time})"


async def forget(core: Core, email: str, *, agreed: Callable[[str], bool]) -> str:
    """Remove what is stored of a person, once `agreed` says so; a sentence that says what went.

    Raises StorageError.
    """
    forgetting = core.forgetting
    traces = await forgetting.traces(email)
    if traces.nothing:
        return f"Nothing is stored of {email}."
    if not agreed(_question(traces, email)):
        return "Nothing was removed."
    await core.audit.forget(traces.ids, traces.accounts, traces.email)
    gone = await forgetting.forget(traces)
    sessions = f"{gone.sessions} sessions of {traces.name}"
    removed = f"Removed: {sessions} and what was kept of their questions. "
    if gone.messages:
        removed += "Nothing is sent for them regularly any more. "
    if traces.present:
        return removed + (
            "They are still in Exec, so their name and groups stay, and their sessions come back "
            "when they are read again. Remove them in Exec, then run this again."
        )
    return removed + (
        f"Their name, e-mail address and place in {traces.groups} groups went, too. Sessions that "
        "Exec still holds come back when they are read again: delete them there as well."
    )


def _question(traces: Traces, email: str) -> str:
    return (
        f"{traces.name} ({email}): {traces.sessions} sessions, {traces.groups} groups, "
        f"{len(traces.accounts)} Slack accounts.\nRemove all of that? It cannot be undone. [y/N] "
    )

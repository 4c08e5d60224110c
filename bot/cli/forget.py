"""Removes a person's data, for the person who runs the bot."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import App
from bot.storage.forget import Traces, find_traces
from bot.storage.forget import forget as remove


async def forget(app: App, email: str, *, agreed: Callable[[str], bool]) -> str:
    """Remove what is stored about a person, if `agreed` returns True. Returns the sentence to
    print.

    Raises StorageError.
    """
    traces = await find_traces(app.storage.db, email)
    if traces.nothing:
        return f"Nothing is stored about {email}."
    if not agreed(_question(traces, email)):
        return "Nothing was removed."
    messages = await remove(app.storage.db, traces)
    sessions = f"{traces.sessions} sessions of {traces.name}"
    removed = f"Removed: {sessions} and their questions. "
    if messages:
        removed += "Their scheduled messages are stopped. "
    if traces.is_listed:
        return removed + (
            "They are still in Exec, so their name and groups stay, and the next sync brings their "
            "sessions back. Remove them in Exec, then run this again."
        )
    return removed + (
        f"Their name, e-mail address and membership in {traces.groups} groups are removed, too. "
        "The next sync brings back sessions that Exec still has, so delete them there as well."
    )


def _question(traces: Traces, email: str) -> str:
    return (
        f"{traces.name} ({email}): {traces.sessions} sessions, {traces.groups} groups, "
        f"{len(traces.accounts)} Slack accounts.\nRemove all of this? It can't be undone. [y/N] "
    )

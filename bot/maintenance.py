"""What the person who runs the bot does by hand: remove a person."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import App
from bot.mirror.forget import Traces, find_traces
from bot.mirror.forget import forget as remove


async def forget(app: App, email: str, *, agreed: Callable[[str], bool]) -> str:
    """Remove what is stored of a person, once `agreed` says so; a sentence that says what went.

    Raises StorageError.
    """
    traces = await find_traces(app.db, email)
    if traces.nothing:
        return f"Nothing is stored of {email}."
    if not agreed(_question(traces, email)):
        return "Nothing was removed."
    messages = await remove(app.db, traces)
    sessions = f"{traces.sessions} sessions of {traces.name}"
    removed = f"Removed: {sessions} and what was kept of their questions. "
    if messages:
        removed += "Nothing is sent for them regularly any more. "
    if traces.is_listed:
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

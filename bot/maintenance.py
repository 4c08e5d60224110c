"""What the person who runs the bot does by hand: remove a person."""

from __future__ import annotations

from collections.abc import Callable

from bot.app import Core
from bot.mirror.forget import Traces


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

"""A person's Home tab: published when it says something else than before, and never over a newer
one."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from bot.errors import Sentence, SlackError, StorageError
from bot.observe.logs import new_reference
from bot.rendering.messages import Messages, View
from bot.rendering.views import ProblemView
from bot.slack.api import Slack
from bot.slack.call import Unreached, Unsure
from bot.storage.learned import Learned, home_of

log = logging.getLogger(__name__)

EVER = timedelta(days=3650)
NEW_FOR = timedelta(days=1)
AGAIN_AFTER = 1.0  # seconds
STALE = "hash_conflict"
# What Slack says of a view that it would refuse again.
REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "view_too_large"})
UNDRAWN = Sentence(
    "I can't show this page just now. Ask me in Messages meanwhile; if it stays so, give the "
    "reference below to the person who runs me."
)


@dataclass(frozen=True, slots=True)
class Published:
    """What somebody's Home says: `said` is a digest of it, `version` Slack's word for that view.
    `since` is when they first had one (aware)."""

    since: datetime
    said: str
    version: str

    @classmethod
    def of(cls, text: str) -> Published:
        told = json.loads(text)
        return cls(datetime.fromisoformat(told["since"]), told["said"], told["version"])

    @property
    def text(self) -> str:
        told = {"since": self.since.isoformat(), "said": self.said, "version": self.version}
        return json.dumps(told)


@dataclass(frozen=True, slots=True)
class HomeTabs:
    """Raises StorageError. What Slack does not take is logged, with a reference."""

    slack: Slack
    learned: Learned
    messages: Messages
    clock: Callable[[], datetime]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    async def show(
        self, team_id: str, user_id: str, draw: Callable[[bool], Awaitable[View]]
    ) -> None:
        """Publish what `draw` gives, unless they see just that already.

        `draw` is told whether they are new to their Home; raises what it raises.
        """
        name = home_of(team_id, user_id)
        async with self._turns.setdefault(name, asyncio.Lock()):
            try:
                await self._show(name, user_id, draw)
            except SlackError as error:
                if error.code != STALE:
                    raise
                # Another process has published since: what is so now takes its place.
                await self._show(name, user_id, draw, over=True)

    async def show_only(self, team_id: str, user_id: str, view: View) -> None:
        """Publish this alone, which needs no database."""
        await self._publish(user_id, self.messages.home(view), "")
        with suppress(StorageError):
            await self._note(home_of(team_id, user_id), None, "", "")

    async def _show(
        self,
        name: str,
        user_id: str,
        draw: Callable[[bool], Awaitable[View]],
        *,
        over: bool = False,
    ) -> None:
        last = await self._last(name)
        is_new = last is None or self.clock() - last.since < NEW_FOR
        drawn = self.messages.home(await draw(is_new))
        said = _said(drawn)
        if last is not None and last.said == said:
            return
        taken = await self._publish(user_id, drawn, "" if over or last is None else last.version)
        if taken is not None:
            # What stands there instead of what was refused is not worth knowing.
            await self._note(name, last, said if taken else "", taken)

    async def _last(self, name: str) -> Published | None:
        text = await self.learned.recall(name, within=EVER)
        return None if text is None else Published.of(text)

    async def _note(self, name: str, last: Published | None, said: str, version: str) -> None:
        last = last or await self._last(name)
        since = self.clock() if last is None else last.since
        await self.learned.learn(name, Published(since, said, version).text)

    async def _publish(self, user_id: str, drawn: dict[str, Any], over: str) -> str | None:
        """Slack's word for the view; "" where an apology stands there instead, None where nothing
        changed. Raises SlackError for one that is not over the view that was `over` last."""
        try:
            return await self._sent(user_id, drawn, over)
        except SlackError as error:
            if error.code == STALE:
                raise
            reference = new_reference()
            log.warning("a Home tab was not published: %s (reference %s)", error.code, reference)
            return await self._apologised(user_id, reference) if error.code in REFUSED else None

    async def _sent(self, user_id: str, drawn: dict[str, Any], over: str) -> str:
        try:
            return await self.slack.publish_home(user_id, drawn, over=over)
        except (Unreached, Unsure):
            # The same view twice is the same as once.
            await self.sleep(AGAIN_AFTER)
            return await self.slack.publish_home(user_id, drawn, over=over)

    async def _apologised(self, user_id: str, reference: str) -> str | None:
        view = self.messages.home(ProblemView(UNDRAWN, reference=reference))
        try:
            await self.slack.publish_home(user_id, view, over="")
        except SlackError as error:
            log.warning("nor was a plain one: %s (reference %s)", error.code, reference)
            return None
        return ""


def _said(view: object) -> str:
    """A digest of what a view shows. What its buttons stand for is made anew each time."""
    return hashlib.sha256(json.dumps(_shown(view), sort_keys=True).encode()).hexdigest()


def _shown(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _shown(value) for key, value in node.items() if key != "value"}
    return [_shown(each) for each in node] if isinstance(node, list) else node

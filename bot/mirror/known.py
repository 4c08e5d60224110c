"""What is known of a question: what is stored, and what Exec was asked directly a moment ago."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.exec_api.wire import Pairs
from bot.mirror.asked import Asked
from bot.mirror.reader import SpanRead
from bot.mirror.rows import to_ms
from bot.mirror.store import SessionStore
from bot.mirror.stretches import Span, Stretch, clipped, gaps, laid_over, unbroken
from bot.storage.tables import MILLISECOND

# How old the newest look for new sessions may be.
USUAL = timedelta(minutes=1)
# What Exec was asked directly is cached for so long, for so many questions.
CACHED_FOR, MOST_CACHED = timedelta(minutes=10), 200


@dataclass(slots=True)
class Cached:
    """What Exec was asked directly with some filters; of the span `unread` it has `left` more
    rows."""

    stretches: list[Stretch] = field(default_factory=list)
    left: int = 0
    unread: Span = (0, 0)


class Known:
    """All methods that wait raise StorageError."""

    def __init__(self, store: SessionStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._cache: dict[Pairs, Cached] = {}

    async def of(self, asked: Asked, not_before: int = 0) -> list[Stretch]:
        """What is known of a question, as of `not_before` (ms) or later; from a little before its
        start, for a look that ended there."""
        early = min(asked.start, asked.now - USUAL // MILLISECOND - 1)
        known = [] if asked.is_remote else await self._store.stretches(early, asked.end)
        for each in self.cached(asked).stretches:
            known = laid_over(known, each)
        return [each for each in clipped(known, early, asked.end) if each.as_of >= not_before]

    async def up_to(self, asked: Asked, age: timedelta = USUAL) -> list[Stretch]:
        """The newest stretches of a question without a gap, with a newest look so old at most."""
        age = max(age, CACHED_FOR) if asked.is_remote else age
        end = min(asked.end, asked.now - age // MILLISECOND)
        return clipped(unbroken(await self.of(asked), end), asked.start, asked.end)

    def missing(self, asked: Asked, known: Sequence[Stretch], age: timedelta = USUAL) -> list[Span]:
        """The parts of a question of which nothing is known, oldest first. Of the newest sessions,
        within `age` or CACHED_FOR of what is asked of Exec directly, some may be missing."""
        age = max(age, CACHED_FOR) if asked.is_remote else age
        newest = known[-1].end if known else 0
        is_new = asked.now - newest <= age // MILLISECOND
        return gaps(known, asked.start, min(asked.end, newest) if is_new else asked.end)

    def cached(self, asked: Asked) -> Cached:
        """The cached answer of Exec to a question with these filters, if it was asked lately."""
        cached, since = self._cache.get(asked.sent, Cached()), self._cached_since
        young = [each for each in cached.stretches if each.as_of > since]
        return replace(cached, stretches=young) if young else Cached()

    def cache(self, asked: Asked, start: int, read: SpanRead) -> None:
        """Cache what Exec was asked directly, from `start` on."""
        cached = self.cached(asked)
        for each in reversed(read.stretches):
            cached.stretches = laid_over(cached.stretches, each)
        if read.stretches:
            cached.left, cached.unread = read.left, (start, read.stretches[-1].start)
        self._cache[asked.sent] = cached
        old = self._cached_since
        for sent, other in list(self._cache.items()):
            if len(self._cache) > MOST_CACHED or not any(s.as_of > old for s in other.stretches):
                del self._cache[sent]

    @property
    def _cached_since(self) -> int:
        return to_ms(self._clock() - CACHED_FOR)

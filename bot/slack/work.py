"""Work that goes on after the ack: once per payload, never lost, finished before we stop."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.errors import BotError, Sentence, SlackError, StorageError, UserError
from bot.language.locale import Locale, write_for
from bot.observe.jobs import guarded
from bot.observe.logs import new_reference, stack_of
from bot.slack.lines import WAITING, Lines
from bot.slack.problems import Explainer
from bot.slack.reply import Replies, Reply
from bot.storage.payloads import LEASE, Payload, Payloads

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
# How long those whose question is cut short may take to be told.
TELL_SECONDS = 3.0
ReplyAction = Callable[[Reply], Awaitable[None]]
Turn = AbstractAsyncContextManager[None]

T = TypeVar("T")

INTERRUPTED = Sentence("I was interrupted before I could answer. Nothing is lost: ask again.")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A payload, and what to do about it at its turn. `is_asked`: somebody waits for an answer."""

    payload: Payload
    job: ReplyAction
    reply: Reply
    turn: Turn
    is_asked: bool


class Work:
    """Runs jobs in the background, each once, and tells people what came of them.

    `locale_of` gives the English of somebody, by the ids of their workspace and account, and raises
    SlackError: all that comes of what they sent is written so.
    """

    def __init__(
        self,
        payloads: Payloads,
        replies: Replies,
        explainer: Explainer,
        locale_of: Callable[[str, str], Awaitable[Locale]],
        observe: Callable[[str, float], None],
    ) -> None:
        self._payloads = payloads
        self._replies = replies
        self._explainer = explainer
        self._locale_of = locale_of
        self._observe = observe
        self._lines = Lines()
        self._running: set[asyncio.Task[None]] = set()
        self._in_hand: set[str] = set()
        self._unmarked: set[str] = set()
        self._keeper: asyncio.Task[None] | None = None

    def start(
        self,
        payload: Payload,
        job: ReplyAction,
        *,
        beneath: bool = False,
        opens_form: bool = False,
        is_asked: bool = True,
    ) -> None:
        """Do `job` after the ack, unless this payload is or was in work already.

        `beneath` leaves the message whose button was pressed as it is, and answers below it; so
        does every press in a message that others see. What somebody wants while much else of
        theirs is in hand waits in line; what `opens_form` waits for other forms only, as Slack
        lets it open for three seconds. Unless `is_asked`, nobody waits for an answer: what goes
        wrong is logged, and nobody is told.
        """
        who = (payload.team_id, payload.user_id, opens_form)
        if not self._lines.join(who):
            reply = self._replies.to(payload, beneath=True)
            self._spawn(self._run(_Piece(payload, _too_many, reply, nullcontext(), is_asked)))
            return
        reply = self._replies.to(
            payload, beneath=beneath, shows_progress=is_asked and not opens_form
        )
        piece = _Piece(payload, job, reply, self._lines.turn(who), is_asked)
        task = self._spawn(self._run(piece))
        task.add_done_callback(lambda _: self._lines.leave(who))

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Wait for what runs; what is not finished by then is told that it was cut short."""
        if not self._running:
            return
        _done, late = await asyncio.wait(self._running, timeout=seconds)
        for patience in (TELL_SECONDS, 1.0):
            if late:
                for task in late:
                    task.cancel()
                _done, late = await asyncio.wait(late, timeout=patience)

    async def answer_interrupted(self) -> None:
        """Tell those whose question died with its process, and offer to ask it again."""
        for key in list(self._unmarked):
            await self._finish(key)
        orphans = await self._payloads.orphans(self._in_hand | self._unmarked)
        # Concurrently: each must be told before the lease on it runs out.
        await asyncio.gather(*(self._answer_orphan(payload) for payload in orphans))

    async def _answer_orphan(self, payload: Payload) -> None:
        if payload.is_answered:
            log.info("telling the asker of an interrupted payload")
            # Without words it was a button, perhaps of a message that everybody sees: that stays.
            reply = self._replies.to(payload, beneath=payload.words is None)
            with suppress(SlackError, StorageError):
                write_for(await self._locale_of(payload.team_id, payload.user_id))
            await self._tell_interrupted(payload, reply)
        await self._finish(payload.key)

    def _spawn(self, work: Coroutine[object, object, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        # asyncio itself holds tasks only weakly.
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    async def _run(self, piece: _Piece) -> None:
        payload = piece.payload
        claimed = await _caught(self._payloads.claim(payload))
        if isinstance(claimed, Exception):
            await self._tell(claimed, piece)
        if claimed is not True:
            if claimed is False:
                log.info("a payload was delivered again")
            return
        self._in_hand.add(payload.key)
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep_leases())
        started = time.perf_counter()
        try:
            outcome = "answered"
            try:
                if (error := await _caught(self._do(piece))) is not None:
                    outcome = type(error).__name__
                    await self._tell(error, piece)
            except asyncio.CancelledError:
                outcome = "interrupted"
                if piece.is_asked:
                    await self._tell_interrupted(payload, piece.reply)
            self._observe(outcome, time.perf_counter() - started)
            await self._finish(payload.key)
            for job in piece.reply.afterwards:
                await guarded("after an answer", job)
        finally:
            # If telling of an interruption was cut short, the next process does it.
            self._in_hand.discard(payload.key)
            if not self._in_hand and self._keeper is not None:
                self._keeper.cancel()
                self._keeper = None

    async def _do(self, piece: _Piece) -> None:
        """Do the job at its turn."""
        payload, reply = piece.payload, piece.reply
        # For all of this task: what goes wrong is told after this, and in the same English.
        write_for(await self._locale_of(payload.team_id, payload.user_id))
        # Progress is told while waiting for the turn, too.
        async with reply, piece.turn:
            await piece.job(reply)

    async def _tell(self, error: Exception, piece: _Piece) -> None:
        """Tell who waits what went wrong; what nobody waits for, or cannot be told, is logged."""
        trouble: Exception | None = error
        if piece.is_asked:
            trouble = await _caught(self._explain(error, piece))
            if trouble is not None and not isinstance(trouble, BotError):
                # A plainer message helps where an explanation broke, not where Slack is away.
                plainer = self._explainer.plainly(trouble)
                trouble = await _caught(piece.reply.answer(plainer, plainly=True))
        if trouble is not None:
            self._log_unanswered(trouble)

    async def _explain(self, error: Exception, piece: _Piece) -> None:
        asked = _with_words(piece.payload, piece.reply)
        await piece.reply.answer(await self._explainer.explain(error, asked))

    async def _tell_interrupted(self, payload: Payload, reply: Reply) -> None:
        async def tell() -> None:
            again = await self._explainer.again(INTERRUPTED, _with_words(payload, reply))
            await reply.answer(again)

        if (trouble := await _caught(tell())) is not None:
            self._log_unanswered(trouble)

    async def _finish(self, key: str) -> None:
        self._unmarked.add(key)
        # While the database is away it stays marked as open: `answer_interrupted` tries again, so
        # that nobody who has the answer hears later that there was none.
        with suppress(StorageError):
            await self._payloads.finish(key)
            self._unmarked.discard(key)

    async def _keep_leases(self) -> None:
        while True:
            await asyncio.sleep(LEASE.total_seconds() / 3)
            with suppress(StorageError):
                await self._payloads.renew(self._in_hand)

    def _log_unanswered(self, error: Exception) -> None:
        code = error.code if isinstance(error, SlackError) else type(error).__name__
        stack = "" if isinstance(error, BotError) else f"\n{stack_of(error)}"
        log.error("no way to answer: %s (reference %s)%s", code, new_reference(), stack)


async def _caught(attempt: Awaitable[T]) -> T | Exception:
    """What comes of an attempt, or what went wrong in it: the edge of every answer."""
    try:
        return await attempt
    except Exception as error:  # noqa: BLE001
        return error


async def _too_many(_reply: Reply) -> None:
    raise UserError(
        f"You have {WAITING} questions waiting already. Ask this one again in a minute."
    )


def _with_words(payload: Payload, reply: Reply) -> Payload:
    """The payload with what to offer again, where the job found out what that is."""
    return replace(payload, words=payload.words or reply.again)

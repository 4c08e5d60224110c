"""Work that goes on after the ack: once per payload, and finished before the process stops."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from bot.errors import BotError, Sentence, SlackError
from bot.language.locale import Locale, write_for
from bot.messages.render import draft
from bot.observe.logs import new_reference, stack_of
from bot.slack.payloads import Payload
from bot.slack.problems import Explainer
from bot.slack.reply import Replies, Reply
from bot.storage.claims import Claims

log = logging.getLogger(__name__)

DRAIN_SECONDS = 10.0
# How long it may take to tell people that their question is cut short.
TELL_SECONDS = 3.0
# Slack delivers a payload again within minutes.
CLAIM = timedelta(hours=1)
ReplyAction = Callable[[Reply], Awaitable[None]]

T = TypeVar("T")

INTERRUPTED = draft(
    "problem",
    sentence=Sentence("I was interrupted before I could answer. Nothing is lost: ask again."),
    offers=(),
    reference=None,
)


class Work:
    """Runs jobs in the background, each once, and tells people the outcome.

    `locale_of` returns the locale of a Slack account, by team and user id, in which its answers are
    written. It raises SlackError.
    """

    def __init__(
        self,
        claims: Claims,
        replies: Replies,
        explainer: Explainer,
        locale_of: Callable[[str, str], Awaitable[Locale]],
        observe: Callable[[str, float], None],
    ) -> None:
        self._claims = claims
        self._replies = replies
        self._explainer = explainer
        self._locale_of = locale_of
        self._observe = observe
        self._running: set[asyncio.Task[None]] = set()

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

        `beneath` leaves the message whose button was pressed as it is, and answers below it, as
        every press in a message that others see does. Without *Looking…* if it `opens_form`. If
        not `is_asked`, nobody waits for an answer: an error is only logged.
        """
        reply = self._replies.to(
            payload, beneath=beneath, shows_looking=is_asked and not opens_form
        )
        self._spawn(self._run(payload, job, reply, is_asked))

    async def drain(self, seconds: float = DRAIN_SECONDS) -> None:
        """Wait for running jobs, and tell people whose job is cut short."""
        if not self._running:
            return
        _done, late = await asyncio.wait(self._running, timeout=seconds)
        for patience in (TELL_SECONDS, 1.0):
            if late:
                for task in late:
                    task.cancel()
                _done, late = await asyncio.wait(late, timeout=patience)

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        # asyncio itself holds tasks only weakly.
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self, payload: Payload, job: ReplyAction, reply: Reply, is_asked: bool) -> None:
        claimed = await _caught(self._claims.claim(payload.key, CLAIM))
        if isinstance(claimed, Exception):
            await self._tell(claimed, payload, reply, is_asked)
        if claimed is not True:
            if claimed is False:
                log.info("a payload was delivered again")
            return
        started = time.perf_counter()
        outcome = "answered"
        try:
            if (error := await _caught(self._do(payload, job, reply))) is not None:
                outcome = type(error).__name__
                await self._tell(error, payload, reply, is_asked)
        except asyncio.CancelledError:
            outcome = "interrupted"
            if is_asked and (trouble := await _caught(reply.answer(INTERRUPTED))):
                self._log_unanswered(trouble)
        self._observe(outcome, time.perf_counter() - started)

    async def _do(self, payload: Payload, job: ReplyAction, reply: Reply) -> None:
        # For the whole task, so that an error is told in the same locale.
        write_for(await self._locale_of(payload.team_id, payload.user_id))
        async with reply:
            await job(reply)

    async def _tell(self, error: Exception, payload: Payload, reply: Reply, is_asked: bool) -> None:
        """Tell the asker what went wrong; log it if nobody asked or nothing arrives."""
        trouble: Exception | None = error
        if is_asked:
            trouble = await _caught(self._explain(error, payload, reply))
            if trouble is not None and not isinstance(trouble, BotError):
                # A plainer message helps if the explanation failed, not if Slack is away.
                plainer = self._explainer.plainly(trouble)
                trouble = await _caught(reply.answer(plainer, plainly=True))
        if trouble is not None:
            self._log_unanswered(trouble)

    async def _explain(self, error: Exception, payload: Payload, reply: Reply) -> None:
        # The job may have found out what to offer again.
        asked = replace(payload, words=payload.words or reply.again)
        await reply.answer(await self._explainer.explain(error, asked))

    def _log_unanswered(self, error: Exception) -> None:
        code = error.code if isinstance(error, SlackError) else type(error).__name__
        stack = "" if isinstance(error, BotError) else f"\n{stack_of(error)}"
        log.error("no way to answer: %s (reference %s)%s", code, new_reference(), stack)


async def _caught(attempt: Awaitable[T]) -> T | Exception:
    """The result of an attempt, or its error: the edge of every answer."""
    try:
        return await attempt
    except Exception as error:  # noqa: BLE001
        return error

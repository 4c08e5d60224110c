"""Questions that cost many requests, answered at night in a message to whoever asked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import (
    Broken,
    Limited,
    SlackError,
    StorageError,
    Suggestion,
    UserError,
    WorkspaceInactive,
    WrongKey,
)
from bot.rendering.views import Message
from bot.slack.send import Found, Outcome, Posting, Sender
from bot.storage.awaited import LEASES, Awaited, AwaitedQuestions, State

log = logging.getLogger(__name__)

EVENING, MORNING = time(22), time(5)
AGAIN_AFTER = timedelta(minutes=15)
# Later an answer is not what was asked for any more; it is said for so much longer that there
# is none.
ANSWER_WITHIN = timedelta(hours=24)
TELL_WITHIN = timedelta(hours=30)
# Less than the lease under which it is worked on.
ANSWER_SECONDS = LEASES[State.WORKING].total_seconds() - 300

# What passes, or is mended by somebody else.
AWAY = (Broken, Limited, SlackError, TimeoutError, WorkspaceInactive, WrongKey)

# (team id, user id, words) ─► the answer, asked as that person. Raises BotError.
Answer = Callable[[str, str, str], Awaitable[Message]]
# What the person reads about an error that keeps the question from being answered.
Explain = Callable[[Exception, Awaited], Awaitable[Message]]


def tonight(now: datetime, zone: ZoneInfo) -> datetime:
    """The next 22:00 in `zone`, in UTC; `now` itself between 22:00 and 05:00."""
    local = now.astimezone(zone)
    if local.time() >= EVENING or local.time() < MORNING:
        return now
    # Where clocks skip 22:00, the moment at which they do.
    evening = datetime.combine(local.date(), EVENING, zone).astimezone(UTC)
    return max(now, evening)


class Tonight:
    """Works off what is due; any number of processes may do so at a time.

    `explain` draws a message about any exception; a UserError's sentence stands for itself.
    """

    def __init__(
        self,
        *,
        questions: AwaitedQuestions,
        answer: Answer,
        explain: Explain,
        slack: Posting,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._questions = questions
        self._answer = answer
        self._explain = explain
        self._sender = Sender(slack, sleep)
        self._clock = clock

    async def run_due(self) -> None:
        """Answer every question that is due, one after the other. Raises StorageError."""
        while (question := await self._questions.claim()) is not None:
            await self._work_on(question)

    async def _work_on(self, question: Awaited) -> None:
        if question.state is State.POSTING:
            unsent = await self._settle(question)
            if unsent is None:
                return
            question = unsent
        message = await self._message(question)
        if message is not None:
            await self._send(question, message)

    async def _settle(self, question: Awaited) -> Awaited | None:
        """The question if it has to be sent again, after a post of which nobody knows the end."""
        found, code = await self._sender.look(question.user_id, question.id, question.asked_at)
        if found is Found.NOT_THERE:
            return await self._questions.hold(question, State.WORKING)
        if found is Found.THERE:
            await self._questions.finish(question, State.DONE)
        elif found is Found.UNREADABLE or self._is_over(question, TELL_WITHIN):
            # It may have arrived: better never than twice.
            log.warning("an answer of the night is left unsettled: %s", code)
            await self._questions.finish(question, State.FAILED)
        return None

    async def _message(self, question: Awaited) -> Message | None:
        """What to tell the asker; None if the question waits again."""
        if self._is_over(question, ANSWER_WITHIN):
            return await self._explain(_too_late(question), question)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answer(question.team_id, question.user_id, question.words)
        except StorageError:
            raise
        except AWAY as error:
            return await self._later(question, error)
        except Exception as error:  # noqa: BLE001 - the edge: the asker hears of it
            return await self._explain(error, question)

    async def _later(self, question: Awaited, error: Exception) -> Message | None:
        """Let the question wait for Exec, while its night lasts."""
        due_at = self._clock() + AGAIN_AFTER
        if isinstance(error, Limited):
            due_at = max(error.until, self._clock() + timedelta(seconds=1))
        if due_at >= question.asked_at + ANSWER_WITHIN:
            return await self._explain(_too_late(question), question)
        log.info("a question of the night waits again: %s", type(error).__name__)
        await self._questions.put_back(question, due_at)
        return None

    async def _send(self, question: Awaited, message: Message) -> None:
        held = question

        async def hold() -> bool:
            nonlocal held
            again = await self._questions.hold(held, State.POSTING)
            held = again or held
            return again is not None

        sent = await self._sender.send(question.user_id, message, question.id, hold)
        if sent.outcome is Outcome.SENT:
            await self._questions.finish(held, State.DONE)
        elif sent.outcome is Outcome.LATER and not self._is_over(question, TELL_WITHIN):
            wait = max(timedelta(seconds=sent.seconds), AGAIN_AFTER)
            await self._questions.put_back(held, self._clock() + wait)
        elif sent.outcome in (Outcome.LATER, Outcome.REFUSED):
            log.warning("an answer of the night can't be sent: %s", sent.code)
            await self._questions.finish(held, State.FAILED)

    def _is_over(self, question: Awaited, within: timedelta) -> bool:
        return self._clock() >= question.asked_at + within


def _too_late(question: Awaited) -> UserError:
    return UserError(
        "I could not answer “{words}” within a day, as I had said I would: there was no getting "
        "through to Exec for it. Ask again, about a shorter time if you can.",
        (Suggestion("Ask again", question.words),),
        words=question.words,
    )

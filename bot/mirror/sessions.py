"""Answers a question from what is held, and asks Exec only for what is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from bot.errors import Broken, ExecError, Limited, WorkspaceInactive, WrongKey
from bot.exec_api.budget import Budget
from bot.language.query import Period, ResolvedQuery
from bot.mirror.answers import Away, Reading
from bot.mirror.fetching import SETTLE, Fetching
from bot.mirror.mirror import (
    FEW_REQUESTS,
    Found,
    Mirror,
    OnPage,
    OnWait,
    ReadOptions,
    Run,
    held,
)
from bot.mirror.planning import STILL_TOLD, USUAL, Asked, Part, Plan, freshness
from bot.mirror.rows import instant, moment
from bot.mirror.selecting import Selecting
from bot.mirror.survey import Questions, Survey, newest
from bot.people.rosters import MAX_AGE
from bot.storage.tables import MILLISECOND

# As many rows as an answer holds: more are read from the mirror when they are wanted.
KEEP_ROWS = 500
# A page that is asked for by its number is reached if it is no farther than this.
FARTHEST_PAGE = 50
PAGE_ROWS = 100
# After a failure, those who ask next are answered from what is held without another try.
NO_TRY = timedelta(seconds=15)

# More than any report is about: a company's eight weeks. They are not added up: who asks for all
# rows parts them, and adds up its own.
ALL_ROWS = 1_000_000


class Sessions:
    def __init__(
        self,
        *,
        questions: Questions,
        mirror: Mirror,
        fetching: Fetching,
        selecting: Selecting,
        budget: Budget,
        per_day: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._questions = questions
        self._mirror = mirror
        self._fetching = fetching
        self._selecting = selecting
        self._budget = budget
        self._per_day = per_day
        self._clock = clock
        self._failed: tuple[datetime, ExecError] | None = None
        # When somebody last asked: others are likely to follow.
        self.asked_at: datetime | None = None

    async def read(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        *,
        on_page: OnPage,
        on_wait: OnWait,
        keep: int = KEEP_ROWS,
        survey: Survey | None = None,
    ) -> Reading:
        """What matches `query` now, as far as it costs no more than FEW_REQUESTS; the first `keep`
        rows of it, or as many as it asks for. With a `survey` of it what is held is not looked up
        again.

        Raises ExecError when Exec is needed and away, and StorageError.
        """
        self.asked_at = self._clock()
        keep = max(keep, query.limit or 0, min(query.page, FARTHEST_PAGE) * PAGE_ROWS)
        return await self._read(query, options, on_page, on_wait, keep=keep, survey=survey)

    async def whole(
        self, query: ResolvedQuery, *, purpose: str, survey: Survey | None = None
    ) -> Reading:
        """All sessions that match `query`, newest first, whatever it takes. Raises as `read`."""
        options = ReadOptions(everything=True, purpose=purpose)
        return await self._read(query, options, unseen, unheard, keep=ALL_ROWS, survey=survey)

    async def hold(self, query: ResolvedQuery, *, purpose: str) -> None:
        """Let all that matches `query` be held, up to now; no row of it is looked at. Raises as
        `whole`."""
        survey = await self.survey(query, purpose=purpose)
        options = ReadOptions(everything=True, purpose=purpose)
        asked = survey.question.asked
        found = await self._find(asked, survey, options, unseen, unheard, FEW_REQUESTS)
        if found.trouble is not None:
            raise found.trouble

    async def _read(
        self,
        query: ResolvedQuery,
        options: ReadOptions,
        on_page: OnPage,
        on_wait: OnWait,
        *,
        keep: int,
        survey: Survey | None,
    ) -> Reading:
        if survey is None:
            survey = await self.survey(
                query,
                purpose=options.purpose,
                ask_exec=not options.if_held,
                fresh=options.fresh,
            )
        now, question = survey.now, survey.over(query.period)
        asked, few = question.asked, FEW_REQUESTS - question.spent
        found = await self._find(asked, survey, options, on_page, on_wait, few)
        if found.trouble is not None and options.needs_exec:
            raise found.trouble
        parts: tuple[Part, ...] = found.plan.parts
        held_since = None
        if found.cost is not None:
            lately = timedelta(minutes=found.looks_every) if found.looks_every else USUAL
            end = min(asked.end, now) - lately // MILLISECOND
            parts = newest(parts, end)
            held_since = moment(parts[0].start) if parts else None
        sums = keep < ALL_ROWS
        selected = await self._selecting.select(parts, query, keep=keep, sums=sums)
        as_of = moment(_true_up_to(found.plan, parts, asked, now))
        return Reading(
            rows=selected.rows,
            total=selected.total,
            figures=selected.figures,
            as_of=as_of,
            checked_at=_checked_at(parts, as_of),
            held_since=held_since,
            cost=found.cost,
            roster_as_of=question.roster_as_of,
            looks_every=found.looks_every,
            away=None if found.trouble is None else away(found.trouble),
            requests=found.spent + question.spent,
            again=None if found.trouble or found.cost is not None else found.again,
            refreshed=_refreshed(parts, now) if options.fresh and found.trouble else None,
        )

    async def survey(
        self,
        query: ResolvedQuery,
        *,
        purpose: str,
        ask_exec: bool = True,
        fresh: bool = False,
    ) -> Survey:
        """What is held of a question. Exec is asked for no more than who is in its groups, with
        `fresh` again, without `ask_exec` not even that. Raises StorageError."""
        now = instant(self._clock())
        question = await self._questions.asked(
            query, now=now, purpose=purpose, ask_exec=ask_exec, fresh=fresh
        )
        how_old = USUAL // MILLISECOND
        known = await self._mirror.known(question.asked, now=now, freshness=how_old)
        return Survey(question, known, now)

    async def held(self, query: ResolvedQuery) -> Reading:
        """All sessions that match `query` up to the newest look, from `held_since` on; what is not
        held is left out. Nobody asks: no request is made, and none expected to follow. Raises
        StorageError."""
        now = instant(self._clock())
        asked, plan = await self._held(query, now, STILL_TOLD, roster_age=STILL_TOLD)
        parts = newest(plan.parts, min(asked.end, now) - STILL_TOLD // MILLISECOND)
        selected = await self._selecting.select(parts, query, keep=ALL_ROWS, sums=False)
        known_to = moment(parts[-1].end) if parts else moment(asked.start)
        return Reading(
            rows=selected.rows,
            total=selected.total,
            figures=selected.figures,
            as_of=min(known_to, self._clock()),
            held_since=moment(parts[0].start) if parts else known_to,
        )

    async def looked_at(self) -> datetime:
        """Up to when sessions are known: the end of the newest look at everybody's."""
        now, start = self._clock(), self._clock() - STILL_TOLD
        lately = ResolvedQuery(None, period=Period("", "UTC", start))
        _, plan = await self._held(lately, instant(now), STILL_TOLD)
        return max((moment(part.end) for part in plan.parts), default=start)

    async def is_held(self, query: ResolvedQuery) -> bool:
        """Whether an answer costs no request but perhaps one for what is new."""
        _, plan = await self._held(query, instant(self._clock()), STILL_TOLD)
        return plan.answerable

    async def read_on(self, query: ResolvedQuery, before: Reading) -> Reading:
        """`before` with the rows that follow, from what is held now. Raises StorageError."""
        now = instant(before.as_of) + 1
        _, plan = await self._held(query, now, STILL_TOLD, roster_age=STILL_TOLD)
        parts = plan.parts if before.held_since is None else _since(plan.parts, before.held_since)
        more = await self._selecting.select(parts, query, skip=len(before.rows), keep=KEEP_ROWS)
        known = {row.id for row in before.rows}
        rows = tuple(row for row in more.rows if row.id not in known)
        # Where rows have gone meanwhile, the end comes sooner than was counted.
        total = before.total if rows else len(before.rows)
        return replace(before, rows=(*before.rows, *rows), total=total)

    async def _held(
        self, query: ResolvedQuery, now: int, age: timedelta, roster_age: timedelta = MAX_AGE
    ) -> tuple[Asked, Plan]:
        """The question and its plan, with a newest look up to `age` old; asks nothing of Exec."""
        question = await self._questions.asked(query, now=now, ask_exec=False, max_age=roster_age)
        asked = question.asked
        how_old = age // MILLISECOND
        known = await self._mirror.known(asked, now=now, freshness=how_old)
        return asked, held(asked, now=now, freshness=how_old, known=known)

    async def _find(
        self,
        asked: Asked,
        survey: Survey,
        options: ReadOptions,
        on_page: OnPage,
        on_wait: OnWait,
        few: int,
    ) -> Found:
        now, usual = survey.now, USUAL // MILLISECOND
        if options.fresh:
            usual = (2 * SETTLE) // MILLISECOND
        not_before, again = now if options.fresh else 0, None
        plan = await self._mirror.plan(
            asked, now=now, freshness=usual, not_before=not_before, known=survey.known
        )
        if options.fresh and plan.requests > FEW_REQUESTS and not options.everything:
            # To look at all of it again is said first, with its cost: until then, what is new.
            not_before, again = 0, plan.requests
            plan = await self._mirror.plan(asked, now=now, freshness=usual)
        looks_every = None
        if not plan.answerable and not options.fresh:
            usual, looks_every, plan = await self._stretched(asked, now, usual, plan)
        if plan.answerable:
            return Found(plan, 0, looks_every=looks_every, again=again)
        if options.if_held and not survey.is_held(asked):
            return Found(plan, 0, cost=plan.requests)
        try:
            if not (options.insists or options.fresh):
                self._spare_exec()
            run = Run(self._mirror, self._fetching, asked, options, now, usual, not_before, few=few)
            found = await run.go(plan, on_page, on_wait)
            if found.cost is not None and not_before:
                # More than it looked like: then what is held and what is new.
                again = found.cost
                run = replace(run, not_before=0, spent=found.spent)
                found = await run.go(await run.plan(), on_page, on_wait)
        except (Broken, Limited, WrongKey, WorkspaceInactive) as error:
            self._note_failure(error)
            return await self._without_exec(asked, now, error)
        self._failed = None
        return replace(found, looks_every=looks_every, again=again)

    async def _stretched(
        self, asked: Asked, now: int, usual: int, plan: Plan
    ) -> tuple[int, int | None, Plan]:
        """The plan when requests run short; and how many minutes apart looks are then."""
        age = freshness((await self._budget.left()).day, self._per_day)
        if age <= USUAL:
            return usual, None, plan
        stretched = age // MILLISECOND
        plan = await self._mirror.plan(asked, now=now, freshness=stretched, estimate=plan.estimate)
        return stretched, age // timedelta(minutes=1), plan

    def _spare_exec(self) -> None:
        if self._failed is not None:
            at, error = self._failed
            if self._clock() - at < NO_TRY:
                raise error

    def _note_failure(self, error: ExecError) -> None:
        """Spare Exec those who ask next, if it would tell them the same.

        What our own limits refuse to one person they allow another, and asking them costs
        nothing. Background requests give up at once where a question waits a moment.
        """
        if isinstance(error, Limited) and error.whose != "exec":
            return
        if self._failed is None or self._failed[1] is not error:
            self._failed = (self._clock(), error)

    async def _without_exec(self, asked: Asked, now: int, error: ExecError) -> Found:
        """The answer from what is held, if that says anything. Raises `error` if not."""
        told = STILL_TOLD // MILLISECOND
        plan = await self._mirror.plan(asked, now=now, freshness=told)
        if not plan.answerable or (plan.until or 0) <= asked.start < asked.end:
            raise error
        return Found(plan, 0, trouble=error)


def _true_up_to(plan: Plan, parts: Sequence[Part], asked: Asked, now: int) -> int:
    """Up to when everything that was asked for is in `parts`, oldest first: the newest look.

    Where the question goes on, a later look at what is older brought no newer sessions.
    """
    newest = max((part.as_of for part in parts), default=plan.as_of or now)
    known_to = parts[-1].end if parts else plan.until or now
    if known_to < asked.end or asked.end > now - USUAL // MILLISECOND:
        return min(newest, known_to + SETTLE // MILLISECOND)
    return newest


def _checked_at(parts: Sequence[Part], as_of: datetime) -> datetime | None:
    """The oldest look at any of the parts, if that was noticeably before `as_of`."""
    oldest = min((moment(part.as_of) for part in parts), default=as_of)
    return oldest if as_of - oldest > USUAL else None


def _since(parts: tuple[Part, ...], moment: datetime) -> tuple[Part, ...]:
    start = instant(moment)
    return tuple(replace(p, start=max(p.start, start)) for p in parts if p.end > start)


def _refreshed(parts: Sequence[Part], now: int) -> Literal["nothing", "a part"]:
    """How much of an answer was looked at again from `now` on, before that failed."""
    return "a part" if any(part.as_of >= now for part in parts) else "nothing"


def away(error: ExecError) -> Away:
    """Why Exec could not be asked."""
    match error:
        case Limited():
            return Away("questions" if error.whose == "questions" else "limited", error.until)
        case WrongKey() | WorkspaceInactive():
            return Away("key")
        case _:
            return Away("unreachable")


async def unseen(_page: int, _pages: int) -> None:
    """Progress of a report, which nobody watches."""


async def unheard(_until: datetime) -> None:
    """A limit that holds up a report, for which nobody waits."""

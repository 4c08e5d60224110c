"""One question, one pipeline: words ─► query ─► access ─► practice ─► report ─► view.

Every door goes through here: commands, buttons, forms and the command line.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import access
from bot.access import Asker
from bot.errors import NotFound, Suggestion, UserError
from bot.exec_api.budget import Budget
from bot.practice.answers import StoredAnswer, StoredAnswers
from bot.practice.catalogue import Catalogue
from bot.practice.parsing import Parser
from bot.practice.reading import Reading
from bot.practice.resolve import Resolver
from bot.practice.sessions import FEW_PAGES, PAGE_SIZE, Sessions
from bot.query.describe import narrowed_here, parameters, understood
from bot.query.filters import FILTERS
from bot.query.query import Query, ResolvedQuery
from bot.query.words import removable, without, words
from bot.rendering.pages import page_count, page_start
from bot.rendering.views import AnswerView, ExplainView, Offer, ProgressView
from bot.reports.sessions import figures
from bot.storage.commands import StoredCommands

SAY_LEFT_UNDER = 0.2  # of the day's requests
FARTHEST = 1000  # sessions that may be read to reach a page asked for by its number
WHO = "who"  # the row of the table of filters that names people


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and who asks it. `tell` keeps the asker informed while it takes long."""

    asker: Asker
    channel_id: str
    can_share: bool
    tell: Callable[[ProgressView], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as far as it gets without asking for sessions."""

    query: Query
    resolved: ResolvedQuery


class Pipeline:
    def __init__(
        self,
        *,
        catalogue: Catalogue,
        resolver: Resolver,
        sessions: Sessions,
        answers: StoredAnswers,
        commands: StoredCommands,
        budget: Budget,
        requests_per_day: int,
        command: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._parser = Parser(catalogue, command, clock)
        self._resolver = resolver
        self._sessions = sessions
        self._answers = answers
        self._commands = commands
        self._budget = budget
        self._requests_per_day = requests_per_day
        self._command = command
        self._clock = clock

    async def understand(self, asker: Asker, text: str) -> Understood:
        """Words ─► a question in ids that `asker` may ask. Raises UserError, ExecError."""
        sight = access.sight(asker)
        if not sight.everyone:
            # Refused from what is held, before anything is asked of Exec.
            asked = await self._parser.people_in(text, asker.zone)
            await self._resolver.people_of(asked, asker, sight)
        query = await self._parser.read(text, asker.zone, know_people=sight.everyone)
        return Understood(query, await self._resolver.resolve(query, asker, sight))

    async def ask(self, turn: Turn, text: str, *, everything: bool = False) -> AnswerView:
        """The answer to `sessions <text>`. Raises UserError, ExecError, SlackError."""
        asked = await self.understand(turn.asker, text)
        zone = turn.asker.zone

        async def on_page(page: int, pages: int) -> None:
            await turn.tell(ProgressView(zone=str(zone), page=page, pages=pages))

        async def on_wait(until: datetime) -> None:
            await turn.tell(ProgressView(zone=str(zone), waiting_until=until))

        reading = await self._sessions.read(
            asked.resolved, everything=everything, on_page=on_page, on_wait=on_wait
        )
        stored = StoredAnswer(f"sessions {text}".strip(), str(zone), asked.resolved, reading)
        stored = await self._read_up_to_page(turn, stored)
        id_ = await self._answers.keep(
            stored, team_id=turn.asker.team_id, user_id=turn.asker.user_id
        )
        view = await self._view(turn, id_, stored)
        if not reading.rows:
            return replace(view, loosen=await self._loosen(turn.asker, asked))
        if view.figures_complete and asked.query.page > (last := page_count(view)):
            raise UserError(
                "There is no page {page}: the last one is page {last}.",
                (
                    Suggestion(
                        f"Show page {last}", f"sessions {words(replace(asked.query, page=last))}"
                    ),
                ),
                page=str(asked.query.page),
                last=str(last),
            )
        return replace(view, start=page_start(view, asked.query.page))

    async def page(self, turn: Turn, id_: str, start: int) -> AnswerView:
        """An earlier answer from its row `start` on, as it stood when it was given."""
        stored = await self.recall(turn.asker, id_)

        # Where matches are rare, one press looks no further than a question would.
        for _ in range(FEW_PAGES):
            if start < len(stored.reading.rows) or stored.reading.complete:
                break
            stored = await self._read_on(turn, stored)
            await self._answers.extend(id_, stored)
        return replace(await self._view(turn, id_, stored), start=start)

    async def count_all(self, turn: Turn, id_: str) -> AnswerView:
        """An earlier question again, over everything that matches. Raises UserError, ExecError."""
        owner = {"team_id": turn.asker.team_id, "user_id": turn.asker.user_id}
        text = await self.words_behind(id_, **owner)
        stored = await self._answers.find(id_, **owner)
        left = (await self._budget.left()).day
        if stored is not None and (cost := _pages(stored.reading)) > left:
            raise UserError(
                f"Counting all takes about {cost} requests to Exec, and {left} are left for today. "
                "Ask about a shorter period, or try again tomorrow."
            )
        return await self.ask(turn, text.partition(" ")[2], everything=True)

    async def words_behind(self, id_: str, *, team_id: str, user_id: str) -> str:
        """The command text of an earlier answer to the same person."""
        text = await self._answers.words(id_, team_id=team_id, user_id=user_id)
        if text is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        return text

    async def recall(self, asker: Asker, id_: str) -> StoredAnswer:
        """An earlier answer, if it is still there and still theirs to see."""
        sight = access.sight(asker)
        owner = {"team_id": asker.team_id, "user_id": asker.user_id}
        stored = await self._answers.find(id_, **owner)
        if stored is None:
            text = await self.words_behind(id_, **owner)
            raise NotFound(
                "I keep the rows of an answer for a day. Ask again to see them as they are now.",
                (Suggestion("Ask again", text),),
            )
        if not sight.covers(stored.query.people):
            raise access.refuse("those people")
        return stored

    async def explain(self, asker: Asker, text: str | None) -> ExplainView:
        """What `sessions <text>` would ask of Exec; None is this person's last question.

        Asks nothing of /sessions.
        """
        if text is None:
            last = await self._answers.latest(team_id=asker.team_id, user_id=asker.user_id)
            text = (last or "").partition(" ")[2]
        asked = await self.understand(asker, text)
        now = self._clock()
        sent = parameters(asked.resolved, now=now)
        (id_,) = await self._commands.keep(
            asker.team_id, asker.user_id, (f"sessions {text}".strip(),)
        )
        return ExplainView(
            understood=understood(asked.resolved, now=now),
            parameters=sent,
            request="GET /sessions?" + "&".join(f"{name}={value}" for name, value in sent),
            narrowed_here=narrowed_here(asked.resolved),
            run=Offer("Run it", id_),
        )

    async def offers(self, asker: Asker, suggestions: tuple[Suggestion, ...]) -> tuple[Offer, ...]:
        """Buttons that run the suggested commands."""
        commands = tuple(suggestion.words for suggestion in suggestions)
        ids = await self._commands.keep(asker.team_id, asker.user_id, commands)
        return tuple(Offer(s.label, id_) for s, id_ in zip(suggestions, ids, strict=True))

    async def _read_on(self, turn: Turn, stored: StoredAnswer) -> StoredAnswer:
        async def on_wait(until: datetime) -> None:
            await turn.tell(ProgressView(zone=stored.zone, waiting_until=until))

        longer = await self._sessions.read_on(stored.query, stored.reading, on_wait=on_wait)
        return replace(stored, reading=longer)

    async def _read_up_to_page(self, turn: Turn, stored: StoredAnswer) -> StoredAnswer:
        """`stored` with the rows of the page that was asked for by its number."""
        page = stored.query.page
        if page == 1:
            return stored
        needed = min(page * PAGE_SIZE, stored.query.limit or page * PAGE_SIZE)
        farthest = stored.reading.scanned + FARTHEST
        while len(stored.reading.rows) < needed and not stored.reading.complete:
            if max(stored.reading.scanned, needed) > farthest:
                raise UserError(
                    "Page {page} is too far back to go to at once. Ask about an earlier period.",
                    page=str(page),
                )
            stored = await self._read_on(turn, stored)
        return stored

    async def _loosen(self, asker: Asker, asked: Understood) -> tuple[Offer, ...]:
        sees_others = access.sight(asker).everyone
        # As things are called in Exec, where what was typed may be an id.
        phrases = {row.key: row.phrase(asked.resolved, None) for row in FILTERS}
        suggestions = tuple(
            Suggestion(
                f"Without {phrases[key]}", f"sessions {words(without(asked.query, key))}".strip()
            )
            for key, _ in removable(asked.query)
            if sees_others or key != WHO
        )
        return await self.offers(asker, suggestions)

    async def _view(self, turn: Turn, id_: str, stored: StoredAnswer) -> AnswerView:
        query, reading = stored.query, stored.reading
        rows = reading.rows if query.limit is None else reading.rows[: query.limit]
        left = (await self._budget.left()).day
        return AnswerView(
            id=id_,
            command=self._command,
            # Which page it is stands beside its rows, and changes from one to the next.
            understood=understood(replace(query, page=1), now=reading.as_of),
            zone=stored.zone,
            rows=rows,
            start=0,
            total=reading.total,
            limit=query.limit,
            sort=query.sort,
            figures=figures(reading.rows),
            figures_over=len(reading.rows),
            figures_complete=reading.complete,
            count_all_cost=None if reading.complete else _pages(reading),
            as_of=reading.as_of,
            moved=reading.moved,
            system_left_out=not query.include_system,
            narrowed_to_self=not access.sight(turn.asker).everyone,
            requests_left=left if left < SAY_LEFT_UNDER * self._requests_per_day else None,
            can_share=turn.can_share,
        )


def _pages(reading: Reading) -> int:
    return -(-reading.candidates // PAGE_SIZE)

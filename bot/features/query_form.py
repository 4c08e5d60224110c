"""The query form: a question ─► fields, and fields ─► a question."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.access import Visibility, refuse
from bot.answer import Request
from bot.button_values import ButtonCommand, ButtonValues
from bot.errors import ExecError, SlackError, UserError
from bot.features import Button, Errors, Feature, Filled, FormHandler, Press, Shows
from bot.language.matching import matches
from bot.language.query import (
    By,
    Kind,
    Named,
    NameRef,
    PersonKind,
    PersonRef,
    Query,
    Rank,
    Sort,
)
from bot.language.text import first_word
from bot.language.words import query_words
from bot.mirror.answers import StoredAnswers
from bot.people.accounts import People
from bot.people.catalogue import Catalogue
from bot.people.coaches import Coaching
from bot.people.names import Resolver
from bot.rendering.messages import View
from bot.rendering.views import Choice, FormView
from bot.reports.table import BY_WORD, REPORTS, SESSIONS
from bot.slack.modals import Modals, values_of
from bot.slack.payloads import Payload
from bot.storage.handles import Stored, StoredCommand

# Kinds that have a field of their own.
FIELDS = (Kind.GROUP, Kind.SCENARIO)
MAX_CHOICES = 100
REPORT_CHOICES = tuple(Choice(row.name.capitalize(), row.name) for row in REPORTS if row.asked)
# An order in the words of a question; a report says which are its own.
ORDERS = tuple(
    Choice(said.capitalize(), said)
    for said in (*(sort.value for sort in Sort), *(f"by {by}" for by in By))
)
# Seconds until a form opens without its menus.
KNOWN_WITHIN = 1.0
# Seconds to find out which names the sender of a form may see.
SENT_WITHIN = 1.5
# For somebody of whom it is not known yet who they are: no group's name.
SEES_NOTHING = Visibility(everyone=False)
# A name after an @ that needs no quotes.
_HANDLE = re.compile(r"@?([\w-]+(?:\.[\w-]+)*)")


@dataclass(frozen=True, slots=True)
class QueryForm:
    modals: Modals
    ask: Callable[[Request, str], Awaitable[View]]
    people: People
    catalogue: Catalogue
    coaching: Coaching
    answers: StoredAnswers
    resolver: Resolver
    values: ButtonValues

    @property
    def feature(self) -> Feature:
        return Feature(
            buttons={
                "query.form": Button(self.values.command, self.open, Shows.FORM),
                "sessions.edit": Button(self.values.answer, self.open, Shows.FORM),
            },
            forms={"query.form": FormHandler(StoredCommand, "more", self.read)},
        )

    async def open(self, press: Press[ButtonCommand]) -> None:
        """Open the form filled with the question behind a button. Raises NotAllowed, SlackError.

        The trigger is good for three seconds: names that were never read are read once the form is
        open, which then gets its menus. So it does where Exec takes long to say who this is.
        """
        asking = asyncio.create_task(self._visibility(press.payload))
        try:
            await self._open(press, asking)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _open(self, press: Press[ButtonCommand], asking: asyncio.Task[Visibility]) -> None:
        known, _ = await asyncio.wait({asking}, timeout=KNOWN_WITHIN)
        visibility = await _known(asking) if known else None
        payload, asked = press.payload, press.handle
        if visibility is not None and asked.id:
            await self._require(payload, asked.id, visibility)
        private = await self.modals.keep(payload, StoredCommand(asked.words))
        view = await self._filled(payload, private, asked, visibility)
        view_id = await self.modals.open(press.trigger_id, view)
        later = await _known(asking)
        if later is not None and (await self._read_names() or visibility is None):
            view = await self._filled(payload, private, asked, later)
            await self.modals.update(view_id, view)

    async def _require(self, payload: Payload, answer_id: str, visibility: Visibility) -> None:
        """Raises NotAllowed for the question of an answer that is not theirs to see any more: it
        names whom it was about."""
        owner = {"team_id": payload.team_id, "user_id": payload.user_id}
        answer = await self.answers.find(answer_id, **owner)
        if answer is not None and not visibility.covers(answer.query.people, answer.query.groups):
            raise refuse("those people", visibility)

    async def _visibility(self, payload: Payload) -> Visibility:
        """What somebody may see, as far as that is stored. Raises NotAllowed, ExecError and
        SlackError."""
        asker = await self.people.admitted(payload.team_id, payload.user_id)
        return await self.coaching.reach(asker, ask_exec=False)

    async def _visibility_at_once(self, payload: Payload) -> Visibility:
        """The same within the time that Slack waits. Raises NotAllowed."""
        try:
            async with asyncio.timeout(SENT_WITHIN):
                return await self._visibility(payload)
        except (ExecError, SlackError, TimeoutError):
            return SEES_NOTHING

    async def _filled(
        self,
        payload: Payload,
        private: str,
        asked: ButtonCommand,
        visibility: Visibility | None,
    ) -> FormView:
        """The form with a question in it; without a visibility it has no menus of names."""
        text = asked.words.partition(" ")[2]  # without its subcommand
        zone = await self.people.zone(payload.team_id, payload.user_id)
        try:
            query = await self.resolver.read_from_stored(text, zone, visibility or SEES_NOTHING)
        except UserError:
            query = None  # it was understood once; now it has to be edited
        if query is not None and asked.id:
            query = await self._with_accounts(payload, asked.id, query)
        return await self._view(private, first_word(asked.words)[0], query, text, visibility)

    async def _read_names(self) -> bool:
        """Read the names for the menus if they never were; True if there are more of them now."""
        missing = [kind for kind in FIELDS if not await self.catalogue.is_stored(kind)]
        try:
            for kind in missing:
                await self.catalogue.items(kind)
        except ExecError:
            return False  # the form works without menus
        return bool(missing)

    async def read(
        self, payload: Payload, view: Mapping[str, Any], stored: Stored[StoredCommand]
    ) -> Filled | Errors:
        """What a sent form asks, checked as far as it can be without asking Exec."""
        visibility = await self._visibility_at_once(payload)
        zone = await self.people.zone(payload.team_id, payload.user_id)
        values = values_of(view)
        chosen = Query(
            people=tuple(PersonRef(PersonKind.SLACK, id_) for id_ in values.get("people") or ()),
            names=await self._names(values, visibility),
            ranks=tuple(rank for rank in Rank if rank in (values.get("ranks") or ())),
        )
        period, more = str(values.get("period") or ""), str(values.get("more") or "")
        order = str(values.get("order") or "")
        text = " ".join(part for part in (query_words(chosen), period, order, more) if part.strip())
        if errors := await self._errors(period, more, text, zone, visibility):
            return errors
        report = values.get("report") or first_word(stored.handle.words)[0]
        said = f"{report} {text}".strip()

        async def answer(request: Request) -> View:
            return await self.ask(request, said)

        return Filled(answer, said, beneath=False)

    async def _errors(
        self, period: str, more: str, whole: str, zone: ZoneInfo, visibility: Visibility
    ) -> dict[str, str]:
        """What is wrong, by field; what is wrong only in the whole is told under the last one."""

        async def problem(text: str) -> str | None:
            try:
                await self.resolver.read_from_stored(text, zone, visibility)
            except UserError as error:
                return self.modals.messages.plain(error.sentence)
            return None

        wrong_period = await problem(period) or await self._no_period(period, zone, visibility)
        wrong_more = await problem(more)
        if not (wrong_period or wrong_more):
            wrong_more = await problem(whole)
        found = {"period": wrong_period, "more": wrong_more}
        return {block: problem for block, problem in found.items() if problem}

    async def _with_accounts(self, payload: Payload, answer_id: str, query: Query) -> Query:
        """The question with those it was answered about by their Slack accounts, where stored."""
        owner = {"team_id": payload.team_id, "user_id": payload.user_id}
        answer = await self.answers.find(answer_id, **owner)
        meant = answer.query.people if answer else None
        if meant is None or len(meant) != len(query.people):
            return query  # a user group, of which nobody stands for any one person
        people = []
        for ref, member in zip(query.people, meant, strict=True):
            by_name = ref.kind in (PersonKind.EMAIL, PersonKind.NAME, PersonKind.PERSON)
            id_ = by_name and await self.people.stored_account_of(payload.team_id, member)
            people.append(PersonRef(PersonKind.SLACK, id_) if id_ else ref)
        return replace(query, people=tuple(people))

    async def _no_period(self, text: str, zone: ZoneInfo, visibility: Visibility) -> str | None:
        """Words in the period's field that are fine, but say something else."""
        query = await self.resolver.read_from_stored(text, zone, visibility)
        if query == Query() or replace(query, period=None) == Query():
            return None
        return "Only a period goes here, such as: last 7d. Put the rest under More."

    async def _names(
        self, values: Mapping[str, Any], visibility: Visibility
    ) -> tuple[NameRef, ...]:
        names = []
        for kind in FIELDS:
            if value := str(values.get(kind.value) or "").strip():
                items = await self._stored(kind, visibility)
                # The chosen id reads better as a name, where the name is the only one.
                named = [item for item in items if item.id == value]
                alone = named and sum(item.name == named[0].name for item in items) == 1
                names.append(NameRef(kind, named[0].name if alone else value))
        return tuple(names)

    async def _stored(self, kind: Kind, visibility: Visibility) -> list[Named]:
        items = await self.catalogue.items(kind, ask_exec=False)
        return [item for item in items if visibility.knows(item)]

    async def _view(
        self,
        private: str,
        name: str,
        query: Query | None,
        text: str,
        visibility: Visibility | None,
    ) -> FormView:
        choices: dict[Kind, tuple[Choice, ...]] = {}
        selected: dict[Kind, str] = {}
        if query is None:
            query, rest = Query(), text
        else:
            rest = ""
        left = query
        for kind in FIELDS:
            items = [] if visibility is None else await self._stored(kind, visibility)
            if len(items) <= MAX_CHOICES:
                choices[kind] = tuple(Choice(item.name, item.id) for item in items)
            refs = [ref for ref in query.names if ref.kind is kind]
            if len(refs) == 1:
                known = matches(refs[0].value, items, lambda item: (item.slug,))
                if len(known) == 1 or kind not in choices:
                    selected[kind] = known[0].id if known and kind in choices else refs[0].value
                    left = replace(left, names=tuple(r for r in left.names if r.kind is not kind))
        mentioned = tuple(ref for ref in query.people if ref.kind is PersonKind.SLACK)
        left = replace(
            left,
            people=tuple(ref for ref in left.people if ref not in mentioned),
            ranks=(),
            period=None,
            sort=Sort.NEWEST,
            by=None,
        )
        return FormView(
            private=private,
            report=BY_WORD.get(name, SESSIONS).name,
            reports=REPORT_CHOICES,
            order=query_words(replace(Query(), sort=query.sort, by=query.by)),
            orders=ORDERS,
            people=tuple(ref.value for ref in mentioned),
            selected=selected,
            choices=choices,
            ranks=query.ranks,
            period=query.period.words if query.period else "",
            more=rest or _typed(left),
        )


async def _known(asking: asyncio.Task[Visibility]) -> Visibility | None:
    """What somebody may see; None if Exec can't tell who they are. Raises NotAllowed."""
    try:
        return await asking
    except ExecError:
        return None


def _typed(query: Query) -> str:
    """The question in words that people would type: @closers and no id of Slack's."""
    handles = {ref: _HANDLE.fullmatch(ref.label or ref.value) for ref in query.people}
    typed = {
        ref: f"@{found[1]}"
        for ref, found in handles.items()
        if found and ref.kind in (PersonKind.USERGROUP, PersonKind.HANDLE)
    }
    left = replace(query, people=tuple(ref for ref in query.people if ref not in typed))
    return " ".join(filter(None, (*typed.values(), query_words(left))))

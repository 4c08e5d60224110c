"""The query form: a question ─► fields, and fields ─► a question."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot import access
from bot.access import Asker
from bot.errors import ExecError, NotFound, SlackError, StorageError, UserError
from bot.listeners.explaining import sentence_for
from bot.practice.answers import StoredAnswers
from bot.practice.catalogue import Catalogue
from bot.practice.matching import matches
from bot.practice.parsing import Parser
from bot.practice.people import People
from bot.query.query import Kind, NameRef, PersonKind, PersonRef, Query, Rank
from bot.query.words import words
from bot.rendering.messages import Messages
from bot.rendering.views import Choice, FormView
from bot.slack_web import SlackWeb
from bot.storage.commands import StoredCommand, StoredCommands
from bot.storage.payloads import Payload

# Kinds that have a field of their own.
FIELDS = (Kind.GROUP, Kind.SCENARIO)
MAX_CHOICES = 100
# Seconds until a form opens without its menus.
KNOWN_WITHIN = 1.0
# A name after an @ that needs no quotes.
_HANDLE = re.compile(r"@?([\w-]+(?:\.[\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Sent:
    """A sent form: the command text it makes and where its answer goes, or what is wrong."""

    words: str = ""
    channel_id: str = ""
    response_url: str | None = None
    errors: dict[str, str] = field(default_factory=dict)


class Forms:
    def __init__(
        self,
        *,
        slack: SlackWeb,
        people: People,
        catalogue: Catalogue,
        answers: StoredAnswers,
        stored: StoredCommands,
        messages: Messages,
        command: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._people = people
        self._catalogue = catalogue
        self._answers = answers
        self._stored = stored
        self._messages = messages
        self._parser = Parser(catalogue, command, clock)
        self._clock = clock

    async def open(
        self, payload: Payload, value: str, trigger_id: str, *, from_answer: bool
    ) -> None:
        """Open the form filled with the question behind a button. Raises NotAllowed, SlackError.

        The trigger is good for three seconds: names that were never read are read once the form is
        open, which then gets its menus. So it does where Exec takes long to say who this is.
        """
        user = await self._people.slack_user(payload.team_id, payload.user_id)
        access.admit(user.standing)
        asking = asyncio.create_task(self._people.asker(payload.team_id, payload.user_id))
        try:
            await self._open(payload, value, trigger_id, asking, from_answer=from_answer)
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _open(
        self,
        payload: Payload,
        value: str,
        trigger_id: str,
        asking: asyncio.Task[Asker],
        *,
        from_answer: bool,
    ) -> None:
        text = await self._words_behind(payload, value, from_answer=from_answer)
        (private,) = await self._stored.keep(
            payload.team_id,
            payload.user_id,
            (text,),
            channel_id=payload.channel_id,
            # What it leads to takes the place of the message, unless others see that.
            response_url=None if payload.public else payload.response_url,
        )
        zone = await self._people.zone(payload.team_id, payload.user_id)
        try:
            query = await self._parse(_question(text), zone)
        except UserError:
            query = None  # it was understood once; now it needs mending by hand
        if query is not None and from_answer:
            query = await self._with_accounts(payload, value, query)
        known, _ = await asyncio.wait({asking}, timeout=KNOWN_WITHIN)
        is_known = bool(known) and await self._is_known(asking)
        view = await self._view(private, query, _question(text), menus=is_known)
        try:
            view_id = await self._slack.open_view(trigger_id, self._messages.form(view))
        except SlackError as error:
            if error.code in ("expired_trigger_id", "trigger_expired"):
                raise UserError("The form took too long to open. Press the button again.") from None
            raise
        if await self._is_known(asking) and (await self._read_names() or not is_known):
            view = await self._view(private, query, _question(text), menus=True)
            # Sent or closed meanwhile: then there is nothing left to fill.
            with suppress(SlackError):
                await self._slack.update_view(view_id, self._messages.form(view))

    @staticmethod
    async def _is_known(asking: asyncio.Task[Asker]) -> bool:
        """Whether this is somebody who may read the names in the menus; False if Exec can't say.

        Raises NotAllowed for those who see nothing.
        """
        try:
            access.sight(await asking)
        except ExecError:
            return False
        return True

    async def _read_names(self) -> bool:
        """Read the names for the menus if they never were; True if there are more of them now."""
        missing = [kind for kind in FIELDS if not await self._catalogue.is_held(kind)]
        try:
            for kind in missing:
                await self._catalogue.items(kind)
        except ExecError:
            return False  # the form works without menus
        return bool(missing)

    async def read(self, payload: Payload, view: Mapping[str, Any]) -> Sent:
        """What a sent form asks, checked as far as it can be without asking Exec."""
        try:
            return await self._read(payload, view)
        except StorageError as error:
            now, zone = self._clock(), ZoneInfo("UTC")
            return Sent(errors={"more": sentence_for(error, now=now, zone=zone).plain()})

    async def _read(self, payload: Payload, view: Mapping[str, Any]) -> Sent:
        stored = await self._stored.find(
            str(view.get("private_metadata", "")),
            team_id=payload.team_id,
            user_id=payload.user_id,
        )
        if stored is None:
            return Sent(errors={"more": "This form is too old. Close it and open it again."})
        zone = await self._people.zone(payload.team_id, payload.user_id)
        values = values_of(view)
        chosen = Query(
            people=tuple(PersonRef(PersonKind.SLACK, id_) for id_ in values.get("people") or ()),
            names=await self._names(values),
            ranks=tuple(rank for rank in Rank if rank in (values.get("ranks") or ())),
        )
        period, more = str(values.get("period") or ""), str(values.get("more") or "")
        text = " ".join(part for part in (words(chosen), period, more) if part.strip())
        if errors := await self._errors(period, more, text, zone):
            return Sent(errors=errors)
        return Sent(f"sessions {text}".strip(), stored.channel_id, stored.response_url)

    async def _errors(self, period: str, more: str, whole: str, zone: ZoneInfo) -> dict[str, str]:
        """What is wrong, by field; what is wrong only in the whole is told under the last one."""
        wrong_period = await self._problem(period, zone) or await self._no_period(period, zone)
        wrong_more = await self._problem(more, zone)
        if not (wrong_period or wrong_more):
            wrong_more = await self._problem(whole, zone)
        found = {"period": wrong_period, "more": wrong_more}
        return {block: problem for block, problem in found.items() if problem}

    async def _words_behind(self, payload: Payload, value: str, *, from_answer: bool) -> str:
        owner = {"team_id": payload.team_id, "user_id": payload.user_id}
        if from_answer:
            text = await self._answers.words(value, **owner)
        else:
            command: StoredCommand | None = await self._stored.find(value, **owner)
            text = command.words if command else None
        if text is None:
            raise NotFound("This button is too old, or belongs to someone else. Ask again.")
        return text

    async def _with_accounts(self, payload: Payload, answer_id: str, query: Query) -> Query:
        """The question with those it was answered about by their Slack accounts, where held."""
        owner = {"team_id": payload.team_id, "user_id": payload.user_id}
        answer = await self._answers.find(answer_id, **owner)
        meant = answer.query.people if answer else None
        if meant is None or len(meant) != len(query.people):
            return query  # a user group, of which nobody stands for any one person
        people = []
        for ref, member in zip(query.people, meant, strict=True):
            by_name = ref.kind in (PersonKind.EMAIL, PersonKind.NAME, PersonKind.PERSON)
            id_ = by_name and await self._people.held_account_of(payload.team_id, member)
            people.append(PersonRef(PersonKind.SLACK, id_) if id_ else ref)
        return replace(query, people=tuple(people))

    async def _parse(self, text: str, zone: ZoneInfo) -> Query:
        return await self._parser.read_from_held(text, zone)

    async def _problem(self, text: str, zone: ZoneInfo) -> str | None:
        try:
            await self._parse(text, zone)
        except UserError as error:
            return error.sentence.plain()
        return None

    async def _no_period(self, text: str, zone: ZoneInfo) -> str | None:
        """Words in the period's field that are fine, but say something else."""
        query = await self._parse(text, zone)
        if query == Query() or replace(query, period=None) == Query():
            return None
        return "Only a period goes here, such as: last 7d. Put the rest under More."

    async def _names(self, values: Mapping[str, Any]) -> tuple[NameRef, ...]:
        names = []
        for kind in FIELDS:
            if value := str(values.get(kind.value) or "").strip():
                held = await self._catalogue.items(kind, ask_exec=False)
                # The chosen id reads better as a name, where the name is the only one.
                named = [item for item in held if item.id == value]
                alone = named and sum(item.name == named[0].name for item in held) == 1
                names.append(NameRef(kind, named[0].name if alone else value))
        return tuple(names)

    async def _view(self, private: str, query: Query | None, text: str, *, menus: bool) -> FormView:
        choices: dict[Kind, tuple[Choice, ...]] = {}
        selected: dict[Kind, str] = {}
        if query is None:
            query, rest = Query(), text
        else:
            rest = ""
        left = query
        for kind in FIELDS:
            held = await self._catalogue.items(kind, ask_exec=False) if menus else ()
            if len(held) <= MAX_CHOICES:
                choices[kind] = tuple(Choice(item.name, item.id) for item in held)
            refs = [ref for ref in query.names if ref.kind is kind]
            if len(refs) == 1:
                known = matches(refs[0].value, held, lambda item: (item.slug,))
                if len(known) == 1 or kind not in choices:
                    selected[kind] = known[0].id if known and kind in choices else refs[0].value
                    left = replace(left, names=tuple(r for r in left.names if r.kind is not kind))
        mentioned = tuple(ref for ref in query.people if ref.kind is PersonKind.SLACK)
        left = replace(
            left,
            people=tuple(ref for ref in left.people if ref not in mentioned),
            ranks=(),
            period=None,
        )
        return FormView(
            private=private,
            people=tuple(ref.value for ref in mentioned),
            selected=selected,
            choices=choices,
            ranks=query.ranks,
            period=query.period.words if query.period else "",
            more=rest or _typed(left),
        )


def _typed(query: Query) -> str:
    """The question in words that people would type: @closers and no id of Slack's."""
    handles = {ref: _HANDLE.fullmatch(ref.label or ref.value) for ref in query.people}
    typed = {
        ref: f"@{found[1]}"
        for ref, found in handles.items()
        if found and ref.kind in (PersonKind.USERGROUP, PersonKind.HANDLE)
    }
    left = replace(query, people=tuple(ref for ref in query.people if ref not in typed))
    return " ".join(filter(None, (*typed.values(), words(left))))


def _question(text: str) -> str:
    """A command text without its subcommand."""
    return text.partition(" ")[2]


def values_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by block id: text, an option's value, or a list of ids."""
    values: dict[str, Any] = {}
    for block, elements in ((view.get("state") or {}).get("values") or {}).items():
        for element in elements.values():
            option = element.get("selected_option") or {}
            options = element.get("selected_options")
            values[block] = (
                element.get("value")
                or option.get("value")
                or element.get("selected_users")
                or element.get("selected_conversation")
                or element.get("selected_time")
                or [entry["value"] for entry in options or ()]
            )
    return values

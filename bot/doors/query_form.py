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

from bot.access import Visibility
from bot.errors import ExecError, NotAllowed, NotFound, SlackError, StorageError, UserError
from bot.language.query import Kind, Named, NameRef, PersonKind, PersonRef, Query, Rank
from bot.language.words import words
from bot.mirror.answers import StoredAnswers
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.matching import matches
from bot.people.parsing import Parser
from bot.people.people import People
from bot.rendering.draw import Messages
from bot.rendering.views import Choice, FormView
from bot.slack.problems import sentence_for
from bot.slack.web import SlackWeb
from bot.storage.commands import StoredCommand, StoredCommands
from bot.storage.payloads import Payload

# Kinds that have a field of their own.
FIELDS = (Kind.GROUP, Kind.SCENARIO)
MAX_CHOICES = 100
# Seconds until a form opens without its menus.
KNOWN_WITHIN = 1.0
# Seconds in which it is found out whose names a sent form may hold.
SENT_WITHIN = 1.5
# What somebody may hear of while nobody can tell who they are: no group.
NO_SIGHT = Visibility(everyone=False)
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
        coaching: Coaching,
        answers: StoredAnswers,
        stored: StoredCommands,
        messages: Messages,
        command: str,
        clock: Callable[[], datetime],
    ) -> None:
        self._slack = slack
        self._people = people
        self._catalogue = catalogue
        self._coaching = coaching
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
        await self._people.admitted(payload.team_id, payload.user_id, in_exec=False)
        asking = asyncio.create_task(self._visibility(payload))
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
        asking: asyncio.Task[Visibility],
        *,
        from_answer: bool,
    ) -> None:
        known, _ = await asyncio.wait({asking}, timeout=KNOWN_WITHIN)
        visibility = await _told(asking) if known else None
        text = await self._words_behind(payload, value, from_answer=from_answer)
        (private,) = await self._stored.keep(
            payload.team_id,
            payload.user_id,
            (text,),
            channel_id=payload.channel_id,
            # What it leads to takes the place of the message, unless others see that.
            response_url=None if payload.public else payload.response_url,
        )
        answer_id = value if from_answer else ""
        view = await self._filled(payload, private, _question(text), answer_id, visibility)
        try:
            view_id = await self._slack.open_view(trigger_id, self._messages.form(view))
        except SlackError as error:
            if error.code in ("expired_trigger_id", "trigger_expired"):
                raise UserError("The form took too long to open. Press the button again.") from None
            raise
        later = await _told(asking)
        if later is not None and (await self._read_names() or visibility is None):
            view = await self._filled(payload, private, _question(text), answer_id, later)
            # Sent or closed meanwhile: then there is nothing left to fill.
            with suppress(SlackError):
                await self._slack.update_view(view_id, self._messages.form(view))

    async def _visibility(self, payload: Payload) -> Visibility:
        """What somebody may hear of, as far as Exec told. Raises NotAllowed, ExecError and
        SlackError."""
        asker = await self._people.admitted(payload.team_id, payload.user_id)
        return await self._coaching.reach(asker, ask_exec=False)

    async def _visibility_at_once(self, payload: Payload) -> Visibility:
        """The same while Slack waits. Raises NotAllowed."""
        try:
            async with asyncio.timeout(SENT_WITHIN):
                return await self._visibility(payload)
        except (ExecError, SlackError, TimeoutError):
            return NO_SIGHT

    async def _filled(
        self,
        payload: Payload,
        private: str,
        text: str,
        answer_id: str,
        visibility: Visibility | None,
    ) -> FormView:
        """The form with a question in it; without a visibility it has no menus of names."""
        zone = await self._people.zone(payload.team_id, payload.user_id)
        try:
            query = await self._parser.read_from_held(text, zone, visibility or NO_SIGHT)
        except UserError:
            query = None  # it was understood once; now it needs mending by hand
        if query is not None and answer_id:
            query = await self._with_accounts(payload, answer_id, query)
        return await self._view(private, query, text, visibility)

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
        except (NotAllowed, StorageError) as error:
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
        visibility = await self._visibility_at_once(payload)
        zone = await self._people.zone(payload.team_id, payload.user_id)
        values = values_of(view)
        chosen = Query(
            people=tuple(PersonRef(PersonKind.SLACK, id_) for id_ in values.get("people") or ()),
            names=await self._names(values, visibility),
            ranks=tuple(rank for rank in Rank if rank in (values.get("ranks") or ())),
        )
        period, more = str(values.get("period") or ""), str(values.get("more") or "")
        text = " ".join(part for part in (words(chosen), period, more) if part.strip())
        if errors := await self._errors(period, more, text, zone, visibility):
            return Sent(errors=errors)
        return Sent(f"sessions {text}".strip(), stored.channel_id, stored.response_url)

    async def _errors(
        self, period: str, more: str, whole: str, zone: ZoneInfo, visibility: Visibility
    ) -> dict[str, str]:
        """What is wrong, by field; what is wrong only in the whole is told under the last one."""

        async def problem(text: str) -> str | None:
            try:
                await self._parser.read_from_held(text, zone, visibility)
            except UserError as error:
                return error.sentence.plain()
            return None

        wrong_period = await problem(period) or await self._no_period(period, zone, visibility)
        wrong_more = await problem(more)
        if not (wrong_period or wrong_more):
            wrong_more = await problem(whole)
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

    async def _no_period(self, text: str, zone: ZoneInfo, visibility: Visibility) -> str | None:
        """Words in the period's field that are fine, but say something else."""
        query = await self._parser.read_from_held(text, zone, visibility)
        if query == Query() or replace(query, period=None) == Query():
            return None
        return "Only a period goes here, such as: last 7d. Put the rest under More."

    async def _names(
        self, values: Mapping[str, Any], visibility: Visibility
    ) -> tuple[NameRef, ...]:
        names = []
        for kind in FIELDS:
            if value := str(values.get(kind.value) or "").strip():
                held = await self._held(kind, visibility)
                # The chosen id reads better as a name, where the name is the only one.
                named = [item for item in held if item.id == value]
                alone = named and sum(item.name == named[0].name for item in held) == 1
                names.append(NameRef(kind, named[0].name if alone else value))
        return tuple(names)

    async def _held(self, kind: Kind, visibility: Visibility) -> list[Named]:
        items = await self._catalogue.items(kind, ask_exec=False)
        return [item for item in items if visibility.knows(item)]

    async def _view(
        self, private: str, query: Query | None, text: str, visibility: Visibility | None
    ) -> FormView:
        choices: dict[Kind, tuple[Choice, ...]] = {}
        selected: dict[Kind, str] = {}
        if query is None:
            query, rest = Query(), text
        else:
            rest = ""
        left = query
        for kind in FIELDS:
            held = [] if visibility is None else await self._held(kind, visibility)
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


async def _told(asking: asyncio.Task[Visibility]) -> Visibility | None:
    """What somebody may hear of; None if Exec can't say who they are. Raises NotAllowed."""
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

"""A question as a subscription holds it: canonical words with ids, so that a renamed group or an
address that changed leads to the same people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.access import AccountType, Asker, Visibility
from bot.answer import report_of
from bot.channel_rules import NOT_IN_CHANNELS, WHOLE_IN_CHANNELS
from bot.errors import BotError, NotAllowed, UserError
from bot.language.filters import EVERYONE, FILTERS, query_words, removable
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, ResolvedQuery
from bot.language.text import plain_text
from bot.question import Question
from bot.reports._report import ENOUGH_PEOPLE, AnyReport
from bot.reports.digest import REPORT as DIGEST
from bot.reports.table import BY_WORD
from bot.reports.team import REPORT as TEAM

if TYPE_CHECKING:
    from bot.app import App

OTHERS = "other people's practice"
Names = tuple[tuple[PersonRef, ...], tuple[NameRef, ...]]
FEW = (
    "A channel hears only about three people or more. Ask about a group or more people, or ask "
    "this for yourself whenever you like."
)


def digest_words(group_id: str) -> str:
    """The stored words of a group's digest."""
    return f"{DIGEST.name} {query_words(Query(names=(NameRef(Kind.GROUP, group_id),)))}"


def named_report(text: str) -> AnyReport | None:
    """The report that a text names by its first word."""
    report = BY_WORD.get(plain_text(text.strip().partition(" ")[0]).casefold())
    return report if report is not None and report.asked else None


async def words_of(app: App, asker: Asker, text: str) -> str:
    """What the asker means by a text, in stored words. Raises UserError for what a channel can't
    have, and ExecError."""
    reading = await app.asking.meaning(asker, text)
    report = BY_WORD.get(reading.row.name)
    if report is None or not app.rules.may_post(report):
        raise NotAllowed(NOT_IN_CHANNELS)
    question = await app.answerer.question(asker, reading.query, report)
    if question.resolved.absent:
        raise NotAllowed(WHOLE_IN_CHANNELS)
    if is_of_few(question.resolved):
        raise NotAllowed(FEW)
    if report is TEAM and (group_id := _group_alone(question)):
        return digest_words(group_id)
    return _written(question, _by_id)


def is_of_few(query: ResolvedQuery) -> bool:
    """Whether a question names so few people that a channel hears nothing of them."""
    return query.people is not None and len(query.people) < ENOUGH_PEOPLE


async def resolve(app: App, team_id: str, words: str) -> Question:
    """Stored words in ids, whoever they are about. Raises UserError for what is gone from Exec."""
    # Sees everybody and is nobody: what is asked doesn't depend on who reads it.
    full, zone = AccountType.FULL, ZoneInfo("UTC")
    everybody = Asker(team_id, "", "", "", full, zone, None, named_admin=True)
    report, text = report_of(words)
    return await app.answerer.question(everybody, text, report)


async def typed(app: App, team_id: str, words: str) -> str:
    """Stored words as people type them, with names and addresses."""
    try:
        return _written(await resolve(app, team_id, words), _by_name)
    except UserError:
        return words


async def title(app: App, team_id: str, words: str, reader: Visibility | None = None) -> str:
    """Stored words as people read them; a `reader` gets no name that isn't theirs to see."""
    try:
        asked = (await resolve(app, team_id, words)).resolved
    except BotError:
        return "something that is gone from Exec"
    if reader is not None:
        sees_people = asked.people is None or reader.covers(asked.people)
        if not (sees_people and all(map(reader.knows, asked.names))):
            return OTHERS
    if (name := words.partition(" ")[0]) == DIGEST.name:
        return next((each.name for each in asked.names), EVERYONE)
    said = [phrase for row in FILTERS if (phrase := row.phrase(asked, None))]
    return f"{name}: {', '.join(said) or EVERYONE.lower()}"


def _group_alone(question: Question) -> str:
    """The one group that is asked about without further filters, by id: what comes is its digest,
    and the schedule says its period. "" for any other question."""
    query, names = question.query, question.resolved.names
    alone = [name.id for name in names if name.kind is Kind.GROUP]
    is_narrowed = bool(removable(replace(query, names=(), people=(), period=None)))
    return alone[0] if len(alone) == 1 and not is_narrowed and not question.resolved.people else ""


def _written(question: Question, refer: Callable[[ResolvedQuery], Names]) -> str:
    query = question.query
    people, names = refer(question.resolved)
    if query.people and all(ref.kind is PersonKind.USERGROUP for ref in query.people):
        people = query.people  # who is in it may change
    text = query_words(replace(query, people=people, names=names, page=1))
    return f"{question.report.name} {text}".strip()


def _by_id(resolved: ResolvedQuery) -> Names:
    """In the order of the ids, so that one question has one form."""
    ids = sorted({person.id for person in resolved.people or ()})
    things = sorted({(thing.kind, thing.id) for thing in resolved.names})
    people = tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids)
    return people, tuple(NameRef(kind, id_) for kind, id_ in things)


def _by_name(resolved: ResolvedQuery) -> Names:
    """Namesakes by id."""
    people = tuple(
        PersonRef(PersonKind.EMAIL, each.email)
        if each.email
        else PersonRef(PersonKind.PERSON, each.id)
        for each in resolved.people or ()
    )
    called = [(each.kind, each.name) for each in resolved.names]
    names = tuple(
        NameRef(each.kind, each.name if called.count((each.kind, each.name)) == 1 else each.id)
        for each in resolved.names
    )
    return people, names

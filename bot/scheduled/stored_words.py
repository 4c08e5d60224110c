"""The question of a subscription in stored words: canonical words with ids, which survive a renamed
group or a changed address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from bot.ask.answer import report_of
from bot.ask.conversation import Conversation
from bot.ask.public import NOT_IN_CHANNELS, WHOLE_IN_CHANNELS, ChannelRules, names_few
from bot.ask.question import Question, QuestionReader
from bot.errors import BotError, NotAllowed, UserError
from bot.language.filters import EVERYONE, query_phrases, query_words, removable
from bot.language.name_index import Known
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query
from bot.people.access import AccountType, Asker, Visibility
from bot.people.directory import Directory
from bot.reports.digest import REPORT as DIGEST
from bot.reports.table import BY_WORD
from bot.reports.team import REPORT as TEAM

OTHERS = "other people's practice"
NOT_YOURS = "Only admins and the coaches of the people in a digest can set it up or change it."
FEW = (
    "I post only results of three or more people. Ask about a group or more people. You can still "
    "ask this for yourself at any time."
)


def digest_words(group_id: str) -> str:
    """The stored words of a group's digest."""
    return f"{DIGEST.name} {query_words(Query(names=(NameRef(Kind.GROUP, group_id),)))}"


@dataclass(frozen=True, slots=True)
class StoredWords:
    """Writes and reads the questions of subscriptions in stored words."""

    conversation: Conversation
    questions: QuestionReader
    rules: ChannelRules
    directory: Directory

    async def words_of(self, asker: Asker, text: str) -> str:
        """A text in stored words, as the asker means it. Raises UserError if its answer can't be
        posted in a channel, and ExecError."""
        reading = await self.conversation.meaning(asker, text)
        report = BY_WORD.get(reading.intent.name)
        if report is None or not self.rules.may_post(report):
            raise NotAllowed(NOT_IN_CHANNELS)
        question = await self.questions.understand(asker, reading.query, report)
        if question.only is not None:  # of a group they are in, the asker sees only counts
            raise NotAllowed(NOT_YOURS)
        if question.resolved.absent:
            raise NotAllowed(WHOLE_IN_CHANNELS)
        if names_few(question.resolved):
            raise NotAllowed(FEW)
        if report is TEAM and (group_id := _only_group(question)):
            return digest_words(group_id)
        # Sorted, so that equal questions have equal words.
        ids = sorted({person.id for person in question.resolved.people or ()})
        things = sorted({(thing.kind, thing.id) for thing in question.resolved.names})
        people = [PersonRef(PersonKind.PERSON, id_) for id_ in ids]
        return _written(question, [*people, *(NameRef(kind, id_) for kind, id_ in things)])

    async def resolve(self, team_id: str, words: str) -> Question:
        """The question of stored words. Raises UserError for names that are gone from Exec."""
        # Resolved as a nameless admin: the meaning of stored words doesn't depend on their reader.
        full, zone = AccountType.FULL, ZoneInfo("UTC")
        admin = Asker(team_id, "", "", "", full, zone, None, named_admin=True)
        report, text = report_of(words)
        return await self.questions.understand(admin, text, report)

    async def typed(self, team_id: str, words: str) -> str:
        """Stored words as people would type them, with names and addresses."""
        try:
            question = await self.resolve(team_id, words)
        except UserError:
            return words
        names = self.directory.index.seen_by(lambda _: True)
        named: list[Known] = [*(question.resolved.people or ()), *question.resolved.names]
        return _written(question, map(names.reference, named))

    async def title(self, team_id: str, words: str, reader: Visibility | None = None) -> str:
        """Stored words as a title, without names that the `reader` can't see."""
        try:
            query = (await self.resolve(team_id, words)).resolved
        except BotError:
            return "something that is gone from Exec"
        if reader is not None:
            sees_people = query.people is None or reader.covers(query.people)
            if not (sees_people and all(map(reader.knows, query.names))):
                return OTHERS
        if (name := words.partition(" ")[0]) == DIGEST.name:
            return next((thing.name for thing in query.names), EVERYONE)
        return f"{name}: {', '.join(query_phrases(query)) or EVERYONE.lower()}"


def _only_group(question: Question) -> str:
    """The id of the group, if a question is about one whole group: it gets a digest, whose period
    follows the schedule. "" for any other question."""
    query, resolved = question.query, question.resolved
    others = removable(replace(query, names=(), people=(), period=None))
    is_group = [thing.kind for thing in resolved.names] == [Kind.GROUP]
    return resolved.names[0].id if is_group and not (others or resolved.people) else ""


def _written(question: Question, refs: Iterable[PersonRef | NameRef]) -> str:
    """The words of a question, with these people and names. People ask for a digest as `team`."""
    query, refs = question.query, list(refs)
    people = tuple(ref for ref in refs if isinstance(ref, PersonRef))
    names = tuple(ref for ref in refs if isinstance(ref, NameRef))
    if query.people and all(ref.kind is PersonKind.USERGROUP for ref in query.people):
        people = query.people  # their members may change
    text = query_words(replace(query, people=people, names=names, page=1))
    report = TEAM if question.report is DIGEST else question.report
    return f"{report.name} {text}".strip()

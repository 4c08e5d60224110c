"""Help for whoever asks: what they can ask, with the names of their own workspace in examples."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.access import Asker, Visibility
from bot.errors import NotAllowed, Suggestion
from bot.language.query import Kind, Member, Named, NameRef, PersonKind, PersonRef, Query
from bot.language.text import quoted
from bot.language.words import words
from bot.people.catalogue import Catalogue
from bot.people.coaching import Coaching
from bot.people.people import People
from bot.rendering.spelling import spelt
from bot.rendering.views import HelpTopic

N = TypeVar("N", Named, Member)

LONGEST = 40  # characters of a name in an example
# For whom something is.
ADMINS, COACHES, BOTH = "Admins", "Coaches", "Admins and coaches"
# What stands for names in the examples of the tables; a workspace's own come in their place.
_PERSON, _GROUP, _OTHER_GROUP = "@jane", '"West Coast"', '"East Coast"'
_NAMED = {
    "procurement-discovery": Kind.SCENARIO,
    "skill:discovery": Kind.SKILL,
    '"Sales Basics"': Kind.PROGRAM,
    "first-calls": Kind.COLLECTION,
}
# Not every workspace has these.
_MADE_UP = ("abc123def456", "page 2")


@dataclass(frozen=True, slots=True)
class Own:
    """What an example may name: somebody and groups that its reader may see, and things."""

    person: Member | None
    groups: tuple[Named, ...]
    things: dict[Kind, Named]
    is_self: bool

    def example(self, text: str) -> str:
        """An example with these names in it; "" where one is missing."""
        if any(word in text for word in _MADE_UP):
            return ""
        found = {sample: self._written(sample) for sample in _SAMPLES if sample in text}
        if not all(found.values()):
            return ""
        return _ANY_SAMPLE.sub(lambda sample: found[sample[0]], text)

    def _written(self, sample: str) -> str:
        if sample == _PERSON:
            return "me" if self.is_self else quoted(self.person.name) if self.person else ""
        if sample in (_GROUP, _OTHER_GROUP):
            at = (_GROUP, _OTHER_GROUP).index(sample)
            return quoted(self.groups[at].name) if at < len(self.groups) else ""
        kind = _NAMED[sample]
        lead = f"{kind.value}:" if sample.startswith(f"{kind.value}:") else ""
        return f"{lead}{quoted(self.things[kind].name)}" if kind in self.things else ""


_SAMPLES = (_PERSON, _GROUP, _OTHER_GROUP, *_NAMED)
_ANY_SAMPLE = re.compile("|".join(map(re.escape, _SAMPLES)))


@dataclass(frozen=True, slots=True)
class Helping:
    """All raise SlackError and StorageError; nothing here asks Exec."""

    people: People
    coaching: Coaching
    catalogue: Catalogue

    async def topics(
        self, asker: Asker, topics: Iterable[HelpTopic]
    ) -> tuple[tuple[HelpTopic, ...], tuple[Suggestion, ...]]:
        """The topics without what is not for the asker, and questions to try. All examples name
        what there is in their workspace and is theirs to see."""
        asker, visibility = await self._reader(asker)
        own = await self._own(asker, visibility)
        visibility = visibility or Visibility(everyone=False)
        theirs = (_theirs(topic, visibility, own) for topic in topics)
        return tuple(topic for topic in theirs if topic.lines), _tries(visibility, own)

    async def _reader(self, asker: Asker) -> tuple[Asker, Visibility | None]:
        if asker.member is None and asker.team_id:
            account = await self.people.account(asker.team_id, asker.user_id)
            member = await self.people.member_of(account, ask_exec=False)
            asker = replace(asker, member=member)
        try:
            return asker, await self.coaching.reach(asker, ask_exec=False)
        except NotAllowed:  # they may hear what could be asked, but no name
            return asker, None

    async def _own(self, asker: Asker, visibility: Visibility | None) -> Own:
        if visibility is None:
            return Own(None, (), {}, is_self=False)
        held = {kind: await self.catalogue.items(kind, ask_exec=False) for kind in Kind}
        held[Kind.SCENARIO] = tuple(filter(visibility.knows, held[Kind.SCENARIO]))
        groups = [each for each in held.pop(Kind.GROUP) if visibility.covers_group(each.id)]
        person = asker.member
        if visibility.everyone or visibility.coaches:
            present = await self.catalogue.directory.present()
            others = (each for each in present if each.id != (person.id if person else ""))
            person = _first([each for each in others if visibility.covers((each,))]) or person
        return Own(
            person=person,
            groups=_called_once(groups),
            things={kind: one for kind, all_ in held.items() if (one := _first(all_)) is not None},
            is_self=person is not None and person == asker.member,
        )


def _first(each: Sequence[N]) -> N | None:
    return next(iter(_called_once(each)), None)


def _called_once(each: Sequence[N]) -> tuple[N, ...]:
    """Those by whose name nothing else is called, where it is short enough to type; by name."""
    names = Counter(one.name.casefold() for one in each)
    told = (one for one in each if names[one.name.casefold()] == 1 and len(one.name) <= LONGEST)
    return tuple(sorted(told, key=lambda one: one.name.casefold()))


def _theirs(topic: HelpTopic, visibility: Visibility, own: Own) -> HelpTopic:
    told = (line for line in topic.lines if _is_for(line.only, visibility))
    return replace(
        topic, lines=tuple(replace(each, example=own.example(each.example)) for each in told)
    )


def _is_for(only: str, visibility: Visibility) -> bool:
    leads = {ADMINS: visibility.everyone, COACHES: visibility.coaches}
    return not only or any(leads[one] for one in leads if one.casefold() in only.casefold())


def _tries(visibility: Visibility, own: Own) -> tuple[Suggestion, ...]:
    """Questions that the asker can ask just now, as people would say them, and their words."""
    group, scenario = next(iter(own.groups), None), own.things.get(Kind.SCENARIO)
    tries: list[Suggestion] = []
    if visibility.everyone or visibility.coaches:
        if group is not None:
            tries.append(Suggestion(f"How is {group.name} doing", f"team {_words(group)}"))
        tries.append(Suggestion(spelt("Who hasn't practised this week"), "inactive this week"))
        if own.person is not None and not own.is_self:
            ref = PersonRef(PersonKind.NAME, own.person.name)
            last = f"session last {words(Query(people=(ref,)))}"
            tries.append(Suggestion(f"{own.person.name}'s last session", last))
        tries.append(Suggestion("Top performers last month", "leaderboard last month"))
    else:
        tries = [Suggestion("My week", "me"), Suggestion("My last session", "session last me")]
        if scenario is not None:
            how = f"progress me {_words(scenario)}"
            tries.append(Suggestion(f"My progress on {scenario.name}", how))
        tries.append(Suggestion("What is due", "assignments me"))
    return tuple(tries)


def _words(thing: Named) -> str:
    return words(Query(names=(NameRef(thing.kind, thing.name),)))

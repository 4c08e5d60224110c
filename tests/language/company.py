"""The demo's company, and how texts are read in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.demo.world import World
from bot.errors import UserError
from bot.language.account import MINE, Reading
from bot.language.filters import query_words
from bot.language.follow_up import follow_up
from bot.language.name_index import Known, NameIndex
from bot.language.query import Kind, Member, ResolvedName, Sees
from bot.language.reader import Outcome, Reader
from bot.language.times import Clock
from bot.language.tokens import tokenize
from bot.people.names import INTENTS, examples

WEDNESDAY = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
# People who are called like a month or a verb.
RENAMED = {
    "mei.chen": "May Chen",
    "carlos.vega": "Will Young",
    "noah.williams": "Mark Stone",
    "hoa.nguyen": "Grace Kim",
    "grace.achieng": "April Jones",
    "victor.hd": "Chase Porter",
}
REP, COACHED = "zoe.mueller+west@acme.com", "West Coast"  # by the coach, Jane
WORLD = World(WEDNESDAY, days=7)


def _people() -> list[Member]:
    renamed = {f"{user}@acme.com": name for user, name in RENAMED.items()}
    return [
        Member(member.id, member.email, renamed.get(member.email, member.name), member.role)
        for member in WORLD.members.values()
    ]


def _things() -> list[ResolvedName]:
    groups = [ResolvedName(Kind.GROUP, group.id, group.name) for group in WORLD.groups.values()]
    groups.append(ResolvedName(Kind.GROUP, "rd", "Research & Development"))
    programs = [
        ResolvedName(Kind.PROGRAM, program.id, program.name) for program in WORLD.programs.values()
    ]
    scenarios = [scenario for scenario in WORLD.scenarios.values() if not scenario.archived]
    slugged = (
        (Kind.SCENARIO, scenarios),
        (Kind.SKILL, WORLD.skills.values()),
        (Kind.COLLECTION, WORLD.collections.values()),
    )
    others = [ResolvedName(kind, x.id, x.name, x.slug) for kind, things in slugged for x in things]
    return [*groups, *programs, *others]


INDEX = NameIndex(_things(), _people())


def _sight(who: str) -> Callable[[Known], bool]:
    team = next(group for group in WORLD.groups.values() if group.name == COACHED)
    seen = {WORLD.person(REP).id}
    if who == "coach":
        seen = {*WORLD.rosters[team.id], WORLD.person("jane@acme.com").id}
    return lambda known: isinstance(known, ResolvedName) or who == "admin" or known.id in seen


CLOCK = Clock(WEDNESDAY, ZoneInfo("Europe/Berlin"))
SEES: dict[str, Sees] = {"rep": "own", "coach": "people", "admin": "everybody"}
READERS = {
    who: Reader(INTENTS, CLOCK, sees, INDEX.seen_by(_sight(who)), examples(), (MINE,))
    for who, sees in SEES.items()
}


def read(who: str, text: str, last: str = "") -> str:
    """How somebody's text is read, after the question `last` if given: as a command, as "which:"
    and the choices, or as "refused:" and the words that weren't understood."""
    reader = READERS[who]
    try:
        tokens = tokenize(text)
        if last:
            outcome: Outcome = follow_up(reader, tokens, read_canonical(who, last))
        else:
            outcome = reader.read_tokens(tokens)
    except UserError as error:
        return f"refused: {error.sentence.plain()}"
    return outcome_text(outcome)


def read_canonical(who: str, words: str) -> Reading:
    """How canonical words are read."""
    report, _, rest = words.partition(" ")
    reading = READERS[who].command(report, rest)
    assert isinstance(reading, Reading), words
    return reading


def outcome_text(outcome: Outcome) -> str:
    """An outcome as the tables write it."""
    if isinstance(outcome, Reading):
        file = " csv" if outcome.wants_file else ""
        return f"{outcome.intent.name} {query_words(outcome.query)}".strip() + file
    if outcome.labels:
        return f"which: {' / '.join(map(outcome_text, outcome.offers))}"
    return f"refused: {outcome.word or outcome.pattern}"

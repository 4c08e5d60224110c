"""Plain words ─► what they ask for, in words of the language. Pure.

Names are found first (`running_text.py`), then the phrase that fits (`phrases.py`); what is left is
read as filters, and what no filter takes is given back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice, pairwise, product
from zoneinfo import ZoneInfo

from bot.errors import ParseError
from bot.language.cursor import QueryCursor, TextSpan
from bot.language.days import CALENDAR_AND_DAY, DAYS, MONTHS, NAMED_MONTHS, WEEKDAYS
from bot.language.filters import FILTERS
from bot.language.filters.names import refuse_slack_forms
from bot.language.filters.what import RANKS
from bot.language.parse import FILLERS
from bot.language.period import ALL_TIME, BOUNDS
from bot.language.phrases import (
    ABOUT,
    ADMINS,
    AHEAD,
    ASKS_FOR_MORE,
    COACHING,
    COMMON_WORDS,
    EXPORT,
    FINISHED,
    HELP,
    LEFT_OUT,
    MATTERS,
    NEXT,
    NOT_RANKED,
    NUDGE,
    OF_SESSIONS,
    OWN_COACH,
    PHRASES,
    POINTS_AT,
    POLITE,
    POST,
    POST_TO_ME,
    PRONOUNS,
    REWORDED,
    STATS,
    STOP,
    STOP_WORDS,
    TALK,
    THINGS,
    TURNS,
    WATCH,
    Phrase,
    word_set,
)
from bot.language.query import Kind, Period, PersonKind, PersonRef, Query, Sort
from bot.language.running_text import (
    CALLED,
    GROUP,
    KINDS,
    ME,
    MINE,
    NO_NAMES,
    OWNER,
    PERSON,
    SCENARIO,
    THING,
    WE,
    Names,
    Seen,
    Unclear,
    WordPiece,
    own_words,
    pieces,
)
from bot.language.text import TokenForm, clean, nearest_words, tokens
from bot.language.words import query_words

ASSIGNMENTS = "assignments"
SESSIONS, TEAM, OWN_WEEK, COMPARE, COACHES = "sessions", "team", "me", "compare", "coach"
RANKING, PROGRESS, ATTEMPT, INACTIVE = "leaderboard", "progress", "session", "inactive"
_MOST_READ = 100  # words of a text; nobody asks in more
_MOST_LOOKED_UP = 24  # words of a text in which misspelt ones are put right
_MOST_WAYS = 8  # in which they are
_MOST_REQUESTS = 8  # in one text
# Reports on all whom one coaches or sees, where nobody is named.
_OF_ALL = frozenset((TEAM, INACTIVE, "leaderboard", ASSIGNMENTS))
# "I" and "me" in what asks for these does not narrow them.
_NOT_NARROWED = frozenset(
    (
        OWN_WEEK,
        "audit",
        "help",
        "thanks",
        "prep",
        "leaderboard",
        TEAM,
        INACTIVE,
        TALK,
        COACHES,
        NEXT,
    )
)
_MY_PEOPLE = "my people"
# What leads on from one question to the next, and says nothing else.
LEADING_ON = word_set("and or what about how same for as only just more one ones that this it")
_OF_SOMEBODY = frozenset(
    ("for", "of", "by", "from", "without", "except", "excluding")
)  # a name follows
_GAP = "· "
_RANKS_SAID = re.compile(r"(gold|silver|bronze|unranked)s?(\+?)")
_ARTICLES = frozenset(("the", "a", "an"))
_ORDERS = frozenset(
    word for row in FILTERS if row.key in ("sort", "limit", "rank") for word in row.words
)
_MINUTES = word_set("min mins minute minutes")
_NOUNS = word_set("one ones call calls session sessions attempt attempts scenario scenarios skill")
# What reports show, whether it is asked for or not.
_SHOWN = {
    "average": frozenset((COMPARE, TEAM, "trend", "scenarios")),
    "averages": frozenset((COMPARE, TEAM, "trend", "scenarios")),
    "total": frozenset((COMPARE, TEAM, "trend", SESSIONS)),
    "active": frozenset((COMPARE, TEAM, "trend")),
    "time": frozenset((COMPARE, TEAM)),
    "usage": frozenset((TEAM, "trend")),
    "adoption": frozenset((TEAM, "trend")),
}
_REACH_OF_NOT = 3  # words after a "not" that it may be about
_LONGEST_ALONE = 3  # words of a name
_ASKING_TO_SEE = word_set(
    "show see find view open get pull me what how about and is last this session sessions scores "
    "score results stats for of in on 's ?"
)
# What is said of times that the language has no words for.
_TIMES = word_set("weekend weekends night nights morning mornings afternoon evening holidays ago")
# Reports that tell nothing of sessions, and of what is still to come.
_OF_NO_SESSIONS = frozenset(("skills", ASSIGNMENTS))
_OF_WHAT_IS_AHEAD = frozenset((ASSIGNMENTS, "prep", HELP, STOP))
# What asks for these asks for nothing else.
_WHOLE = frozenset(
    (
        *(HELP, ABOUT, ADMINS, COACHES, COACHING, OWN_COACH, THINGS, STOP, NUDGE, WATCH),
        *(POST, POST_TO_ME, "alert", "digest", "status"),
    )
)
# What asks about all time, of reports that else tell of the last days.
_EVER = {
    PROGRESS: word_set("yet already ever never"),
    INACTIVE: word_set("ever never started SCENARIO"),
}
_WHOM_PRONOUNS_MEAN = frozenset((PERSON, GROUP, MINE, WE, ME, "people", "everyone", "who"))
_NAMES = frozenset((PERSON, GROUP, SCENARIO, THING))
_PEOPLE = frozenset((PERSON, GROUP, MINE, WE))
_NAMED = _PEOPLE | _NAMES
_WHOEVER = word_set("who anyone anybody people nobody someone somebody")
_ANYONE = word_set("anyone anybody everyone everybody someone somebody the people")
_NO_NAMES = word_set("both not never no before after since until between")
_IN_NO_NAME = (COMMON_WORDS | _NOUNS | _NO_NAMES) - CALLED
_OTHERS = word_set("everyone everybody anyone anybody others people")
# "mark: gold this week", but not "group: west".
_KEYS = "|".join(word for row in FILTERS for word in row.words if word.endswith(":"))
_COLON = re.compile(rf"(?<!\S)(?!{_KEYS})([^\W\d]+):(?!\S)|(?<=\w):(?= [^\w\s])", re.IGNORECASE)
# What stands between two requests in one text.
_BETWEEN_REQUESTS = re.compile(
    r"[.!?;,]+(?=\s|$)|(?<!\S)(?:and|&|then|also|plus)(?!\S)", re.IGNORECASE
)
# What no date begins with.
_NO_DATES = (own_words().keys() | RANKS.keys()) - {
    *NAMED_MONTHS,
    *MONTHS,
    *WEEKDAYS,
    *DAYS,
    *CALENDAR_AND_DAY,
    *word_set("the a an this last next now end start beginning day current previous"),
}
_LISTING = frozenset(("and", "or", "nor"))
_BETWEEN_REPORTS = frozenset(("and", "then", "also", "plus", "&"))
_JOINING = frozenset(("and", "or", "with", "versus", "than", "against"))


NO_FILTERS = Query()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What plain words ask for: a report, or a command, by its name; "" where nothing tells.

    `words` are the filters in canonical words; of a comparison those of both sides. `query` has the
    same filters, of a comparison none. `unused` are words that were not understood: the rest is
    offered, and not answered. `stopping` are those without which the rest would be the opposite:
    then nothing tells. `export`: as a file. `near` are the reports that words point at where
    something was not understood, the likeliest first. `untold`: the unused words are understood,
    and no report tells it.
    """

    report: str
    words: str = ""
    query: Query = NO_FILTERS
    unused: tuple[str, ...] = ()
    stopping: tuple[str, ...] = ()
    export: bool = False
    near: tuple[str, ...] = ()
    untold: bool = False

    @property
    def command(self) -> str:
        """The whole command in words of the language."""
        return f"{self.report} {self.words}".strip()


@dataclass(frozen=True, slots=True)
class Changes:
    """What plain words change of a question that was asked before.

    `report` is the one that a phrase asks for, "" where none does, and `query` the filters that are
    said; nothing is implied. `words` are those that are neither filters nor names, as patterns see
    them, `unused` those that were not understood. `export`: as a file.
    """

    report: str
    query: Query
    words: frozenset[str] = frozenset()
    unused: tuple[str, ...] = ()
    export: bool = False


class Unknown(Unclear):
    """Words where a name is expected, which fit none."""


class Theirs(Unclear):
    """Words about whoever somebody coaches: "jane's team". The `reference` names that coach."""

    def __init__(self, text: str, span: TextSpan, reference: str) -> None:
        super().__init__(text, span)
        self.reference = reference


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads plain words at a moment, for somebody in a time zone.

    Only names that may be `seen` are found. `coaches`: they mean whom they coach by "we".
    `everyone`: they see everybody, so that a word that is nobody's name is none at all.
    """

    now: datetime
    zone: ZoneInfo
    names: Names = NO_NAMES
    seen: Seen = lambda known: True
    coaches: bool = False
    everyone: bool = True

    def understand(self, text: str) -> Meaning:
        """What the text asks for.

        Raises Unclear for a name that fits several, Unknown for one that fits none, Theirs for the
        people of a coach, ParseError for a filter that cannot be meant as it stands, and TooLong.
        """
        reading, export, cut = self._taken_apart(text)
        found = reading.found
        if found and found.phrase.report == COMPARE:
            return self._compared(reading, found)
        return replace(self._meant(reading, cut), export=export)

    def changes(self, text: str, report: str) -> Changes:
        """What the text changes of another question, to this report. Raises as `understand`, but
        never Unknown."""
        lead = report if report in _OF_WHAT_IS_AHEAD else SESSIONS
        reading, export, cut = self._taken_apart(text)
        said, found = reading.said, reading.found
        self._refuse_owning_month(reading)
        if found and found.phrase.report == COMPARE:
            return self._changed_sides(reading, found, export)
        taken = found.taken if found else frozenset[int]()
        kept = [at for at in reading.rest if at not in taken or said[at].reference is not None]
        kept = [at for at in kept if said[at].word != OWNER]
        extra = f"{found.words if found else ''} {reading.denied}".strip()
        query, unread = self._read(reading, kept, lead, extra)
        words_ = {said[at].word for at in (*taken, *unread) if said[at].reference is None}
        about = found.phrase.report if found else SESSIONS
        unused = [at for at in unread if not _may_be_ignored(said, at, about)]
        unused = [at for at in unused if said[at].word not in PRONOUNS | LEADING_ON]
        if found and found.phrase.is_nearest:
            unused = sorted({*unused, *found.taken})
        # "How is my team" and "sam" alone ask for nothing that is in the words.
        asked = found.phrase.report if found and words_ - LEADING_ON else ""
        return Changes(asked, query, frozenset(words_), (*reading.typed(unused), *cut), export)

    def _changed_sides(self, reading: _Reading, found: _FoundPhrase, export: bool) -> Changes:
        """What words about two sides change of another question."""
        try:
            meaning = self._compared(reading, found)
        except Unknown as unknown:
            return Changes(COMPARE, NO_FILTERS, unused=(unknown.typed,))
        query, _ = _read_leniently(meaning.words, COMPARE, self.now, self.zone)
        words_ = {reading.said[at].word for at in found.taken if reading.said[at].reference is None}
        unused = (*meaning.unused, *meaning.stopping)
        return Changes(COMPARE, query, frozenset(words_), unused, export)

    def _taken_apart(self, text: str) -> tuple[_Reading, bool, tuple[str, ...]]:
        """The text in pieces; whether it is to be a file; and what of it was not read at all."""
        cleaned, cut = _first_words(_reworded(clean(text)))
        said = pieces(cleaned, self.names, self.seen)
        _refuse_people_of_somebody(cleaned, said)
        left = _without(POLITE, said, range(len(said)))
        left = [at for at in left if not _is_rhetorical(said, at)]
        asked = _without(EXPORT, said, left)
        rest, denied = _left_out(cleaned, said, asked)
        found = _find_phrase(said, rest)
        return _Reading(cleaned, said, asked, rest, denied, found), len(asked) < len(left), cut

    def _meant(self, reading: _Reading, cut: tuple[str, ...]) -> Meaning:
        """The meaning of words that compare nothing, or two times; `cut` were not read at all."""
        said, found = reading.said, reading.found
        report = found.phrase.report if found else ""
        if report == STATS:
            report = self._with_figures({said[at].word for at in reading.rest})
        if found and report in _WHOLE:
            return Meaning(report, found.words)
        if found and (span := _called_as_a_month(said, found)):
            raise Unknown(reading.cleaned, span)
        self._refuse_owning_month(reading)
        query, unread = self._filters(reading, report)
        if query.versus is not None:
            report = COMPARE
        unread = [at for at in unread if said[at].word.rstrip("s") != report.rstrip("s")]
        unused = self._unused(reading, report, query, unread)
        self._refuse_unknown(reading, unused)
        mattering = _matching(MATTERS, said, unread)
        unused = sorted({*unused, *mattering})
        untold = bool(found and found.phrase.is_nearest) and not unused
        if found and found.phrase.is_nearest:
            unused += found.taken
        stopping = _stopping(reading, unread)
        kinds = [{ref.kind for ref in named} for named in (query.names, query.left_out)]
        if kinds[0] & kinds[1] & {Kind.SCENARIO}:  # who did one and not the other
            stopping = reading.left_out
        if stopping:
            return self._stopped(reading, report, stopping)
        if not (found or self.everyone or mattering) and (span := _name_alone(said, unused)):
            raise Unknown(reading.cleaned, span)
        report, named = report or _report_for(query), query_words(query)
        if report == OWN_WEEK and named:
            report, named = SESSIONS, f"me {named}"
        if report == ATTEMPT and query.sort is not Sort.NEWEST:
            report = SESSIONS  # in whose rows it is the first
        near = _near(reading, report) if unused else ()
        unused_words = (*reading.typed(unused), *cut)
        return Meaning(report, named, query, unused_words, near=near, untold=untold)

    def _stopped(self, reading: _Reading, report: str, stopping: Sequence[int]) -> Meaning:
        """What is about a question without which it would be another: whom and when, but for what
        stands right after the words that stop it."""
        reach = {at for place in stopping for at in range(place, place + _REACH_OF_NOT + 1)}
        safe = [at for at in reading.rest if at not in reach]
        query, _ = self._read(reading, safe, SESSIONS, "")
        about = Query(people=query.people, names=query.names, period=query.period)
        return Meaning(
            "",
            query_words(about),
            about,
            stopping=reading.typed(stopping),
            near=_near(reading, report),
        )

    def _refuse_owning_month(self, reading: _Reading) -> None:
        """Raise Unclear for "april's", who may be somebody whom they don't see."""
        at = None if self.everyone else _owning_month(reading.said)
        if at is not None:
            month = reading.said[at]
            raise Unclear(reading.cleaned, (month.start, month.end), month=month.word)

    def _filters(self, reading: _Reading, report: str) -> tuple[Query, list[int]]:
        """The filters in what a phrase leaves, and in the words that it says; and the pieces that
        are none."""
        said, found = reading.said, reading.found
        taken = found.taken if found else frozenset[int]()
        kept = [at for at in reading.rest if at not in taken or said[at].reference is not None]
        kept = [at for at in kept if _narrows(said, at, report, taken)]
        extra = f"{found.words if found else ''} {reading.denied}".strip()
        query, unread = self._read(reading, kept, report, extra)
        spoken = {said[at].word for at in reading.rest}
        usual = found.phrase.usual if found else ""
        if spoken & _EVER.get(report, frozenset()):
            usual = ALL_TIME
        elif any(said[at].word == "versus" for at in reading.rest if at not in taken):
            usual = _beside(query.versus)
        if usual and query.period is None:
            return self._read(reading, kept, report, f"{extra} {usual}")
        return query, unread

    def _unused(
        self, reading: _Reading, report: str, query: Query, unread: Sequence[int]
    ) -> list[int]:
        """The pieces that say something which the question would not have."""
        said, rest, found = reading.said, reading.rest, reading.found
        unused = [at for at in unread if not _may_be_ignored(said, at, report)]
        if "not " in reading.denied and any(said[at].word in _WHOEVER for at in rest):
            # People without a gold are not those of the sessions that are none.
            unused += [at for at in reading.left_out if said[at].reference is None]
        unused += _of_another_report(said, rest, found)
        is_counted = query.limit or any(said[at].word == "many" for at in rest)
        if found and (query.score is not None or (is_counted and report == SESSIONS)):
            # "below 65 on average" is about people, no average is one of the last 5, or a count
            unused += [at for at in rest if at in found.taken and said[at].word == "average"]
        is_one = report == ATTEMPT or query.sort is not Sort.NEWEST
        if is_one or not (self.everyone or self.coaches or query.people):
            unused += [at for at in unread if said[at].word in _OTHERS]
        if found is None and not unused:
            unused = [at for at in unread if said[at].word in ASKS_FOR_MORE]
            unused = [at for at in unused if not _is_noun(said, at)]
        return unused

    def _refuse_unknown(self, reading: _Reading, unused: Sequence[int]) -> None:
        """Raise Unknown if words that were not understood stand where a name is expected, or if
        they alone were not, and one is of a name."""
        said, found = reading.said, reading.found
        is_named = any(said[at].word in (PERSON, GROUP, MINE) for at in reading.rest)
        slot = found.slots.get("x", frozenset[int]()) if found else frozenset[int]()
        unknown = [at for at in unused if said[at].word not in COMMON_WORDS | _NO_NAMES]
        is_name = bool(unused) and max(unused) - min(unused) < len(set(unused))
        is_name = is_name and all(self.names.have(said[at].word, self.seen) for at in unknown)
        if not is_name and (parts := self._part_of_a_name(reading, unknown)):
            unknown, is_name = parts, True
        if not is_name:
            unknown = [at for at in unknown if at in slot or _is_somebody(said, at)]
            unknown = [at for at in unknown if not self._is_ours(said[at].word)]
        if not unknown or (is_named and not is_name):
            return
        first = last = unknown[0]
        while first - 1 in unused and _may_be_one_name(reading, first - 1):
            first -= 1
        while last + 1 in unused and _may_be_one_name(reading, last):
            last += 1
        raise Unknown(reading.cleaned, (said[first].start, said[last].end))

    def _is_ours(self, word: str) -> bool:
        """Whether a word says something to us, and is in nobody's and nothing's name."""
        return word in own_words() and word not in CALLED and word not in self.names.words

    def _part_of_a_name(self, reading: _Reading, unknown: Sequence[int]) -> list[int]:
        """Words beside each other that are of things' names, where no thing is named; else none."""
        said = reading.said
        unknown = [at for at in unknown if said[at].word not in COMMON_WORDS]
        parts = [at for at in unknown if self.names.have(said[at].word, self.seen)]
        run = [at for at in unknown if parts and {at - 1, at, at + 1} & {*parts}]
        is_of_a_thing = any(said[at].word in (SCENARIO, THING) for at in reading.rest)
        return parts if not is_of_a_thing and run and max(run) - min(run) < len(parts) else []

    def _with_figures(self, words_: Set[str]) -> str:
        """The report that has figures of those who are named, or else of the asker's people."""
        if PERSON in words_:
            return PROGRESS
        is_own = ME in words_ and not words_ & {GROUP, MINE, WE}
        return OWN_WEEK if is_own or not (self.everyone or self.coaches) else TEAM

    def _compared(self, reading: _Reading, found: _FoundPhrase) -> Meaning:
        """The meaning of words about two sides, each read by itself."""
        said, rest = reading.said, reading.rest
        others = [at for at in rest if at not in found.slots["a"] | found.slots["b"]]
        others = [at for at in others if at not in found.taken or said[at].reference is not None]
        others = [at for at in others if _narrows(said, at, COMPARE, found.taken)]
        both, unread = self._read(reading, others, COMPARE, reading.denied)
        sides = list[Query]()
        for name in "ab":
            own = [at for at in rest if at in found.slots[name] and said[at].word != OWNER]
            query, odd = self._read(reading, own, COMPARE, "")
            unread += odd
            odd = [at for at in odd if not _may_be_ignored(said, at, COMPARE)]
            is_nobody = bool(sides) and _names_any(sides[0]) and not _names_any(query)
            odd = [at for at in odd if said[at].word not in _NO_NAMES]
            odd = [at for at in odd if not self._is_ours(said[at].word)]
            if odd and (is_nobody or query == NO_FILTERS):
                raise Unknown(reading.cleaned, (said[odd[0]].start, said[odd[-1]].end))
            sides.append(query)
        if stopping := _stopping(reading, unread):
            return Meaning("", stopping=reading.typed(stopping))
        mattering = _matching(MATTERS, said, unread)
        unused = [at for at in unread if said[at].reference is None]
        unused = [at for at in unused if at in mattering or not _may_be_ignored(said, at, COMPARE)]
        if part := self._part_of_a_name(reading, unread):
            raise Unknown(reading.cleaned, (said[part[0]].start, said[part[-1]].end))
        if _is_one_of_many(*sides):
            # Nobody is compared with a group.
            other = reading.typed(sorted(found.slots["b"]))
            first = query_words(sides[0])
            return Meaning(PROGRESS if sides[0].people else TEAM, first, sides[0], other)
        if (several := _of_several(both, *sides)) is not None:
            return Meaning(TEAM, query_words(several), several, reading.typed(unused))
        named = f"{_side_by_side(*sides)} {query_words(both)}".strip()
        return Meaning(COMPARE, named, unused=reading.typed(unused))

    def _read(
        self, reading: _Reading, kept: Sequence[int], report: str, extra: str
    ) -> tuple[Query, list[int]]:
        """The filters in these pieces and the `extra` words; and the pieces that are none."""
        said = reading.said
        text, starts, emitted = "", list[int](), list[int]()
        is_named = any(said[at].word in (PERSON, GROUP) for at in kept)
        for place, at in enumerate(kept):
            piece = said[at]
            word = piece.reference
            if piece.word in (MINE, WE):
                is_ours = self.coaches and report not in _OF_ALL
                is_named = is_named or (report == RANKING and not (self.coaches or self.everyone))
                word = _MY_PEOPLE if not is_named and (piece.word == MINE or is_ours) else ""
            elif word is None:
                is_spelt = piece.word.isdigit() or piece.word == "and"
                word = piece.word if is_spelt else reading.cleaned[piece.start : piece.end]
            before = said[kept[place - 1]] if place and kept[place - 1] == at - 1 else None
            if before is not None and before.start == piece.start:
                continue  # two pieces of one word
            text += " " if before is None else reading.cleaned[before.end : piece.start]
            starts.append(len(text))
            emitted.append(at)
            text += word
        query, odd = _read_leniently(f"{text} {extra}", report or SESSIONS, self.now, self.zone)
        typed = (at for at in odd if at < len(text))
        first = {said[emitted[bisect_right(starts, at) - 1]].start for at in typed}
        # "isn't" is two pieces.
        return query, [at for at in kept if said[at].start in first]


def corrected(text: str, names: Set[str] = frozenset()) -> Iterator[str]:
    """The text with misspelt words of ours, or of `names`, put right, in each way there is, up to
    eight; nothing for a text that is long."""
    cleaned = clean(text)
    said = tokens(cleaned)
    known = (*own_words(), *names)
    wrong = [
        (token, near)
        for token in (said if len(said) <= _MOST_LOOKED_UP else ())
        if token.folded.isalpha()
        and not (token.folded in own_words() or token.folded in names)
        and _reworded(token.folded) == token.folded
        and (near := nearest_words(token.folded, known, in_running_text=True))
    ]
    for chosen in islice(product(*(near for _, near in wrong)), _MOST_WAYS if wrong else 0):
        better = cleaned
        for (token, _), word in zip(reversed(wrong), reversed(chosen), strict=True):
            better = f"{better[: token.start]}{word}{better[token.end :]}"
        yield better


def requests(text: str) -> tuple[str, ...]:
    """The parts of a text that may each ask for something: "the team and who is overdue"; nothing
    for a text with more than eight, as each part is read by itself."""
    parts = [part.strip() for part in _BETWEEN_REQUESTS.split(clean(text))]
    return tuple(dict.fromkeys(filter(None, parts))) if 1 < len(parts) <= _MOST_REQUESTS else ()


def has_names(text: str) -> bool:
    """Whether a text has words that may be somebody's or something's name."""
    return any(
        token.form is TokenForm.QUOTED
        or (
            token.form is TokenForm.WORD
            and not token.text.isdigit()
            and (token.folded not in own_words() or token.folded.removesuffix("'s") in CALLED)
        )
        for token in tokens(clean(text))
    )


@dataclass(frozen=True, slots=True)
class _FoundPhrase:
    """A phrase in a text: the pieces that it takes, those where a name is expected, by slot, and
    the words of the language that it says."""

    phrase: Phrase
    taken: frozenset[int]
    slots: dict[str, frozenset[int]]
    words: str


@dataclass(frozen=True, slots=True)
class _Reading:
    """A text taken apart into the pieces that were `said`; what follows are places in these.

    `asked` is without manners, and `rest` also without what the question is not about, which
    `denied` says in words of the language. `found` is the phrase in the rest.
    """

    cleaned: str
    said: Sequence[WordPiece]
    asked: Sequence[int]
    rest: Sequence[int]
    denied: str
    found: _FoundPhrase | None

    @property
    def left_out(self) -> list[int]:
        """What says what the question is not about."""
        return [at for at in self.asked if at not in self.rest]

    def typed(self, chosen: Sequence[int]) -> tuple[str, ...]:
        """The words as typed, those beside each other together, each once."""
        spans = list[list[int]]()
        for at in sorted(chosen):
            if spans and self.said[at].start <= spans[-1][1] + 1:
                spans[-1][1] = self.said[at].end
            else:
                spans.append([self.said[at].start, self.said[at].end])
        return tuple(dict.fromkeys(self.cleaned[start:end] for start, end in spans))


class _LineOfPieces:
    """Some of the pieces as one line of text, and which piece stands where."""

    def __init__(self, said: Sequence[WordPiece], chosen: Sequence[int], gap: str = "") -> None:
        self.text, self._starts, self._chosen = "", list[int](), chosen
        for place, at in enumerate(chosen):
            if place and chosen[place - 1] != at - 1:
                self.text += gap
            self._starts.append(len(self.text))
            self.text += f"{said[at].word} "
        self.text = self.text.rstrip()

    def inside(self, span: tuple[int, int]) -> frozenset[int]:
        """The pieces in that part of the text."""
        at = range(bisect_right(self._starts, span[0]) - 1, bisect_right(self._starts, span[1] - 1))
        return frozenset(self._chosen[each] for each in at) if span[0] < span[1] else frozenset()


def _without(
    pattern: re.Pattern[str], said: Sequence[WordPiece], chosen: Sequence[int]
) -> list[int]:
    """The chosen pieces without those that match."""
    line = _LineOfPieces(said, chosen)
    gone = {at for found in pattern.finditer(line.text) for at in line.inside(found.span())}
    return [at for at in chosen if at not in gone]


def _left_out(
    cleaned: str, said: Sequence[WordPiece], chosen: Sequence[int]
) -> tuple[list[int], str]:
    """The chosen pieces without those that say what the question is not about, and this in words
    of the language."""
    line = _LineOfPieces(said, chosen, gap=_GAP)
    gone, denied = set[int](), list[str]()
    for found in LEFT_OUT.finditer(line.text):
        names = _first_list(cleaned, said, sorted(line.inside(found.span("names"))))
        taken = frozenset(at for at in line.inside(found.span()) if at <= names[-1])
        first = min(taken)
        if _is_dash(said, first):
            continue
        if said[first].word == "but" and first - 1 in gone:
            gone.add(first)
            continue  # "not jane but raj"
        if said[first].word == "not" and names == [first + 1, first + 2]:
            continue  # "not jane, raj"
        gone |= taken
        for at in names:
            piece = said[at]
            if piece.reference is not None:
                denied.append(f"-{piece.reference or cleaned[piece.start : piece.end]}")
    for found in NOT_RANKED.finditer(line.text):
        taken = line.inside(found.span())
        if _is_dash(said, min(taken)):
            continue
        gone |= taken
        ranks = _RANKS_SAID.findall(found["ranks"])
        plus = "+" if found["below"] else ""
        denied.append(f"not {','.join(f'{rank}{sign or plus}' for rank, sign in ranks)}")
    return [at for at in chosen if at not in gone], " ".join(denied)


def _first_list(cleaned: str, said: Sequence[WordPiece], names: list[int]) -> list[int]:
    """As many of these pieces as are one list: without "and" or a comma, the next name is another
    matter."""
    last = names[0]
    for at in names:
        if said[at].reference is None or at == last:
            continue
        between = {said[each].word for each in range(last + 1, at)}
        if not between & _LISTING and "," not in cleaned[said[last].end : said[at].start]:
            return [each for each in names if each <= last]
        last = at
    return names


def _is_dash(said: Sequence[WordPiece], at: int) -> bool:
    """Whether a "-" stands for itself, and not before what is left out."""
    return said[at].word == "-" and said[at].end < said[at + 1].start


def _stopping(reading: _Reading, unread: Sequence[int]) -> list[int]:
    """Of the words that were not read, those without which the question would be another."""
    said = reading.said
    found = _matching(TURNS, said, unread)
    return [at for at in found if said[at].word != "only" or not _is_beside(reading, at, unread)]


def _matching(
    pattern: re.Pattern[str], said: Sequence[WordPiece], unread: Sequence[int]
) -> list[int]:
    """Of the words that were not read, those that match."""
    line = _LineOfPieces(said, unread, gap=_GAP)
    return [at for match in pattern.finditer(line.text) for at in line.inside(match.span())]


def _is_beside(reading: _Reading, at: int, unread: Sequence[int]) -> bool:
    """Whether a word stands beside one that was read: "only gold", "gold only"."""
    said = reading.said
    for step in (-1, 1):
        place = at + step
        while place in unread and (said[place].word in FILLERS or said[place].word in _ARTICLES):
            place += step
        if place in reading.rest and place not in unread:
            return True
    return False


def _near(reading: _Reading, report: str) -> tuple[str, ...]:
    """The reports to offer: the one that a phrase asks for, those that single words point at, and
    the one that filters alone ask for."""
    line = _LineOfPieces(reading.said, reading.asked).text
    pointed = [near for near, words_ in POINTS_AT if words_.search(line)]
    near = (report, *pointed) if reading.found else (*pointed, report)
    return tuple(dict.fromkeys(filter(None, near)))


def _find_phrase(said: Sequence[WordPiece], chosen: Sequence[int]) -> _FoundPhrase | None:
    """The first phrase of the table that stands in these pieces."""
    line = _LineOfPieces(said, chosen)
    for phrase in PHRASES:
        match = phrase.pattern.search(line.text)
        if match is None:
            continue
        slots = {
            name: line.inside(match.span(name))
            for name in ("x", "a", "b")
            if match.re.groupindex.get(name) and match[name]
        }
        kept = frozenset[int]().union(*slots.values())
        inside = line.inside(match.span())
        named = {"what": _named(said, inside), "whom": _named(said, inside, _PEOPLE)}
        filled = phrase.words.format_map({**match.groupdict(), **named}).strip()
        return _FoundPhrase(phrase, inside - kept, slots, filled)
    return None


def _named(said: Sequence[WordPiece], inside: Collection[int], kinds: Set[str] = _NAMED) -> str:
    """The words for what these pieces name, of these kinds, in their order."""
    named = (said[at] for at in sorted(inside) if said[at].word in kinds)
    return " ".join(dict.fromkeys(each.reference or _MY_PEOPLE for each in named))


def _of_another_report(
    said: Sequence[WordPiece], rest: Sequence[int], found: _FoundPhrase | None
) -> list[int]:
    """Words that ask for a second report: "how is grace doing and what is overdue"."""
    ends = [place for place, at in enumerate(rest) if said[at].word in _BETWEEN_REPORTS]
    parts = [rest[start:end] for start, end in pairwise((0, *ends, len(rest)))] if found else []
    others = (_find_phrase(said, part) for part in parts if ends)
    return [
        at
        for other in others
        if found and other and other.phrase.report not in (found.phrase.report, SESSIONS, STATS)
        if not other.taken & found.taken
        for at in sorted(other.taken)
    ]


def _is_rhetorical(said: Sequence[WordPiece], at: int) -> bool:
    """Whether a "not" only asks whether it is so: "didn't raj practise"."""
    if at != 1 or said[1].word != "not" or said[0].start != said[1].start or len(said) < 3:
        return False
    return said[2].reference is not None or said[2].word in _ANYONE


def _narrows(said: Sequence[WordPiece], at: int, report: str, taken: Collection[int]) -> bool:
    """Whether a piece says what the question is about: "me" does not always, and "'s" never."""
    if said[at].word != ME:
        return said[at].word != OWNER
    if report in _NOT_NARROWED:
        return False
    beside = {said[place].word for place in (at - 1, at + 1) if 0 <= place < len(said)}
    others = any(piece.word in (PERSON, GROUP, MINE, WE) for piece in said)
    return not others or (at not in taken and bool(beside & _JOINING))


def _is_somebody(said: Sequence[WordPiece], at: int) -> bool:
    """Whether a word stands where somebody's name would: before "'s", or after "for"."""
    if at + 1 < len(said) and said[at + 1].word == OWNER:
        return True
    word = said[at].word
    if any(char.isdigit() for char in word) or word in _ORDERS:
        return False
    before = at - 1
    while before >= 0 and said[before].word in _ARTICLES:
        before -= 1
    return before >= 0 and said[before].word in _OF_SOMEBODY


def _may_be_one_name(reading: _Reading, at: int) -> bool:
    """Whether a piece and the one after it may be words of one name, with nothing between them."""
    pair = reading.said[at : at + 2]
    between = reading.cleaned[pair[0].end : pair[1].start]
    words_ = {each.word for each in pair}
    return not between.strip() and not words_ & _IN_NO_NAME and not any(map(TURNS.match, words_))


def _called_as_a_month(said: Sequence[WordPiece], found: _FoundPhrase) -> TextSpan | None:
    """Where a month, or "will", stands in a place of somebody's name: "how is may doing"."""
    slot = sorted(found.slots.get("x", ()))
    if not slot or any(said[at].word not in CALLED for at in slot):
        return None
    return said[slot[0]].start, said[slot[-1]].end


def _refuse_people_of_somebody(cleaned: str, said: Sequence[WordPiece]) -> None:
    """Raise Theirs where somebody's people are asked about, as in "jane's team", and Unknown where
    nobody is called so."""
    for coach, owner, people in zip(said, said[1:], said[2:], strict=False):
        if owner.word != OWNER or people.word not in ("people", WE, "groups"):
            continue
        if coach.reference is None and coach.word not in own_words():
            raise Unknown(cleaned, (coach.start, coach.end))
        name = coach.reference or ""
        if coach.word == PERSON and not name.startswith('@"'):
            raise Theirs(cleaned, (coach.start, people.end), name)


def _owning_month(said: Sequence[WordPiece]) -> int | None:
    """Where a month owns something: "april's sessions" are somebody's, or of the month."""
    owning = (at for at, piece in enumerate(said[1:]) if piece.word == OWNER)
    return next((at for at in owning if said[at].word in NAMED_MONTHS), None)


def _name_alone(said: Sequence[WordPiece], unused: Sequence[int]) -> TextSpan | None:
    """Where a name stands that is asked about and nothing else, as in "show liam"; None where
    there may be more to it, or the words are like ours."""
    odd = set(unused)
    odd |= {at for at, piece in enumerate(said) if piece.word in CALLED and {at - 1, at + 1} & odd}
    words_ = [said[at].word for at in odd]
    if not odd or len(odd) > _LONGEST_ALONE or max(odd) - min(odd) >= len(odd):
        return None
    others = [said[at] for at in range(len(said)) if at not in odd]
    if any(each.word in (PERSON, GROUP) for each in others):
        return None
    shown = any(each.word in ("show", "about", "see") for each in others)
    for word in words_:
        is_typo = (
            word not in CALLED and not shown and len(word) > 3 and nearest_words(word, own_words())
        )
        if not word.isalpha() or is_typo or word in _TIMES | _NO_NAMES:
            return None
    if any(each.word in COMMON_WORDS and each.word not in _ASKING_TO_SEE for each in others):
        return None
    return said[min(odd)].start, said[max(odd)].end


def _report_for(query: Query) -> str:
    """The report that filters without a phrase ask for; "" where that cannot be told."""
    if query == NO_FILTERS:
        return ""
    named = (*query.names, *query.left_out)
    is_groups = bool(named) and all(
        isinstance(ref, PersonRef) or ref.kind is Kind.GROUP for ref in named
    )
    is_ours = query.people == (PersonRef(PersonKind.MINE),) and not named
    left = replace(
        query, people=() if is_ours else query.people, names=(), left_out=(), period=None
    )
    is_of_people = is_groups or is_ours
    if query.limit is not None and query.sort in (Sort.NEWEST, Sort.BEST) and not left.people:
        return RANKING  # "top 5"
    return TEAM if is_of_people and left == NO_FILTERS else SESSIONS


def _read_leniently(text: str, lead: str, now: datetime, zone: ZoneInfo) -> tuple[Query, list[int]]:
    """The question in what filters take of a text, and where the words stand that none takes.

    Raises ParseError for a filter's words that something is wrong with, if it can be mended.
    """
    cursor = QueryCursor(text, tokens(text), lead, now=now, zone=zone)
    odd: list[int] = []
    while cursor.rest:
        if cursor.word() in KINDS or not _is_read(cursor):
            odd.append(cursor.token.start)
            cursor.at += 1
    if lead not in (SESSIONS, ATTEMPT):
        # Such a limit is one of sessions. "Improved by more than 10" is about people.
        for slot in ("score", "length"):
            limits = [span for key, span in cursor.spans.items() if key.startswith(slot)]
            odd += [
                each.start
                for each in cursor.tokens
                if any(start <= each.start < end for start, end in limits)
            ]
            cursor.values.pop(slot, None)
    return cursor.query, odd


def _may_be_ignored(said: Sequence[WordPiece], at: int, report: str) -> bool:
    """Whether a word narrows nothing in a question for this report, however it is spelt."""
    word = said[at].word.strip("?!'*_~")
    if word in OF_SESSIONS:
        return report not in _OF_NO_SESSIONS
    if word in AHEAD:
        return report in _OF_WHAT_IS_AHEAD
    if word in FINISHED:
        return report == ASSIGNMENTS
    if word in PRONOUNS:
        return any(piece.word in _WHOM_PRONOUNS_MEAN for piece in said)
    if report in _SHOWN.get(word, ()):
        return True
    if word == "number" and [each.word for each in said[at + 1 : at + 2]] == ["of"]:
        return True  # all lists say of how many
    if word in KINDS or word == "or":
        beside = (*said[max(at - 1, 0) : at], *said[at + 1 : at + 2])
        return any(each.word in _NAMES for each in beside)
    if _is_noun(said, at):
        return True
    return word in STOP_WORDS or word in FILLERS or not word


def _is_noun(said: Sequence[WordPiece], at: int) -> bool:
    """Whether a word only says what it is that was named before it: "the renewal call", "the bronze
    ones"."""
    if said[at].word not in _NOUNS:
        return False
    before = said[at - 1].word if at else ""
    is_the_one = said[at].word == "one" and before in _ARTICLES
    return is_the_one or before in (SCENARIO, THING) or before in RANKS or before in FINISHED


def _is_read(cursor: QueryCursor) -> bool:
    """Whether a filter takes the words here."""
    try:
        refuse_slack_forms(cursor)
        if cursor.word().isdigit() and cursor.word(1) in _MINUTES:
            return False  # a length of time, and no time
        return any(row.read(cursor) for row in FILTERS)
    except ParseError as error:
        word = cursor.word()
        after, is_bound = cursor.word(1), word in BOUNDS
        if is_bound and (not after or after in _NO_DATES):
            return False  # "until silver", "the one before", "since they joined"
        if error.suggestions or not word.isalpha() or is_bound or after in RANKS:
            raise
        return False  # the beginning of a filter, such as "last", without the rest of it


def _names_any(query: Query) -> bool:
    return bool(query.people or query.names)


def _beside(other: Period | None) -> str:
    """The time that another is compared with where only that is said: this month with a month."""
    return "this month" if other and other.words.removeprefix("in ") in MONTHS else ""


def _is_one_of_many(one: Query, other: Query) -> bool:
    """Whether a person stands against a group."""
    people = [{ref.kind for ref in side.people} for side in (one, other)]
    is_known = not any(PersonKind.HANDLE in kinds for kinds in people)
    is_alike = bool(people[0]) == bool(people[1])
    return is_known and not is_alike and _names_any(one) and _names_any(other)


def _of_several(both: Query, *sides: Query) -> Query | None:
    """The question about more than two people or groups, which stand side by side in the rows of a
    team; None for one about two."""
    queries = (both, *sides)
    people = [ref for query in queries for ref in query.people]
    names = [ref for query in queries for ref in query.names]
    periods = [query.period for query in queries if query.period is not None]
    others = [replace(side, people=(), names=(), period=None) for side in sides]
    is_of_several = len(people) > 2 or len([x for x in names if x.kind is Kind.GROUP]) > 2
    if not is_of_several or len(periods) > 1 or others != [NO_FILTERS, NO_FILTERS]:
        return None
    period = periods[0] if periods else None
    return replace(both, people=tuple(people), names=tuple(names), period=period)


def _side_by_side(one: Query, other: Query) -> str:
    """The words of both sides; two periods stand beside each other."""
    if one.period is None or other.period is None:
        return f"{query_words(one)} {query_words(other)}".strip()
    named = (query_words(replace(side, period=None)) for side in (one, other))
    periods = f"{one.period.words} vs {other.period.words}"
    return " ".join(filter(None, (*named, periods)))


def _first_words(text: str) -> tuple[str, tuple[str, ...]]:
    """As many words as are read, and what is left out, in a few words."""
    rest = tokens(text)[_MOST_READ:]  # also words without spaces between them: "<@<@", "an,an,"
    if not rest:
        return text, ()
    return text[: rest[0].start].rstrip(), (f"everything after {_MOST_READ} words",)


def _reworded(text: str) -> str:
    """The text with times and scores as the language has them."""
    text = _COLON.sub(lambda found: found[1] or "", text)
    for pattern, words_ in REWORDED:
        text = pattern.sub(words_, text)
    return text

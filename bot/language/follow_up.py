"""A text that goes on with the question before it: "and last month?", "not him, priya", "more".
Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum, auto
from typing import Any

from bot.language.days import CALENDAR_AND_DAY, NAMED_MONTHS, floor, shift
from bot.language.filters import FILTERS
from bot.language.filters.how import PAGE
from bot.language.filters.names import written_name
from bot.language.filters.what import ATTEMPT as ATTEMPT_ID
from bot.language.filters.what import RANKS
from bot.language.filters.when import PERIOD, VERSUS
from bot.language.filters.who import WHO, WITHOUT, written_person
from bot.language.period import ALL_TIME, BEFORE_LAST
from bot.language.phrases import OF_SESSIONS, STATS, TEAM_NOUNS, word_set
from bot.language.plain_words import (
    ATTEMPT,
    COMPARE,
    OWN_WEEK,
    PROGRESS,
    RANKING,
    SESSIONS,
    TEAM,
    Changes,
)
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, Rank, Sort
from bot.language.running_text import CALLED
from bot.language.text import clean, fold
from bot.language.words import query_words, without

INACTIVE = "inactive"
SIDES = 2  # of a comparison


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: the name of its report, and its filters."""

    report: str
    query: Query

    @property
    def command(self) -> str:
        """The whole command in canonical words."""
        return f"{self.report} {query_words(self.query)}".strip()


class Way(Enum):
    """Where a text leads in an answer that was given."""

    MORE = auto()
    BACK = auto()
    AGAIN = auto()
    ROW = auto()
    EARLIER = auto()
    LATER = auto()
    BELOW = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """A step in an answer; `row` is counted from 0, and from -1 backwards."""

    way: Way
    row: int = 0


class Wish(Enum):
    """What a text asks for that says nothing but that, and nothing without what was shown.

    FEEDBACK: "feedback on that", "why so low". WHAT_WENT_WRONG, which feedback tells: "what did i
    do wrong". BOTH: the last two questions beside each other: "compare the two". UP_OR_DOWN:
    whether something got better. ONE_OF_A_GROUP: whoever is there: "the one in my group", "the west
    coast one".
    """

    FEEDBACK = auto()
    WHAT_WENT_WRONG = auto()
    BOTH = auto()
    UP_OR_DOWN = auto()
    ONE_OF_A_GROUP = auto()


@dataclass(frozen=True, slots=True)
class Start:
    """A text without the words that say that it goes on.

    `leads`: it had some, so that by itself it is no question; `may_lead`: as "only" and "by" do, it
    may go on, or be one. `adds`: whom it names is asked about, too. `instead` is what it says that
    it is not about any more. `of_those`: it speaks of what was asked about or answered, and is
    nothing without, `of_people`: of the people.
    """

    text: str
    leads: bool = False
    may_lead: bool = False
    adds: bool = False
    instead: str = ""
    of_those: bool = False
    of_people: bool = False


_ORDINALS = {
    **{word: place for place, word in enumerate(("first", "second", "third", "fourth", "fifth"))},
    **{word: place for place, word in enumerate(("sixth", "seventh", "eighth", "ninth"), 5)},
    "last": -1,
}
_PLEASE = (
    r"(?:(?:can|could) (?:i|you|we) |please |show |see |open |get |give |and |what about |me |us )*"
)
_END = r"(?: (?:please|pls|plz))?[ ?!.]*"
_STEPS = {
    Way.MORE: r"(?:some |any )?more(?: of (?:them|those|that|it))?(?: rows| sessions)?|"
    r"(?:the )?next (?:page|ones|rows|\d+)|next|go on|continue|keep going|(?:the )?rest|"
    r"(?:who|what|which|any(?:one|body|thing)) (?:else|more)(?: is there)?",
    Way.BACK: r"(?:go )?back(?: to (?:the |that )?(?:list|others|rest))?|(?:the )?previous"
    r"(?: (?:page|ones|rows))?|(?:the )?page before",
    Way.AGAIN: r"again|once more|(?:how many )?(?:in total|total|altogether)|"
    r"since when|(?:for )?how (?:many|long|much|often)|who|when|which|on what|"
    r"(?:who(?:se)?|how many|which (?:ones?|scenarios?)|when) (?:is|are|was|were) (?:it|that|they|"
    r"those|these)|who (?:is|are) (?:they|those|these|it|that) (?:from|by|of)|"
    r"who (?:got|has|have|did|made|earned) (?:'?em|them|those|these|it|that)|"
    r"(?:the )?same(?: again| thing(?: again)?| question)?|"
    r"(?:repeat|refresh|rerun)(?: that| it)?|"
    r"(?:ask|run|do|that|it) (?:that |it )?(?:again|once more)",
    Way.EARLIER: r"(?:the )?(?:one|session|attempt) before(?: (?:that|this|it)(?: one)?)?|"
    r"(?:the )?previous (?:one|session|attempt)",
    Way.LATER: r"(?:the )?(?:one|session|attempt) after(?: (?:that|this|it)(?: one)?)?",
    Way.BELOW: r"(?:the )?next (?:one|session|attempt|row)",
}
_WAYS = {way: re.compile(f"{_PLEASE}(?:{words}){_END}") for way, words in _STEPS.items()}
_FEEDBACK = r"(?:the )?(?:feedback (?:on|for|of|from) )?"
_EXTREMES = r"(?:best|worst|highest|lowest|strongest|weakest|top|bottom|hardest|toughest|easiest)"
_MANY = r"(?: (?:\d{1,2}|one|ones|two|three|four|five|scenarios?|skills?))*"
_UNITS = "|".join(CALENDAR_AND_DAY)
# What an answer of these reports tells already.
_WHICH_IS = r"(?:(?:who|which|what|when)(?: (?!is|are|was)\S+)?(?:'?s| is| are| was)? )?(?:the )?"
_TOLD = {
    "assignments": r"(?:it|that|they|those|these) due|(?:still )?(?:left|open)|"
    r"still (?:missing|behind)|(?:due )?(?:first|next)|"
    r"(?:longest |most )?overdue|oldest|most urgent|(?:has|have|is)(?:n'?t| not)(?: yet)? "
    r"(?:start|done|do|finish|complet)\w*(?: (?:theirs?|it|them|yet|any))*",
    "trend": rf"{_EXTREMES}(?: (?:{_UNITS}))?|up or down",
    "scenarios": rf"{_EXTREMES}{_MANY}",
    "skills": rf"(?:{_EXTREMES}|strong|weak|good|bad){_MANY}(?: at)?",
    "leaderboard": r"number (?:one|1)|first|on top|at the top|leading|top|winning|in the lead",
}
_BOTH = r"(?:(?:the|these|those|both) (?:two|2)|(?:the )?both|them|those|these)"
_AHEAD = (
    rf"{_PLEASE}(?:so |then )*(?:who|which(?: one| (?:{_UNITS})| of (?:them|the two|those))?)"
    r"(?:'?s| is| was| did| has| am i| are they| is (?:he|she))? (?:ahead|better|best|winning|won|"
    r"leading|higher|stronger|worse|behind)"
)
_AHEAD_AT = re.compile(rf"{_AHEAD} (?:at|in|on|with) (?P<what>.+?){_END}")
_WISHES = {
    Wish.FEEDBACK: r"(?:and |show (?:me )?|what (?:is|was) )*(?:the |its )?feedback"
    r"(?: (?:on|for|of|from|about) (?:that|it|this)(?: (?:one|session))?)?|"
    r"(?:and |but )?(?:why|how come)(?: (?:so|only|that|is that))?(?: (?:low|high|bad|good))?",
    Wish.WHAT_WENT_WRONG: r"(?:(?:and|so|ok|but) )*(?:(?:what|where) (?:did (?:i|he|she) (?:do|go)|"
    r"went|was) (?:wrong|well|right|good|bad|badly|better)|what (?:should|can|could) (?:i|he|she) "
    r"(?:have )?(?:fix|improve|do|done|said)(?: better| differently| instead)?)"
    r"(?: (?:in|on|about) (?:it|that))?",
    Wish.BOTH: rf"{_PLEASE}(?:(?:(?:how do|do|put) )?(?:compare )?{_BOTH}"
    r"(?: of (?:them|those|these))?(?: compare[d]?)?(?: (?:side by side|next to each other))?|"
    r"compare(?: it| that)?|side by side|"
    r"(?:so )?(?:(?:what|how big) ?(?:'?s|is|was) )?(?:the )?(?:biggest )?(?:difference|diff|gap)"
    rf"(?: between {_BOTH})?)|{_AHEAD}(?: (?:overall|then|at|in|on|with))?",
    Wish.UP_OR_DOWN: r"(?:(?:so|and|is|are|was|did|am|i|we|it|that|they|he|she|going|getting|get|"
    r"any) )*(?:up(?: or down)?|down|better(?: or worse)?|worse|more or less|"
    r"improv(?:e|ed|ing|ement))(?: now| then)?",
    Wish.ONE_OF_A_GROUP: r"(?:no,? |i mean[t]? |and )*the "
    r"(?:(?:one|guy|person) (?:in|from|on|at|with) .+|.+ one)",
}
_PLACE = rf"(?:(?:the )?(?P<word>{'|'.join(_ORDINALS)})|(?:the )?(?P<nth>[1-9]\d*)(?:st|nd|rd|th))"
_ROW = re.compile(
    rf"{_PLEASE}{_FEEDBACK}(?:{_PLACE}(?: (?:one|row))|(?:the )?(?P<alone>first|second|third|"
    rf"fourth|fifth)|(?:number|no\.?|row|#) ?(?P<number>[1-9]\d*)){_END}"
)
_CHOICE = re.compile(
    rf"{_PLEASE}(?:{_PLACE}(?: one)?|(?:number |no\.? ?|#)?(?P<number>[1-9]\d*)){_END}"
)
_MEANT = re.compile(r"^(?:no,? |i mean[t]? |it's |the )+|(?: one| please)?[ ?!.]*$")

# What leads on from the question before; "only gold" may be a question as well.
_OTHER_MIND = r"nvm|never ?mind|forget (?:it|that)|then|wait|(?:no,? )?actually"
_MANNERS = re.compile(
    r"(?:(?:ok|okay|oh|so|now|well|right|thanks|thank you|thx|ty|cheers|cool|great|nice|hm+|please|"
    rf"{_OTHER_MIND})[,.!]* +)+"
)
_CHANGED_MIND = re.compile(rf"(?:(?:{_OTHER_MIND}|and|also|but)[,.!]* +)+")
_LEADS = re.compile(
    r"(?:and|also|plus|&|then|but)[,:]? +|(?:what|how)(?= about )|"
    r"(?:the )?same(?: again| thing| question| one)?(?: but)? +|again[,:]? +|"
    r"(?:show (?:me )?|do |make |try )(?:that|it)(?= )|(?:go )?back to (?!page)|"
    r"(?:no,? +)?(?:sorry,? +)?i mean[t]? +|no, +|sorry, +|"
    r"(?:show (?:me )?|list )?(?:the|those|these|their) (?=(?:sessions|attempts|calls)[ ?!.]*$)|"
    r"(?:sort|order|rank|split|group|break)(?:ed)?(?: (?:it|that|them|those|these))?(?: down| up)? "
    r"(?=(?:by|per) )|"
    r"which(?: ones?| of (?:them|those|these))? (?:are|were|is|was|have|had|got) +|"
    r"what(?:'?s| is| are) (?=\S+'s[ ?!.]*$)|"
    r"what (?:is|was|were)(?= (?:the |his |her |their )?feedback)"
)
_ONLY = re.compile(r"(?:only|just) +")
_TAILS = re.compile(
    r"(?:,? (?:instead|again|(?P<adds>too|as well)|then|there)|(?<=how many people) "
    r"(?:is|are|was|were) (?:that|they|those|these))[ ?!.]*$"
)
_ADDS = re.compile(
    r"(?:(?:put|bring|add|count|include) (?P<added>.+?)(?: back)?(?: in)?(?: again| too| as well)?|"
    r"with (?P<back>.+?) (?:again|too|as well))[ ?!.]*"
)
_NOT_BUT = re.compile(r"(?:no,? )?not (?P<old>[^,;]+?)(?:[,;](?: but)? | but )(?P<new>.+)")
_SWAPPED = re.compile(
    r"(?:swap|replace|switch|exchange|change) (?:out )?(?P<old>.+?) (?:for|with|to|by) (?P<new>.+)"
)
_BUT_NOT = re.compile(r"(?P<new>[^,]+)(?:, not| instead of| rather than) (?P<old>[^,;]+?)[?!.]*")
# By a slash command only these lead on.
SLASH_LEADS = re.compile(r"(?:and|(?:what|how) about|(?:the )?same|only|again)(?![\w'])")
_REMOVE = re.compile(r"(?:remove|drop|take out|kick out|cut) (?!(?:the|me|it|that|this|off)\b)")
_HAS_DONE = re.compile(
    r"(?:has|have|did|is) (?P<who>\S+(?: \S+)?) (?:start|do|finish|complet|pass)\w* "
    r"(?:hers|his|theirs|them|it|that|those)[ ?!.]*"
)
# Who hasn't: nothing says what.
_HAS_NOT = re.compile(
    r"who (?:has|have|did|is)(?:n'?t| not)(?: yet)?"
    r"(?=[ ?!.]*$| (?:this|last|since|in|on|today|yesterday|from|between|until)\b)"
)
_AGAINST = re.compile(
    r"(?:compared? (?:it |that )?(?:to|with|w/?|against)|vs\.?|v|versus|against) "
)
AGAINST = "versus "
_WHICH = {
    "rank": r"ranks?",
    "score": r"scores?",
    "length": r"lengths?|durations?",
    "scenario": r"scenarios?",
    "group": r"groups?",
    "who": r"people|persons?",
}
_CLEARS = tuple(
    (re.compile(rf"(?<!\S)(?:with )?{pattern}(?=[?!.,]*(?!\S))", re.IGNORECASE), frozenset(keys))
    for pattern, keys in (
        *((rf"(?:any|every|all(?: the)?) (?:{words})", (key,)) for key, words in _WHICH.items()),
        (r"everyone|everybody|the whole company", ("who", "group", "without")),
        (r"^(?:anyone|anybody)(?=[?!.,]*$)", ("who", "group", "without")),
        (
            r"(?:all|both) of (?:them|those|these)|^(?:show |see )?all$",
            ("rank", "score", "length", "valid", "limit"),
        ),
        (r"(?:graded or not|(?:any|all) attempts|(?:the )?incomplete ones too)", ("valid",)),
        (r"(?:newest|latest|most recent)(?: ones?)? first", ("sort",)),
        (
            r"^(?:my |the |his |her |their )?(?:newest|latest|most recent)(?: one)?(?=[?!.,]*$)",
            ("sort",),
        ),
        (r"(?:(?:drop|without|no|remove|stop) )(?:the )?compar(?:ison|ing)", ("versus",)),
    )
)
_EVER = re.compile(r"(?<!\S)(?:overall|(?:any|every) (?:time|date|period))(?=[?!.,]*(?!\S))", re.I)
_WHOSE = (WHO.key, Kind.GROUP.value)
_WHAT = (Kind.SCENARIO.value, Kind.SKILL.value, Kind.PROGRAM.value, Kind.COLLECTION.value)
# Words that say no question of their own, besides filters.
_ELLIPTIC = word_set(
    "a an all any the of in on for by with at from to as that this these those it them there one "
    "ones and about only just please now again ? or but also than "
    "top best worst highest lowest most first longest shortest newest oldest last ranked ranking "
    "sorted order more less better worse higher average time gold golds silver bronze lift rank "
    "day week month daily weekly monthly over chart graph plot timeline curve "
    "biggest gap difference per each every versus vs compare compared against than who has is are "
    "was were did numbers figures stats how many ahead "
    "which scenario scenarios inactive feedback show see get give have can file csv"
)
_MY = re.compile(rf"(?<!\S)(?:my|our)(?= )(?! (?:{'|'.join(sorted(TEAM_NOUNS))})\b)")
# A report on many, in which one person is asked about, and the one on them.
_OF_ONE = {TEAM: PROGRESS, RANKING: PROGRESS, INACTIVE: SESSIONS, OWN_WEEK: PROGRESS}
# Whoever has only other sessions would be told to have none, and what is left tells no progress.
OF_ALL_SESSIONS = frozenset((TEAM, PROGRESS, INACTIVE, OWN_WEEK, "prep"))
_OF_MANY = word_set("average history many often")
_COUNTED = word_set("how many often attempts attempt sessions tries times calls total on")
# What says nothing of what is counted.
_ORDERED = ("sort", "limit", "page", "by")
_ASKER = (PersonKind.ME, PersonKind.MINE)
_HIM = re.compile(
    r"(?<!\S)(?<!of )(?:he|she|him|they|them|her(?=[?!.,]*$| (?:on|in|at|with|to|this|last|since|"
    r"for|about|today|yesterday|and|or|vs)\b))(?=['?!.,]*(?!\S))",
    re.IGNORECASE,
)
_BESIDE = re.compile(r"\b(?:compar\w+|vs|versus|against|than)\b", re.IGNORECASE)
_HIS = re.compile(r"(?<!\S)(?:his|hers?|theirs?)(?=[?!.,]*(?!\S))", re.IGNORECASE)
_IN_IT = re.compile(
    r"(?P<before>\b(?:in|on|at|for|with|about|behind|try|tried|doing?|done|pass|passed|"
    r"complete|completed|finish|finished|start|started|touch|touched|attempted) )"
    r"(?:it|that one|(?:that|this)(?! \w))(?=[?!.,]*(?!\S))",
    re.IGNORECASE,
)
# What only the question before tells: people, who then are called that, and what needs no words.
_THOSE_PEOPLE = re.compile(
    r"(?<!\S)(?:(?:these|those) (?:people|reps|folks|guys)|they|(?<!of )them|"
    r"(?:each|either) of them|(?:the )?ones (?=who))(?=['?!.,]*(?!\S))",
    re.IGNORECASE,
)
_OF_THOSE = re.compile(
    r"(?<!\S)(?:(?<!all )(?<!both )(?:of|among|from|in) (?:them|these|those|there|that group|that "
    r"list)(?=[?!.,]*(?!\S))|(?<=\w )there(?=[?!.,]*$))|"
    r"^(?:(?:and|ok|so) )*(?:on|in|at|for|with|by) (?=(?:which|what) \w+[ ?!.]*$)",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"(?<!\S)of (?:them|these|those)(?!\w)", re.IGNORECASE)
_OF_THAT = re.compile(r"(?:is|was|does|did|how (?:is|was|did|does)) (?:that|it|this) (?=\w)")
_SINGULAR = re.compile(r"(?<!\S)(?:he|she|him|his|hers?)(?=['?!.,]*(?!\S))", re.IGNORECASE)
_WHOEVER = re.compile(
    r"(?<!\S)(?:who\w*|any(?:one|body)|every(?:one|body)|some(?:one|body)|nobody|people|"
    r"reps?)(?!\w)",
    re.IGNORECASE,
)
_BEFORE_THAT = re.compile(
    rf"(?=.*\b(?:before|previous|prior)\b){_PLEASE}(?:the )?(?:(?:previous|prior) )?"
    rf"(?:(?:(?P<unit>{_UNITS})|one|period|time|\d+ \w+)(?: before)?|before)(?: (?:that|then))?"
    rf"(?: too| as well)?{_END}"
)


def step_of(text: str, report: str = "") -> Step | None:
    """The step that a text asks for in the answer of a report that was given; None where it asks
    for none. What that tells already is told again."""
    said = _without_manners(text).casefold()
    told = f"{_PLEASE}(?:so )?{_WHICH_IS}(?:{_TOLD.get(report)}){_END}"
    if report in _TOLD and re.fullmatch(told, said):
        return Step(Way.AGAIN)
    for way, pattern in _WAYS.items():
        if pattern.fullmatch(said):
            return Step(way)
    found = _ROW.fullmatch(said)
    return None if found is None else Step(Way.ROW, _place(found))


def asks_for(wish: Wish, text: str) -> bool:
    """Whether a text asks for that, and for nothing else."""
    said = _without_manners(text).casefold()
    return bool(re.fullmatch(f"(?:{_WISHES[wish]}){_END}", said))


def ahead_at(text: str) -> str:
    """At what a text asks which of two is better; "" for any other text."""
    said = _without_manners(text)
    found = _AHEAD_AT.fullmatch(said.casefold())
    return said[slice(*found.span("what"))] if found else ""


def may_go_on(text: str) -> bool:
    """Whether a text that begins with the name of a report may be on what was shown: one side of a
    comparison ("vs last month") or both ("compare them"), whom or what it was about ("progress of
    him"), its feedback, or a step in it."""
    is_side = _AGAINST.match(clean(text).casefold()) is not None or asks_for(Wish.BOTH, text)
    is_of_those = has_pronoun(text) or is_in_it(text) or _OF_THOSE.search(text) is not None
    return is_side or is_of_those or asks_for(Wish.FEEDBACK, text) or step_of(text) is not None


def choice_of(text: str, labels: Sequence[str]) -> int | None:
    """Which of these somebody means who was asked to choose; None where that can't be told."""
    said = clean(text).casefold()
    if found := _CHOICE.fullmatch(said):
        place = _place(found)
        return place % len(labels) if -1 <= place < len(labels) else None
    said = _MEANT.sub("", said)
    for split in (_parts_as_written, lambda text: set(fold(text).split())):
        words = split(said)
        fits = [at for at, label in enumerate(labels) if words and words <= split(label)]
        if len(fits) == 1:
            return fits[0]
    return None


def _parts_as_written(text: str) -> set[str]:
    """The words of a name, and of an address that tells namesakes apart."""
    return set(re.split(r"[\s()@]+", text.casefold())) - {""}


def _place(found: re.Match[str]) -> int:
    said = found.groupdict()
    word = said.get("word") or said.get("alone")
    if word:
        return _ORDINALS[word]
    return int(said.get("nth") or said.get("number") or 1) - 1


def swap_of(text: str) -> Start | None:
    """The text where it names what is asked about now, and what it was before: "not him, priya";
    None for any other text."""
    said = clean(text)
    for pattern in (_NOT_BUT, _BUT_NOT, _SWAPPED):
        found = pattern.fullmatch(said.casefold())
        if found and not any(word in RANKS for word in found["old"].split()):
            new, old = said[slice(*found.span("new"))], said[slice(*found.span("old"))]
            return Start(new, leads=True, instead=old)
    return None


def start_of(text: str) -> Start:
    """The text without what says that it goes on."""
    said = _without_manners(text)
    leads = may_lead = adds = False
    if found := _ADDS.fullmatch(said.casefold()):
        named = "added" if found["added"] else "back"
        return Start(said[slice(*found.span(named))], leads=True, adds=True)
    if found := _TAILS.search(said.casefold()):
        said, leads, adds = said[: found.start()], True, bool(found["adds"])
    last = ""
    while length := _length(_LEADS, said):
        last, said, leads = said[:length].strip().casefold(), said[length:].lstrip(), True
    if length := _length(_ONLY, said):
        said, may_lead = said[length:], True
    may_lead |= said.casefold().startswith(("by ", "per "))
    first = said.casefold().split(" ")[0].rstrip("?!.")
    if last in ("and", "also", "but") and first in CALLED:
        said = f"about {said}"  # "and may?"
    leads |= _length(_OF_THAT, said) > 0
    if length := _length(_REMOVE, said):
        said, leads = f"without {said[length:]}", True
    if found := _HAS_DONE.fullmatch(said.casefold()):
        said, leads = said[slice(*found.span("who"))], True
    if length := _length(_HAS_NOT, said):
        said = f"inactive{said[length:]}"
    if length := _length(_AGAINST, said):
        said, leads = f"{AGAINST}{said[length:]}", True
    # "Silver too": "sam too" is the same about him.
    adds = adds and RANKS.keys() >= set(said.casefold().split())
    return Start(said, leads, may_lead, adds)


def by_itself(text: str) -> str:
    """The text without an "and" or "nevermind" at its beginning, and a "too" or "instead" at its
    end."""
    said = clean(text)
    return _TAILS.sub("", said[_length(_CHANGED_MIND, said) :])


def _without_manners(text: str) -> str:
    said = clean(text)
    return said[_length(_MANNERS, said) :]


def _length(pattern: re.Pattern[str], text: str) -> int:
    found = pattern.match(text.casefold())
    return found.end() if found else 0


def as_it_may_be_read(start: Start, last: Asked) -> str:
    """The words to be read: where months are what is asked about, "and may?" may be another, and
    where sessions are, "by score" is the best first."""
    if last.report == SESSIONS and start.text.casefold() in ("by score", "by scores"):
        return "best"
    period = last.query.period
    is_of_months = period is not None and any(
        word in NAMED_MONTHS for word in period.words.split(" ")
    )
    return start.text.removeprefix("about ") if is_of_months else start.text


def time_before(text: str, last: Asked) -> str:
    """The words for the time before that of the last question, where the text asks for it; "" for
    any other text."""
    found = _BEFORE_THAT.fullmatch(_without_manners(text).casefold())
    period = last.query.period
    if found is None or period is None or period.start is None:
        return ""
    start, end = period.start.date(), period.end and period.end.date()
    units = [each for each in CALENDAR_AND_DAY if each == found["unit"]]
    if period.closed and not units:
        return f"{period.words.removeprefix('last ')}{BEFORE_LAST}"
    units += [each for each in CALENDAR_AND_DAY if shift(start, each, 1) == end]
    if units and period.words == f"this {units[0]}":
        return f"last {units[0]}"
    if units:
        until = floor(start, units[0])
        since = shift(until, units[0], -1)
    elif end:
        since, until = start - (end - start), start
    else:
        return ""
    return f"{since}..{until - timedelta(days=1)}"


def has_pronoun(text: str) -> bool:
    """Whether a text says "he", "her" or "they", and not of whoever it asks about itself."""
    is_any = bool(_HIM.search(text) or _HIS.search(text))
    return is_any and bool(_SINGULAR.search(text) or not _WHOEVER.search(text))


def is_beside(text: str) -> bool:
    """Whether a text puts somebody beside another: "compare him with sam"."""
    return bool(_BESIDE.search(text))


def with_what(text: str, last: Asked) -> str:
    """The text with what "in it" means named, where the last question was about one scenario, or
    one skill."""
    named = [ref for ref in last.query.names if ref.kind is not Kind.GROUP]
    if len(named) != 1:
        return text
    return _IN_IT.sub(lambda found: found["before"] + written_name(named[0]), text)


def as_of_those(text: str, last: Asked) -> Start | None:
    """The start of a text that says "of them", "there" or "them", with people in place of these;
    None for any other text."""
    said, people = _THOSE_PEOPLE.subn("people", text)
    said, count = _OF_THOSE.subn("", said)
    if last.report != SESSIONS:
        people += len(_OF_THEM.findall(text))
    if not (people or count):
        return None
    return replace(
        start_of(" ".join(said.split())), leads=True, of_those=True, of_people=bool(people)
    )


def picks_people(asked: Asked) -> bool:
    """Whether the rows of an answer are those people for whom something is so, and not all who were
    asked about."""
    query = asked.query
    match asked.report:
        case "inactive":
            return True
        case "leaderboard":
            return query.limit is not None
        case "assignments":
            return query.due is not None
        case "sessions":
            return bool(query.ranks or query.score or query.length or query.limit)
    return False


def is_in_it(text: str) -> bool:
    """Whether a text asks about "it", and nothing says what that is."""
    return bool(_IN_IT.search(text))


def side_by_side(one: Asked, other: Asked) -> Asked | None:
    """Two questions as the comparison of that in which they differ: two people, groups or
    scenarios, or two times; None where they differ in more."""
    first, second = (replace(side.query, by=None) for side in (one, other))
    differ = {
        row.field
        for row in FILTERS
        if row.key not in _ORDERED and getattr(first, row.field) != getattr(second, row.field)
    }
    if differ == {"period"} and first.period and second.period:
        return Asked(COMPARE, replace(second, period=first.period, versus=second.period))
    if differ not in ({"people"}, {"names"}):
        return None
    ours, theirs = ({*side.people, *side.names} for side in (first, second))
    is_pair = len(ours - theirs) == len(theirs - ours) == 1
    return Asked(COMPARE, with_added(first, second)) if is_pair else None


def with_names(text: str, last: Asked) -> str:
    """The text with whom "he", "her" and "they" mean named, where the last question was about one
    person, or about one group."""
    people = [ref for ref in last.query.people if ref.kind not in _ASKER]
    groups = [ref for ref in last.query.names if ref.kind is Kind.GROUP]
    if len(people) == 1 and not groups:
        name = written_person(people[0])
        return _HIS.sub(f"{name}'s", _HIM.sub(name, text))
    if len(groups) == 1 and not people:
        name = written_name(groups[0])
        text = re.sub(r"(?<!\S)theirs?(?=[?!.,]*(?!\S))", name, text, flags=re.IGNORECASE)
        return re.sub(r"(?<!\S)they(?=['?!.,]*(?!\S))", name, text, flags=re.IGNORECASE)
    return text


def cleared(text: str) -> tuple[str, frozenset[str]]:
    """The text without words such as "any rank", and the keys of the filters that these take
    away."""
    keys = frozenset[str]()
    text = _EVER.sub(ALL_TIME, text)
    for pattern, gone in _CLEARS:
        if pattern.search(text):
            text, keys = pattern.sub("", text), keys | gone
    return " ".join(text.split()), keys


def is_elliptic(text: str, changes: Changes) -> bool:
    """Whether a text says nothing but filters, names, an order or a form: by itself it may be a
    question, after another one it goes on with that. A report and whom it is about are whole, and
    so is what is "mine"."""
    is_named = bool(changes.query.people or changes.query.names)
    is_whole = is_named and changes.report not in ("", SESSIONS)
    is_whole |= bool(_MY.search(text.casefold()))
    if {"how", "many"} <= changes.words <= _COUNTED:
        return True
    return changes.words <= _ELLIPTIC and not is_whole


def gone_on(
    last: Asked, changes: Changes, gone: Collection[str], instead: Query, *, adds: bool = False
) -> Asked:
    """The last question with what has changed. `gone` are the keys of filters that are taken away,
    `instead` names what it is not about any more; where it `adds`, it stays about all others."""
    said, report, query = changes.query, changes.report, last.query
    if last.report == OWN_WEEK:
        query = replace(query, people=(PersonRef(PersonKind.ME),))
    if adds:
        added = with_added(query, said)
        is_of_more = last.report == COMPARE and len({*added.people, *added.names}) > SIDES
        return Asked(TEAM if is_of_more else last.report, added)
    if report == COMPARE and _has_sides(said):
        query = replace(query, versus=said.versus)
    query = _merged(query, said, gone, instead)
    if last.report == COMPARE and not _has_sides(query) and (said != Query() or gone):
        return Asked(PROGRESS if query.people else TEAM if query.names else SESSIONS, query)
    is_of_sessions = bool(changes.words & OF_SESSIONS or {"what", "do"} <= changes.words)
    if report == STATS or (report == SESSIONS and not is_of_sessions):
        report = ""
    if "many" in changes.words:
        query = without(without(query, "sort"), "limit")
    is_best = report == RANKING and said.by is None and said.limit is not None
    if is_best and last.report in (SESSIONS, ATTEMPT):
        report = SESSIONS  # "best 3" of them
        query = replace(query, sort=Sort.BEST if said.sort is Sort.NEWEST else said.sort)
    is_of_many = last.report == ATTEMPT and (
        gone
        or said.ranks
        or said.score
        or said.length
        or said.sort is not Sort.NEWEST
        or changes.words & _OF_MANY
    )
    if report == ATTEMPT and said.sort is not Sort.NEWEST:
        report = SESSIONS  # in whose rows it is the first
    report = report or (SESSIONS if is_of_many else _report_for(last.report, said))
    if report != last.report and report in (RANKING, INACTIVE) and _is_of_one(query):
        query = replace(query, people=())  # one person has no place by themselves
    return Asked(report, query)


def _has_sides(query: Query) -> bool:
    """Whether a question names two of a kind."""
    kinds = [ref.kind for ref in query.names]
    return bool(query.versus) or len(query.people) > 1 or len(set(kinds)) < len(kinds)


def _is_of_one(query: Query) -> bool:
    """Whether a question is about one person, and not who asks."""
    kinds = [ref.kind for ref in query.people]
    return len(kinds) == 1 and kinds[0] not in (*_ASKER, PersonKind.USERGROUP)


def _report_for(report: str, said: Query) -> str:
    """The report of the last question, or what it is called about what is asked now."""
    if said.versus is not None:
        return COMPARE
    is_best = said.sort is Sort.BEST and report != RANKING
    if said.limit is not None and (is_best or said.sort is Sort.NEWEST):
        return RANKING if report in _OF_ONE else report
    is_ordered = is_best or said.sort not in (Sort.NEWEST, Sort.BEST)
    if (said.score or said.length or is_ordered) and report not in (SESSIONS, ATTEMPT):
        return SESSIONS
    if report in OF_ALL_SESSIONS and (said.ranks or said.valid is not None):
        return SESSIONS
    named = {ref.kind for ref in said.people}
    is_place = report == RANKING and PersonKind.ME in named
    if named and PersonKind.MINE not in named and not is_place:
        return _OF_ONE.get(report, report)
    if report == OWN_WEEK and said != Query():
        return TEAM if named or any(ref.kind is Kind.GROUP for ref in said.names) else SESSIONS
    return report


def with_added(last: Query, said: Query) -> Query:
    """The last question about these, too; who was left out of it is in it again."""
    named = {*said.people, *said.names}
    left_out = tuple(ref for ref in last.left_out if ref not in named)
    again = {*last.left_out}
    return replace(
        last,
        people=tuple(dict.fromkeys((*last.people, *(x for x in said.people if x not in again)))),
        names=tuple(dict.fromkeys((*last.names, *(x for x in said.names if x not in again)))),
        left_out=left_out,
        ranks=tuple(rank for rank in Rank if rank in (*last.ranks, *said.ranks)),
    )


def _merged(last: Query, said: Query, gone: Collection[str], instead: Query) -> Query:
    """The last question, in which the filters that are said now replace those of the same rows:
    whom it is about, and what was practised, are one matter each. Of several sides one may be
    swapped for another."""
    others = {*instead.people, *instead.names}
    query = replace(
        last,
        people=tuple(ref for ref in last.people if ref not in others),
        names=tuple(ref for ref in last.names if ref not in others),
    )
    is_swapped = query != last
    keys = {row.key for row in FILTERS if row.write(said)}
    replaced = (keys - {WITHOUT.key}) | set(gone)
    for matter in () if is_swapped else (_WHOSE, _WHAT):
        if replaced & set(matter):
            replaced |= set(matter)
    if is_swapped:
        replaced -= {*_WHOSE, *_WHAT}
    if PERIOD.key in replaced:
        replaced.add(VERSUS.key)
    if said.due is not None:
        replaced.add(PERIOD.key)  # "overdue" after "due next week"
    for key in replaced | {ATTEMPT_ID.key, PAGE.key}:
        query = without(query, key)
    named: tuple[Any, ...] = (*said.people, *said.names)
    fields = {
        row.field: getattr(said, row.field)
        for row in FILTERS
        if row.key in keys and row.field not in ("people", "names", "left_out")
    }
    several = query.people if len(query.people) > 1 else ()
    less = tuple(ref for ref in several if ref not in said.left_out)
    stays = [ref for ref in query.left_out if isinstance(ref, NameRef) or not said.people]
    left_out = (*(ref for ref in stays if ref not in named), *said.left_out)
    if several and less:
        # "Without priya" of two is the other one.
        left_out = tuple(ref for ref in left_out if ref not in several)
        query = replace(query, people=less)
    return replace(
        query,
        **fields,
        people=tuple(dict.fromkeys((*query.people, *said.people))),
        names=tuple(dict.fromkeys((*query.names, *said.names))),
        left_out=tuple(dict.fromkeys(left_out)),
    )

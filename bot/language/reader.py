"""Reads what people type: returns a `Reading`, or a `Refusal` with the reason.

Every token gets a role, a report is chosen, and the report has to account for every token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.errors import ParseError, UserError
from bot.language.account import Accountant, Intent, Reading, has_two_sides
from bot.language.days import MONTHS, WEEKDAYS
from bot.language.examples import Examples, words_of
from bot.language.name_index import NO_NAMES, Names
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query, Sees
from bot.language.tags import Tag, tag_tokens
from bot.language.text import nearest_words
from bot.language.times import Clock
from bot.language.tokens import Token, TokenForm, tokenize
from bot.language.vocabulary import BLOCKERS, CONTEXTS, KNOWN_WORDS, RULES, Role

MAX_OFFERS = 3
MAX_REPAIRS = 3
NOTHING = Query()
NO_PAIR = "I can compare two people, groups, scenarios or periods. Name two of one kind."


# The reports to suggest, by whose practice the asker can see.
_USUAL: dict[Sees, tuple[str, ...]] = {
    "own": ("sessions", "progress", "assignments"),
    "people": ("team", "leaderboard", "inactive"),
    "everybody": ("team", "leaderboard", "trend"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """The reason for no answer, and up to three questions to suggest.

    `pattern` has `{word}` for the words that aren't understood, as typed. `labels` name the offers
    if the next message can choose one of them. `is_unknown`: a word is unknown, or a name that is
    hidden from the asker.
    """

    pattern: str
    word: str = ""
    offers: tuple[Reading, ...] = ()
    labels: tuple[str, ...] = ()
    is_unknown: bool = False

    def is_as(self, other: Outcome) -> bool:
        """Whether another outcome is a refusal for the same reason."""
        same = isinstance(other, Refusal) and (other.pattern, other.word)
        return same == (self.pattern, self.word)


Outcome = Reading | Refusal
Attempt = tuple[Reading, list[Tag]]  # a reading, and the tags that it doesn't account for


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts of one asker at one time. `intents` are all reports and actions by name."""

    intents: Mapping[str, Intent]
    clock: Clock
    sees: Sees = "everybody"  # whose practice its writer can see
    names: Names = NO_NAMES
    examples: Examples | None = None
    ours: tuple[PersonRef | NameRef, ...] = ()

    def read(self, text: str) -> Outcome:
        """What the text asks, without a last question. Raises ParseError for an impossible time or
        number, or too many words."""
        return self.read_tokens(tokenize(text))

    def read_tokens(self, tokens: Sequence[Token]) -> Outcome:
        """As `read`, for tokens."""
        return self.read_tags(tag_tokens(without_openers(tokens), self.names))

    def read_tags(self, tags: Sequence[Tag]) -> Outcome:
        """As `read`, for the tags of a text."""
        outcome = self.decide(tags)
        if isinstance(outcome, Refusal) and (tokens := self._repaired(tags)):
            with suppress(UserError):
                repaired = self.decide(tag_tokens(tokens, self.names))
                if isinstance(repaired, Reading) and not repaired.intent.is_action:
                    offers = dict.fromkeys((repaired, *outcome.offers))
                    return replace(outcome, offers=tuple(offers)[:MAX_OFFERS])
        return outcome

    def command(self, report: str, text: str) -> Outcome:
        """The question of the words after the name of a report or an action."""
        tokens = tokenize(text)
        # First without bare names, so that nobody's name can change canonical words.
        exact = self._read_command(report, tokens, replace(self.names, bare=False))
        if isinstance(exact, Reading):
            return exact
        return self._read_command(report, tokens, self.names)

    def _read_command(self, report: str, tokens: Sequence[Token], names: Names) -> Outcome:
        tags = tag_tokens(tokens, names)
        if ambiguous := [tag for tag in tags if tag.choices]:
            return self._ask_which(ambiguous, tags, NOTHING, report)
        reading, rest = self._attempt(report, frozenset(), tags, NOTHING)
        return self._refusal((reading, rest), tags, NOTHING) if rest else reading

    def decide(self, tags: Sequence[Tag], base: Query = NOTHING, report: str = "") -> Outcome:
        """The question of the tags. For a follow-up, `base` is the kept part of the last question,
        and `report` its report."""
        if ambiguous := [tag for tag in tags if tag.choices]:
            return self._ask_which(ambiguous, tags, base, report)
        facts = self.facts(tags)
        asks = not report or any(tag.role is Role.QUESTION for tag in tags)
        for rule in BLOCKERS:
            if asks and rule.holds(facts):
                return Refusal(rule.result, offers=self._offers(tags, base, report))
        nearest: Attempt | None = None
        for name, evidence in self._candidates(tags, facts, report).items():
            try:
                reading, rest = self._attempt(name, evidence, tags, base)
            except ParseError:  # a future period, for a report about the past
                if nearest is None:
                    raise
                continue
            if not rest:
                return reading
            if nearest is None or len(rest) < len(nearest[1]):
                nearest = reading, rest
        return self._refusal(nearest, tags, base, report)

    def facts(self, tags: Sequence[Tag]) -> set[str]:
        """The facts that rules can test."""
        facts = set().union(*(_facts_of(tag) for tag in tags)) | {f"sees-{self.sees}"}
        if (
            tags
            and tags[0].role in (Role.UNKNOWN, Role.MEANING)
            and tags[0].word in CONTEXTS["command"]
        ):
            facts.add("command")
        others = {"person-name", "group-name", "ours", "who", "who-all"}
        if self.sees == "own" and not facts & others:
            facts.add("me")
        return facts

    def _attempt(
        self, name: str, evidence: frozenset[str], tags: Sequence[Tag], base: Query
    ) -> Attempt:
        accountant = Accountant(self.clock, self.ours)
        return accountant.attempt(self.intents[name], evidence, tags, base)

    def _candidates(
        self, tags: Sequence[Tag], facts: set[str], last: str
    ) -> dict[str, frozenset[str]]:
        """The reports that may be meant, most likely first, each with the facts that suggest it."""
        idioms = (tag.value for tag in tags if tag.role is Role.IDIOM)
        nothing = frozenset[str]()
        suggested = [(name, nothing) for name in (self._named_report(tags), *idioms)]
        suggested += [(rule.result, rule.needs) for rule in RULES if rule.holds(facts)]
        # The last report stays, unless the text has words for another one.
        roles = (Role.IDIOM, Role.MEANING, Role.NEGATION)
        is_own = any(tag.role in roles for tag in tags)
        suggested.insert(len(suggested) if is_own else 0, (last, nothing))
        candidates: dict[str, frozenset[str]] = {}
        for name, evidence in suggested:
            if name in self.intents:
                candidates[name] = candidates.get(name) or evidence
        return candidates

    def _named_report(self, tags: Sequence[Tag]) -> str:
        """The report named at the beginning of the text, as in a command, or ""."""
        words = [tag for tag in tags if tag.role is not Role.FILLER]
        if not words or words[0].role not in (Role.MEANING, Role.FILTER, Role.ME, Role.IDIOM):
            return ""
        if words[0].role is Role.ME and len(words) > 1:
            return ""
        said = words[0].tokens[0].word
        return next(
            (
                intent.name
                for intent in self.intents.values()
                if said in (intent.name, *intent.also)
            ),
            "",
        )

    # Refusals

    def _ask_which(
        self, ambiguous: Sequence[Tag], tags: Sequence[Tag], base: Query, report: str
    ) -> Refusal:
        """A refusal that offers the question with each reading of the one ambiguous tag."""
        first = ambiguous[0]
        if len(ambiguous) > 1:
            return Refusal("Which *{word}* do you mean? Please use full names.", first.typed)
        outcomes = {
            label: self.decide([choice if tag is first else tag for tag in tags], base, report)
            for label, choice in _labeled(first.choices).items()
        }
        readings = {x: outcome for x, outcome in outcomes.items() if isinstance(outcome, Reading)}
        if not readings:
            return next(outcome for outcome in outcomes.values() if isinstance(outcome, Refusal))
        pattern, offers = "Which *{word}* do you mean?", tuple(readings.values())
        return Refusal(pattern, first.typed, offers, labels=tuple(readings))

    def _refusal(
        self, nearest: Attempt | None, tags: Sequence[Tag], base: Query, report: str = ""
    ) -> Refusal:
        """A refusal that names the words that aren't understood."""
        offers = self._offers(tags, base, report)
        if unknown := next((tag for tag in tags if tag.role is Role.UNKNOWN), None):
            return Refusal(
                "I don't understand *{word}*. If it's a name, I can't find it among the people and "
                "things you can see.",
                unknown.typed,
                offers,
                is_unknown=True,
            )
        if nearest is None:
            return Refusal("I don't understand that.", offers=offers)
        tag, intent = nearest[1][0], nearest[0].intent
        times = [other.typed for other in tags if other.role is Role.TIME]
        if tag.role is Role.PRONOUN:
            pattern = "I don't know who *{word}* is. Please name the person."
            return Refusal(pattern, tag.typed, offers)
        if tag.role is Role.TIME and len(times) > 1:
            both = " and ".join(times[:2])
            return Refusal("I can ask about one period at a time, not *{word}*.", both, offers)
        if intent.is_compared and tag.value == "compare":
            return Refusal(NO_PAIR, offers=offers)
        word = f"not {tag.typed}" if tag.is_left_out else tag.typed
        if tag.role is Role.NEGATION:  # "hasn't practiced"
            at = tags.index(tag)
            word = " ".join(negated.typed for negated in tags[at : at + 2])
        if intent.is_action:
            return Refusal("I can't do that with *{word}*.", word, offers)
        return Refusal(f"The {intent.name} report can't answer *{{word}}*.", word, offers)

    def _offers(self, tags: Sequence[Tag], base: Query, report: str) -> tuple[Reading, ...]:
        """Up to three questions to suggest, the nearest by the examples first. Each has all names,
        filters and times that were understood."""
        trusted = [tag for tag in _trusted(tags) if self._may_name(tag)]
        suggested = self._candidates(trusted, self.facts(trusted), report)
        nearest = [] if self.examples is None else self.examples.nearest(words_of(tags))
        order = (*nearest[:2], *suggested, *nearest[2:], *_USUAL[self.sees])
        near = list[Reading]()
        for name in dict.fromkeys(order):
            intent = self.intents.get(name)
            if intent is None or self.sees not in intent.offered_to or len(near) == MAX_OFFERS:
                continue
            with suppress(ParseError):
                evidence = suggested.get(name, frozenset[str]())
                reading = self._attempt(name, evidence, trusted, base)[0]
                if not intent.is_compared or has_two_sides(reading.query):
                    near.append(reading)
        return tuple(dict.fromkeys(near))

    def _may_name(self, tag: Tag) -> bool:
        """Whether a tag isn't a name, or is one that the asker can surely see."""
        if tag.role is not Role.NAME:
            return True
        is_mention = tag.value.kind in (PersonKind.SLACK, PersonKind.USERGROUP)
        return bool(tag.value.label) and (not is_mention or self.sees == "everybody")

    def _repaired(self, tags: Sequence[Tag]) -> list[Token]:
        """The tokens with each unknown word corrected to a known one; empty if that fails."""
        unknown = [token for tag in tags if tag.role is Role.UNKNOWN for token in tag.tokens]
        is_plain = all(token.form is TokenForm.WORD for token in unknown)
        if not 0 < len(unknown) <= MAX_REPAIRS or not is_plain:
            return []
        near = {token: self._nearest(token.word) for token in unknown}
        if not all(near.values()):
            return []
        tokens = [token for tag in tags for token in tag.tokens]
        return [
            replace(token, word=near[token], typed=near[token]) if token in near else token
            for token in tokens
        ]

    def _nearest(self, word: str) -> str:
        """The known word, or word of a visible name, that is nearest to a mistyped one."""
        if len(word) < 4 or not word.isalpha():
            return ""
        # "jane" isn't "jan".
        days = (name for name in (*MONTHS, *WEEKDAYS) if len(name) > len("jan"))
        near = (*self.names.nearest(word), *nearest_words(word, (*KNOWN_WORDS, *days)))
        swapped = [known for known in near if sorted(known) == sorted(word)]
        return next(iter((*swapped, *near)), "")


def without_openers(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without words like "ok" and "sorry" at the start, unless nothing else is left."""
    count = next((n for n, token in enumerate(tokens) if token.word not in CONTEXTS["opener"]), 0)
    return tokens[count:]


def _labeled(choices: Sequence[Tag]) -> dict[str, Tag]:
    """The readings of an ambiguous word by their names. The address, id or kind of namesakes
    distinguishes them."""
    named = [
        choice.value.shown if choice.role is Role.NAME else choice.typed.title()
        for choice in choices
    ]
    labeled = {}
    for name, tag in zip(named, choices, strict=True):
        mark = ""
        if named.count(name) > 1:
            mark = f" ({tag.value.value if tag.value.value != name else tag.value.kind})"
        labeled[f"{name}{mark}"] = tag
    return labeled


def _trusted(tags: Sequence[Tag]) -> Iterator[Tag]:
    """The tags without names and filters after an unknown word or a negation: "all groups bar new
    hires" must not suggest new hires."""
    is_doubtful = False
    for tag in tags:
        if tag.role in (Role.UNKNOWN, Role.NEGATION) or tag.value == "nobody":
            is_doubtful = True
        elif tag.role is not Role.FILLER:
            if not tag.is_left_out and not (is_doubtful and tag.role in (Role.NAME, Role.FILTER)):
                yield tag
            is_doubtful = False


def _facts_of(tag: Tag) -> set[str]:
    """The facts of a tag: its meaning, its words, or its kind of name."""
    if tag.role is Role.NAME:
        return {"left_out"} if tag.is_left_out else _name_facts(tag.value)
    if tag.role is Role.TIME:
        return {"period"}
    if tag.role is Role.FILTER and tag.is_left_out:
        return {f"not-{tag.value.field}"}
    if tag.is_left_out:
        return {"stop"}  # "don't nudge me"
    words = {token.word for token in tag.tokens} | {tag.word}
    if tag.role is Role.FILTER:
        is_pace = tag.value.field == "by" and tag.value.value in ("day", "week", "month")
        facts: set[str] = tag.value.facts()
        return facts | words | ({"by-time"} if is_pace else set())
    if tag.role is Role.FILLER:
        words -= {"me"}  # "give me"
    named = {Role.ME: "me", Role.OURS: "ours", Role.NEGATION: "not", Role.PRONOUN: "pronoun"}
    if tag.role in named:
        return {named[tag.role]}
    return words | ({tag.value} if tag.role in (Role.MEANING, Role.QUESTION) else set())


def _name_facts(ref: PersonRef | NameRef) -> set[str]:
    if isinstance(ref, PersonRef):
        return {"person-name"}
    return {"group-name"} if ref.kind is Kind.GROUP else {"thing-name", f"{ref.kind.value}-name"}

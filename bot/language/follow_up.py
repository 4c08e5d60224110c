"""Reads follow-ups to the last question: "and last month?", "only gold", "his sessions"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.language.account import ME, MINE, Reading
from bot.language.filters import BY_FIELD, RESULTS, phrase_of, used, without
from bot.language.query import Kind, NameRef, PersonRef, Query
from bot.language.reader import Outcome, Reader, Refusal, without_openers
from bot.language.tags import Tag, is_group, is_person, tag_tokens
from bot.language.tokens import Token, TokenForm
from bot.language.vocabulary import CONTEXTS, NEXT_PAGE, Role, canonical, lead_length

_ORDINALS = {"first": 0, "1": 0, "second": 1, "2": 1, "other": 1, "third": 2, "3": 2, "last": -1}
_ORDINAL_FILLERS = frozenset(("the", "one", "that", "please", "number", "option", "1st", "2nd"))
_OWN_WORDS = (Role.MEANING, Role.IDIOM, Role.QUESTION, Role.UNKNOWN)
_OF_ONE = frozenset(("his", "her", "hers", "him", "he", "she"))


def is_next_page(tokens: Sequence[Token]) -> bool:
    """Whether a text asks for more rows of the last answer."""
    return " ".join(token.word for token in tokens) in NEXT_PAGE


def is_explicit_follow_up(tokens: Sequence[Token]) -> bool:
    """Whether the first word marks a follow-up, which `/exec` requires."""
    return lead_length([canonical(token.word) for token in without_openers(tokens)]) > 0


def chosen(tokens: Sequence[Token], labels: Sequence[str]) -> int | None:
    """The index of the label that a text chooses ("the second one"); None if it isn't exactly
    one."""
    words = [token.word for token in tokens]
    pointing = [word for word in words if word not in _ORDINAL_FILLERS]
    if len(pointing) == 1 and pointing[0] in _ORDINALS:
        at = _ORDINALS[pointing[0]]
        return at % len(labels) if at < len(labels) else None
    wanted = {word for word in words if len(word) > 1} - _ORDINAL_FILLERS
    matching = [at for at, label in enumerate(labels) if wanted and wanted <= _words_of(label)]
    return matching[0] if len(matching) == 1 else None


def _words_of(label: str) -> set[str]:
    plain = "".join(c if c.isalnum() or c in "'-" else " " for c in label.casefold())
    whole = label.casefold().translate(str.maketrans("()", "  "))
    return {*plain.split(), *whole.split(), *whole.replace("@", " ").split()}


def follow_up(reader: Reader, tokens: Sequence[Token], last: Reading) -> Outcome:
    """The question of the tokens after `last`. A complete question takes only its pronouns from
    `last`. Raises as `Reader.read`."""
    tokens = without_openers(tokens)
    words = [canonical(token.word) for token in tokens]
    lead, rest = _split(words, tokens)
    if not rest:
        return last
    tags = _with_antecedents(tag_tokens(rest, reader.names), last.query)
    base = without(last.query, "page")
    if "drop" in words[:lead]:
        tags = [replace(tag, is_left_out=tag.role is Role.NAME) for tag in tags]
    if _is_joining(words[: lead + 1], tags):
        return _decided(reader, tags, base, last)
    if len(rest) < len(tokens) or _is_fragment(tags):
        is_pointing = words[-1] in CONTEXTS["pointer"] and any(
            tag.role is Role.MEANING for tag in tags
        )
        if is_pointing and not lead:
            base = Query(people=base.people, names=base.names)
        return _decided(reader, tags, _cleared(base, tags), last)
    return reader.read_tags(tags)


def _decided(reader: Reader, tags: Sequence[Tag], base: Query, last: Reading) -> Outcome:
    """The last question changed by the tags; refused if a filter would be lost."""
    outcome = reader.decide(tags, base, last.intent.name)
    if isinstance(outcome, Refusal) or outcome.intent == last.intent:
        return outcome
    kept = {*used(outcome.query)}
    lost = [key for key in used(base) if key in RESULTS and key not in kept]
    if lost:
        phrase = phrase_of(lost[0], base)
        pattern = f"The {outcome.intent.name} report can't be narrowed by *{{word}}*."
        return Refusal(pattern, phrase, (outcome,))
    return outcome


def _split(words: Sequence[str], tokens: Sequence[Token]) -> tuple[int, Sequence[Token]]:
    """The number of leading words, and the tokens without them and without a tail like
    "instead"."""
    lead = lead_length(words)
    if words[:1] == ["no"] and len(tokens) > 1 and tokens[1].follows_comma:
        lead = 1
    has_tail = len(words) > 1 and words[-1] in CONTEXTS["tail"] | CONTEXTS["pointer"]
    end = len(tokens) - 1 if has_tail and tokens[-1].form is TokenForm.WORD else len(tokens)
    return lead, tokens[lead:end]


def _is_joining(lead: Sequence[str], tags: Sequence[Tag]) -> bool:
    """Whether the text adds one side: "vs east coast", "compare with priya", "add sam"."""
    aspects = [_aspect(tag) for tag in tags]
    return (
        not CONTEXTS["join"].isdisjoint(lead)
        and max(map(aspects.count, ("subject", "period"))) == 1
    )


def _is_fragment(tags: Sequence[Tag]) -> bool:
    """Whether the text has only one aspect: a time, a name or a filter."""
    roles = {tag.role for tag in tags} - {Role.FILLER}
    if roles == {Role.QUESTION, Role.NEGATION}:
        return True  # "who hasn't?"
    aspects = {_aspect(tag) for tag in tags} - {""}
    return len(aspects) == 1 and roles.isdisjoint(_OWN_WORDS)


def _aspect(tag: Tag) -> str:
    """The part of a question that a tag replaces."""
    if tag.role is Role.NAME:
        return "subject" if _is_subject(tag.value) else "scenario"
    if tag.role in (Role.ME, Role.OURS, Role.PRONOUN):
        return "subject"
    return {Role.TIME: "period", Role.FILTER: "filter"}.get(tag.role, "")


def _is_subject(ref: PersonRef | NameRef) -> bool:
    return isinstance(ref, PersonRef) or ref.kind is Kind.GROUP


def _with_antecedents(tags: Sequence[Tag], last: Query) -> list[Tag]:
    """The tags with the last question's people or groups in place of each pronoun that means
    them."""
    has_own = _names_somebody(tags)
    named = [ref for ref in last.people if ref not in (ME, MINE)]
    antecedents: Sequence[PersonRef | NameRef] = named or last.groups
    result: list[Tag] = []
    for tag in tags:
        means_own = has_own and not tag.is_left_out  # "sam's last session and his scores"
        is_unclear = tag.word in _OF_ONE and len(antecedents) != 1
        if tag.role is not Role.PRONOUN or means_own or is_unclear:
            result.append(tag)
        elif antecedents:
            result += [replace(tag, role=Role.NAME, value=ref) for ref in antecedents]
        else:
            result.append(replace(tag, role=Role.OURS) if MINE in last.people else tag)
    return result


def _names_somebody(tags: Sequence[Tag]) -> bool:
    """Whether a text has a name for its pronouns itself. Not in a comparison, "compare her with
    sam", and not if the name is left out, "them without sam"."""
    is_comparing = any(tag.value == "compare" for tag in tags)
    named = (tag for tag in tags if (is_person(tag) or is_group(tag)) and not tag.is_left_out)
    return not is_comparing and any(named)


def _cleared(last: Query, tags: Sequence[Tag]) -> Query:
    """The last question without the parts that the tags replace."""
    query = last
    replaced = {_aspect(tag) for tag in tags if not tag.is_left_out}
    names = (*last.people, *last.names)
    if not any(tag.is_left_out and tag.value in names for tag in tags):  # "bob, not jane"
        if "subject" in replaced:
            query = _without_subject(query)
        if "scenario" in replaced:
            query = replace(query, names=query.groups)
    if "period" in replaced:
        query = without(query, "period", "versus")
        if any(map(_is_ahead, tags)):
            query = without(query, "due")  # "overdue" doesn't lie ahead
    fields = {tag.value.field for tag in tags if tag.role is Role.FILTER} & BY_FIELD.keys()
    return without(query, *(BY_FIELD[field].key for field in fields))


def _is_ahead(tag: Tag) -> bool:
    when = tag.value if tag.role is Role.TIME else None
    return when is not None and when.words.startswith(("next", "tomorrow"))


def _without_subject(query: Query) -> Query:
    left_out = tuple(ref for ref in query.left_out if not _is_subject(ref))
    return replace(query, people=(), names=query.things, left_out=left_out)

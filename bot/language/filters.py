"""The table of filters. A row is everything there is to know about one filter.

Parsing, help, the sentence that says what was understood, the canonical words and the API
parameters all come from these rows; their order is the order of the words written back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.language import name_readers, numbers, phrases, readers, values, writing
from bot.language.points import MONTH_NAMES, WEEKDAY_NAMES
from bot.language.query import Kind, Query, Rank, Sort
from bot.language.row import Filter, Part


def _cleared(field: str) -> Callable[[Query], Query]:
    def clear(query: Query) -> Query:
        default: dict[str, Any] = {field: getattr(Query(), field)}
        return replace(query, **default)

    return clear


def _named(kind: Kind, part: Part, others: tuple[str, ...], help: str, examples: str) -> Filter:
    """The row of a kind of things with names; `examples`: forms, of which the last is shown."""
    leads = (kind.value, *others)
    forms = tuple(examples.split(" · "))
    return Filter(
        key=kind.value,
        part=part,
        forms=forms,
        help=help,
        example=forms[-1],
        words=tuple(f"{lead}:" for lead in leads),
        read=name_readers.reader_of_names(kind, leads),
        phrase=lambda query, now: phrases.names_phrase(query, kind),
        write=lambda query: writing.write_names(query, kind),
        clear=lambda query: replace(
            query, names=tuple(name for name in query.names if name.kind is not kind)
        ),
        parameters=(f"{kind.value}_ids",),
        send=lambda query, now: values.ids(query, kind),
        many=True,
    )


FILTERS: tuple[Filter, ...] = (
    Filter(
        key="who",
        part=Part.WHO,
        forms=("@jane", "me", "jane@acme.com", '"Jane Smith"', "@closers"),
        help="One person, several, or everyone in a Slack user group.",
        example="@jane last 7d",
        words=("me", "myself", "id:", "email:"),
        read=name_readers.read_people,
        phrase=phrases.people_phrase,
        write=writing.write_people,
        clear=_cleared("people"),
        parameters=("user_emails", "user_ids"),
        send=values.people_values,
        many=True,
    ),
    _named(
        Kind.GROUP,
        Part.WHERE,
        ("team", "groups", "teams"),
        "People of a group in Exec, by its name or id.",
        'team:west · group:west-coast · group:"West Coast"',
    ),
    _named(
        Kind.SCENARIO,
        Part.WHAT,
        ("scenarios", "roleplay", "roleplays"),
        "Attempts at a scenario, by its name, short name or id.",
        'scenario:"Cold Call" · scenario:procurement-discovery',
    ),
    _named(
        Kind.SKILL,
        Part.WHAT,
        ("skills",),
        "Scenarios that practise a skill.",
        'skill:"Active Listening" · skill:discovery',
    ),
    _named(
        Kind.PROGRAM,
        Part.WHAT,
        ("programs", "programme", "programmes"),
        "Scenarios of a program.",
        'program:onboarding · program:"Sales Basics"',
    ),
    _named(
        Kind.COLLECTION,
        Part.WHAT,
        ("collections",),
        "Scenarios of a collection.",
        'collection:"First Calls" · collection:first-calls',
    ),
    Filter(
        key="rank",
        part=Part.WHAT,
        forms=("gold silver", "gold or silver", "silver+", "not gold", "rank:gold"),
        help="Ranks: gold, silver, bronze, unranked. `silver+` is silver or better.",
        example="silver+ this week",
        words=(*(rank.value for rank in Rank), *readers.RANKS, "not", "rank:"),
        read=readers.read_ranks,
        phrase=phrases.ranks_phrase,
        write=writing.write_ranks,
        clear=_cleared("ranks"),
        parameters=("rank",),
        send=values.rank_values,
        many=True,
    ),
    Filter(
        key="valid",
        part=Part.WHAT,
        forms=("valid", "invalid"),
        help="Attempts that were finished and graded, or those that were not.",
        example="valid last week",
        words=tuple(readers.VALID),
        read=readers.read_valid,
        phrase=phrases.valid_phrase,
        write=writing.write_valid,
        clear=_cleared("valid"),
    ),
    Filter(
        key="score",
        part=Part.WHAT,
        forms=("score>=80", "score<50", "score:70-85"),
        help="Scores from 0 to 100.",
        example="score>=80 this month",
        words=("score",),
        read=numbers.read_score,
        phrase=phrases.score_phrase,
        write=writing.write_scores,
        clear=_cleared("score"),
    ),
    Filter(
        key="length",
        part=Part.WHAT,
        forms=("longer 5m", "shorter 90s"),
        help="How long the session took: s for seconds, m for minutes, h for hours.",
        example="longer 5m today",
        words=("longer", "shorter", "length"),
        read=numbers.read_length,
        phrase=phrases.length_phrase,
        write=writing.write_lengths,
        clear=_cleared("length"),
    ),
    Filter(
        key="period",
        part=Part.WHEN,
        forms=(
            "last 7d",
            "past 2 weeks",
            "today",
            "last week",
            "this month",
            "march 2026",
            "q1 2026",
            "since 2026-03-01",
            "2026-03-01..2026-03-15",
        ),
        help="A time, in your time zone. `last 7d` ends now; `last week` is Monday to Sunday.",
        example="last 7d",
        words=(
            *("today", "yesterday", "since", "until", "between", "before", "after"),
            *MONTH_NAMES,
            *WEEKDAY_NAMES,
            *("last", "past", "this"),
        ),
        read=readers.read_period,
        phrase=phrases.period_phrase,
        write=writing.write_period,
        clear=_cleared("period"),
        parameters=("start_date", "end_date"),
        send=values.period_values,
    ),
    Filter(
        key="sort",
        part=Part.HOW,
        forms=tuple(Sort),
        help="The order of the rows; newest first unless you say so.",
        example="best last month",
        words=tuple(readers.SORTS),
        read=readers.read_sort,
        phrase=phrases.sort_phrase,
        write=writing.write_sort,
        clear=_cleared("sort"),
        parameters=("sorting",),
        send=values.sort_values,
    ),
    Filter(
        key="limit",
        part=Part.HOW,
        forms=("top 5", "limit 20"),
        help="Only the first few rows of that order.",
        example="best top 5",
        words=("top", "limit"),
        read=numbers.read_limit,
        phrase=phrases.limit_phrase,
        write=writing.write_limit,
        clear=_cleared("limit"),
    ),
    Filter(
        key="page",
        part=Part.HOW,
        forms=("page 2",),
        help="Further rows of a long answer.",
        example="last month page 2",
        words=("page",),
        read=numbers.read_page,
        phrase=phrases.page_phrase,
        write=writing.write_page,
        clear=_cleared("page"),
    ),
    Filter(
        key="system",
        part=Part.HOW,
        forms=("+system",),
        help="Count Exec's own staff too; they are left out otherwise.",
        example="yesterday +system",
        words=readers.SYSTEM,
        read=readers.read_system,
        phrase=phrases.system_phrase,
        write=writing.write_system,
        clear=_cleared("include_system"),
        parameters=("exclude_system_users",),
        send=values.system_values,
    ),
)

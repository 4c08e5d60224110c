"""What people type and what it is read as: `exact.tsv` for the exact language, `questions.tsv` for
everyday questions, `follow_ups.tsv` for what follows a question."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.language.account import Reading
from bot.language.actions import ACTIONS
from bot.language.filters import query_words
from bot.language.follow_up import chosen
from bot.language.lexicon import IDIOMS
from bot.language.tags import tag_tokens
from bot.language.tokens import MAX_TOKENS, tokenize
from bot.language.vocabulary import BLOCKERS, RULES, Role
from bot.people.names import ROWS
from bot.reports.table import REPORTS
from tests.language.company import READERS, asked, read

HERE = Path(__file__).parent


def table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (HERE / name).read_text("utf-8").splitlines()]


QUESTIONS, FOLLOW_UPS, EXACT = map(table, ("questions.tsv", "follow_ups.tsv", "exact.tsv"))
UNDERSTOOD = [row for row in QUESTIONS if not row[2].startswith(("refused", "which"))]
# Five different ones, after each of which a complete question means the same.
BEFORE = (
    "sessions sam@acme.com gold last week",
    'team group:"West Coast" this month',
    "assignments my people overdue",
    'compare raj.patel@acme.com priya@acme.com scenario:"Cold Call Opener"',
    "leaderboard by average top 5 last 7d",
)
ACTION_NAMES = {row.name for row in ACTIONS}


@pytest.mark.parametrize(("text", "words"), EXACT)
def test_the_exact_language(text: str, words: str) -> None:
    assert read("admin", text) == words


@pytest.mark.parametrize(("who", "text", "words"), QUESTIONS)
def test_everyday_questions(who: str, text: str, words: str) -> None:
    assert read(who, text) == words


@pytest.mark.parametrize(("who", "last", "text", "words"), FOLLOW_UPS)
def test_follow_ups(who: str, last: str, text: str, words: str) -> None:
    assert read(who, text, last) == words


@pytest.mark.parametrize(("who", "text", "words"), UNDERSTOOD)
def test_the_words_of_a_question_mean_that_question(who: str, text: str, words: str) -> None:
    command = words.removesuffix(" csv")
    if command.split(" ")[0] not in ACTION_NAMES:
        again = asked(who, command)
        assert f"{again.row.name} {query_words(again.query)}".strip() == command


@pytest.mark.parametrize(("who", "text", "words"), UNDERSTOOD)
def test_an_unknown_word_always_stops_the_answer(who: str, text: str, words: str) -> None:
    assert read(who, f"{text} qqzzx") == "refused: qqzzx"


def test_a_complete_question_inherits_nothing() -> None:
    changed = [
        (last, text, after)
        for who, text, words in UNDERSTOOD
        if who == "coach" and _is_complete(text)
        for last in BEFORE
        if (after := read(who, text, last)) != words
    ]
    assert changed == []


def _is_complete(text: str) -> bool:
    """Whether a text has a meaning of its own, and no word that leads back."""
    tags = tag_tokens(tokenize(text), READERS["coach"].names)
    roles = {tag.role for tag in tags}
    is_own = bool(roles & {Role.MEANING, Role.IDIOM})
    return is_own and Role.PRONOUN not in roles and tags[0].word not in ("just", "only", "any")


def test_one_ambiguous_name_is_a_choice() -> None:
    assert read("admin", "sessions alex last week") == (
        "which: sessions alex.kim@acme.com last week / sessions alex.kim2@acme.com last week"
    )
    labels = ["Alex Kim (alex.kim@acme.com)", "Alex Kim (alex.kim2@acme.com)"]
    said = {"the second one": 1, "alex.kim2@acme.com": 1, "alex.kim2": 1, "2": 1, "alex": None}
    assert {text: chosen(tokenize(text), labels) for text in said} == said


def test_a_word_can_be_a_name() -> None:
    assert read("coach", "may's scores in may") == "sessions mei.chen@acme.com in may"
    assert read("coach", "will young last month") == "sessions carlos.vega@acme.com last month"
    assert read("coach", "sessions may").startswith("which: ")


def test_offers_never_turn_a_question_around() -> None:
    refusal = READERS["admin"].read("all groups bar west coast")
    assert not isinstance(refusal, Reading)
    assert all("West Coast" not in query_words(each.query) for each in refusal.offers)


def test_a_mistyped_word_is_offered_corrected() -> None:
    refusal = READERS["admin"].read("sessions glod")
    assert not isinstance(refusal, Reading)
    assert query_words(refusal.offers[0].query) == "gold"
    assert len(refusal.offers) <= 3


def test_of_a_hidden_name_nothing_is_told() -> None:
    """The replies to 1,000 texts, with a name that isn't theirs to see and with none at all."""
    hidden = ("Bob Jones", "Olivia", "kofi.mensah", "Hannah Weiss", "Dmitri")
    pick, texts = random.Random(5), [row[1] for row in QUESTIONS]
    for _ in range(1000):
        text = pick.choice(texts).split()
        at, name = pick.randrange(len(text) + 1), pick.choice(hidden)
        nobody = "Zorbl Qwxyz" if " " in name else "Zorblqwx"
        who = pick.choice(("rep", "coach"))
        seen = [read(who, " ".join((*text[:at], each, *text[at:]))) for each in (name, nobody)]
        told = seen[0].casefold()
        for one, other in zip(name.split(), nobody.split(), strict=True):
            told = told.replace(one.casefold(), other.casefold())
        assert told == seen[1].casefold(), (who, text, name)


def test_random_texts_are_read_without_an_exception() -> None:
    pick = random.Random(7)
    words = [word for row in QUESTIONS for word in row[1].split()]
    scraps = ["<@U1>", '"', "group:", "-", "..", "<", "score>=", "vs", "@", "page:", "🎉", "9:00"]
    for _ in range(2000):
        text = " ".join(pick.choices(words + scraps * 20, k=pick.randrange(1, 20)))
        read(pick.choice(tuple(READERS)), text, pick.choice(("", BEFORE[0])))


@pytest.mark.parametrize("scrap", ["<@", "<@U1|", "an,", "gold ", '"', "a:", "-@", "monday ", ":"])
def test_a_long_text_is_refused_or_read(scrap: str) -> None:
    assert read("coach", (scrap * 1000)[:1999])


def test_more_words_than_are_read_are_refused() -> None:
    assert "up to 100 words" in read("coach", "gold " * (MAX_TOKENS + 1))


def test_all_tables_name_reports_and_actions() -> None:
    idioms = {line.split(":")[0] for line in IDIOMS.splitlines() if line[:1].strip()}
    assert {rule.result for rule in RULES} | idioms <= ROWS.keys()
    assert len(set(idioms)) <= 60
    assert all(rule.result.endswith(".") for rule in BLOCKERS)


def test_what_reports_take_without_using_it() -> None:
    """Here silence hides: a word in this list narrows nothing in that report. Look twice."""
    told = "\n".join(f"{row.name}: {' '.join(sorted(set(row.tells.split())))}" for row in REPORTS)
    assert f"{told}\n" == (HERE / "told.txt").read_text("utf-8")

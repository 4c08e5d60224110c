"""How people's words are read.

`exact.tsv` has texts in the exact language and how they are read for an admin; `questions.tsv`
everyday questions, by asker; `follow_ups.tsv` also the question before.
"""

from __future__ import annotations

import random

import pytest

from bot.language.account import Reading
from bot.language.actions import ACTIONS
from bot.language.filters import query_words
from bot.language.follow_up import chosen
from bot.language.lexicon import IDIOMS
from bot.language.reader import NO_PAIR
from bot.language.tags import tag_tokens
from bot.language.tokens import MAX_TOKENS, tokenize
from bot.language.vocabulary import BLOCKERS, RULES, Role
from bot.people.names import INTENTS
from tests.language.company import READERS, read, read_canonical
from tests.language.tables import rows

QUESTIONS, FOLLOW_UPS, EXACT = map(rows, ("questions.tsv", "follow_ups.tsv", "exact.tsv"))
UNDERSTOOD = [row for row in QUESTIONS if not row[2].startswith(("refused", "which"))]
# Different questions, after each of which a complete one means the same.
BEFORE = (
    "sessions sam@acme.com gold last week",
    'team group:"West Coast" this month',
    "assignments my people overdue",
    'compare raj.patel@acme.com priya@acme.com scenario:"Cold Call Opener"',
    "leaderboard by average top 5 last 7d",
)


def test_the_exact_language() -> None:
    assert [[text, read("admin", text)] for text, _ in EXACT] == EXACT


def test_everyday_questions() -> None:
    assert [[who, text, read(who, text)] for who, text, _ in QUESTIONS] == QUESTIONS


def test_follow_ups() -> None:
    readings = [[who, last, text, read(who, text, last)] for who, last, text, _ in FOLLOW_UPS]
    assert readings == FOLLOW_UPS


def test_the_words_of_a_question_mean_that_question() -> None:
    actions = {row.name for row in ACTIONS}
    for who, _, words in UNDERSTOOD:
        command = words.removesuffix(" csv")
        if command.split(" ")[0] not in actions:
            again = read_canonical(who, command)
            assert f"{again.intent.name} {query_words(again.query)}".strip() == command


def test_an_unknown_word_always_stops_the_answer() -> None:
    replies = {read(who, f"{text} qqzzx") for who, text, _ in UNDERSTOOD}
    assert replies == {"refused: qqzzx"}


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
    """Whether a text has its own meaning, and no word that refers back."""
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
    assert all("West Coast" not in query_words(offer.query) for offer in refusal.offers)


def test_a_misspelled_word_is_offered_corrected() -> None:
    refusal = READERS["admin"].read("sessions glod")
    assert not isinstance(refusal, Reading)
    assert query_words(refusal.offers[0].query) == "gold"
    assert len(refusal.offers) <= 3


def test_a_hidden_name_is_read_like_an_unknown_one() -> None:
    """Random questions, with a hidden name and with a name that nobody has."""
    hidden = ("Bob Jones", "Olivia", "kofi.mensah", "Hannah Weiss", "Dmitri")
    pick, texts = random.Random(5), [row[1] for row in QUESTIONS]
    for _ in range(200):
        text = pick.choice(texts).split()
        at, name = pick.randrange(len(text) + 1), pick.choice(hidden)
        nobody = "Zorbl Qwxyz" if " " in name else "Zorblqwx"
        who = pick.choice(("rep", "coach"))
        replies = [
            read(who, " ".join((*text[:at], person, *text[at:]))) for person in (name, nobody)
        ]
        reply = replies[0].casefold()
        for real, made_up in zip(name.split(), nobody.split(), strict=True):
            reply = reply.replace(real.casefold(), made_up.casefold())
        assert reply == replies[1].casefold(), (who, text, name)


def test_random_texts_are_read_without_an_exception() -> None:
    pick = random.Random(7)
    words = [word for row in QUESTIONS for word in row[1].split()]
    scraps = ["<@U1>", '"', "group:", "-", "..", "<", "score>=", "vs", "@", "page:", "🎉", "9:00"]
    for _ in range(300):
        text = " ".join(pick.choices(words + scraps * 20, k=pick.randrange(1, 20)))
        read(pick.choice(tuple(READERS)), text, pick.choice(("", BEFORE[0])))


@pytest.mark.parametrize("scrap", ["<@", "<@U1|", "an,", "gold ", '"', "a:", "-@", "monday ", ":"])
def test_a_long_text_is_refused_or_read(scrap: str) -> None:
    assert read("coach", (scrap * 1000)[:1999])


def test_more_than_100_words_are_refused() -> None:
    assert "at most 100 words" in read("coach", "gold " * (MAX_TOKENS + 1))


def test_all_tables_name_reports_and_actions() -> None:
    idioms = {line.split(":")[0] for line in IDIOMS.splitlines() if line[:1].strip()}
    assert {rule.result for rule in RULES} | idioms <= INTENTS.keys()
    assert len(idioms) <= 60
    assert all(rule.result.endswith(".") for rule in BLOCKERS)


@pytest.mark.parametrize("text", ["how does jane compare", "please compare jane smith", "jane vs"])
def test_a_comparison_without_a_second_side_asks_for_one(text: str) -> None:
    refusal = READERS["admin"].read(text)
    assert not isinstance(refusal, Reading)
    assert refusal.pattern == NO_PAIR


def test_a_command_names_what_cannot_be_compared() -> None:
    refusal = READERS["admin"].command("compare", "gold")
    assert not isinstance(refusal, Reading)
    assert refusal.word == "gold"

"""Parsing and rendering, in a tight loop in this process."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.app import described
from bot.errors import ParseError
from bot.features.help import help_topics
from bot.language.cursor import Vocabulary
from bot.language.parse import kinds_needed, parse
from bot.language.query import Kind, Named
from bot.rendering.messages import Messages
from bot.rendering.views import HelpView
from bot.sandbox.world import World
from tests.bench.figures import Series
from tests.rendering import samples

BATCHES = 40
BATCH_SECONDS = 0.008

QUERIES = (
    "",
    "me last 7d",
    "<@U1001> last 7d gold",
    'group:"West Coast" this week silver+',
    "group:West Coast this week",
    'me scenario:"Cold Call Opener" best top 5',
    "gold,silver this month",
    "score>=80 yesterday longest +system",
    "from 2026-03-01 to 2026-03-15 jane@acme.com bob@acme.com",
    "me last 7d glod",
)


def parsing(world: World) -> Iterator[tuple[str, str, Series]]:
    """Each query, what came of it, and the time that one parse takes."""
    now, zone = datetime.now(UTC), ZoneInfo("Europe/Berlin")
    long = " ".join(f"person{number:03}@acme.com" for number in range(200))[:1990].rsplit(" ", 1)[0]
    named = {text or "(nothing)": text for text in QUERIES}
    named["2,000 characters: e-mails"] = long
    named["2,000 characters: idle words, the last unknown"] = ("and the " * 250)[:1990] + " xyzzy"
    for label, text in named.items():
        names = Vocabulary.of(_names(world, kinds_needed(text)))

        def once(text: str = text, names: Vocabulary = names) -> str:
            try:
                parse(text, now=now, zone=zone, names=names)
            except ParseError:
                return "refused"
            return "read"

        yield label, once(), timed(once)


def rendering() -> Iterator[tuple[str, Series]]:
    """Each kind of message, and the time that drawing one takes."""
    messages = Messages()
    views = {rows: samples.answer(rows) for rows in (0, 4, 100)}
    help_view = HelpView(help_topics(described().each()), None, samples.problem().offers, "f_1")
    looking, *_ = samples.progress()
    problem, explain, form = samples.problem(), samples.explain(), samples.form()
    draws: dict[str, Callable[[], object]] = {
        "answer, nothing found": lambda: messages.draw(views[0]),
        "answer, 4 rows": lambda: messages.draw(views[4]),
        "answer, 100 rows": lambda: messages.draw(views[100]),
        "problem": lambda: messages.draw(problem),
        "help": lambda: messages.draw(help_view),
        "explain": lambda: messages.draw(explain),
        "progress": lambda: messages.draw(looking),
        "form": lambda: messages.form(form),
    }
    for label, draw in draws.items():
        yield label, timed(draw)


def timed(work: Callable[[], object]) -> Series:
    """Seconds per call: the mean of each of BATCHES batches long enough for the clock."""
    for _ in range(3):
        work()
    started = time.perf_counter()
    work()
    size = max(1, int(BATCH_SECONDS / max(time.perf_counter() - started, 1e-7)))
    return Series(tuple(_batch(work, size) for _ in range(BATCHES)))


def _batch(work: Callable[[], object], size: int) -> float:
    started = time.perf_counter()
    for _ in range(size):
        work()
    return (time.perf_counter() - started) / size


def _names(world: World, kinds: frozenset[Kind]) -> list[Named]:
    """The names that the bot would load for a text that needs these kinds."""
    held = {
        Kind.GROUP: [(each.id, each.name, "") for each in world.groups.values()],
        Kind.SCENARIO: [(each.id, each.name, each.slug) for each in world.scenarios.values()],
        Kind.SKILL: [(each.id, each.name, "") for each in world.skills.values()],
        Kind.COLLECTION: [(each.id, each.name, "") for each in world.collections.values()],
        Kind.PROGRAM: [(each.id, each.name, "") for each in world.programs.values()],
    }
    return [Named(kind, *row) for kind in sorted(kinds) for row in held[kind]]

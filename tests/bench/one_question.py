"""What one question takes inside: SQL statements, and the functions and modules of the bot.

python -m tests.bench.one_question [--direct | --digest] [question]

`--direct` asks in a direct message. The last line says how often the text was split and read.
`--digest` watches the delivery of two digests that are due, the third week in a row.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import sqlalchemy as sa

import bot
from bot.demo.run import settle_in
from bot.exec_api.budget import Purpose
from bot.language.tags import tag_tokens
from bot.language.tokens import tokenize
from tests.conftest import FakeClock
from tests.workspace import NOW, a_workspace

PACKAGE = Path(bot.__file__).parent
OUTSIDE = PACKAGE / "demo"
ASKED = "sessions @jane last 7d gold"
TIMES = 3
WEEK = timedelta(days=7)
MONDAY = datetime(2026, 3, 16, 8, 5, tzinfo=UTC)  # 9:05 in Berlin, the week before last


@contextmanager
def watched() -> Iterator[tuple[list[str], Counter[CodeType]]]:
    """The statements that are run, and the bot's functions that are called, in any thread."""
    statements: list[str] = []
    functions = Counter[CodeType]()

    def note(frame: FrameType, happened: str, _: object) -> None:
        file = Path(frame.f_code.co_filename)
        if happened == "call" and PACKAGE in file.parents and OUTSIDE not in file.parents:
            functions[frame.f_code] += 1

    def run(_: object, __: object, statement: str, *rest: Any) -> None:
        statements.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", run)
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield statements, functions
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        sa.event.remove(sa.Engine, "before_cursor_execute", run)


async def main(text: str, *, is_direct: bool) -> None:
    """Print a line; the question is watched when it is asked for the third time."""
    async with a_workspace(FakeClock(NOW)) as place:
        assert place.bot is not None
        await settle_in(place.bot, place.world)
        ask = place.tell if is_direct else place.ask
        for _ in range(TIMES - 1):
            await ask("ana", text)
        with watched() as (statements, functions):
            answer = await ask("ana", text)
    tell(statements, functions)
    print(f"{answer.text.splitlines()[0]!r}")
    split, read = (functions[each.__code__] for each in (tokenize, tag_tokens))
    print(f"split {split} times, read {read} times")


async def digests() -> None:
    """Print a line about the delivery of two digests."""
    async with a_workspace(FakeClock(NOW)) as place:
        assert place.bot is not None
        assert place.clock is not None
        await settle_in(place.bot, place.world)
        for group in ("West Coast", "East Coast"):
            await place.ask("ana", f'digest "{group}" every monday 9:00', "west-coast")
        for week in range(1, TIMES + 1):
            place.clock.now = MONDAY + week * WEEK
            await place.bot.lists.sync()
            await place.bot.mirror.sync_newest(Purpose.DUE)
            with watched() as (statements, functions):
                await place.deliver()
    tell(statements, functions)


def tell(statements: list[str], functions: Counter[CodeType]) -> None:
    for statement in statements:
        print(" ".join(statement.split())[:150])
    modules = {code.co_filename for code in functions}
    print(f"{len(statements)} statements, {len(functions)} functions, {len(modules)} modules")


if __name__ == "__main__":
    if sys.argv[1:] == ["--digest"]:
        asyncio.run(digests())
        sys.exit()
    is_direct = sys.argv[1:2] == ["--direct"]
    words = sys.argv[2:] if is_direct else sys.argv[1:]
    asyncio.run(main(" ".join(words) or ASKED, is_direct=is_direct))

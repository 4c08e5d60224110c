"""What one question costs: SQL statements, and the functions and modules of the bot that run.

python -m tests.bench.one_question [question]
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import CodeType, FrameType
from typing import Any

import sqlalchemy as sa

import bot
from bot.demo.run import load_history
from tests.office import open_office

PACKAGE = Path(bot.__file__).parent
OUTSIDE = PACKAGE / "demo"
ASKED = "sessions @jane last 7d gold"


@contextmanager
def watched() -> Iterator[tuple[list[str], Counter[CodeType]]]:
    """Record the SQL statements and the bot's functions that run, in any thread."""
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


async def main(text: str) -> None:
    """Ask a question three times, and print what the third time cost."""
    with TemporaryDirectory() as folder:
        async with open_office(Path(folder)) as office:
            await load_history(office.bot)
            for _ in range(2):
                await office.ask("ana", text)
            with watched() as (statements, functions):
                answer = await office.ask("ana", text)
    for statement in statements:
        print(" ".join(statement.split())[:150])
    modules = {code.co_filename for code in functions}
    print(f"{len(statements)} statements, {len(functions)} functions, {len(modules)} modules")
    print(f"{answer.text.splitlines()[0]!r}")


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:]) or ASKED))

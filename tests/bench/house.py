"""How large the program is, and how many modules and functions five journeys pass through.

`python -m tests.bench.house` looks at the working tree, `python -m tests.bench.house b4904af HEAD`
at these commits side by side.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.figures import Table

ROOT = Path(__file__).parents[2]
WORKING_TREE = "working tree"
TOP, SANDBOX = "bot/ itself", "sandbox/"
TRACE_SECONDS = 180
JOURNEYS = {
    "answer": "a warm answer",
    "team": "a warm `team`",
    "next": "*Next*",
    "message": "a direct message",
    "digest": "a digest",
}
NONE = "–"


@dataclass(frozen=True, slots=True)
class Size:
    """Lines and modules of a folder. An `__init__.py` has lines, but counts as no module."""

    lines: int
    modules: int


@dataclass(frozen=True, slots=True)
class House:
    """The figures of one checkout. `rooms` are the folders of `bot`, the sandbox among them.

    `functions` are lengths in lines; they and `classes` are without the sandbox. `traces` is what
    `traced` prints, and None where that could not run.
    """

    name: str
    rooms: dict[str, Size]
    templates: Size
    tests: Size
    classes: int
    functions: tuple[int, ...]
    traces: dict[str, Any] | None


def house(name: str, folder: Path) -> House:
    """The figures of the checkout in `folder`."""
    bot = folder / "bot"
    found: dict[str, list[Path]] = {}
    for path in sorted(bot.rglob("*.py")):
        parents = path.relative_to(bot).parts[:-1]
        found.setdefault(f"{parents[0]}/" if parents else TOP, []).append(path)
    own = [path for room, paths in found.items() if room != SANDBOX for path in paths]
    return House(
        name=name,
        rooms={room: _size(paths) for room, paths in found.items()},
        templates=_size(list((folder / "templates").glob("*.j2"))),
        tests=_size(list((folder / "tests").rglob("*.py"))),
        classes=sum(
            isinstance(node, ast.ClassDef)
            for path in own
            for node in ast.walk(ast.parse(path.read_bytes()))
        ),
        functions=tuple(length for path in own for length in _functions(path)),
        traces=_traces(name, folder),
    )


@contextmanager
def checkout(commit: str) -> Iterator[Path]:
    """The files of a commit in a temporary folder. Raises CalledProcessError for an unknown one."""
    archive = subprocess.run(
        ("git", "archive", "--format=tar", commit), cwd=ROOT, check=True, capture_output=True
    )
    with tempfile.TemporaryDirectory(prefix="execbot-house-") as name:
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
            files.extractall(name, filter="data")
        yield Path(name)


def tables(houses: Sequence[House]) -> list[Table]:
    """The figures side by side, a column or two for each checkout."""
    return [_sizes(houses), _passed(houses)]


def _sizes(houses: Sequence[House]) -> Table:
    rooms = {room for each in houses for room in each.rooms} - {TOP, SANDBOX}
    labelled = [(room, [each.rooms.get(room) for each in houses]) for room in (TOP, *sorted(rooms))]
    labelled += [
        ("all without the sandbox", [_without_sandbox(each) for each in houses]),
        (SANDBOX, [each.rooms.get(SANDBOX) for each in houses]),
        ("templates/", [each.templates for each in houses]),
        ("tests/", [each.tests for each in houses]),
    ]
    heads = [f"{each.name}: {what}" for each in houses for what in ("lines", "modules")]
    rows = tuple(
        (label, *(cell for size in sizes for cell in _cells(size))) for label, sizes in labelled
    )
    return Table("Lines and modules by room", ("", *heads), rows)


def _passed(houses: Sequence[House]) -> Table:
    rows = [
        ("classes", *(f"{each.classes:,}" for each in houses)),
        ("functions", *(f"{len(each.functions):,}" for each in houses)),
        ("lines of a function, median", *(_median(each.functions) for each in houses)),
        ("lines of a function, 90 %", *(_ninetieth(each.functions) for each in houses)),
    ]
    for key, label in JOURNEYS.items():
        traces = [(each.traces or {}).get(key) for each in houses]
        rows.append((label, *(_way(trace) for trace in traces)))
    heads = ("without the sandbox", *(each.name for each in houses))
    title = "Functions and classes, and the way of a question: modules, functions, calls, moves"
    return Table(title, heads, tuple(rows))


def _way(trace: dict[str, Any] | None) -> str:
    """The modules, functions, calls and moves between modules of a journey."""
    if trace is None:
        return NONE
    counts = (len(trace["calls"]), trace["functions"], sum(trace["calls"].values()), trace["moves"])
    return " · ".join(f"{count:,}" for count in counts)


def _size(paths: Sequence[Path]) -> Size:
    lines = sum(len(path.read_bytes().splitlines()) for path in paths)
    return Size(lines, sum(path.name != "__init__.py" for path in paths))


def _without_sandbox(one: House) -> Size:
    sizes = [size for room, size in one.rooms.items() if room != SANDBOX]
    return Size(sum(size.lines for size in sizes), sum(size.modules for size in sizes))


def _cells(size: Size | None) -> tuple[str, str]:
    return (f"{size.lines:,}", f"{size.modules}") if size else (NONE, NONE)


def _functions(path: Path) -> Iterator[int]:
    """The length in lines of every function and method, without its decorators."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def _median(lengths: Sequence[int]) -> str:
    return f"{statistics.median(lengths):g}" if lengths else NONE


def _ninetieth(lengths: Sequence[int]) -> str:
    """The smallest length that 90 % do not exceed."""
    return f"{sorted(lengths)[-(-len(lengths) * 90 // 100) - 1]}" if lengths else NONE


def _traces(name: str, folder: Path) -> dict[str, Any] | None:
    """What `traced` of this checkout prints about another one."""
    theirs = folder / "tests" / "bench" / "traced.py"
    if theirs != Path(__file__).with_name("traced.py"):
        theirs.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(__file__).with_name("traced.py"), theirs)
    done = subprocess.run(
        (sys.executable, "-m", "tests.bench.traced"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=TRACE_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip() or "no output").splitlines()[-1]
        print(f"{name}: no trace, {reason}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Count, trace and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.house", description=__doc__)
    parser.add_argument("commits", nargs="*", metavar="COMMIT", help="instead of the working tree")
    parser.add_argument("--markdown", action="store_true", help="tables for docs/measurements.md")
    options = parser.parse_args()
    houses = [] if options.commits else [house(WORKING_TREE, ROOT)]
    for commit in options.commits:
        try:
            with checkout(commit) as folder:
                houses.append(house(commit, folder))
        except subprocess.CalledProcessError as error:
            print(error.stderr.decode().strip(), file=sys.stderr)
            return 1
    found = tables(houses)
    print("\n\n".join(t.markdown() if options.markdown else t.plain() for t in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())

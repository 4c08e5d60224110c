"""The README and the pages in docs say what the program does."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from prometheus_client import generate_latest

from bot.__main__ import make_parser
from bot.language.filters import FILTERS
from bot.observe.telemetry import Telemetry
from bot.reports.table import REPORTS
from tests.readme import DOCS, PARTS, README, ROOT, filled
from tests.screenshot import ON_PHONES

COMMANDS = {"run", "demo", "ask", "forget", "doctor", "manifest"}
PAGES = (README, *sorted(DOCS.glob("*.md")))
CHANGE_THE_CODE = DOCS / "change-the-code.md"
CODE = re.compile(r"```.*?```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)")
WALK = re.compile(r"<!-- walk -->\n(.*?)<!-- end -->", re.DOTALL)
# Paths of files and folders that are named without a link; the examples of new files don't exist.
PATH = re.compile(r"`((?:bot|templates|tests|docs)/[\w./-]*)`")
NEW = re.compile(r"/lengths\.|/0002_note\.")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub makes of a page's headings."""
    heads = re.findall(r"^#+ (.+)$", CODE.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def command(name: str) -> str:
    """The command in the README below the comment of this name, as `.ci/run` finds it."""
    (line,) = re.findall(rf"<!-- {name} -->\n```sh\n(.+)\n```", read(README))
    return str(line)


@pytest.mark.parametrize(
    ("page", "make"), PARTS.items(), ids=lambda part: part.__name__ if callable(part) else part.name
)
def test_generated_parts_are_up_to_date(page: Path, make: Callable[[], str]) -> None:
    assert filled(read(page), make) == read(page), "run: python -m tests.readme"


@each_page
def test_every_link_has_a_target(page: Path) -> None:
    for path, anchor in LINK.findall(CODE.sub("", read(page))):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


@each_page
def test_every_named_file_exists(page: Path) -> None:
    missing = [
        path
        for path in PATH.findall(CODE.sub("", read(page)))
        if not NEW.search(path) and not (ROOT / path).exists()
    ]
    assert missing == []


def test_the_readme_links_to_every_page() -> None:
    linked = {path for path, _anchor in LINK.findall(read(README))}
    assert {f"docs/{page.name}" for page in PAGES[1:]} - linked == set()


def test_every_picture_is_shown_and_small() -> None:
    shown = [
        (page.parent / path).resolve()
        for page in PAGES
        for path in re.findall(r"!\[[^\]]+\]\(([^)]+\.png)\)", read(page))
    ]
    assert [picture.stem for picture in shown[:2]] == ["coach", "digest"]
    on_phones = {f"{name}-{theme}" for name in ON_PHONES for theme in ("light", "dark")}
    others = {"demo", "digest", "coach", "me", "home"}
    assert {picture.stem for picture in shown} == others | on_phones
    for picture in shown:
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size < 300_000


def test_the_readme_runs_the_demo_and_the_tests() -> None:
    *_, demo = command("demo").split(" && ")
    program, *words = shlex.split(demo)
    assert program == ".venv/bin/execbot"
    assert make_parser().parse_args(words).command == "demo"
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    assert project["scripts"] == {"execbot": "bot.__main__:main"}
    assert " -m pytest" in command("tests")


def test_every_command_line_is_valid() -> None:
    sh = [
        block for page in PAGES for block in re.findall(r"```sh\n(.*?)```", read(page), re.DOTALL)
    ]
    lines = re.findall(rf"(?:execbot|-m bot) ((?:{'|'.join(COMMANDS)})\b.*)", "\n".join(sh))
    assert {line.split()[0] for line in lines} == COMMANDS - {"forget", "run"}
    for line in lines:
        # Unknown words end the test.
        make_parser().parse_args(shlex.split(re.split(" > | && ", line)[0], comments=True))


def test_every_metric_is_explained() -> None:
    types = re.findall(r"(?m)^# TYPE (\w+)", generate_latest(Telemetry().registry).decode())
    rows = re.findall(r"(?m)^\| `(execbot_\w+)` \|", read(DOCS / "run-it.md"))
    assert set(rows) == {name for name in types if not name.endswith("_created")}


def test_each_step_of_a_walk_names_a_file() -> None:
    walks = WALK.findall(read(CHANGE_THE_CODE))
    assert len(walks) == 2
    for walk in walks:
        steps = re.findall(r"^\d+\. (.*)$", walk, re.MULTILINE)
        assert len(steps) > 5
        assert [step for step in steps if not PATH.match(step)] == []


def test_every_package_is_explained() -> None:
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert packages
    assert {name for name in packages if f"| `{name}/` |" not in read(CHANGE_THE_CODE)} == set()


def pins(name: str) -> dict[str, str]:
    """The version of each package in a lock."""
    lines = re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", read(ROOT / name))
    return {canonicalize_name(package): version for package, version in lines}


def test_the_locks_pin_what_the_project_needs() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    run, dev = pins("requirements.txt"), pins("requirements-dev.txt")
    assert run.items() <= dev.items()
    for lines, locked in (
        (project["dependencies"], run),
        (project["optional-dependencies"]["dev"], dev),
    ):
        needed = [Requirement(line) for line in lines]
        wrong = [
            need.name
            for need in needed
            if locked.get(canonicalize_name(need.name), "") not in need.specifier
        ]
        assert wrong == [], "run: .ci/lock"


def test_every_report_is_described() -> None:
    rows = re.findall(r"(?m)^\| `([a-z]+)` \| [^|]+ \|$", read(DOCS / "ask.md"))
    commands = {report.name for report in REPORTS if report.has_command}
    assert sorted(rows) == sorted({*commands, "me"})


def test_the_readers_of_every_report_are_listed() -> None:
    rows = re.findall(
        r"(?m)^\| (`[^|]+`) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", read(DOCS / "who-sees-what.md")
    )
    listed = {
        name: (rep == "nothing", channel == "nothing")
        for names, rep, channel in rows
        for name in re.findall(r"`([^`]+)`", names)
    }
    assert listed == {"what next": (False, True), "me": (False, True)} | {
        report.name: (
            report.coaches_only and not report.counts_of_own_group,
            not report.is_posted and report.shared is None,
        )
        for report in REPORTS
        if report.has_command
    }


def test_every_filter_in_the_docs_exists() -> None:
    words = re.findall(r"(?m)^\| (?:Who|What|When|How) \| (.+) \|$", read(DOCS / "ask.md"))
    assert len(words) == 4
    known = {form for row in FILTERS for form in row.forms}
    assert set(re.findall(r"`([^`]+)`", "".join(words))) <= known

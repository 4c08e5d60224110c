"""What Exec would answer, reckoned from its world, and what stands in an answer of the bot's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from bot.demo.exec_lists import SESSION_PARAMS, parse, select
from bot.demo.slack_workspace import Message
from bot.demo.world_things import Session
from tests.workspace import Workspace, table

BERLIN = ZoneInfo("Europe/Berlin")
# Around names that are written from right to left.
ISOLATES = "\u2068\u2069"
STAFF_OUT = {"exclude_system_users": "true"}


def truth(
    workspace: Workspace,
    parameters: Mapping[str, str] = STAFF_OUT,
    keep: Callable[[Session], bool] = lambda _: True,
) -> list[Session]:
    """The sessions that GET /sessions with these parameters is about, in Exec's order.

    `keep` narrows them further, as the bot does where Exec has no filter.
    """
    values = parse(list(parameters.items()), SESSION_PARAMS)
    return [row for row in select(workspace.world, values) if keep(row)]


def cells(workspace: Workspace, row: Session) -> dict[str, str]:
    """A session as its row of a table in Berlin reads, by column, without its length."""
    local, now = row.created_at.astimezone(BERLIN), workspace.clock().astimezone(BERLIN)
    other_year = local.year != now.year
    comma, year = ("," if other_year else "", f"{local.year} " if other_year else "")
    rank = (row.rank or "–").capitalize()
    if not row.is_valid_attempt:
        rank = f"{rank} (incomplete)" if row.rank else "Incomplete"
    return {
        "When": f"{local:%a}{comma} {local.day} {local:%b} {year}{local:%H:%M}",
        "Who": f"{workspace.world.people[row.user_id].name}",
        "Score": "–" if row.score is None else f"{row.score:.1f}",
        "Scenario": workspace.world.scenarios[row.scenario_id].name,
        "Rank": rank,
    }


def headline(message: Message) -> str:
    return str(message.blocks[0]["text"]["text"])


def fields(message: Message) -> dict[str, str]:
    """The figures, by their labels."""
    texts = [each["text"] for block in message.blocks for each in block.get("fields", ())]
    return {label.strip("*"): value for label, value in (text.split("\n", 1) for text in texts)}


def assert_tells(
    workspace: Workspace,
    answer: Message,
    rows: list[Session],
    *,
    top: int | None = None,
) -> None:
    """The answer is about exactly these sessions: their number, their figures, their rows.

    Of a long answer the rows of the first page; with `top`, so many of `rows`.
    """
    first = rows if top is None else rows[:top]
    noun = "session" if len(rows) == 1 else "sessions"
    of = "" if len(first) == len(rows) else f" of {len(rows):,}"
    count = "No" if not rows else f"{len(first):,}{of}"
    said = headline(answer)
    assert said.startswith((f"*{count} {noun}*", "*Best: ")), said
    head, *lines = table(answer) or [[]]
    shown = [[cell.strip(ISOLATES) for cell in line[:-1]] for line in lines]
    who = {row.user_id for row in first[:500]}  # as many as an answer holds
    names = Counter(workspace.world.people[id_].name for id_ in who)
    told = []
    for row in first[: len(shown)]:
        person, cell = workspace.world.people[row.user_id], cells(workspace, row)
        if names[person.name] > 1:
            cell["Who"] = f"{person.name} ({person.email})"
        told.append([cell[name] for name in head[:-1]])
    assert shown == told
    assert len(shown) == min(len(first), 25)
    if rows:
        assert_figures(answer, rows)


def average_of(scores: Sequence[float]) -> Decimal:
    """The mean, as people round it: 90.55 is 90.6."""
    total = sum((Decimal(repr(each)) for each in scores), Decimal())
    return (total / len(scores)).quantize(Decimal("0.1"), ROUND_HALF_UP)


def assert_figures(answer: Message, rows: list[Session]) -> None:
    """The figures are those of these sessions."""
    shown = fields(answer)
    valid = [row for row in rows if row.is_valid_attempt]
    average = average_of([row.score for row in valid if row.score is not None])
    ranks = Counter(row.rank for row in valid)
    graded = "graded session" if len(valid) == 1 else "graded sessions"
    assert shown["Average score"] == f"{average} ({len(valid):,} {graded})"
    for rank in ("gold", "silver", "bronze", "unranked"):
        assert (f" {ranks[rank]:,} {rank}" in f" {shown['Ranks']}") is bool(ranks[rank])
    minutes = round(sum(row.duration_seconds or 0 for row in rows) / 60)
    hours, rest = divmod(minutes, 60)
    assert shown["Practice time"] == (f"{hours} h {rest:02} min" if hours else f"{minutes} min")

"""What a document says, for those who hear it and for notifications: a message's `text`. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from bot.rendering import document as d
from bot.rendering.cut import size
from bot.rendering.escaping import emoji, escape
from bot.rendering.limits import TEXT
from bot.rendering.numbers import DASH, number

_ENDS = (".", "!", "?", ":", ";", ",", "…")
_PAUSES = (",", ";", ":")
_SPACES = re.compile(" {2,}")
_AROUND_ROWS = 40  # " – and at least 1,204,000 more."


def spoken(document: d.Document) -> str:
    """The whole document in sentences, as mrkdwn without any style.

    Rows of tables are told as long as there is room for them in a message's `text`.
    """
    said: list[str] = []
    for part in document.items:
        words = _SAY[type(part)](part)
        # Behind "No sessions match. Try:" the labels need no other word before them.
        if isinstance(part, d.Actions) and said and said[-1].endswith(":"):
            words = words.removeprefix(_lead(part.aloud))
        said.append(words)
    room = TEXT - sum(size(words) + 1 for words in said)
    for at, part in enumerate(document.items):
        if isinstance(part, d.Table):
            said[at] = _rows(part, room)
            room -= size(said[at])
    return " ".join(filter(None, said))


def heard(text: d.Text) -> str:
    """Words as they are read aloud, escaped. Of two pauses only the first one is heard."""
    said = ""
    for run in text:
        if "emoji" in run.marks:
            said += emoji(run.text)
        elif run.aloud is None:
            # In `text` Slack makes links of addresses; in our blocks it may not.
            said += escape(run.text).replace("://", ":\u2060//")
        elif run.aloud.startswith(_PAUSES) and said.rstrip().endswith(_ENDS):
            said += escape(run.aloud[1:])
        else:
            said += escape(run.aloud)
    return _SPACES.sub(" ", said).strip()


def _sentence(words: str, end: str = ".") -> str:
    return words if not words or words.endswith(_ENDS) else f"{words}{end}"


def _lead(words: str) -> str:
    """What is said before something: "Most improved: "."""
    return f"{_sentence(escape(words), ':')} " if words else ""


def _section(part: d.Section) -> str:
    return _sentence(f"{_lead(part.title)}{heard(part.text)}")


def _fields(part: d.Fields) -> str:
    said = (f"{_lead(each.label)}{heard(each.text)}" for each in part.items)
    return " ".join(map(_sentence, said))


def _rows(part: d.Table, room: int) -> str:
    head, *rows = part.items
    lead = _lead(part.aloud)
    before = [escape(column.aloud) for column in head.items if isinstance(column, d.Column)]
    told: list[str] = []
    room -= size(lead) + _AROUND_ROWS
    for row in rows:
        words = _row(row, before)
        room -= size(words) + 2
        if room < 0:
            break
        told.append(words)
    untold = len(rows) - len(told) + part.more
    more = f"{'at least ' if part.open else ''}{number(untold)} more" if untold else ""
    if not told:
        return ""
    return _sentence(f"{lead}{'; '.join(told)}{f' – and {more}' if more else ''}")


def _row(row: d.Row, before: Sequence[str]) -> str:
    cells = ((lead, heard(cell.text)) for lead, cell in zip(before, row.items, strict=True))
    # "average –" says nothing.
    said = (f"{lead} {words}" for lead, words in cells if words and not (lead and words == DASH))
    return ", ".join(map(str.strip, said))


def _chart(part: d.Chart) -> str:
    lines = (
        f"{f'{escape(series.name)} ' if len(part.items) > 1 else ''}{_points(series)}"
        for series in part.items
    )
    return _sentence(f"{_lead(part.title)}{'; '.join(lines)}")


def _points(series: d.Series) -> str:
    return ", ".join(f"{escape(point.label)} {point.value:,g}" for point in series.items)


def _actions(part: d.Actions) -> str:
    if not part.aloud:
        return ""
    return _sentence(f"{_lead(part.aloud)}{'; '.join(_labels(part.items))}")


def _labels(items: Iterable[object]) -> Iterable[str]:
    return (heard(item.text) for item in items if isinstance(item, d.Button))


def _nothing(_part: object) -> str:
    return ""


_SAY: dict[type, Callable[[Any], str]] = {
    d.Header: lambda part: _sentence(heard(part.text)),
    d.Section: _section,
    d.Fields: _fields,
    d.Table: _nothing,
    d.Chart: _chart,
    d.Actions: _actions,
    d.Context: lambda part: _sentence(heard(part.text)),
    d.Divider: _nothing,
}

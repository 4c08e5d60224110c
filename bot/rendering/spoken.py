"""Makes a document's `text`, which screen readers read aloud and notifications show. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from bot.rendering.cut import size
from bot.rendering.escaping import emoji, escape
from bot.rendering.inline import Text
from bot.rendering.limits import TEXT
from bot.rendering.markup import Element
from bot.rendering.numbers import DASH, number

_ENDS = (".", "!", "?", ":", ";", ",", "…")
_PAUSES = (",", ";", ":")
_SPACES = re.compile(" {2,}")
_AROUND_ROWS = 40  # " – and at least 1,204,000 more."


def as_sentences(document: Element) -> str:
    """The whole document in sentences, as mrkdwn without any style.

    Rows of tables are left out where a message's `text` has no room for them.
    """
    said: list[str] = []
    for part in document.children:
        words = "" if part.tag == "table" else _SAY[part.tag](part)
        # Behind "Try:" the labels need no other word before them.
        if part.tag == "actions" and said and said[-1].endswith(":"):
            words = words.removeprefix(_lead(part["aloud"]))
        said.append(words)
    room = TEXT - sum(size(words) + 1 for words in said)
    for at, part in enumerate(document.children):
        if part.tag == "table":
            said[at] = _rows(part, room)
            room -= size(said[at])
    return " ".join(filter(None, said))


def heard(text: Text) -> str:
    """Words as they are read aloud, escaped. Of two pauses in a row the second is dropped."""
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
    """A title as it is read before something: "Most improved: "."""
    return f"{_sentence(escape(words), ':')} " if words else ""


def _words(part: Element) -> str:
    return _sentence(heard(part.text))


def _section(part: Element) -> str:
    return _sentence(f"{_lead(part['title'])}{heard(part.text)}")


def _fields(part: Element) -> str:
    said = (f"{_lead(each['label'])}{heard(each.text)}" for each in part.children)
    return " ".join(map(_sentence, said))


def _rows(part: Element, room: int) -> str:
    head, *rows = part.children
    lead = _lead(part["aloud"])
    before = [escape(column["aloud"]) for column in head.children]
    told: list[str] = []
    room -= size(lead) + _AROUND_ROWS
    for row in rows:
        words = _row(row, before)
        room -= size(words) + 2
        if room < 0:
            break
        told.append(words)
    untold = len(rows) - len(told) + part["more"]
    more = f"{'at least ' if part['open'] else ''}{number(untold)} more" if untold else ""
    if not told:
        return ""
    return _sentence(f"{lead}{'; '.join(told)}{f' – and {more}' if more else ''}")


def _row(row: Element, before: Sequence[str]) -> str:
    said = []
    for lead, cell in zip(before, row.children, strict=True):
        words = heard(cell.text)
        # "average –" says nothing.
        if words and not (lead and words == DASH):
            said.append(f"{lead} {words}".strip())
    return ", ".join(said)


def _chart(part: Element) -> str:
    lines = []
    for series in part.children:
        points = (f"{escape(each['label'])} {each['value']:,}" for each in series.children)
        name = f"{escape(series['name'])} " if len(part.children) > 1 else ""
        lines.append(name + ", ".join(points))
    return _sentence(f"{_lead(part['title'])}{'; '.join(lines)}")


def _actions(part: Element) -> str:
    if not part["aloud"]:
        return ""
    labels = (heard(item.text) for item in part.children if item.tag == "button")
    return _sentence(f"{_lead(part['aloud'])}{'; '.join(labels)}")


def _nothing(_part: Element) -> str:
    return ""


_SAY: dict[str, Callable[[Element], str]] = {
    "header": _words,
    "section": _section,
    "fields": _fields,
    "chart": _chart,
    "actions": _actions,
    "context": _words,
    "divider": _nothing,
}

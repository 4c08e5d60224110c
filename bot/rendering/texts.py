"""Words as text objects of Block Kit: escaped for their place, which nothing before is. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby
from typing import Any

from bot.rendering import document as d
from bot.rendering.escaping import emoji, escape

Node = dict[str, Any]

_AROUND = {"b": "*", "i": "_", "s": "~", "code": "`", "pre": "```", "emoji": ""}


def mrkdwn(text: d.Text) -> str:
    """Words with their styles and links in Slack's own markup."""
    styled = groupby(text, key=lambda run: (run.marks, run.link))
    return "".join(_styled(list(runs), *style) for style, runs in styled)


def _styled(runs: Sequence[d.Run], marks: tuple[d.Mark, ...], link: str) -> str:
    code = "code" in marks or "pre" in marks
    say = emoji if "emoji" in marks else partial(escape, code=code)
    words = "".join(say(run.text) for run in runs)
    if link:
        words = f"<{escape(link, code=True)}|{words}>"
    for mark in reversed(marks):
        words = f"{_AROUND[mark]}{words}{_AROUND[mark]}"
    return words


def mrkdwn_text(words: str) -> Node:
    return {"type": "mrkdwn", "text": words, "verbatim": True}


def plain_text(words: str) -> Node:
    return {"type": "plain_text", "text": words, "emoji": True}

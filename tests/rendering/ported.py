"""Messages drawn twice: by the template of today, and by its markup from the same values."""

from __future__ import annotations

import re
from pathlib import Path

from bot.rendering import digest_samples, samples, subscription_samples
from bot.rendering.coach_messages import CoachMessages
from bot.rendering.digest_messages import DigestMessages
from bot.rendering.environment import Renderer
from bot.rendering.messages import Messages
from bot.rendering.subscription_messages import SubscriptionMessages
from bot.rendering.templates import Templates

FOLDER = Path(__file__).parent / "markup"
MARKUP = Templates(FOLDER)
_MEDALS = {"first": "🥇", "second": "🥈", "third": "🥉"}


class Both(Renderer):
    """Draws as ever, and keeps the document that the markup makes of the same values."""

    def render(self, name, values):
        read = super().render(name, values)
        self.values = {**values, "after": rows_after(values)}
        self.document = MARKUP.draw(name, self.values)
        return read


def rows_after(values):
    """How many rows of an answer come after those of its page."""
    if "page" not in values:
        return 0
    return max(values["untold"] + len(values["told"]) - len(values["page"].rows), 0)


BOTH = Both()


def answers():
    """Draws each sample of an answer (some of 150 rows), and what is asked before one is shared."""
    views = [samples.answer(rows) for rows in (0, 1, 4, 150)]
    views += [samples.answer(150, start=100), samples.unfinished_answer(), *samples.held_answers()]
    messages = Messages(BOTH)
    return [
        *(lambda view=view: messages.answer(view).message for view in views),
        lambda: messages.share_confirm(samples.share_confirm()),
    ]


def reports(company):
    """Draws each sample of the digest and of the message to a coach."""
    digest, coach = DigestMessages(BOTH), CoachMessages(BOTH)
    return [
        *(lambda v=v: digest.digest(v) for v in digest_samples.digests(company).values()),
        *(lambda v=v: coach.coach(v) for v in digest_samples.coach_messages(company).values()),
    ]


def forms(company):
    """Draws each sample of the two forms, without the preview, which is a message."""
    query, digest = Messages(BOTH), SubscriptionMessages(BOTH)
    return [
        *(lambda menus=menus: query.form(samples.form(menus=menus)) for menus in (True, False)),
        *(
            lambda v=v: digest.form(v)
            for v in subscription_samples.forms(company).values()
            if v.preview is None
        ),
    ]


def same(node):
    """Blocks without what may differ: medals by name, double blanks, bold, folding."""
    if isinstance(node, dict):
        kept = {key: same(value) for key, value in node.items() if key != "expand"}
        if isinstance(node.get("text"), str):
            kept["text"] = words(node["text"])
        return kept
    return [same(each) for each in node] if isinstance(node, list) else node


def words(text):
    """A text by its words."""
    text = re.sub(r":(\w+)_place_medal:", lambda found: _MEDALS[found[1]], text)
    return re.sub(" +", " ", text.replace("*", "")).strip()


def figures(text):
    """All that is a number, a time or a date in a text."""
    return set(re.findall(r"\d[\d,.:]*\d|\d", text))

"""What people ask about the bot itself, in plain words: a sentence, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot.answer import Answerer, Request
from bot.errors import Suggestion
from bot.features import Feature
from bot.language.phrases import ABOUT
from bot.rendering.messages import View
from bot.rendering.views import NoticeView, notice

# By the words that the phrases of `ABOUT` say.
SENTENCES = MappingProxyType(
    {
        "seen": "Whoever coaches you sees your sessions, and so do admins. You can ask any time "
        "who looked.",
        "fresh": "I read new sessions every 15 to 20 minutes, and Exec's grades may come later. "
        "*Refresh* in the menu under an answer reads them at once.",
        "share": "*Share in channel* under an answer shows you first what others will read. "
        "Whoever shared it can remove it again.",
        "ranks": "Gold, silver and bronze are Exec's own ranks: I show them and work none out.",
        "streak": "A streak is weeks in a row, Monday to Sunday, with a complete session in each. "
        "The week that runs breaks none.",
    }
)
WAYS = MappingProxyType(
    {
        "seen": (Suggestion("Who looked", "audit me"), Suggestion("My coach", "who is my coach")),
        "fresh": (Suggestion("My sessions today", "sessions me today"),),
        "ranks": (Suggestion("My progress", "progress me"),),
        "streak": (Suggestion("My week", "me"),),
    }
)


@dataclass(frozen=True, slots=True)
class About:
    """Answers questions about the bot. Raises UserError, SlackError and StorageError."""

    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(phrases={ABOUT: self.told})

    async def told(self, request: Request, rest: str) -> View:
        offers = await self.answerer.offers(request.asker, WAYS.get(rest, ()))
        return NoticeView(notice(SENTENCES[rest]).sentence, offers)

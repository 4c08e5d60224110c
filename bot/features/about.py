"""What people ask about the bot itself, in plain words: a sentence, and where to look."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from bot import access
from bot.answer import Answerer, Request
from bot.errors import Sentence, Suggestion
from bot.features import Feature
from bot.language.phrases import ABOUT
from bot.rendering.messages import View
from bot.rendering.views import NoticeView

# By the words that the phrases of `ABOUT` say.
SENTENCES = MappingProxyType(
    {
        "seen": "You see your own practice. A coach also sees that of their people, and an admin "
        "everybody's.",
        "stored": "I store who did what and when, with scores and ranks, and no recording or "
        "transcript. Whoever runs me can remove all that is stored of somebody.",
        "groups": "Who is in Exec, in which group, and an admin is decided there: I follow within "
        "a day.",
        "counted": "Averages are of graded sessions only, lift is the best score minus the first, "
        "and Exec's own staff is left out. *How was this counted?* under an answer says the rest.",
        "calls": "Sessions are role-plays. Exec's skills count real calls, too.",
        "fresh": "Whenever somebody asks I look for new sessions, unless I did within the last "
        "minute. Exec's grades may come later: *Refresh* in the menu under an answer reads again.",
        "share": "*Share in channel* under an answer shows you first what others will read. "
        "Whoever shared it can remove it again.",
        "file": "*Export CSV* in the menu under an answer sends you its rows as a file. It is for "
        "admins, and for coaches about their people.",
        "ranks": "Gold, silver and bronze are Exec's own ranks: I show them and work none out.",
        "streak": "A streak is weeks in a row, Monday to Sunday, with a complete session in each. "
        "The week that runs breaks none.",
        "practise": "Practice runs in Exec, as often as you like. *What next* has a link.",
        "zone": "Times are in the time zone of your Slack profile, and weeks start on Monday.",
        "ranking": "Whoever runs me sets who may read a ranking with names, in "
        "`EXECBOT_NAMED_RANKING`.",
    }
)
WAYS = MappingProxyType(
    {
        "seen": (Suggestion("Who looked at mine", "audit me"),),
        "calls": (Suggestion("Skills", "skills"),),
        "fresh": (Suggestion("My sessions today", "sessions me today"),),
        "streak": (Suggestion("My week", "me"),),
        "practise": (Suggestion("What next", "what-next"),),
        "ranks": (Suggestion("My progress", "progress me"),),
    }
)
OF_ADMINS = MappingProxyType({"fresh": (Suggestion("Status", "status"),)})


@dataclass(frozen=True, slots=True)
class About:
    """Answers questions about the bot. Raises UserError, SlackError and StorageError."""

    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(phrases={ABOUT: self.told})

    async def told(self, request: Request, rest: str) -> View:
        ways = WAYS.get(rest, ())
        if access.visibility(request.asker).everyone:
            ways = (*OF_ADMINS.get(rest, ()), *ways)
        offers = await self.answerer.offers(request.asker, ways)
        return NoticeView(Sentence(SENTENCES[rest], {}), offers)

"""`/exec me dates …`: how dates and times are written to somebody."""

from __future__ import annotations

from dataclasses import dataclass

from bot import access
from bot.access import Asker
from bot.env import Env
from bot.errors import NotFound, Sentence, Suggestion, UserError
from bot.language import dates
from bot.language.dates import NAMES, Dates
from bot.language.text import shortened
from bot.people.people import People
from bot.pipeline import Pipeline
from bot.rendering.numbers import moment
from bot.rendering.views import NoticeView

AS_IN_SLACK = ("slack", "auto", "automatic", "default")
AS_SLACK_SAYS = Suggestion("As in Slack", "me dates slack")


@dataclass(frozen=True, slots=True)
class DateChoices:
    """All raise StorageError."""

    env: Env
    people: People
    pipeline: Pipeline

    async def choose(self, asker: Asker, text: str) -> NoticeView:
        """Write dates like this from now on; without words, say how it is and what else there is.

        Raises NotFound for words that name no way, and UserError at the terminal.
        """
        access.admit(asker.account_type)
        if not asker.team_id:
            raise UserError("This is a setting of your Slack account: set it there.")
        said = text.strip().strip("\"'")
        if not said:
            return await self._told(asker, asker.dates, "Dates come to you like *{now}* ({name}).")
        chosen = dates.named(said)
        if chosen is None and said.casefold() not in AS_IN_SLACK:
            raise NotFound(
                "I can't write dates in `{said}`. Choose one of these:",
                tuple(way(each) for each in Dates),
                said=shortened(said),
            )
        now = await self.people.choose_dates(asker.team_id, asker.user_id, chosen)
        return await self._told(asker, now, "Done: dates now come to you like *{now}* ({name}).")

    async def _told(self, asker: Asker, written: Dates, pattern: str) -> NoticeView:
        dates.write_for(written)
        now = moment(self.env.clock(), str(asker.zone))
        others = tuple(way(each) for each in Dates if each is not written)
        offers = await self.pipeline.offers(asker, (*others, AS_SLACK_SAYS))
        return NoticeView(Sentence(pattern, {"now": now, "name": NAMES[written]}), offers)


def ways() -> tuple[Suggestion, ...]:
    """Every one of them, and what Slack says."""
    return (*map(way, Dates), AS_SLACK_SAYS)


def way(written: Dates) -> Suggestion:
    """A way of writing dates, with the command that chooses it."""
    return Suggestion(NAMES[written], f"me dates {NAMES[written]}")

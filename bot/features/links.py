"""Links to scenarios: each gets a card below it, which says nothing of anybody's practice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.answer import Answerer
from bot.env import Env
from bot.errors import UserError
from bot.features import Button, Event, Feature, Press, ReceivedEvent, Shows, id_value
from bot.language.locale import written_for
from bot.language.query import Kind, NameRef, Query
from bot.language.words import query_words
from bot.people.accounts import People
from bot.people.audience import Audiences
from bot.people.catalogue import Catalogue
from bot.rendering.messages import View
from bot.rendering.views import CardView
from bot.reports.table import SESSIONS
from bot.slack import payloads
from bot.slack.web import SlackWeb
from bot.storage.payloads import Payload

# More would push the conversation off the screen.
MOST_CARDS = 5


@dataclass(frozen=True, slots=True)
class Links:
    """All raise SlackError, ExecError and StorageError."""

    env: Env
    people: People
    audiences: Audiences
    catalogue: Catalogue
    answerer: Answerer
    slack: SlackWeb

    @property
    def feature(self) -> Feature:
        return Feature(
            events={"link_shared": Event(self.shared, readable)},
            buttons={"link.attempts": Button(id_value, self.attempts, Shows.BENEATH)},
        )

    async def shared(self, received: ReceivedEvent) -> None:
        """Add the cards to a message. What is no scenario's address gets none, and nobody is told
        which there are."""
        if not await self._may(received.payload):
            return
        addresses = {url: address(url) for url in urls_of(received.event)}
        cards = await self.catalogue.cards(set(addresses.values()))
        shown = {url: cards[to] for url, to in addresses.items() if to in cards}
        unfurls = {}
        for url, card in list(shown.items())[:MOST_CARDS]:
            difficulty = card.difficulty.replace("_", " ")
            view = CardView(card.id, card.name, card.url, difficulty, card.objective)
            with written_for(self.env.locale):
                unfurls[url] = self.env.messages.draw(view)
        if unfurls:
            await self.slack.unfurl(str(received.event["channel"]), received.event, unfurls)

    async def _may(self, payload: Payload) -> bool:
        """Whether who wrote the link may see anything, and so may all who read it."""
        try:
            await self.people.admitted(payload.team_id, payload.user_id)
            if payload.channel_id.startswith("D"):  # between the two of them
                return True
            seen = await self.audiences.seen(payload.team_id, payload.channel_id)
        except UserError:
            return False
        return not (seen.is_barred or seen.audience.guests)

    async def attempts(self, press: Press[str]) -> View:
        """What `sessions` shows of the reader's own attempts at the scenario."""
        query = Query(names=(NameRef(Kind.SCENARIO, press.handle),))
        return await self.answerer.answer(press.request, SESSIONS, f"me {query_words(query)}")


def readable(body: Mapping[str, Any]) -> Payload | None:
    """The payload of a shared link; None where the bot is not there, or another company is."""
    event = body.get("event")
    if not isinstance(event, Mapping) or body.get("is_ext_shared_channel"):
        return None
    is_there = event.get("is_bot_user_member") is not False
    return payloads.of_event(body) if is_there and isinstance(event.get("channel"), str) else None


def urls_of(event: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses in an event, each once."""
    links = event.get("links")
    found = (each.get("url") for each in links if isinstance(each, Mapping)) if links else ()
    return tuple(dict.fromkeys(url for url in found if isinstance(url, str)))


def address(url: str) -> str:
    """An address without what people's browsers add to it: query, fragment, a last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path.rstrip('/')}"

"""Who asks what: the payloads that Slack would send for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox import slack_payloads as payloads
from bot.sandbox.demo import team_of
from bot.sandbox.slack_block_shapes import elements_of
from bot.sandbox.slack_records import Delivery
from bot.sandbox.slack_text import typed
from bot.sandbox.slack_workspace import Workspace
from bot.sandbox.world import World

Json = dict[str, Any]
SEED = 7
PEOPLE = 64  # enough for a crowd of 50 in which nobody asks twice
LARGE, LARGE_SESSIONS = 1_000, 40_000
CHANNEL = "sales-practice"
ADMIN = "ana@acme.com"
REP = "jane@acme.com"
PAGE_SIZE = 100
NEWS = ("Looking…", "Still looking…", "Your answer comes after")


def world_of(moment: datetime, people: int = PEOPLE, sessions: int | None = None) -> World:
    """The company that is asked about: the same in every process."""
    more = {} if sessions is None else {"sessions": sessions}
    return World.build(moment, seed=SEED, people=people, **more)


def large_world_of(moment: datetime) -> World:
    """A company with more sessions than a few minutes can read."""
    return World.build(moment, seed=SEED, people=LARGE, sessions=LARGE_SESSIONS)


class Payloads:
    """Makes payloads of the same world and team that the stand-ins have."""

    def __init__(
        self,
        moment: datetime,
        base_url: str,
        people: int = PEOPLE,
        sessions: int | None = None,
    ) -> None:
        self.world = world_of(moment, people, sessions)
        self.slack = Workspace(team_of(self.world), clock=lambda: datetime.now(UTC))
        self.slack.base_url = base_url
        self._channel = self.slack.team.channel_called(CHANNEL)

    def reps(self) -> list[str]:
        """The e-mail addresses of all who see their own practice only."""
        members = self.world.members.values()
        return [each.email for each in members if each.role == "member" and not each.is_system]

    def command(self, who: str, text: str) -> tuple[Delivery, str]:
        """`/exec text`, and the response_url in it."""
        user = self.slack.team.user_called(who).id
        url = self.slack.new_response_url(
            "commands", user, self._channel.id, message_ts=None, typed=text
        )
        sent = typed(self.slack.team, text, should_escape=True)
        return payloads.command(self.slack, user, self._channel, "/exec", sent, url), url

    def press(self, who: str, message: Json, action: str) -> tuple[Delivery, str]:
        """The button of `message` whose action_id begins with `action`."""
        user = self.slack.team.user_called(who).id
        shown = self.slack.post(self._channel.id, message, via="response_url", visible_to=user)
        url = self.slack.new_response_url(
            "actions", user, self._channel.id, message_ts=shown.ts, typed=None
        )
        done = payloads.action(self.slack, shown.blocks, action_of(message, action) or "", None)
        return payloads.message_action(self.slack, user, shown, done, url), url

    def days_of_pages(self, pages: int) -> int:
        """How many days back a question about everybody takes that many pages of 100."""
        now = self.world.now
        most = pages * PAGE_SIZE
        for days in range(1, 90):
            since = now - timedelta(days=days)
            count = sum(
                session.created_at > since and not self.world.people[session.user_id].is_system
                for session in self.world.sessions
            )
            # Not close to a page's edge: the bot's clock goes on while we measure.
            if most - PAGE_SIZE + 10 < count < most - 10:
                return days
        raise RuntimeError(f"no period in this world takes {pages} pages")


def action_of(message: Json, beginning: str) -> str | None:
    """The first action_id in a message that begins so."""
    for block in message.get("blocks") or ():
        for _place, element in elements_of(block):
            action: str = element.get("action_id", "")
            if action.startswith(beginning):
                return action
    return None


def is_last(message: Json) -> bool:
    """Whether this is an answer or a refusal, and not news of progress."""
    return not any(words in message.get("text", "") for words in NEWS)

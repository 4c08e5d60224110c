"""Who asks what: the payloads that Slack would send for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.sandbox import slack_payloads as payloads
from bot.sandbox.block_rules import elements_of
from bot.sandbox.demo import team_of
from bot.sandbox.slack_records import Delivery
from bot.sandbox.slack_text import typed
from bot.sandbox.slack_workspace import Workspace
from bot.sandbox.world import World

Json = dict[str, Any]
SEED = 7
CHANNEL = "sales-practice"
ADMIN = "ana@acme.com"
REP = "jane@acme.com"
NEWS = ("Looking…", "Still looking…", "Your answer comes after")


def world_of(moment: datetime, people: int, sessions: int) -> World:
    """The company that is asked about: the same in every process."""
    return World.build(moment, seed=SEED, people=people, sessions=sessions)


class Payloads:
    """Makes payloads of the same world and team that the stand-ins have."""

    def __init__(self, moment: datetime, base_url: str, people: int, sessions: int) -> None:
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


def has_action(message: Json, beginning: str) -> bool:
    """Whether an action_id in a message begins so."""
    return any(
        element.get("action_id", "").startswith(beginning)
        for block in message.get("blocks") or ()
        for element in elements_of(block)
    )


def is_last(message: Json) -> bool:
    """Whether this is an answer or a refusal, and not news of progress."""
    return not any(words in message.get("text", "") for words in NEWS)

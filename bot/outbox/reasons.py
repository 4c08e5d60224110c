"""Why something was not sent: a row for each reason, with what its owner is told to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bot.errors import Sentence
from bot.outbox import ledger
from bot.outbox.plans import Kind


class Why(StrEnum):
    # Nothing can be sent there any more.
    NOT_IN_CHANNEL = "not_in_channel"
    ARCHIVED = "archived"
    NO_CHANNEL = "no_channel"
    NOT_ALLOWED_THERE = "not_allowed_there"
    SHARED_CHANNEL = "shared_channel"
    GUESTS = "guests_in_channel"
    CROWDED = "crowded_channel"
    # Its owner may not have it sent any more.
    OWNER_LEFT = "owner_left"
    OWNER_IS_GUEST = "owner_is_guest"
    NOT_IN_EXEC = "not_in_exec"
    NO_RIGHT = "no_right"
    NO_PEOPLE = "no_people"
    GROUP_GONE = "group_gone"
    # This one could not be sent; the next one may be.
    EMPTY_GROUP = "empty_group"
    EXEC_AWAY = "exec_away"
    SLACK_AWAY = "slack_away"
    BROKEN = "broken"
    REFUSED = "refused"
    UNSETTLED = ledger.UNSETTLED


@dataclass(frozen=True, slots=True)
class Reason:
    """`short` stands in a list; `text` says what is wrong and what to do about it.

    `own` says the same where it is another thing in a message to a person themselves.
    """

    short: str
    text: str
    pauses: bool = False
    own: str = ""

    def told(self, kind: Kind) -> str:
        """What the owner of this kind is told."""
        return self.text if kind is Kind.GROUP else self.own or self.text


_LIST = "`{command} digest list`"
_PAUSED = "I paused {what}: "
_NOT_SENT = "I did not send {what} of {when}: "
# How one that waits for its owner goes on again.
_AGAIN: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.GROUP: " Then press Resume in " + _LIST + ".",
        Kind.COACH: " Then type `{command} coach digest resume`.",
        Kind.OWN: " Then press *Send me this every Monday* in `{command} me`.",
    }
)
_NEXT = " The next one comes as planned."

REASONS: Mapping[Why, Reason] = MappingProxyType(
    {
        Why.NOT_IN_CHANNEL: Reason(
            "I am not in the channel", "I am not in *{place}* any more. Invite me there.", True
        ),
        Why.ARCHIVED: Reason(
            "the channel is archived",
            "*{place}* is archived. Unarchive it, or choose another channel with Edit.",
            True,
        ),
        Why.NO_CHANNEL: Reason(
            "I can't see the channel",
            "I can't see *{place}*. If it is private, invite me; if it is gone, choose another "
            "channel with Edit.",
            True,
        ),
        Why.NOT_ALLOWED_THERE: Reason(
            "only some people may post there",
            "Slack lets only some people post in *{place}*. Have whoever manages it allow me.",
            True,
        ),
        Why.SHARED_CHANNEL: Reason(
            "people of other companies are in the channel",
            "people from other companies are in *{place}* now, and practice results stay inside "
            "yours. Choose another channel with Edit.",
            True,
        ),
        Why.GUESTS: Reason(
            "guests are in the channel",
            "guests are in *{place}* now, and guests can't see practice results. Choose another "
            "channel with Edit.",
            True,
        ),
        Why.CROWDED: Reason(
            "too many people are in the channel",
            "so many people are in *{place}* now that I can't make sure no guests see what I "
            "post. Choose a smaller channel with Edit.",
            True,
        ),
        Why.OWNER_LEFT: Reason(
            "its owner's Slack account is switched off",
            "the Slack account of *{owner}* is switched off. `{command} coach list` shows whom "
            "they coach, and `{command} coach add` gives those people another coach.",
            True,
        ),
        Why.OWNER_IS_GUEST: Reason(
            "its owner is a guest now",
            "you are a guest in Slack now, and guests can't see practice results. Have a "
            "colleague with a full account set it up.",
            True,
        ),
        Why.NOT_IN_EXEC: Reason(
            "its owner is not in Exec",
            "I can't find you in Exec any more. If that is wrong, ask an admin to link you.",
            True,
        ),
        Why.NO_RIGHT: Reason(
            "its owner does not coach the group",
            "you are neither an admin nor a coach of this group any more. Ask an admin to make "
            "you one with `{command} coach add`.",
            True,
        ),
        Why.NO_PEOPLE: Reason(
            "its owner coaches nobody",
            "you coach nobody any more. If that is wrong, ask an admin to add you with "
            "`{command} coach add`.",
            True,
        ),
        Why.GROUP_GONE: Reason(
            "Exec has no such group",
            "Exec has no such group any more. Choose another one with Edit.",
            True,
        ),
        Why.EMPTY_GROUP: Reason(
            "nobody is in the group",
            "nobody is in this group. Add people to it in Exec, or remove the digest in "
            + _LIST
            + ".",
            own="nobody is in the groups you coach. Add people to them in Exec, or stop these "
            "messages with `{command} coach digest stop`.",
        ),
        Why.EXEC_AWAY: Reason(
            "Exec could not be reached",
            "however often I tried, there was no getting through to Exec for it." + _NEXT,
        ),
        Why.SLACK_AWAY: Reason(
            "Slack did not take it",
            "however often I tried, Slack did not take it." + _NEXT,
        ),
        Why.BROKEN: Reason(
            "something went wrong",
            "something went wrong on my side. Whoever runs me finds more in the log." + _NEXT,
        ),
        Why.REFUSED: Reason(
            "Slack refused the message",
            "Slack refused the message. Whoever runs me finds more in the log." + _NEXT,
        ),
        Why.UNSETTLED: Reason(
            "it may or may not have arrived",
            "Slack broke off while I posted it in *{place}*, and I can't read there whether it "
            "arrived. So as not to post it twice I left it at that. If it is not there, press "
            "Send now in " + _LIST + ".",
            own="Slack broke off while I sent it, and I can't look up whether it arrived. So as "
            "not to send it twice I left it at that." + _NEXT,
        ),
    }
)

# What Slack says of a channel or an account to which nothing can be sent.
SLACK_SAYS: Mapping[str, Why] = MappingProxyType(
    {
        "not_in_channel": Why.NOT_IN_CHANNEL,
        "is_archived": Why.ARCHIVED,
        "channel_not_found": Why.NO_CHANNEL,
        "restricted_action": Why.NOT_ALLOWED_THERE,
        "cannot_dm_bot": Why.OWNER_LEFT,
        "user_disabled": Why.OWNER_LEFT,
        "user_not_found": Why.OWNER_LEFT,
    }
)


def notice(
    why: Why,
    kind: Kind,
    *,
    paused: bool,
    what: str,
    owner: str,
    place: str,
    when: str,
    command: str,
) -> Sentence:
    """What the owner reads, or whoever pressed a button; the admins where the owner has left.

    `paused`: it waits for them now. `what` is the subscription in words ("the digest of West
    Coast"), `owner` whose it is, `place` where it goes ("#sales"), `when` the time of what was
    not sent.
    """
    lead, end = (_PAUSED, _AGAIN[kind]) if paused else (_NOT_SENT, "")
    if why is Why.OWNER_LEFT:
        end = ""
    fields = {"what": what, "owner": owner, "place": place, "when": when, "command": command}
    return Sentence(lead + REASONS[why].told(kind) + end, fields)

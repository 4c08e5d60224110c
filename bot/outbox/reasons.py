"""Why something was not sent: one row for each reason, with all its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from bot.errors import NotAllowed, Sentence, UserError

V = TypeVar("V")


class NotSentReason(StrEnum):
    """The codes as they are stored."""

    # A person wants it so.
    ASKED = "asked"
    REMOVED = "removed"
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
    NOT_ALL_THEIRS = "not_all_theirs"
    NO_PEOPLE = "no_people"
    # What it asks cannot be answered there any more.
    GROUP_GONE = "group_gone"
    NOT_UNDERSTOOD = "not_understood"
    PRIVATE = "private"
    FEW_PEOPLE = "few_people"
    # This one could not be sent; the next one may be.
    EMPTY_GROUP = "empty_group"
    EXEC_AWAY = "exec_away"
    SLACK_AWAY = "slack_away"
    BROKEN = "broken"
    REFUSED = "refused"
    UNSETTLED = "unsettled"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """The words of one reason, with `{place}`, `{owner}`, `{what}` and `{command}` in them.

    `short` stands in a list. `why` and `remedy` are told to the owner of what comes to a channel;
    `own` replaces both in a message to a person themselves. `waits` is said while it is tried
    again, `refusal` to somebody who sets it up. `pauses`: it waits until somebody fixes it.
    `retry_may_help`: so may Send now.
    """

    short: str
    why: str = ""
    remedy: str = ""
    own: str = ""
    waits: str = ""
    refusal: str = ""
    pauses: bool = False
    retry_may_help: bool = False


_OUTSIDERS = (
    "There are guests or people of another company in {place}, who may not see practice results."
)
_NO_RIGHT = "{owner} may not see this practice any more."
_GIVE_BACK = "An admin can give the group back with `{command} coach add`; then press Resume."
_ANOTHER_CHANNEL = "Invite me there and press Resume, or press Edit to choose another channel."
_WITHOUT_OUTSIDERS = "Press Edit to choose another channel, or press Resume when they are gone."
_NEXT = " The next one comes as planned."
_AGAIN = "Send now tries it again, and the next one comes as planned."
_ASK_OTHERWISE = "Press Edit to ask something else, or remove it."

REASONS: Mapping[NotSentReason, ReasonWords] = MappingProxyType(
    {
        NotSentReason.ASKED: ReasonWords(
            "it was paused", "It was paused then.", "The next one comes as planned."
        ),
        NotSentReason.REMOVED: ReasonWords("it was removed", "It was removed then."),
        NotSentReason.NOT_IN_CHANNEL: ReasonWords(
            "I am not in the channel",
            "I am not in {place}.",
            "Invite me there with `/invite`, then press Resume.",
            pauses=True,
        ),
        NotSentReason.ARCHIVED: ReasonWords(
            "the channel is archived",
            "{place} is archived.",
            "Unarchive the channel and press Resume, or press Edit to choose another one.",
            pauses=True,
        ),
        NotSentReason.NO_CHANNEL: ReasonWords(
            "I can't see the channel",
            "{place} is gone, or I can't see it any more.",
            _ANOTHER_CHANNEL,
            pauses=True,
        ),
        NotSentReason.NOT_ALLOWED_THERE: ReasonWords(
            "only some people may post there",
            "Slack does not let me post in {place}.",
            _ANOTHER_CHANNEL,
            pauses=True,
        ),
        NotSentReason.SHARED_CHANNEL: ReasonWords(
            "people of other companies are in the channel",
            _OUTSIDERS,
            _WITHOUT_OUTSIDERS,
            refusal="People from other companies are in this channel, so I don't post practice "
            "results here.",
            pauses=True,
        ),
        NotSentReason.GUESTS: ReasonWords(
            "guests are in the channel",
            _OUTSIDERS,
            _WITHOUT_OUTSIDERS,
            refusal="Guests are in this channel, and guests can't see practice results. Choose a "
            "channel without guests.",
            pauses=True,
        ),
        NotSentReason.CROWDED: ReasonWords(
            "too many people are in the channel",
            "So many people are in {place} that I can't make sure no guests see what I post.",
            "Press Edit to choose a smaller channel.",
            refusal="So many people are in this channel that I can't make sure no guests see what "
            "I post. Choose a smaller one.",
            pauses=True,
        ),
        NotSentReason.OWNER_LEFT: ReasonWords(
            "its owner's Slack account is switched off",
            "{owner}, who set it up, has left.",
            "Remove it, and set it up again under your own name with `{command} digest`.",
            own="the Slack account of *{owner}* is switched off. `{command} coach list` shows whom "
            "they coach, and `{command} coach add` gives those people another coach.",
            pauses=True,
        ),
        NotSentReason.OWNER_IS_GUEST: ReasonWords(
            "its owner is a guest now",
            _NO_RIGHT,
            _GIVE_BACK,
            own="you are a guest in Slack now, and guests can't see practice results. Have a "
            "colleague with a full account set it up.",
            pauses=True,
        ),
        NotSentReason.NOT_IN_EXEC: ReasonWords(
            "its owner is not in Exec",
            _NO_RIGHT,
            _GIVE_BACK,
            own="I can't find you in Exec any more. If that is wrong, ask an admin to link you.",
            refusal="You are not in Exec yourself, so there is no week of yours to show.",
            pauses=True,
        ),
        NotSentReason.NO_RIGHT: ReasonWords(
            "its owner does not coach the group",
            _NO_RIGHT,
            _GIVE_BACK,
            refusal="Only an admin or a coach of this group can have its digest posted in a "
            "channel. Ask an admin to make you one.",
            pauses=True,
        ),
        NotSentReason.NOT_ALL_THEIRS: ReasonWords(
            "its owner may not see all of it",
            "{owner} may not see all of this practice any more.",
            "An admin can give the people back with `{command} coach add`; then press Resume.",
            refusal="Only an admin, or a coach of everyone it is about, can have this posted in a "
            "channel. Ask an admin to set it up.",
            pauses=True,
        ),
        NotSentReason.NO_PEOPLE: ReasonWords(
            "its owner coaches nobody",
            _NO_RIGHT,
            _GIVE_BACK,
            own="you coach nobody any more. If that is wrong, ask an admin to add you with "
            "`{command} coach add`.",
            refusal='You coach nobody yet. `{command} coach add @you "West Coast"`{by} adds you.',
            pauses=True,
        ),
        NotSentReason.GROUP_GONE: ReasonWords(
            "Exec has no such group",
            "{what} is not in Exec any more.",
            "Press Edit to choose another group, or remove it.",
            pauses=True,
        ),
        NotSentReason.NOT_UNDERSTOOD: ReasonWords(
            "something it asks about is gone",
            "Something that it asks about is not in Exec any more.",
            _ASK_OTHERWISE,
            refusal="Something that this asks about is not in Exec any more. Ask it anew.",
            pauses=True,
        ),
        NotSentReason.PRIVATE: ReasonWords(
            "its answer is for one reader only",
            "Its answer is for one reader only, and not for a channel.",
            _ASK_OTHERWISE,
            refusal="The answer to this is for you alone, so I don't post it in a channel. Ask it "
            "here whenever you like.",
            pauses=True,
        ),
        NotSentReason.FEW_PEOPLE: ReasonWords(
            "it shows fewer than three people",
            "It would show the results of fewer than three people to the whole channel.",
            _ASK_OTHERWISE,
            refusal="Results of fewer than three people are nothing for a whole channel. Ask about "
            "a group or about more people, or ask this for yourself whenever you like.",
            pauses=True,
        ),
        NotSentReason.EMPTY_GROUP: ReasonWords(
            "nobody is in the group",
            "Nobody is in {what}, so there is nothing to count.",
            "Add people to the group in Exec, and it goes on by itself at the next date.",
            own="nobody is in the groups you coach. Add people to them in Exec, or stop these "
            "messages with `{command} coach digest stop`.",
        ),
        NotSentReason.EXEC_AWAY: ReasonWords(
            "Exec could not be reached",
            "Exec could not be reached in time.",
            "Nothing is lost: Send now posts it as soon as Exec is back, and the next one comes "
            "as planned.",
            own="however often I tried, there was no getting through to Exec for it." + _NEXT,
            waits="Exec can't be reached",
            retry_may_help=True,
        ),
        NotSentReason.SLACK_AWAY: ReasonWords(
            "Slack did not take it",
            "Slack did not take it in time.",
            _AGAIN,
            own="however often I tried, Slack did not take it." + _NEXT,
            waits="Slack does not take it",
            retry_may_help=True,
        ),
        NotSentReason.BROKEN: ReasonWords(
            "something went wrong",
            "Something went wrong on my side.",
            "Whoever runs me finds more in the log. " + _AGAIN,
            own="something went wrong on my side. Whoever runs me finds more in the log." + _NEXT,
            waits="something went wrong on my side",
            retry_may_help=True,
        ),
        NotSentReason.REFUSED: ReasonWords(
            "Slack refused the message",
            "Slack refused the message.",
            "I try again at the next date. If it goes on, press Edit to choose another channel.",
            own="Slack refused the message. Whoever runs me finds more in the log." + _NEXT,
            retry_may_help=True,
        ),
        NotSentReason.UNSETTLED: ReasonWords(
            "it may or may not have arrived",
            "Slack did not say whether it was posted, and I can't read the history there to look.",
            "So that it never comes twice, I did not send it again. If it is not there, press "
            "Send now.",
            own="Slack broke off while I sent it, and I can't look up whether it arrived. So as "
            "not to send it twice I left it at that." + _NEXT,
            retry_may_help=True,
        ),
        NotSentReason.OLD: ReasonWords(
            "it was too old",
            "I was not running when it was due.",
            "Send now posts the newest one; the next one comes as planned.",
            retry_may_help=True,
        ),
    }
)

# What Slack says of a channel or an account to which nothing can be sent.
SLACK_SAYS: Mapping[str, NotSentReason] = MappingProxyType(
    {
        "not_in_channel": NotSentReason.NOT_IN_CHANNEL,
        "is_archived": NotSentReason.ARCHIVED,
        "channel_not_found": NotSentReason.NO_CHANNEL,
        "restricted_action": NotSentReason.NOT_ALLOWED_THERE,
        "cannot_dm_bot": NotSentReason.OWNER_LEFT,
        "user_disabled": NotSentReason.OWNER_LEFT,
        "user_not_found": NotSentReason.OWNER_LEFT,
    }
)
# How a personal message that waits for its owner goes on again, by its report.
_RESUMED: Mapping[str, str] = MappingProxyType(
    {
        "coach": " Then type `{command} coach digest resume`.",
        "me": " Then press *Send me this every Monday* in `{command} me`.",
    }
)


def paused_by_itself(paused: str) -> bool:
    """Whether what paused a subscription is a reason of ours, and not somebody's wish."""
    return paused in REASONS and REASONS[NotSentReason(paused)].pauses


def not_allowed(why: NotSentReason, *, by: str = "") -> NotAllowed:
    """What somebody reads who may not have this; it names neither group nor channel."""
    return NotAllowed(REASONS[why].refusal, by=by)


def unsent_meanwhile() -> Sentence:
    """What an owner reads once of all that was due while no process ran."""
    return Sentence(
        "I was not running for a while, so what was due then did not come, and is too old by now. "
        "The next ones come as planned; to post one at once, press *Send now* in "
        "`{command} digest list`."
    )


def personal_notice(why: NotSentReason, report: str, *, paused: bool, **fields: str) -> Sentence:
    """What is said about a personal message: to its owner, or to the admins if they have left.

    `paused`: it waits for them now. `fields` are those of `ReasonWords`, and `when`, the time of
    what was not sent; `what` is the message in words ("your own week").
    """
    reason = REASONS[why]
    lead = "I paused {what}: " if paused else "I did not send {what} of {when}: "
    again = _RESUMED.get(report, "") if paused and why is not NotSentReason.OWNER_LEFT else ""
    return Sentence(f"{lead}{reason.own or reason.why}{again}", fields)


def shown(view: V | NotSentReason) -> V:
    """The view. Raises UserError with the reason where there is none."""
    if isinstance(view, NotSentReason):
        raise nothing_to_show(view)
    return view


def nothing_to_show(why: NotSentReason) -> UserError:
    """What somebody hears in place of a view."""
    return UserError(f"There is nothing to show: {REASONS[why].short}.")

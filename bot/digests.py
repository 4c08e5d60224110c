"""Digests, the scheduled posts in channels: who can set them up and change them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.access import Asker
from bot.errors import NotAllowed, NotFound, Suggestion, UserError
from bot.language.query import Kind, Named, NameRef
from bot.language.schedule_words import is_change, split_schedule
from bot.language.text import clean, quoted, shortened
from bot.messages.render import Draft, Drawable, draft
from bot.outbox import DeliveryKind, Reason, Unsent
from bot.people.audience import ChannelAudience
from bot.prepare import Mode
from bot.scheduled import REASONS, describe, draft_delivery, is_barred, may_ask
from bot.stored_words import digest_words, named_report, resolve, words_of
from bot.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App

SHOW_LIST = Suggestion("List", "digest list")
GONE = "This digest no longer exists. `{command} digest list` shows the others."
NOT_YOURS = "Only admins and the coaches of the people in a digest can set it up or change it."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A digest command: its question in stored words, and the typed schedule `when`. `lead` is the
    command before the schedule."""

    words: str
    lead: str
    when: str


async def read_wanted(app: App, asker: Asker, rest: str) -> Wanted:
    """Reads the words after `digest`: a group or a question, and a schedule."""
    what, when = split_schedule(rest)
    if named_report(what) is not None or what.startswith("<"):  # a mention is no group
        return Wanted(await words_of(app, asker, what), f"digest {what}", when)
    name = clean(what).removeprefix("group:").strip(' "')
    try:
        group = await find_group(app, asker, name, when)
    except (NotFound, NotAllowed) as error:
        if not what:
            raise
        try:
            return Wanted(await words_of(app, asker, what), f"digest {what}", when)
        except UserError:
            raise error from None
    return Wanted(digest_words(group.id), f"digest {quoted(group.name)}", when)


async def find_group(app: App, asker: Asker, typed: str, schedule: str = "") -> Named:
    """The group with a typed name. People who can't set up any digest are refused before the
    lookup, so that they don't learn the names of groups."""
    seen = await app.coaching.visibility(asker)
    if not seen.covers_groups:
        raise NotAllowed(NOT_YOURS)
    if not typed or typed.casefold() == "help":
        raise UserError(
            'Which group? Type `{command} digest "West Coast" every monday 9:00`, or leave out '
            "the time to get a form. `{command} digest list` shows the digests.",
            (SHOW_LIST,),
        )
    if is_change(typed):
        raise UserError("Pause, edit or remove a digest with its menu in the list.", (SHOW_LIST,))
    await app.directory.refresh()
    lookup = app.resolver.lookup(
        asker,
        replace(seen, own_groups=frozenset()),
        lambda _, new: f"digest {quoted(new.value)} {schedule}".strip(),
    )
    return await lookup.find_thing(NameRef(Kind.GROUP, typed))


# Rights


async def check(app: App, asker: Asker, new: Subscription, *, changes: str = "") -> ChannelAudience:
    """The channel of a digest. Raises NotAllowed if the asker can't have the digest in it."""
    await require(app, asker, new.words)
    channel = await readers(app, asker, new.place, changes=changes)
    refuse_outsiders(channel)
    return channel


async def require(app: App, asker: Asker, words: str) -> None:
    """Raises NotAllowed if the asker can't have the answer to this question posted."""
    query = (await resolve(app, asker.team_id, words)).resolved
    if not may_ask(await app.coaching.visibility(asker), query):
        raise NotAllowed(NOT_YOURS)


async def readers(app: App, asker: Asker, channel_id: str, *, changes: str = "") -> ChannelAudience:
    """The members of a channel. Raises NotAllowed unless the asker is one of them, or the digest
    `changes` posts in it already."""
    channel = await app.audiences.look_up(asker.team_id, channel_id)
    if asker.user_id in channel.ids:
        return channel
    if changes and (await find(app, asker, changes)).place == channel_id:
        return channel
    # Without its name, since it may be a private channel.
    refuse_outsiders(replace(channel, name="this channel"))
    raise NotAllowed(
        "You can have a digest only in a channel that you are in. Join this one first, then try "
        "again."
    )


def refuse_outsiders(channel: ChannelAudience) -> None:
    """Raises NotAllowed if somebody in the channel can't see practice results."""
    if is_barred(channel.audience):
        raise NotAllowed(REASONS[Reason.READERS].why, place=channel.name)


async def find(app: App, asker: Asker, id_: str) -> Subscription:
    """A digest by its id. Raises NotFound, and NotAllowed unless the asker can change it."""
    one = await app.subscriptions.find(id_)
    if one is None or one.team_id != asker.team_id or one.is_personal:
        raise NotFound(GONE)
    if not await can_change(app, asker, one):
        raise NotAllowed(NOT_YOURS)
    return one


async def can_change(app: App, asker: Asker, one: Subscription) -> bool:
    """Whether the asker can change a digest: an admin, its owner, or a coach of all its people."""
    seen = await app.coaching.visibility(asker)
    if seen.everyone or one.owner_id == asker.user_id:
        return True
    try:
        query = (await resolve(app, one.team_id, one.words)).resolved
    except UserError:
        return False
    return may_ask(seen, query)


async def add(app: App, asker: Asker, new: Subscription) -> Subscription:
    """Store a new digest. Raises UserError if its channel has the same one already."""
    one, is_new = await app.subscriptions.add(new)
    if not is_new:
        pattern = "*{channel}* already has this digest: *{title}*, {when}. Nothing was changed."
        if one.is_paused:
            pattern += " It is paused. To resume it, use `{command} digest list` there."
        raise UserError(pattern, (), **await sentence_fields(app, asker, one))
    return one


def require_existing(one: Subscription | None) -> Subscription:
    """The digest as it is now. Raises NotFound if it was removed meanwhile."""
    if one is None:
        raise NotFound(GONE)
    return one


# Messages


async def sentence_fields(app: App, asker: Asker, one: Subscription) -> dict[str, str]:
    """The fields of a sentence about a digest."""
    line = await describe(app, one, await app.coaching.visibility(asker))
    return {"title": shortened(line.title), "channel": line.place, "when": line.when}


async def saved(app: App, asker: Asker, one: Subscription, done: str) -> Draft:
    """The message that confirms a change; `done` names it ("paused"), or is "nothing"."""
    line = await describe(app, one, await app.coaching.visibility(asker))
    return draft("subscribed", sub=line, done=done, now=app.clock())


async def preview(app: App, asker: Asker, one: Subscription) -> Drawable:
    """What would be posted now, for the asker alone. Raises UserError if nothing would."""
    row = one.delivery_now(DeliveryKind.NOW, app.clock(), "")
    try:
        return (await draft_delivery(app, asker, row, Mode.QUESTION)).view
    except Unsent as error:
        place = await app.audiences.name(one.place) if one.place else "the channel"
        raise UserError(REASONS[error.reason].why, (), owner=asker.name, place=place) from None

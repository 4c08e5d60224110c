"""Digests: what is posted in a channel on a schedule, who may set it up, and who may change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.access import Asker
from bot.errors import NotAllowed, NotFound, Suggestion, UserError
from bot.language.query import Kind as NameKind
from bot.language.query import Named, NameRef
from bot.language.schedule_words import is_change, split_group, split_schedule
from bot.language.text import quoted, shortened
from bot.messages.render import Draft, Drawable, draft
from bot.outbox import Kind, Reason, Unsent
from bot.people.audience import ChannelAudience
from bot.prepare import Mode
from bot.scheduled import REASONS, describe, facts_of, is_barred, may_ask
from bot.stored_words import digest_words, named_report, resolve, words_of
from bot.subscriptions import Subscription

if TYPE_CHECKING:
    from bot.app import App

SHOW_LIST = Suggestion("List", "digest list")
GONE = "This digest is gone. `{command} digest list` shows the others."
NOT_YOURS = "Digests are set up and changed by admins, and by the coaches of the people in them."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants posted, in stored words, and their words for when. `lead` is the command
    up to these."""

    words: str
    lead: str
    when: str


async def read_wanted(app: App, asker: Asker, rest: str) -> Wanted:
    """What the words after `digest` mean: a group's digest, or the answer to a question."""
    what, when = split_schedule(rest)
    if named_report(what) is not None or what.startswith("<"):  # no group is called by a mention
        return Wanted(await words_of(app, asker, what), f"digest {what}", when)
    said = split_group(rest)
    try:
        group = await find_group(app, asker, said.group, said.schedule)
    except (NotFound, NotAllowed) as error:
        if not what:
            raise
        try:
            return Wanted(await words_of(app, asker, what), f"digest {what}", when)
        except UserError:
            raise error from None
    return Wanted(digest_words(group.id), f"digest {quoted(group.name)}", said.schedule)


async def find_group(app: App, asker: Asker, typed: str, schedule: str = "") -> Named:
    """The group that somebody means. People who coach no group are refused before they learn which
    groups there are."""
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
        raise UserError(
            "Pause, edit or remove a digest in the list: each has its buttons there.", (SHOW_LIST,)
        )
    lookup = app.resolver.lookup(
        asker,
        replace(seen, own_groups=frozenset()),
        lambda _, new: f"digest {quoted(new.value)} {schedule}".strip(),
    )
    return await lookup.find_thing(NameRef(NameKind.GROUP, typed))


# What somebody may have, and change


async def check(app: App, asker: Asker, new: Subscription, *, changes: str = "") -> ChannelAudience:
    """Who will read this in its channel. Raises NotAllowed unless the asker may have it there."""
    await require(app, asker, new.words)
    there = await readers(app, asker, new.place, changes=changes)
    refuse_outsiders(there)
    return there


async def require(app: App, asker: Asker, words: str) -> None:
    """Raises NotAllowed unless the asker may have the answer to this posted."""
    asked = (await resolve(app, asker.team_id, words)).resolved
    if not may_ask(await app.coaching.visibility(asker), asked):
        raise NotAllowed(NOT_YOURS)


async def readers(app: App, asker: Asker, channel_id: str, *, changes: str = "") -> ChannelAudience:
    """Who is in a channel where the asker may have a digest: they are in it, or the digest
    `changes` goes there already."""
    there = await app.audiences.seen(asker.team_id, channel_id)
    if asker.user_id in there.ids:
        return there
    if changes and (await find(app, asker, changes)).place == channel_id:
        return there
    # They may not know the channel's name if it is private.
    refuse_outsiders(replace(there, channel="this channel"))
    raise NotAllowed(
        "You can have a digest only in a channel that you are in. Join this one first, then try "
        "again."
    )


def refuse_outsiders(there: ChannelAudience) -> None:
    """Raises NotAllowed if somebody in the channel can't see practice results."""
    if is_barred(there.audience):
        raise NotAllowed(REASONS[Reason.READERS].why, place=there.channel)


async def find(app: App, asker: Asker, id_: str) -> Subscription:
    """A digest that the asker can change: admins, its owner, and who coaches its people."""
    one = await app.subscriptions.find(id_)
    if one is None or one.team_id != asker.team_id or one.is_personal:
        raise NotFound(GONE)
    if not await can_change(app, asker, one):
        raise NotAllowed(NOT_YOURS)
    return one


async def can_change(app: App, asker: Asker, one: Subscription) -> bool:
    """Whether somebody can change a digest."""
    seen = await app.coaching.visibility(asker)
    if seen.everyone or one.owner_id == asker.user_id:
        return True
    try:
        asked = (await resolve(app, one.team_id, one.words)).resolved
    except UserError:
        return False
    return may_ask(seen, asked)


async def add(app: App, asker: Asker, new: Subscription) -> Subscription:
    """Store a new digest. Raises UserError if its channel has the same one already."""
    one, is_new = await app.subscriptions.add(new)
    if not is_new:
        pattern = "*{channel}* has this digest already: *{title}*, {when}. Nothing was changed."
        if one.is_paused:
            pattern += " It is paused: press Resume in `{command} digest list` there."
        raise UserError(pattern, (), **await named(app, asker, one))
    return one


def there_still(one: Subscription | None) -> Subscription:
    """The digest. Raises NotFound if it was removed meanwhile."""
    if one is None:
        raise NotFound(GONE)
    return one


# Words for people


async def named(app: App, asker: Asker, one: Subscription) -> dict[str, str]:
    """The fields of a sentence about a digest."""
    told = await describe(app, one, await app.coaching.visibility(asker))
    return {"title": shortened(told.title), "channel": told.place, "when": told.when}


async def saved(app: App, asker: Asker, one: Subscription, done: str) -> Draft:
    """The message about a subscription as it is now, after this was done to it."""
    told = await describe(app, one, await app.coaching.visibility(asker))
    return draft("subscribed", sub=told, done=done, now=app.clock())


async def drawn(app: App, asker: Asker, one: Subscription) -> Drawable:
    """What would be posted now, for the asker alone. Raises UserError if nothing would."""
    row = one.delivery_now(Kind.NOW, app.clock(), "")
    try:
        return (await facts_of(app, asker, row, Mode.QUESTION)).view
    except Unsent as error:
        why = REASONS[error.reason].why
        fields = {"place": await app.audiences.name(one.place) if one.place else "the channel"}
        owner = asker.name
        raise UserError(why, (), owner=owner, **fields) from None

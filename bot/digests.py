"""Digests and the other scheduled messages: who can set them up and change them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.access import Asker
from bot.errors import NotAllowed, NotFound, Suggestion, UserError
from bot.language.query import Kind, Named, NameRef
from bot.language.schedule_words import is_change
from bot.language.text import clean, quoted, shortened
from bot.messages.render import Draft, Drawable, draft
from bot.outbox import Reason, Unsent
from bot.people.audience import Audience
from bot.prepare import Mode
from bot.scheduled import REASONS, describe, draw_for, may_ask
from bot.stored_words import digest_words, named_report, resolve, words_of
from bot.subscriptions import GONE, Subscription

if TYPE_CHECKING:
    from bot.app import App

SHOW_LIST = Suggestion("List", "digest list")
NOT_YOURS = "Only admins and the coaches of the people in a digest can set it up or change it."


async def read_wanted(app: App, asker: Asker, what: str, when: str = "") -> str:
    """The stored words of a group or a question; `when` is the schedule typed after it."""
    if named_report(what) is not None or what.startswith("<"):  # a mention is no group
        return await words_of(app, asker, what)
    name = clean(what).removeprefix("group:").strip(' "')
    try:
        return digest_words((await find_group(app, asker, name, when)).id)
    except (NotFound, NotAllowed) as no_group:
        if not what:
            raise
        try:
            return await words_of(app, asker, what)
        except UserError:
            raise no_group from None


async def find_group(app: App, asker: Asker, typed: str, when: str) -> Named:
    """The group of this name or id, among those whose digest the asker can set up."""
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
        lambda _, new: f"digest {quoted(new.value)} {when}".strip(),
    )
    return await lookup.find_thing(NameRef(Kind.GROUP, typed))


# Rights


async def check(app: App, asker: Asker, one: Subscription) -> Audience:
    """The channel of a digest. Raises NotAllowed if the asker can't have the digest in it."""
    await require(app, asker, one.words)
    return await readers(app, asker, one.place, one.id)


async def require(app: App, asker: Asker, words: str) -> None:
    """Raises NotAllowed if the asker can't have the answer to this question posted."""
    query = (await resolve(app, asker.team_id, words)).resolved
    if not may_ask(await app.coaching.visibility(asker), query):
        raise NotAllowed(NOT_YOURS)


async def readers(app: App, asker: Asker, channel_id: str, changes: str = "") -> Audience:
    """The members of a channel. Raises NotAllowed if some can't see practice results, and unless
    the asker is one of them or the digest `changes` posts in it already."""
    if not channel_id.startswith(("C", "G")):
        raise UserError("I post only in channels. Choose one.")
    channel = await app.audiences.look_up(asker.team_id, channel_id)
    is_theirs = asker.user_id in channel.ids
    if not is_theirs and changes:
        is_theirs = (await find(app, asker, changes)).place == channel_id
    if channel.is_barred:
        # Without its name, since it may be a private channel.
        place = channel.name if is_theirs else "this channel"
        raise NotAllowed(REASONS[Reason.READERS].why, place=place)
    if not is_theirs:
        raise NotAllowed(
            "I post for you only in a channel that you are in. Join this one first, then try again."
        )
    return channel


async def find(app: App, asker: Asker, id_: str) -> Subscription:
    """A scheduled message by its id. Raises NotFound, also for a direct message to somebody else,
    and NotAllowed unless the asker can change it."""
    one = await app.subscriptions.find(id_)
    if one is None or one.team_id != asker.team_id:
        raise NotFound(GONE)
    if one.is_personal and one.owner_id != asker.user_id:
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


# Changes


async def add(app: App, asker: Asker, new: Subscription) -> Subscription:
    """Store a new digest. Raises UserError if its channel has the same one already."""
    one, is_new = await app.subscriptions.add(new)
    if not is_new:
        pattern = "*{channel}* already has this digest: *{title}*, {when}. Nothing was changed."
        if one.is_paused:
            pattern += " It is paused. To resume it, use `{command} digest list` there."
        raise UserError(pattern, (), **await sentence_fields(app, asker, one))
    return one


# Messages


async def sentence_fields(app: App, asker: Asker, one: Subscription) -> dict[str, str]:
    """The fields of a sentence about a digest."""
    line = await describe(app, one, await app.coaching.visibility(asker))
    return {"title": shortened(line.title), "channel": line.place, "when": line.when}


async def saved(app: App, asker: Asker, one: Subscription, done: str = "") -> Draft:
    """The message that confirms a change; `done` names it ("Paused")."""
    line = await describe(app, one, await app.coaching.visibility(asker))
    return draft("subscribed", sub=line, done=done, now=app.clock())


async def pause(app: App, asker: Asker, id_: str) -> Draft:
    """Pause a scheduled message."""
    one = await find(app, asker, id_)
    return await saved(app, asker, await app.subscriptions.pause(one.id), "Paused")


async def resume(app: App, asker: Asker, id_: str) -> Draft:
    """Resume a scheduled message, if the asker can still have it in its channel. A direct message
    is checked when it is due."""
    one = await find(app, asker, id_)
    if not one.is_personal:
        await check(app, asker, one)
    return await saved(app, asker, await app.subscriptions.resume(one), "Resumed")


async def preview(app: App, asker: Asker, one: Subscription) -> Drawable:
    """What would be sent now, for the asker alone. Raises UserError if nothing would."""
    row = one.delivery_now(app.clock())
    try:
        view, _ = await draw_for(app, asker, row, Mode.QUESTION)
    except Unsent as error:
        place = await app.audiences.name(one.place) if one.place else "the channel"
        raise UserError(REASONS[error.reason].why, (), owner=asker.name, place=place) from None
    return view

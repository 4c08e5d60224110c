"""Digests: what is posted in a channel on a schedule, and who can set it up and change it.

A digest shows a group's results, or the answer to a question. All functions raise UserError with
what to do instead, SlackError, ExecError and StorageError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.access import Asker, Visibility
from bot.errors import ExecError, NotAllowed, NotFound, Suggestion, UserError
from bot.group_reports import plan_parts, with_parts
from bot.language.dates import zone_name
from bot.language.query import Kind, Named, NameRef, ResolvedQuery
from bot.language.schedule import Schedule
from bot.language.schedule_words import (
    LIST,
    is_change,
    split_group,
    split_schedule,
    written_schedule,
)
from bot.language.text import plain_text, quoted, shortened
from bot.messages.render import Draft
from bot.outbox.describe import Done, SubscriptionLine
from bot.outbox.plans import TEAM, Plan, Subscription, team_ask
from bot.outbox.questions import named_report
from bot.outbox.reasons import NotSentReason, not_allowed, paused_by_itself
from bot.outbox.rights import may_change, may_stop, require, require_change, why_not_there
from bot.people.audience import ChannelAudience
from bot.reports.digest import DigestPart

if TYPE_CHECKING:
    from bot.app import App

GONE = "This digest is gone. `{command} digest list` shows the others."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants posted, in stored words, and their words for its schedule. `lead` is the
    command up to the schedule."""

    ask: str
    lead: str
    schedule: str


# What is asked


async def read_wanted(app: App, asker: Asker, rest: str) -> Wanted:
    """What the words after `digest` mean: a group's digest, or the answer to a question."""
    what, when = split_schedule(rest)
    if named_report(what) is not None:
        return await _question(app, asker, what, when)
    said = split_group(rest)
    try:
        group = await find_group(app, asker, said.group, said.schedule)
    except (NotFound, NotAllowed) as error:
        if not what:
            raise
        try:
            return await _question(app, asker, what, when)
        except UserError:
            raise error from None
    return Wanted(team_ask(group.id), f"digest {quoted(group.name)}", said.schedule)


async def _question(app: App, asker: Asker, what: str, when: str) -> Wanted:
    return Wanted(await app.questions.ask_of(asker, what), f"digest {what}", when)


async def find_group(app: App, asker: Asker, typed: str, schedule: str = "") -> Named:
    """The group that somebody means, if they can have its digest.

    People who coach no group are refused before they learn which groups there are.
    """
    visibility = await require_groups(app, asker)
    if not typed or typed.casefold() == "help":
        raise UserError(
            'Which group? Type `{command} digest "West Coast" every monday 9:00`, or leave out '
            "the time to get a form. `{command} digest list` shows the digests.",
            (Suggestion("List", f"digest {LIST}"),),
        )
    lookup = app.resolver.lookup(
        asker,
        replace(visibility, own_groups=frozenset()),
        lambda _, new: f"digest {quoted(new.value)} {schedule}".strip(),
    )
    try:
        found = await lookup.find_thing(NameRef(Kind.GROUP, typed))
    except NotFound as error:
        raise await _no_group(app, asker, typed, error) from None
    require(asker, visibility, team_ask(found.id))
    return found


async def _no_group(app: App, asker: Asker, typed: str, error: NotFound) -> UserError:
    if is_change(typed):
        return UserError(
            "Pause, edit or remove a digest in the list: each has its buttons there.",
            (Suggestion("List", f"digest {LIST}"),),
        )
    name = await app.people.spoken(asker.team_id, typed)
    if name == plain_text(typed):
        return error
    # A person, or a user group of Slack.
    return NotFound(
        "A digest is about a group in Exec, and *{name}* isn't one. Choose a group, or type its "
        "name:",
        error.suggestions,
        name=shortened(name),
    )


# Rights


async def require_groups(app: App, asker: Asker) -> Visibility:
    """What the asker can see. Raises NotAllowed for people who coach no group."""
    visibility = await app.coaching.visibility(asker)
    if not visibility.covers_groups:
        raise not_allowed(NotSentReason.NO_RIGHT)
    return visibility


async def allow(app: App, asker: Asker, ask: str) -> None:
    """Raises NotAllowed, with the reason, unless the asker can have this posted in a channel."""
    asked = await app.questions.asked(asker.team_id, ask)
    if isinstance(asked, NotSentReason):
        raise not_allowed(asked)
    require(asker, await app.coaching.visibility(asker), ask, asked=asked)


async def readers(app: App, asker: Asker, channel_id: str, *, changes: str = "") -> ChannelAudience:
    """Who is in a channel where the asker can have a digest: they are in it, or the subscription
    `changes`, which they can change, goes there already. Raises NotAllowed for any other."""
    seen = await app.audiences.seen(asker.team_id, channel_id)
    if asker.user_id in seen.ids:
        return seen
    if changes and (await find(app, asker, changes)).plan.place == channel_id:
        return seen
    # They may not know the channel's name if it is private.
    if seen.audience.crowded:
        raise not_allowed(NotSentReason.CROWDED)
    raise NotAllowed(
        "You can have a digest only in a channel that you are in. Join this one first, then try "
        "again."
    )


def refuse_outsiders(seen: ChannelAudience) -> None:
    """Raises NotAllowed if somebody in the channel can't see practice results."""
    if (why := why_not_there(seen.audience)) is not None:
        raise not_allowed(why)


async def look(app: App, asker: Asker, plan: Plan, *, changes: str = "") -> ChannelAudience:
    """Who will read this in its channel. Raises NotAllowed unless the asker can have it there."""
    await allow(app, asker, plan.ask)
    seen = await readers(app, asker, plan.place, changes=changes)
    refuse_outsiders(seen)
    return seen


async def find(app: App, asker: Asker, id_: str, *, stop: bool = False) -> Subscription:
    """A digest that the asker can change or, with `stop`, at least pause and remove."""
    one = await app.subscriptions.find(id_)
    is_theirs = one is not None and one.team_id == asker.team_id and not one.is_personal
    if one is None or not is_theirs or one.removed_at is not None:
        raise NotFound(GONE)
    visibility = await app.coaching.visibility(asker)
    require_change(asker, visibility, one, await _asked(app, one), stop=stop)
    return one


async def _asked(app: App, one: Subscription) -> ResolvedQuery | None:
    """The question of a digest; None if there is none, or it can't be read now."""
    try:
        asked = await app.questions.asked(one.team_id, one.plan.ask)
    except ExecError:
        return None
    return None if isinstance(asked, NotSentReason) else asked


# Changes


def new_plan(place: str, schedule: Schedule, ask: str, parts: frozenset[DigestPart]) -> Plan:
    """A plan for a channel; `parts` are those of a group's digest."""
    plan = Plan(place, written_schedule(schedule, zone=False), schedule.zone, ask)
    return with_parts(plan, parts) if plan.kind == TEAM else plan


async def add(app: App, asker: Asker, plan: Plan) -> Subscription:
    """A new digest, which the asker can have: see `look`. Raises UserError if its channel has the
    same one already."""
    one, is_new = await app.subscriptions.add(asker.team_id, asker.user_id, plan)
    if not is_new:
        raise await _there_already(app, asker, one)
    return one


async def change(app: App, asker: Asker, id_: str, plan: Plan) -> tuple[Subscription, Done]:
    """Replace the plan of a digest by one that the asker can have, and say what that did."""
    old = await find(app, asker, id_)
    old_plan = old.plan if old.plan.kind != TEAM else with_parts(old.plan, plan_parts(old.plan))
    is_same = plan == old_plan
    if is_same and not paused_by_itself(old.paused):
        return old, Done.NOTHING
    changed = there(await app.subscriptions.change(id_, plan))
    if changed.id != id_:
        raise await _there_already(app, asker, changed)
    if paused_by_itself(changed.paused):
        # The change may fix what kept it from being sent; if not, it pauses again.
        changed = there(await app.subscriptions.resume(id_))
    return changed, Done.RESUMED if is_same else Done.CHANGED


def there(one: Subscription | None) -> Subscription:
    """The digest. Raises NotFound if it was removed meanwhile."""
    if one is None:
        raise NotFound(GONE)
    return one


async def _there_already(app: App, asker: Asker, other: Subscription) -> UserError:
    pattern = "*{channel}* has this digest already: *{title}*, {when}, so I changed nothing."
    if other.paused:
        pattern += " It is paused: press Resume in `{command} digest list` there."
    return UserError(pattern, (), **await named(app, asker, other))


# Words for people


async def describe(
    app: App, asker: Asker, ones: Sequence[Subscription]
) -> tuple[SubscriptionLine, ...]:
    """The digests as the asker can read them, with what they can do to each."""
    visibility = await app.coaching.visibility(asker)
    lines = []
    for one, line in zip(ones, await app.subscribed.described(ones, visibility), strict=True):
        asked = await _asked(app, one)
        changes = may_change(asker, visibility, one, asked)
        stops = may_stop(asker, visibility, one, asked)
        lines.append(replace(line, can_change=changes, can_stop=stops))
    return tuple(lines)


async def named(app: App, asker: Asker, one: Subscription) -> dict[str, str]:
    """The fields of a sentence about a digest."""
    (line,) = await describe(app, asker, (one,))
    when = f"{line.when} ({zone_name(line.zone)})"
    return {"title": shortened(line.title), "channel": line.place, "when": when}


async def saved(app: App, asker: Asker, one: Subscription, done: Done = Done.SAVED) -> Draft:
    """The message about a digest as it is now, after this was done to it."""
    (line,) = await describe(app, asker, (one,))
    return await app.subscribed.saved(one, line, done)


async def answer_now(app: App, asker: Asker, one: Subscription) -> Draft | NotSentReason:
    """What would be posted now, for the asker alone, or why nothing would be."""
    build = app.group_reports if one.plan.kind == TEAM else app.channel_answers
    return await build.preview(asker, one)

"""`/exec alert …`: what a coach wants to be told of as it happens."""

from __future__ import annotations

from dataclasses import dataclass

from bot.access import Asker
from bot.commands.alert_looking import AlertFacts, AlertLooks
from bot.env import Env
from bot.errors import NotAllowed, NotFound, Suggestion, UserError
from bot.language.alert_words import Rule, read
from bot.language.filters.row import listed
from bot.language.query import Kind, NameRef, PersonKind, PersonRef, Query
from bot.language.text import plain
from bot.language.words import words
from bot.outbox.alerts import MOST, Alert, Alerts
from bot.people.audit import Audit, Look
from bot.pipeline import Pipeline, Request
from bot.rendering.alert_views import AlertSetView, AlertsView, Happened
from bot.rendering.messages import View
from bot.reports.alerts import NAME
from bot.understanding import Understood

LIST = ("", "list", "remove")
MY_ALERTS = Suggestion("My alerts", "alert list")
# These mean whoever it is then.
_WHOEVER = (PersonKind.MINE, PersonKind.USERGROUP)


@dataclass(frozen=True, slots=True)
class AlertCommands:
    """All raise UserError with what to do instead, SlackError, ExecError and StorageError."""

    env: Env
    alerts: Alerts
    facts: AlertFacts
    looks: AlertLooks
    pipeline: Pipeline
    audit: Audit

    async def run(self, request: Request, rest: str) -> View:
        """Answer `alert <rest>`."""
        asker = request.asker
        if not asker.team_id:
            raise UserError("Alerts are set up in Slack: there they can be told.")
        word = plain(rest).casefold().partition(" ")[0]
        if word in LIST:
            return await self.listed(asker)
        await self._allow(asker)
        who, rule = read(rest)
        return await self._set(request, who, rule)

    async def listed(self, asker: Asker) -> AlertsView:
        """The asker's alerts."""
        ones = await self.alerts.listed(asker.team_id, asker.user_id)
        return AlertsView(tuple([await self.looks.line(one, asker) for one in ones]))

    async def remove(self, asker: Asker, id_: str) -> AlertsView:
        """Remove an alert; the list offers to undo that."""
        one = await self._own(asker, id_)
        if not await self.alerts.remove(one.id):
            raise _gone()
        return AlertsView(
            (await self.listed(asker)).lines, removed=await self.looks.line(one, asker)
        )

    async def undo(self, asker: Asker, id_: str) -> AlertsView:
        """Bring back an alert that was removed lately."""
        one = await self._own(asker, id_)
        if not await self.alerts.undo(one.id):
            raise UserError(
                "That can't be undone any more: it is more than 10 minutes ago, or was undone.",
                (MY_ALERTS,),
            )
        return AlertsView(
            (await self.listed(asker)).lines, restored=await self.looks.line(one, asker)
        )

    async def _allow(self, asker: Asker) -> None:
        seen = await self.facts.coaching.visibility(asker)
        if not (seen.everyone or seen.coaches):
            raise NotAllowed(
                "Alerts are for coaches and admins, and you coach nobody. `{command} me` shows "
                "your own practice.",
                (Suggestion("Show my week", "me"),),
            )

    async def _set(self, request: Request, typed: str, rule: Rule) -> View:
        asker = request.asker
        try:
            understood = await self.facts.understood(asker, typed, rule)
        except UserError as problem:
            # What is offered in place of a name has the rule behind it, as what was typed.
            problem.suggestions = tuple(
                Suggestion(way.label, f"{way.words} {rule.words}")
                if way.words.split(" ")[0] == NAME
                else way
                for way in problem.suggestions
            )
            raise
        who = _stored(understood)
        owner = (asker.team_id, asker.user_id)
        old = await self.alerts.like(*owner, who, rule)
        if old is not None and not old.paused:
            raise UserError(
                "You have this alert already: *{who}*, {what}.",
                (MY_ALERTS,),
                who=listed((await self.looks.line(old, asker)).who[:3] or ("everyone",), "and"),
                what=rule.spoken,
            )
        if old is None and len(await self.alerts.listed(*owner)) >= MOST:
            raise UserError(
                "You have {most} alerts, and more are too many to look over. Remove one first.",
                (MY_ALERTS,),
                most=str(MOST),
            )
        looked_at = await self.facts.looked_at()
        seen = await self.facts.seen(asker, understood.resolved, rule)
        known = {each.key: each.person_id for each in seen.so}
        one = await self.alerts.keep(*owner, who, rule, looked_at=looked_at, known=known)
        line = await self.looks.line(one, asker)
        named = frozenset(known.values()) - {""}
        look = Look(self.env.new_id(), asker, NAME, request.door, named)
        await self.audit.note(look)
        return AlertSetView(
            line=line,
            already=Happened(rule.what, rule.number, line.who, seen.so, seen.since),
            zone=str(asker.zone),
            now=self.env.clock(),
            resumed=old is not None,
            offers=await self.pipeline.offers(asker, (MY_ALERTS,)),
        )

    async def _own(self, asker: Asker, id_: str) -> Alert:
        """An alert of the asker's. Raises NotFound, in the same words for somebody else's."""
        one = await self.alerts.find(id_)
        if one is None or (one.team_id, one.owner_id) != (asker.team_id, asker.user_id):
            raise _gone()
        return one


def _gone() -> NotFound:
    return NotFound("This alert is not there any more.", (MY_ALERTS,))


def _stored(understood: Understood) -> str:
    """Whom an alert is about, in canonical words with ids. Raises UserError for a mixture."""
    query, resolved = understood.query, understood.resolved
    whoever = tuple(ref for ref in query.people if ref.kind in _WHOEVER)
    groups = sorted(each.id for each in resolved.names if each.kind is Kind.GROUP)
    if (query.people and query.names) or (whoever and len(query.people) > 1):
        raise UserError(
            "One alert is about people, about groups, or about your people. Set one for each, like "
            "`{command} alert @jane gold` and `{command} alert group:west gold`."
        )
    if whoever or not (query.people or query.names or understood.visibility.everyone):
        return words(Query(people=whoever or (PersonRef(PersonKind.MINE),)))
    ids = sorted({person.id for person in resolved.people or () if query.people})
    return words(
        Query(
            people=tuple(PersonRef(PersonKind.PERSON, id_) for id_ in ids),
            names=tuple(NameRef(Kind.GROUP, id_) for id_ in groups if query.names),
        )
    )

"""The messages about alerts: one was set, the list of them, something happened. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.language.alert_words import AlertKind
from bot.rendering.views import Offer, TemplateView
from bot.reports.alerts import AlertEvent


@dataclass(frozen=True, slots=True)
class AlertLine:
    """An alert as people read it. `id` is opaque; `who` are the names of people and groups, () for
    everyone; `what` is what it watches for, in words."""

    id: str
    who: tuple[str, ...]
    what: str
    paused: bool = False


@dataclass(frozen=True, slots=True)
class AlertEvents:
    """The events of one `kind`, some of which have a `number`. `who` are the names of the group
    that an average is of. Sessions are known `since` then, None for all."""

    kind: AlertKind
    number: float
    who: tuple[str, ...]
    events: tuple[AlertEvent, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertView(TemplateView):
    """The message to the owner of alerts: the news, and the alerts that pause because their owner
    may no longer see anybody in them. `to_nudge` is the name of the one person who a nudge may
    help, `handle` their opaque id; "" for nobody, or several."""

    template = "alert"
    news: tuple[AlertEvents, ...]
    paused: tuple[AlertLine, ...]
    zone: str
    as_of: datetime
    now: datetime
    offers: tuple[Offer, ...] = ()
    to_nudge: str = ""
    handle: str = ""

    @property
    def total(self) -> int:
        """How many things happened."""
        return sum(len(each.events) for each in self.news)


@dataclass(frozen=True, slots=True)
class AlertSetView(TemplateView):
    """An alert was set; `already` is what it watches for and is the case today."""

    template = "alert_set"
    line: AlertLine
    already: AlertEvents
    zone: str
    now: datetime
    resumed: bool = False
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertsView(TemplateView):
    """Somebody's alerts, after one was `removed`."""

    template = "alerts"
    lines: tuple[AlertLine, ...]
    removed: AlertLine | None = None

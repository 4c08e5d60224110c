"""What people can do, one module each: commands, listeners and jobs, registered in the services of
`app.py`."""

from __future__ import annotations

from bot.app import App
from bot.features import (
    admin,
    alerts,
    ask,
    coach,
    export,
    first_contact,
    help,
    home,
    me,
    nudge,
    share,
)
from bot.features.schedule import command as digests

FEATURES = (
    ask, share, export, help, first_contact, home, me, coach, nudge, digests, alerts, admin
)  # fmt: skip


def register_all(app: App) -> None:
    """Add what people can do to an app."""
    for feature in FEATURES:
        feature.register(app)
    ask.register_rest(app)

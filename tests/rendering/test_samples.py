"""Every sample, about many people whose names try to break a message."""

from __future__ import annotations

from tests.rendering import report_samples as made
from tests.rendering.drawings import assert_taken, everything


def test_slack_takes_every_sample():
    for name, view in everything(made.company(200, hostile=True)).items():
        assert_taken(name, view)

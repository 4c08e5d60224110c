"""What to practice next, in plain words: for oneself, or for one person somebody coaches."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.answer import Answered, Answerer, Request
from bot.errors import Pattern, Suggestion, UserError
from bot.features import Command, Feature, HelpLine
from bot.reports.what_next import REPORT

LINES = (HelpLine(REPORT.forms, Pattern(REPORT.help), REPORT.example),)


@dataclass(frozen=True, slots=True)
class WhatNextFeature:
    """Raises UserError, ExecError and StorageError."""

    answerer: Answerer

    @property
    def feature(self) -> Feature:
        return Feature(
            commands=(Command(REPORT.name, self.run, LINES),), phrases={REPORT.name: self.run}
        )

    async def run(self, request: Request, rest: str) -> Answered:
        """What the asker, or the one person named, practices next."""
        words = rest or "me"
        question = await self.answerer.question(request.asker, words, REPORT)
        if len(question.resolved.people or ()) != 1:
            raise UserError(
                "I suggest what to practice for one person at a time.",
                (Suggestion("What should I practice next", "what next"),),
            )
        # Without a place, as no words narrow it.
        return await self.answerer.answer(replace(request, place=""), REPORT, words)

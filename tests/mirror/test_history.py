"""The whole algebra against a tiny Exec that remembers every moment.

Sessions are created (several in one instant), graded and deleted; groups, skills, programs and
collections change; questions are planned and fetched page by page with events between the pages;
answers of other processes come late and in any order. After each act, every piece of every scope
must be exactly what Exec held at the piece's as-of time; and no answer that was late is wasted.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mirror.coverage import Coverage, Piece
from bot.mirror.planning import Asked, Plan, plan
from bot.mirror.scope import ALL, NOTHING, Scope, expand, widens
from bot.mirror.walking import Fetch, Row, Walk
from tests.mirror.acts import (
    Create,
    Delete,
    Deliver,
    Event,
    Forget,
    Grade,
    Move,
    Question,
    Send,
    Wait,
    acts,
)
from tests.mirror.model import (
    PAGE,
    Exec,
    Mirror,
    assert_true,
    checked,
    read,
    truth,
)


class History:
    def __init__(self) -> None:
        self.exec = Exec()
        self.mirror = Mirror()
        self.waiting: list[tuple[Scope, Walk, list[Row], bool, int]] = []

    def act(self, act: Event | Question | Send | Deliver | Forget) -> None:
        match act:
            case Question():
                self.ask(act)
            case Send(scope, (start, end), full):
                now = self.exec.now
                start, end = max(0, now - start), max(1, now - end)
                if start < end:
                    self.send(scope, Fetch(scope, start, end, full, 1).walk)
            case Deliver(number) if self.waiting:
                scope, walk, rows, last, as_of = self.waiting.pop(number % len(self.waiting))
                step = walk.after(rows, is_last_page=last, as_of=as_of)
                if step.lesson:
                    before = dict(self.mirror.known)
                    self.mirror.learn(scope, step.lesson)
                    assert_kept(self.mirror, before, step.lesson.piece.as_of)
                    assert_taken_in(self.exec, self.mirror, scope, step.lesson.piece)
                if step.walk:
                    self.send(scope, step.walk)
            case Forget((start, end)):
                now = self.exec.now
                for scope, coverage in self.mirror.known.items():
                    self.mirror.known[scope] = coverage.forget(now - start, now - end)
            case _:
                self.happen(act)

    def send(self, scope: Scope, walk: Walk) -> None:
        self.waiting.append((scope, walk, *self.exec.answer(scope, walk.ask)))

    def happen(self, event: object) -> None:
        match event:
            case Create(pairs):
                self.exec.create(*pairs)
            case Grade(number, score):
                self.exec.grade(number, score)
            case Delete(number):
                self.exec.delete(number)
            case Wait(ticks):
                self.exec.happens(lambda world: world, ticks)
            case Move((kind, name), user, scenario):
                one = {"groups": user, "programs": (user, scenario)}.get(kind, scenario)
                bundles = getattr(self.exec.world, kind)
                moved = {**bundles, name: bundles.get(name, frozenset()) ^ {one}}
                self.exec.happens(lambda world: replace(world, **{kind: moved}))

    def ask(self, question: Question) -> None:
        now = self.exec.now
        start, end = (max(0, now - back) for back in question.back)
        expanded = expand(question.scope, groups=self.exec.world.groups)

        def planned() -> Plan:
            made = plan(
                Asked(question.scope, expanded, start, end),
                now=now,
                freshness=question.freshness,
                known=self.mirror.known,
                estimate=self.density,
                not_before=now if question.refresh else 0,
                page_size=PAGE,
            )
            self.check(made, (question.scope, expanded), start, min(end, now))
            if made.answerable and expanded != NOTHING and start < min(end, now):
                assert made.until is not None
                assert made.until in (min(end, now), *range(now - question.freshness, now))
            return made

        events = iter(question.between)

        def between() -> None:
            event = next(events, None)
            if event:
                self.happen(event)

        for fetch in planned().fetches:
            assert fetch.scope in (ALL, question.scope)
            read(self.exec, self.mirror, fetch, between)
            assert_true(self.exec, self.mirror)
        assert planned().answerable

    def density(self, scope: Scope, start: int, end: int) -> int:
        return len(truth(self.exec, scope, start, end, self.exec.now))

    def check(self, plan: Plan, forms: tuple[Scope, ...], start: int, end: int) -> None:
        """What the plan says is held is held, and all of it if the question is answerable."""
        at = start
        for part in plan.parts:
            assert at <= part.start < part.end <= end
            assert at == part.start or not plan.answerable
            at = part.end
            assert part.narrow in forms
            assert widens(part.scope, part.narrow)
            pieces = self.mirror.known[part.scope].pieces(part.start, part.end)
            assert min(each.as_of for each in pieces) == part.as_of
            expected = truth(self.exec, part.narrow, part.start, part.end, part.as_of)
            assert self.mirror.shown(part) == expected
        if plan.answerable and plan.parts:
            assert plan.as_of == min(part.as_of for part in plan.parts)
            assert plan.until == at


def assert_kept(mirror: Mirror, before: dict[Scope, Coverage], as_of: int) -> None:
    """No answer makes anybody forget what was looked at after it."""
    for scope, coverage in before.items():
        for each in coverage.held:
            if each.as_of > as_of:
                assert mirror.known[scope].pieces(each.start, each.end) == (each,)


def assert_taken_in(exec_: Exec, mirror: Mirror, scope: Scope, piece: Piece) -> None:
    """All of an answer is known now, except where a session was graded or deleted since."""
    unknown = set(range(piece.start, piece.end))
    for other, coverage in mirror.known.items():
        if widens(other, scope):
            for each in coverage.pieces(piece.start, piece.end):
                unknown -= set(range(each.start, each.end))
    rows = exec_.past[piece.as_of].rows
    later = (world.rows for at, world in exec_.past.items() if at > piece.as_of)
    assert unknown <= {row.created_at for since in later for row in rows - since}


@settings(checked, max_examples=100)
@given(st.lists(acts, min_size=30, max_size=80))
def test_what_is_held_is_what_exec_held_at_its_as_of_time(acts):
    history = History()
    for act in acts:
        history.act(act)
        assert_true(history.exec, history.mirror)

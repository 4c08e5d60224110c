"""Posts of drawn companies, and what their readers see in them: `python -m tests.drawn_posts 5000`.

A post is read from its blocks, like a reader of the channel does, who knows who is in which group.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from bot.ask.answer import Answer
from bot.ask.public import ChannelRules
from bot.ask.question import Question
from bot.errors import NotAllowed
from bot.exec.models import Proficiency
from bot.language.locale import Locale, written_for
from bot.language.query import By, Kind, Period, Query, Range, Rank, ResolvedName
from bot.language.sides import sides
from bot.messages.blocks import Message
from bot.messages.render import Messages, draft
from bot.people.access import Visibility
from bot.reports import digest
from bot.reports._prepared import OwnSubject, PreparedQuestion, SkillScores
from bot.reports._report import AnyReport
from bot.reports.table import REPORTS
from bot.storage.database import Database
from bot.storage.tables import assignment, member, scenario, session, team, team_member
from tests.reports.company import DAY, LAST_WEEK, MONDAY, WEEK, ZONE, Company, open_company
from tests.shown import fields, table
from tests.solver import Cell, revealed

MESSAGES = Messages()
RULES = ChannelRules("channel")
SCENARIOS = ("Cold Call", "Renewal", "Pricing")
NAMES = ("ann", "ben", "cleo", "dan", "eve", "finn", "gus", "hal", "ida", "jo", "kim", "lou", "max")
FOUR_WEEKS = Period("2026-02-16..2026-03-15", ZONE, MONDAY - 4 * WEEK, MONDAY)
TWENTY_DAYS = Period("2026-02-24..2026-03-15", ZONE, MONDAY - 20 * DAY, MONDAY)
PERIODS = (LAST_WEEK, LAST_WEEK, FOUR_WEEKS, TWENTY_DAYS)
TABLES = (session, member, team, team_member, assignment, scenario)

# The columns and labels of figures, by whom they are about.
COUNTED = re.compile(r"People|Practiced")
ACTIVE = re.compile(r"Sessions|Time|Practice time|Length")
GRADED = re.compile(r"Average|Graded|Gold|Change|Ranks|Silver|Score")


@dataclass(frozen=True)
class Practiced:
    """A session, so many days before the week began."""

    id: str
    who: str
    days_ago: float
    on: str
    score: float | None
    rank: str | None


@dataclass
class DrawnCompany:
    """People in groups of any size, nested and overlapping, and four weeks of practice."""

    company: Company
    sessions: list[Practiced] = field(default_factory=list)

    def draw(self, pick: Random) -> None:
        """Replace the company by another one."""
        self.sessions.clear()
        for own in (self.company.people, self.company.groups, self.company.scenarios):
            own.clear()
        for rows in TABLES:
            self.company.connection.execute(rows.delete())
        people = NAMES[: pick.randint(3, len(NAMES))]
        self.company.hire(*people)
        for name in ("North", "South", "East", "West")[: pick.randint(0, 4)]:
            self.company.group(name, *self._members(pick, people))
        for who in people:
            for _ in range(pick.choice((0, 1, 2, 4, 7))):
                self._practice(pick, who)
            if pick.random() < 0.6:
                self.company.assign(who, pick.choice(SCENARIOS), MONDAY + pick.randint(-9, 9) * DAY)

    def _members(self, pick: Random, people: tuple[str, ...]) -> list[str]:
        """Any people, or those of a group with one more or one less."""
        others = [sorted(group.people) for group in self.company.groups.values()]
        if others and pick.random() < 0.5:
            members = {*pick.choice(others)}
            return sorted(members ^ {*pick.sample(people, pick.randint(1, 2))})
        return pick.sample(people, pick.randint(1, len(people)))

    def _practice(self, pick: Random, who: str) -> None:
        score = pick.choice((None, round(pick.uniform(30, 99), 1), round(pick.uniform(30, 99), 1)))
        rank = None if score is None else pick.choice([*Rank]).value
        days_ago, on = pick.uniform(0.1, 30), pick.choice(SCENARIOS)
        id_ = self.company.session(
            who, days_ago, score, on, rank=rank, seconds=pick.randint(60, 900)
        )
        self.sessions.append(Practiced(id_, who, days_ago, on, score, rank))

    def roster(self, group: str) -> frozenset[str]:
        return self.company.groups[group].people


@dataclass(frozen=True)
class Post:
    """A post about these people: sessions that `matches`, `since` so many days before the week."""

    drawn: DrawnCompany
    report: AnyReport
    message: Message
    people: frozenset[str]
    since: int
    matches: Callable[[Practiced], bool]
    asked: str
    skills: tuple[SkillScores, ...] = ()

    def cells(self) -> Iterator[tuple[str, frozenset[Cell]]]:
        """What the post has figures about, as the level of the figure and its cells."""
        for label, text in fields(self.message).items():
            yield from self._of(label, text, self.people, (0, self.since))
            if " from " in text:
                yield from self._of(label, text, self.people, (self.since, 2 * self.since))
        said = self.message.text.splitlines()[0 if self.report.name != "digest" else 1]
        if re.search(r"\d+ of \d+ (practiced|have)|by \d+ (people|person)|Progress of", said):
            yield from self._of("Practiced", said, self.people, (0, self.since))
        for label, word in (("Sessions", r"\d+ (golds?|sessions?)"), ("Average", r"average \d")):
            if re.search(word, said) and self.report.name not in ("compare", "scenarios", "skills"):
                yield from self._of(label, said, self.people, (0, self.since))
        if "week before," in said:
            yield from self._of("Practiced", said, self.people, (self.since, 2 * self.since))
        for row in table(self.message):
            yield from self._of_row(row)
        for block in self.message.blocks:
            if block["type"] == "data_visualization":
                (series,) = block["chart"]["series"]
                for point in series["data"]:
                    label = "Average" if "Average" in block["title"] else "Sessions"
                    part = _part(point["label"], by_week=self._by_week)
                    yield from self._of(label, str(point["value"]), self.people, part)

    @property
    def _by_week(self) -> bool:
        return self.report.name == "digest" or self.since > 14

    def _of_row(self, row: dict[str, str]) -> Iterator[tuple[str, frozenset[Cell]]]:
        (title, subject), *columns = row.items()
        people, scenario_ = self.people, ""
        days: tuple[float, float] = (0, self.since)
        if title == "Group":
            people = self.drawn.roster(subject)
        elif title in ("Day", "Week of"):
            days = _part(subject, by_week=title == "Week of")
        elif title == "Scenario":
            scenario_ = subject
        elif title == "Place":
            return  # the people that a ranking names
        if title == "Skill":
            yield from self._of_skill(subject, dict(columns))
            return
        for label, text in columns:
            if label == "People" and title == "Group":
                continue  # how many are in a group is known
            yield from self._of(label, text, people, days, scenario_)
            if label == "Change" and title == "Group":
                yield from self._of(label, text, people, (self.since, 2 * self.since), scenario_)

    def _of_skill(self, name: str, row: dict[str, str]) -> Iterator[tuple[str, frozenset[Cell]]]:
        """The cells of a skill: who tried it, and who has a score of Exec's."""
        (skill,) = (skill for skill in self.skills if skill.name == name)
        yield "tried", frozenset((own.id, name) for own in skill.people)
        if row["Average"] != "–":
            yield "scored", frozenset((own.id, name) for own in skill.people if own.score)

    def _of(
        self,
        label: str,
        text: str,
        people: Iterable[str],
        days: tuple[float, float],
        scenario_: str = "",
    ) -> Iterator[tuple[str, frozenset[Cell]]]:
        """The cells of one figure; none if the text has no number other than 0."""
        if not re.search(r"[1-9]", text):
            return
        inside = [
            own
            for own in self.drawn.sessions
            if own.who in people
            and self.matches(own)
            and days[0] <= own.days_ago < days[1]
            and (not scenario_ or own.on == scenario_)
        ]
        if COUNTED.match(label):
            yield "people", frozenset((who, (days, scenario_)) for who in people)
        elif ACTIVE.match(label):
            yield "sessions", frozenset((own.who, own.id) for own in inside)
        elif GRADED.match(label):
            yield "scores", frozenset((own.who, own.id) for own in inside if own.score is not None)
        elif label.startswith("Lift") or label in ("First", "Last"):
            tries = Counter((own.who, own.on) for own in self._until_now(people) if own.score)
            lifted = (key for key, n in tries.items() if n > 1 and scenario_ in ("", key[1]))
            yield "lift", frozenset(lifted)

    def _until_now(self, people: Iterable[str]) -> list[Practiced]:
        return [own for own in self.drawn.sessions if own.who in people and self.matches(own)]

    def revealed(self) -> set[frozenset[str]]:
        """The sets of one or two people about whom a reader can compute something."""
        return _revealed(self.cells())


def _revealed(cells: Iterable[tuple[str, frozenset[Cell]]]) -> set[frozenset[str]]:
    by_level: dict[str, list[frozenset[Cell]]] = {}
    for level, cell in cells:
        by_level.setdefault(level, []).append(cell)
    return set[frozenset[str]]().union(*map(revealed, by_level.values()))


def _part(label: str, *, by_week: bool) -> tuple[float, float]:
    """The days before the week began that a label like "Mar 9 (part)" covers."""
    month, day = re.match(r"(\w{3}) (\d+)", label).groups()  # type: ignore[union-attr]
    first = date(2026, {"Jan": 1, "Feb": 2, "Mar": 3}[month], int(day))
    end = first + timedelta(days=1)
    if by_week:
        end = first + timedelta(days=7 - first.weekday())
    monday = MONDAY.astimezone(ZoneInfo(ZONE)).date()
    return (monday - end).days, (monday - first).days


FILTERS: tuple[tuple[dict[str, Any], Callable[[Practiced], bool]], ...] = (
    *(({}, lambda own: True),) * 4,
    ({"ranks": (Rank.GOLD,)}, lambda own: own.rank == "gold"),
    ({"score": Range(60)}, lambda own: (own.score or 0) >= 60),
    ({"valid": True}, lambda own: own.score is not None),
    (
        {"names": (ResolvedName(Kind.SCENARIO, "cold call", "Cold Call"),)},
        lambda own: own.on == "Cold Call",
    ),
)


async def drawn_posts(drawn: DrawnCompany, pick: Random) -> AsyncIterator[Post]:
    """The posts about a drawn company: of everybody and of each group, by each report."""
    everybody = frozenset(drawn.company.people)
    for group in ("", *drawn.company.groups):
        for report in filter(RULES.may_post, REPORTS):
            period, (filters, matches) = pick.choice(PERIODS), pick.choice(FILTERS)
            people = drawn.roster(group) if group else everybody
            if report is digest.REPORT and (not group or len(people) < 3):
                continue
            if any(key not in report.filters for key in _keys(filters)):
                filters, matches = {}, FILTERS[0][1]
            q = _prepared(drawn.company, report, period, group, filters, pick)
            if q is not None and (message := await _post(report, q)) is not None:
                asked = f"{report.name} {group} {period.words} {filters}"
                since = {LAST_WEEK: 7, FOUR_WEEKS: 28, TWENTY_DAYS: 20}[period]
                yield Post(drawn, report, message, people, since, matches, asked, q.skills)


def _keys(filters: dict[str, Any]) -> Iterator[str]:
    renamed = {"ranks": "rank", "names": "scenario"}
    return (renamed.get(name, name) for name in filters)


def _prepared(
    company: Company,
    report: AnyReport,
    period: Period,
    group: str,
    filters: dict[str, Any],
    pick: Random,
) -> PreparedQuestion | None:
    groups = tuple(company.groups.values())
    q = company.prepared(period, group=group, **filters, groups=() if group else groups)
    if report.name == "leaderboard":
        q = replace(q, query=replace(q.query, by=pick.choice([By.SESSIONS, By.AVERAGE, By.GOLD])))
    if report.name == "skills":
        scores = [tuple(_scores(pick, q)) for _ in SCENARIOS]
        skills = (SkillScores(name, own) for name, own in zip(SCENARIOS, scores, strict=True))
        return replace(q, skills=tuple(skills))
    if not report.sides:
        return q
    others = [other.name for other in groups if other.name != group]
    if not (group and others):
        return None
    names = tuple(ResolvedName(Kind.GROUP, name, name) for name in (group, pick.choice(others)))
    named = (*names, *filters.get("names", ()))
    other = company.prepared(period, group=names[1].name, **filters)
    return replace(q, sides=sides(replace(q.query, names=named)), other=other)


def _scores(pick: Random, q: PreparedQuestion) -> Iterator[Proficiency]:
    for id_ in q.subject.people:
        if pick.random() < 0.7:
            score = pick.choice((None, round(pick.uniform(40, 90), 1)))
            yield Proficiency(id=id_, score=score, tier="proficient")


async def _post(report: AnyReport, q: PreparedQuestion) -> Message | None:
    """The message that a channel gets; None if nothing can be posted."""
    question = Question(
        report, Query(), q.query, Visibility(everyone=True), (q.query,), sides=q.sides
    )
    answer = Answer(
        question=question, prepared=q, figures=await report.figures(q), understood=("x",)
    )
    try:
        seen = answer.in_channel(RULES)
    except NotAllowed:
        return None
    ids = {"id": None, "subscription_id": "", "late": None, "sent_by": None}
    with written_for(Locale.US):
        if report is digest.REPORT:
            view = draft("digest", f=seen.figures, q=q, group="x", **ids)
        else:
            view = draft("posted", **seen.values, owner="x", **ids)
        return MESSAGES.message(view)


async def own_group_figures(drawn: DrawnCompany, who: str) -> set[frozenset[str]]:
    """What a person can compute from all that they can ask about their own groups' last week."""
    team_report = next(report for report in REPORTS if report.counts_of_own_group)
    cells: list[tuple[str, frozenset[Cell]]] = []
    own = [group for group in drawn.company.groups.values() if who in group.people]
    for group in own:
        q = drawn.company.prepared(LAST_WEEK, group=group.name, groups=tuple(own))
        q = replace(q, only=OwnSubject(who))
        try:
            figures = await team_report.figures(q)
        except NotAllowed:
            continue
        question = Question(
            team_report, Query(), q.query, Visibility(everyone=True), (q.query,), only=q.only
        )
        answer = Answer(question=question, prepared=q, figures=figures, understood=("x",), id="q")
        with written_for(Locale.US):
            message = MESSAGES.message(draft("answer", **answer.values))
        post = Post(drawn, team_report, message, group.people, 7, FILTERS[0][1], group.name)
        cells += post.cells()
    return _revealed(cells)


async def search(url: str, companies: int, seed: int = 1) -> tuple[int, list[str]]:
    """The number of posts of so many drawn companies, and those that reveal somebody."""
    pick, posts, leaks = Random(seed), 0, list[str]()
    async with open_company(url) as company:
        drawn = DrawnCompany(company)
        for number in range(companies):
            drawn.draw(pick)
            async for post in drawn_posts(drawn, pick):
                posts += 1
                if people := post.revealed():
                    few = sorted(map(sorted, people))
                    leaks.append(f"{number} {post.asked}: {few}\n{post.message.text}\n")
            for who in company.people:
                posts += 1
                if people := await own_group_figures(drawn, who):
                    leaks.append(f"{number} own groups of {who}: {sorted(map(sorted, people))}\n")
    return posts, leaks


async def main(companies: int) -> None:
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'posts.db'}"
        async with Database(url) as database:
            await database.upgrade()
        posts, leaks = await search(url, companies)
    print(*leaks[:20], sep="\n")
    print(Counter(leak.split()[1] for leak in leaks))
    print(f"{posts} posts, {len(leaks)} reveal something about one or two people")


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 300))

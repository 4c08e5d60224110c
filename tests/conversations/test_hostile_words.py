"""Whatever people type, in a company of 5,000: the bot answers others meanwhile."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from bot.app import Bot
from bot.config import load
from bot.language.query import Kind
from bot.sandbox.demo import team_of
from bot.sandbox.exec_server import ExecServer
from bot.sandbox.slack_records import Message
from bot.sandbox.slack_server import SlackServer
from bot.sandbox.world import World
from bot.storage.tables import (
    catalogue_age,
    catalogue_item,
    coaching,
    member,
    roster,
    roster_member,
)
from tests.conftest import FakeClock, MakeUrl
from tests.watch import Watched, slowness, watched
from tests.workspace import NOW, Workspace, labels

MOST_SECONDS, TRIES = 0.05, 5
PEOPLE, THINGS = 5_000, 500
EVERYBODY = "g0"  # the group of all of them
FIRST = ("Anna", "Ben", "Carla", "David", "Eva", "Finn", "Greta", "Hugo", "Ines", "Jonas", "Karl")


def name_of(number: int) -> str:
    last = "".join(chr(97 + number // 11 * prime % 26) for prime in (3, 7, 11, 19, 23))
    return f"{FIRST[number % len(FIRST)]} {last.title()}"


def the_company(world: World) -> dict[sa.Table, list[dict[str, Any]]]:
    """What the bot holds of a company of 5,000 people, 500 groups and 500 scenarios."""
    here = [(p.id, p.email, p.name, p.role) for p in world.members.values()]
    others = [(f"m{n}", f"p{n}@acme.com", name_of(n), "member") for n in range(PEOPLE)]
    people = [*here, *others]
    bob = world.person("bob@acme.com").id
    named = {
        Kind.GROUP: [(f"g{n}", f"Group {name_of(n)}", "") for n in range(THINGS)],
        Kind.SCENARIO: [(f"s{n}", f"Call {name_of(n)}", f"call-{n}") for n in range(THINGS)],
    }
    stamp = {"fetched_at": NOW}
    return {
        member: [dict(zip(("id", "email", "name", "role"), each, strict=True)) for each in people],
        catalogue_item: [
            {"kind": kind.value, "id": id_, "name": name, "slug": slug}
            for kind, things in named.items()
            for id_, name, slug in things
        ],
        catalogue_age: [
            *({"what": kind.value, "pages": 5, **stamp} for kind in Kind),
            {"what": "member", "pages": PEOPLE // 100 + 1, **stamp},
        ],
        roster: [{"group_id": EVERYBODY, "whole_at": NOW, "asked_at": NOW, **stamp}],
        roster_member: [{"group_id": EVERYBODY, "user_id": id_} for id_, *_ in people],
        coaching: [
            {
                "coach_id": bob,
                "kind": "group",
                "subject_id": EVERYBODY,
                "added_by": "U1",
                "added_at": NOW,
            }
        ],
    }


@asynccontextmanager
async def big_company(url: str, clock: FakeClock) -> AsyncIterator[tuple[Workspace, Watched]]:
    world, secret = World.build(NOW, seed=7), secrets.token_hex(16)

    async def prepare(bot: Bot) -> None:
        async with bot.core.database.transaction() as connection:
            for table, rows in the_company(world).items():
                await connection.execute(sa.insert(table), rows)

    async with (
        ExecServer(world, clock=clock) as exec_server,
        SlackServer(
            team_of(world),
            clock=lambda: datetime.now(UTC),
            signing_secret=secret,
            bot_token="xoxb-demo",
            app_token="xapp-demo",
        ) as slack,
    ):
        settings = load(
            {
                "SLACK_BOT_TOKEN": "xoxb-demo",
                "SLACK_SIGNING_SECRET": secret,
                "SLACK_API_URL": slack.api_url,
                "EXEC_API_KEY": exec_server.key,
                "EXEC_API_URL": exec_server.url,
                "DATABASE_URL": url,
                "HOST": "127.0.0.1",
                "PORT": "0",
            },
            slack=True,
            exec_api=True,
        )
        async with watched(settings, clock, prepare) as bot:
            slack.request_url = f"http://127.0.0.1:{bot.port}/slack/events"
            yield Workspace(world=world, exec=exec_server, slack=slack, clock=clock), bot


def joined(pattern: str, count: int) -> str:
    return " ".join(pattern.format(n=n, name=name_of(n * 7)) for n in range(count))


LONG = 7_900  # Slack takes 8,000 characters
ATTACKS: Mapping[str, tuple[str, str]] = {
    "an honest question": ("ana", "sessions last 7d"),
    "everything, 100 rows of it": ("ana", "sessions last 20d best"),
    "a group of all": ("bob", f"sessions group:{EVERYBODY} last 30d"),
    "960 words": ("ana", "sessions " + "ab cd " * 330),
    "200 words": ("bob", "sessions " + "ab " * 199),
    "8,000 characters": ("ana", "sessions " + "a " * (LONG // 2)),
    "a word of 8,000": ("ana", "a" * LONG),
    "characters that become eighteen": ("ana", "\ufdfa" * LONG),
    "2,000 of these": ("bob", "sessions " + "\ufdfa" * 1_900),
    "help with these": ("jane", "help " + "\ufdfa" * LONG),
    "a name of 12 words": ("ana", 'sessions "ab cd ef gh ij kl mn op qr st uv wx"'),
    "a name of 640 words": ("ana", 'sessions "' + "ab cd " * 320 + '"'),
    "a name in one long word": ("bob", 'sessions "' + "a" * 1_900 + '"'),
    "a name nobody has": ("ana", 'sessions "zzz yyy"'),
    "part of a name": ("ana", "sessions @anna"),
    "a misspelt name": ("bob", "sessions @annna"),
    "a name without a mark": ("ana", "sessions Anna last 7d"),
    "many names": ("ana", "sessions " + joined('"{name}x"', 90)),
    "many addresses": ("jane", "sessions " + joined("p{n}@acme.com", 110)),
    "many mentions": ("jane", "sessions " + joined("<@U9{n:05}>", 150)),
    "beginnings of mentions": ("ana", "sessions " + "<!" * 975),
    "the same, said plainly": ("bob", "<!" * 990),
    "quotes in quotes": ("ana", "sessions " + "\"'" * 975),
    "operators": ("ana", "sessions " + "score>=" * 275),
    "emoji": ("ana", "\U0001f468\u200d\U0001f469\u200d\U0001f467 " * 390),
    "many handles": ("ana", "sessions " + joined("@an{n}", 199)),
    "many groups": ("ana", "sessions " + joined("group:zz{n}", 150)),
    "groups after commas": ("bob", "sessions group:" + "zz," * 500),
    "many that are known": ("ana", "sessions " + joined("group:g{n}", 150)),
    "group: again and again": ("ana", "sessions " + "group:" * 300),
    "a group nobody knows": ("bob", "sessions group:zzz"),
    "the beginning of all scenarios": ("ana", "sessions scenario:Call"),
    "periods": ("jane", "sessions " + "q1 " * 199),
    "gold or gold": ("ana", "sessions " + "gold or " * 99),
    "an open quotation mark": ("bob", 'sessions "' + "Anna " * 190),
    "quotation marks": ("ana", "sessions " + '" ' * 980),
    "single ones": ("ana", "sessions " + "''" * 980),
    "links": ("ana", "<https://a|b>" * 140),
    "beginnings of links": ("ana", "sessions " + "<http://" * 240),
    "ampersands": ("ana", "&amp;" * (LONG // 5)),
    "a subcommand misspelt": ("ana", "sessios " + "ab cd " * 330),
    "explain": ("ana", "explain " + "ab " * 199),
    "who": ("jane", "who " + "ab cd " * 330),
    "help": ("jane", "help " + "ab " * 600),
    "coach add": ("ana", "coach add " + joined('"{name}x"', 90)),
    "coach add, all words": ("ana", "coach add " + '"ab cd" ' * 280),
    "coach digest": ("bob", "coach digest " + "every monday " * 600),
    "digest of many words": ("ana", 'digest "' + "ab cd " * 320 + '"'),
    "digest at many times": ("ana", 'digest "West Coast" ' + "9:00 " * 380),
    "digest in many zones": ("ana", "digest g1 every monday 9:00 " + "Europe/Berlinn " * 120),
    "digest of marks": ("ana", "digest " + '"' * LONG),
    "link": ("ana", "link " + "<@U1001> " * 220),
    "link to an address": ("ana", "link <@U1001> " + "a" * 1_900 + "@acme.com"),
    "me": ("bob", "me " + "x " * 900),
}


async def at_once(work: Callable[..., Any], *given: Any) -> Any:
    return work(*given)


async def test_nothing_that_people_type_takes_50_ms_between_two_awaits(
    clock: FakeClock, sqlite_urls: MakeUrl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.caches.with_threads", True)  # statements are not the loop's
    async with big_company(sqlite_urls(), clock) as (workspace, bot):
        too_long: dict[str, str] = {}

        async def within_bounds(name: str, act: Callable[[], Awaitable[Message]]) -> Message:
            # The first time much is compiled, and a busy machine may be slow now and then.
            for _ in range(TRIES):
                bot.forget()
                answer = await act()
                assert "went wrong" not in answer.text
                if bot.longest < MOST_SECONDS * slowness():
                    break
            else:
                too_long[name] = f"{bot.longest * 1000:.0f} ms"
            return answer

        for attack, (who, words) in ATTACKS.items():
            await within_bounds(attack, partial(workspace.ask, who, words))

        answer = await workspace.ask("ana", "sessions last 20d")
        for label in ("Next", "Refresh", "Share in channel"):
            answer = await within_bounds(label, partial(workspace.press, "ana", answer, label))
        assert "Post it" in labels(answer)
        assert too_long == {}

        # Without the bound and the thread the watch would see it.
        monkeypatch.setattr("bot.people.names.asyncio.to_thread", at_once)
        monkeypatch.setattr("bot.language.matching.MOST_WORDS", 1_000)
        monkeypatch.setattr("bot.language.matching.LONGEST", 2_000)
        bot.forget()
        await workspace.ask("ana", 'sessions "' + "abcdefg " * 195 + '"')
        assert bot.longest > MOST_SECONDS

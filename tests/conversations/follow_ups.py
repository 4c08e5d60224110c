"""Conversations: who speaks, by which way, what they say turn by turn, and what it is understood as.

What is understood is a command in words of the language, with "(Ask it by itself)" where that is
offered; or "shows:", "refuses:" and some of what is said, or "asks:" and what is offered to choose
from. A direct message goes without a word for it.
"""

# ruff: noqa: E501
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Conversation:
    name: str
    role: str
    door: str
    turns: tuple[tuple[str, str], ...]


_TABLE = """
coach, message
how is west coast doing this month | team group:"West Coast" this month
and last month? | team group:"West Coast" last month
since september | team group:"West Coast" since september (Ask it by itself)
what about sam | progress "Sam Lee" since september
this week instead | progress "Sam Lee" this week

coach, message
sessions of raj last week | sessions "Raj Patel" last week
only gold | sessions "Raj Patel" last week gold (Ask it by itself)
any rank | sessions "Raj Patel" last week
without the incomplete ones | sessions "Raj Patel" last week valid (Ask it by itself)
not him, priya | sessions "Priya Nair" last week valid
again | sessions "Priya Nair" last week valid

coach, message
how is my team doing this month | team my people this month
by average | leaderboard my people this month by average (Ask it by itself)
best 3 | leaderboard my people this month by average top 3 (Ask it by itself)
as a chart | trend my people this month
who hasn't | inactive my people this month
how is may doing | progress "May Chen"

admin, message
how is west coast doing this month | team group:"West Coast" this month
same for east coast | team group:"East Coast" this month
can i get that as csv | team group:"East Coast" this month
and will? | progress "Will Young" this month
what about chase | progress "Chase Porter" this month

rep, message
how did i do last week | sessions me last week
and this week? | sessions me this week
only gold | sessions me this week gold (Ask it by itself)
show me the feedback | session me this week gold (Ask it by itself)
what about sam | refuses: I can't show you

coach, thread
how is grace doing this month | progress "Grace Kim" this month
and may? | progress "May Chen" this month
in april | progress "May Chen" april (Ask it by itself)
and her last session | session "May Chen" april

admin, thread
top performers last month | leaderboard last month
by average | leaderboard last month by average (Ask it by itself)
only west coast | leaderboard last month by average group:"West Coast" (Ask it by itself)
everyone | leaderboard last month by average
best 5 | leaderboard last month by average top 5 (Ask it by itself)

coach, exec
how is west coast doing this month | team group:"West Coast" this month
and last month? | team group:"West Coast" last month
what about sam | progress "Sam Lee" last month
only gold | progress "Sam Lee" last month gold (Ask it by itself)
same for will | progress "Will Young" last month gold
again | progress "Will Young" last month gold

rep, exec
my sessions last week | sessions me last week
gold | sessions me gold
and this week | sessions me gold this week
this month | sessions me this month

admin, exec
sessions last week | sessions last week
and only chase | sessions "Chase Porter" last week
same but this week | sessions "Chase Porter" this week
how is grace doing | progress "Grace Kim"

coach, message
sessions last week | sessions my people last week
the second one | shows: Score
the one before | shows: Score
the feedback | session my people last week (Ask it by itself)

admin, message
alex last week | asks: alex.kim@, alex.kim2@
the second one | sessions alex.kim2@acme.com last week
and this week | sessions alex.kim2@acme.com this week
what about alex | asks: alex.kim@, alex.kim2@
alex.kim | sessions alex.kim@acme.com this week

rep, message
and last month? | shows: no question of yours here
more | shows: no question of yours here
what about me | sessions me
"""


def _conversations() -> Iterator[Conversation]:
    for number, part in enumerate(_TABLE.strip().split("\n\n"), 1):
        head, *rows = part.splitlines()
        role, door = head.split(", ")
        turns = tuple(
            (said.strip(), heard.strip()) for said, heard in (row.split("|") for row in rows)
        )
        yield Conversation(f"{number} {role} {door}: {turns[0][0]}", role, door, turns)


CONVERSATIONS = tuple(_conversations())

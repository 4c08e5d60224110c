"""Views with any names, numbers and zones."""

from __future__ import annotations

from datetime import UTC

from hypothesis import strategies as st

from bot.errors import Sentence
from bot.exec_api.models import Scenario, Session, User
from bot.language.query import Rank, Sort
from bot.rendering.status import StatusView
from bot.rendering.views import AnswerView, Away, Cost, CostView, Offer
from bot.reports.session_list import SessionList
from bot.reports.sessions import figures
from bot.reports.table import SESSIONS

NASTY = (
    "<!channel>",
    "<@U123>",
    "O'Brien",
    'a"b\\c',
    "{{ view.id }}",
    "& *x* `y` ```z",
    "\u202eevil",
    "نور حداد",
    "👩‍👩‍👧" * 40,
    "e" + "\u0301" * 300,
    "𝒥" * 700,
    "x" * 4_000,
    "<" * 1_000,
    "\ue0f2\ue0f3\ue0f3",
    "\ud800",
    "\n\n",
    " ",
    "",
)
names = st.sampled_from(NASTY) | st.text(st.characters(), max_size=40)
short = names.map(lambda name: name[:60])
numbers = st.none() | st.floats(allow_nan=True, allow_infinity=True) | st.floats(0, 100)
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "No/Zone", ""]
)
offers = st.lists(st.builds(Offer, names, st.uuids().map(str)), max_size=9).map(tuple)
understood = st.lists(names, max_size=6).map(tuple)
moments = st.datetimes(timezones=st.just(UTC))
maybe_moments = st.none() | moments
counts = st.integers(0, 2_000_000)
costs = st.builds(Cost, st.integers(1, 2_000), st.integers(0, 2_000))
aways = st.builds(
    Away,
    st.sampled_from(["unreachable", "limited", "share", "key"]),
    maybe_moments,
    maybe_moments,
    st.sampled_from([None, "nothing", "a part"]),
)
cost_views = st.builds(CostView, st.uuids().map(str), understood, zones, costs, offers)
sentences = st.builds(Sentence, st.just("*No* {a}."), st.fixed_dictionaries({"a": names}))
statuses = st.builds(
    StatusView,
    zone=zones,
    now=moments,
    used=st.lists(st.tuples(names, counts), max_size=5).map(tuple)
    | st.just((("Questions", 1),) * 130),
    used_total=counts,
    per_day=counts,
    left=counts,
    left_minute=counts,
    per_minute=counts,
    blocked_until=maybe_moments,
    sessions=counts,
    held_since=maybe_moments,
    history_days=st.integers(1, 4_000),
    named_ranking=st.sampled_from(("off", "coach", "channel")),
    filled_percent=st.floats(0, 100) | st.floats(allow_nan=True, allow_infinity=True),
    gaps=counts,
    last_sync=maybe_moments,
    oldest_unsettled=maybe_moments,
    unsettled=counts,
    people=counts,
    people_as_of=maybe_moments,
    looks_every=st.integers(1, 90_000),
    syncing=st.booleans(),
    trouble=st.none() | sentences,
)
sessions = st.builds(
    Session,
    id=st.just("s"),
    user=st.builds(User, id=st.sampled_from("uv"), email=names, first_name=names, last_name=names),
    scenario=st.builds(Scenario, id=st.just("c"), name=names, slug=names),
    score=numbers,
    rank=st.none() | st.sampled_from([rank.value for rank in Rank]) | names,
    duration_seconds=numbers,
    is_valid_attempt=st.booleans(),
    created_at=moments,
)


@st.composite
def answers(draw, most=1_000):
    kinds = draw(st.lists(sessions, min_size=1, max_size=6))
    count = draw(st.integers(0, 8) | st.integers(0, most))
    rows = tuple(kinds[n % len(kinds)].model_copy(update={"id": f"s{n}"}) for n in range(count))
    return AnswerView(
        id=draw(st.uuids().map(str)),
        command="/exec",
        understood=draw(understood),
        zone=draw(zones),
        report=SESSIONS.name,
        found=SessionList(
            rows=rows,
            total=count + draw(st.sampled_from([0, 0, 7])),
            limit=draw(st.none() | st.just(max(count, 1))),
            sort=draw(st.sampled_from(Sort)),
            sums=figures(rows),
            complete=draw(st.booleans()),
            hidden=draw(st.booleans()),
        ),
        start=draw(st.integers(0, max(count - 1, 0))),
        cost=draw(st.none() | costs),
        as_of=draw(moments),
        system_left_out=draw(st.booleans()),
        narrowed_to_self=draw(st.booleans()),
        requests_left=draw(st.none() | st.integers(0, 200)),
        can_share=draw(st.booleans()),
        loosen=draw(offers) if not rows else (),
        people_by=draw(st.none() | short),
        held_since=draw(maybe_moments),
        checked_at=draw(maybe_moments),
        roster_as_of=draw(maybe_moments),
        looks_every=draw(st.none() | st.integers(1, 90)),
        away=draw(st.none() | aways),
        note=draw(st.none() | sentences),
        again=draw(st.none() | costs),
    )

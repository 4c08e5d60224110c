"""No post reveals one or two people, whatever is added and subtracted. See `tests.drawn_posts`."""

from __future__ import annotations

from tests.conftest import MakeUrl
from tests.drawn_posts import search
from tests.solver import revealed


def test_the_solver_finds_the_one_outside_of_all_groups() -> None:
    everybody = frozenset((f"p{n}", "") for n in range(14))
    groups = [
        frozenset((f"p{n}", "") for n in own) for own in (range(5), range(5, 9), range(9, 13))
    ]
    assert revealed([everybody, *groups]) == {frozenset({"p13"})}
    assert revealed(groups) == revealed([everybody, *groups[:2]]) == set()


async def test_no_post_reveals_one_or_two_people(sqlite_urls: MakeUrl) -> None:
    posts, leaks = await search(sqlite_urls(), companies=30)
    assert posts > 500
    assert leaks == []

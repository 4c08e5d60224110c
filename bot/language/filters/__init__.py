"""The table of filters. A row is everything there is to know about one filter.

Parsing, help, the sentence that says what was understood, the canonical words and the parameters
for Exec all come from these rows; their order is the order of the words written back.
"""

from __future__ import annotations

from bot.language.filters.how import BY, LIMIT, PAGE, SORT, SYSTEM
from bot.language.filters.names import COLLECTION, GROUP, PROGRAM, SCENARIO, SKILL
from bot.language.filters.row import Filter
from bot.language.filters.what import ATTEMPT, DUE, LENGTH, RANK, SCORE, VALID
from bot.language.filters.when import PERIOD, VERSUS
from bot.language.filters.who import WHO, WITHOUT

FILTERS: tuple[Filter, ...] = (
    WHO,
    GROUP,
    SCENARIO,
    SKILL,
    PROGRAM,
    COLLECTION,
    WITHOUT,
    ATTEMPT,
    RANK,
    VALID,
    DUE,
    SCORE,
    LENGTH,
    PERIOD,
    VERSUS,  # after it: "vs today until february" would be one period
    BY,
    SORT,
    LIMIT,
    PAGE,
    SYSTEM,
)
# The keys of those that choose among sessions by how these went.
RESULTS = frozenset(row.key for row in (RANK, VALID, SCORE, LENGTH))

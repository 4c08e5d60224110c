"""Writes the golden files: `python -m tests.golden`."""

import asyncio

from tests.golden import write

asyncio.run(write())

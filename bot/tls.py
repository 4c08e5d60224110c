"""The certificates that HTTPS calls trust."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """Read once: reading them takes longer than a request."""
    return httpx.create_ssl_context()

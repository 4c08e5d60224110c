"""The certificates that HTTPS calls trust."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The trusted certificates; cached, because reading them takes longer than a request."""
    return httpx.create_ssl_context()

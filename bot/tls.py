"""Whom we trust when we call others by HTTPS."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The certificates of the world's authorities, read once: that takes longer than a request."""
    return httpx.create_ssl_context()

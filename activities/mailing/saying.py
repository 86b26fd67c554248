"""What SendGrid's answers say: its words about an error, and when its rate limit is over."""

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final

USUAL_WAIT: Final = timedelta(seconds=30)
"""How long a rate limit is waited for that names no reset."""


def said(body: bytes) -> str:
    """Read what SendGrid says; a proxy's page, or nothing at all, is no JSON."""
    try:
        errors = json.loads(body)["errors"]
        words = "; ".join(str(error["message"]) for error in errors)
    except (ValueError, KeyError, TypeError, AttributeError):
        words = ""
    return _ADDRESS.sub("(address)", words)[:_LONGEST_WORDS] or "no words"


def wait_for_reset(headers: Mapping[str, str] | None, now: float) -> timedelta:
    """Give how long it is, from `now` in Unix seconds, to the reset that SendGrid names."""
    reset = (headers or {}).get("X-RateLimit-Reset", "")
    if not reset.isascii() or not reset.isdecimal():
        return USUAL_WAIT
    wait = timedelta(seconds=min(int(reset) - now, _LONGEST_WAIT.total_seconds()))
    return max(wait, _SHORTEST_WAIT)


_LONGEST_WORDS = 300
_SHORTEST_WAIT, _LONGEST_WAIT = timedelta(seconds=1), timedelta(hours=1)
_ADDRESS = re.compile(r"[^\s<>\[\]\"'(),;:]+@[^\s<>\[\]\"'(),;:]+")

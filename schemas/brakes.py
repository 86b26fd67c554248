"""Brakes: what keeps mails back for everybody whom it concerns, until somebody releases it."""

from math import sqrt
from typing import Literal, get_args

from schemas.values import Moment, Value

Concern = Literal["all", "account", "sender", "sequence", "domain", "contact"]
"""Whom a brake concerns: everybody, by a person's word or since SendGrid takes nothing from our
account; those who are mailed by one sender, in one sequence, at one domain; one contact."""

WHOLE: tuple[Concern, ...] = ("all", "account")
"""The concerns that name nobody further."""

BREAKER = "its breaker"
"""Who puts a brake on by rates of bounces and complaints."""

SENDGRID = "SendGrid"
"""Who puts a brake on by an answer."""

_RAMP_SECONDS = 60.0


class Brake(Value):
    """A brake on `of` `target` since `at`, by whom and why; `target` is empty for all.

    A `breaker` goes on and off by itself; beside it a person may put on a brake of their own.
    """

    of: Concern
    target: str = ""
    who: str
    why: str
    at: Moment
    breaker: bool = False

    @property
    def words(self) -> str:
        """Say why a mail waits, without any address."""
        return f"{_NAMES[self.of]}, by {self.who}" + (f": {self.why}" if self.why else "")


def concern_of(ref: str) -> tuple[Concern, str] | None:
    """Read `all`, `account` or `sender:…`, `sequence:…`, `domain:…`, `contact:…`."""
    of, _, target = ref.partition(":")
    found = next((one for one in get_args(Concern) if one == of), None)
    if found is None or (found in WHOLE) == bool(target):
        return None
    return found, target.strip() if found in _AS_WRITTEN else target.strip().lower()


def ramp(place: int, per_second: float) -> float:
    """Give after how many seconds the one at `place` (from 0 on) goes: slowly first.

    For a minute the pace rises evenly, up to so many a second.
    """
    rising = per_second * _RAMP_SECONDS / 2
    if place < rising:
        return sqrt(2 * _RAMP_SECONDS * place / per_second)
    return _RAMP_SECONDS + (place - rising) / per_second


_AS_WRITTEN = ("sequence", "contact")
_NAMES: dict[Concern, str] = {
    "all": "all sending is stopped",
    "account": "SendGrid takes no mail of this account",
    "sender": "its sender is paused",
    "sequence": "its sequence is paused",
    "domain": "mails to its domain are paused",
    "contact": "mails to its contact are paused",
}

"""When a breaker opens, and what those that try it say: pure, over counts alone."""

from datetime import timedelta
from typing import Literal, NamedTuple

from schemas.breakers import Breaker, Counts, percent

PROBES = 20
"""How many mails try whether it is well again."""

LEAST_COMPLAINTS = 2
"""How many complaints a breaker opens by at least: of 50 mails a single one is 2 %, and chance."""

_LONGEST_PAUSE = timedelta(days=1)
_WHOLE = 10_000


class Trial(NamedTuple):
    """What came of the mails that tried it; `watched` long enough, and whether `more` wait."""

    counts: Counts
    watched: bool
    more: bool


def trip(rules: Breaker, counts: Counts) -> str | None:
    """Tell in words why a breaker opens, if it does: at the rate itself, not only above it."""
    if counts.sent < rules.at_least:
        return None
    if _reaches(counts.bounced, counts.sent, rules.bounces):
        return _words(counts.bounced, "bounced", counts, rules.bounces)
    enough = counts.complained >= LEAST_COMPLAINTS
    if enough and _reaches(counts.complained, counts.sent, rules.complaints):
        return _words(counts.complained, "were reported as spam", counts, rules.complaints)
    return None


def verdict(rules: Breaker, trial: Trial) -> Literal["opens", "closes"] | None:
    """Tell what the mails that tried it say, if they say anything yet.

    It closes below half of the rates at which it opens, so that it does not flutter.
    """
    counts = trial.counts
    bad = (counts.bounced, rules.bounces), (counts.complained, rules.complaints)
    if any(part and _reaches(2 * part, counts.sent, limit) for part, limit in bad):
        return "opens"
    enough = counts.sent >= PROBES or (counts.sent > 0 and not trial.more)
    return "closes" if trial.watched and enough else None


def pause_of(rules: Breaker, rounds: int) -> timedelta:
    """Give how long nothing goes after so many trials in vain: twice as long each, up to a day."""
    doubled: int = 2 ** min(rounds, _MOST_DOUBLED)
    return min(rules.pause * doubled, max(_LONGEST_PAUSE, rules.pause))


def _reaches(part: int, whole: int, limit: int) -> bool:
    return part * _WHOLE >= limit * whole


def _words(part: int, what: str, counts: Counts, limit: int) -> str:
    rate = round(part * _WHOLE / counts.sent)
    return f"{part} of {counts.sent} mails {what} ({percent(rate)}; it opens at {percent(limit)})"


_MOST_DOUBLED = 16

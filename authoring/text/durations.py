"""Durations and times of day as people write them: `3 days`, `09:30`."""

import re

from authoring.text.faults import Slip, did_you_mean
from schemas.calendar import Duration, Unit

LONGEST_DAYS = 3_660
"""About ten years, the longest that anything may take."""


def parse_duration(text: str) -> Duration | Slip:
    """Read `30 minutes`, `2 hours`, `1 day`, `3 days`, `1 week` or `3 business days`."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        return Slip(text=text, problem=f"`{text}` is not a duration", mend=_EXAMPLE)
    count, word = int(match["count"]), " ".join(match["unit"].split())
    unit = _UNIT_BY_WORD.get(word)
    if unit is None:
        offset = text.index(match["unit"], text.index(match["count"]) + len(match["count"]))
        return Slip(offset=offset, text=word, problem=f"`{word}` is no unit", mend=_unit(word))
    if count * _MINUTES[unit] > LONGEST_DAYS * _MINUTES[Unit.DAYS]:
        return Slip(text=text, problem=f"`{text}` is longer than ten years", mend="shorten it")
    return Duration(count=count, unit=unit)


def parse_time(text: str) -> int | Slip:
    """Read `HH:MM`, from 00:00 to 24:00, as minutes since local midnight."""
    match = _TIME.fullmatch(text.strip())
    minutes = -1 if match is None else int(match["hour"]) * 60 + int(match["minute"])
    if match is None or int(match["minute"]) > _LAST_MINUTE or minutes > _MINUTES[Unit.DAYS]:
        mend = "write hours and minutes, for example `09:30`"
        return Slip(text=text, problem=f"`{text}` is not a time of day", mend=mend)
    return minutes


def _unit(word: str) -> str:
    if word.lower() in _UNEQUAL:
        return "months and years differ in length: write days or weeks"
    near = did_you_mean(_SHORT.get(word, word), _UNIT_BY_WORD)
    return near if near.startswith("did") else "write minutes, hours, days or weeks"


_DURATION = re.compile(r"(?P<count>[0-9]{1,9})\s*(?P<unit>[A-Za-z]+(?:\s+[A-Za-z]+)?)")
_TIME = re.compile(r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})")
_LAST_MINUTE = 59
_EXAMPLE = "write a number and a unit, for example `3 days`"
# 2,600 business days fill ten years; each stands for so many minutes of them.
_MINUTES = {
    Unit.MINUTES: 1,
    Unit.HOURS: 60,
    Unit.DAYS: 1440,
    Unit.WEEKS: 10_080,
    Unit.BUSINESS_DAYS: 2_027,
}
_UNEQUAL = ("month", "months", "year", "years")
_SHORT = {
    "m": "minutes",
    "min": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
    **dict.fromkeys(("working days", "work days", "weekdays", "workdays"), "business days"),
}
_UNIT_BY_WORD = {unit.value: unit for unit in Unit} | {unit.value[:-1]: unit for unit in Unit}

"""The send window as people write it: days, times of day, and whose zone they are in."""

from functools import cache
from zoneinfo import available_timezones

from authoring.language.holidays import read_holidays
from authoring.text.documents import Items, Node
from authoring.text.durations import parse_time
from authoring.text.faults import Findings, Slip, did_you_mean
from authoring.text.fields import Fields, Reader, fields_of, keys, report, shown
from authoring.text.readers import each, parsed, text
from schemas.calendar import Window

WINDOW_KEYS = keys(
    "days from to ranges timezone fallback holidays",
    elsewhere={"weekend": "stands at the top of the file, beside `send_window`"},
)
RANGE_KEYS = keys("from to")

Range = tuple[int, int]


def window_of(zone: str | None) -> Reader[Window]:
    """Give a reader of `send_window:` (rules 3 and 10); `zone` is the project's fallback."""
    return lambda node, findings: _window(node, findings, zone)


def _window(node: Node, findings: Findings, fallback_zone: str | None) -> Window | None:
    fields = fields_of(node, findings, "`send_window`", WINDOW_KEYS)
    if fields is None:
        return None
    days = _ALL_DAYS if "days" not in fields else fields.get("days", read_weekdays)
    ranges = _ranges(fields)
    zone = fields.get("timezone", _zone) or CONTACT
    fallback = fields.get("fallback", zone_name)
    dates, whose = fields.get("holidays", read_holidays) or ((), None)
    if zone == CONTACT and "fallback" not in fields:
        fallback = fallback_zone
    if zone == CONTACT and "fallback" not in fields and fallback_zone is None:
        problem = "a contact may have no time zone, so `send_window` must say which one counts then"
        findings.add(fields.at, "", problem, "add `fallback: America/New_York`, say")
    if not days or not ranges:
        return None
    named = None if zone == CONTACT else zone
    return Window(
        days=days,
        ranges=ranges,
        zone=named,
        fallback=fallback,
        holidays=dates,
        holidays_of=whose,
    )


def read_weekend(node: Node, findings: Findings) -> tuple[int, ...] | None:
    """Read `weekend:`, the days that are no business days; an empty list is none (rule 14)."""
    if isinstance(node, Items) and not node.of:
        return ()
    days = read_weekdays(node, findings)
    if days is None or len(days) < len(DAYS):
        return days
    findings.add(node.at, shown(node), "a weekend of all days leaves no business day")
    return None


def parse_days(written: str) -> tuple[int, ...] | Slip:
    """Read `mon-fri`, `sat-mon` (which wraps) or `wed` as weekdays, 0 being Monday."""
    names = written.strip().lower().split("-")
    for word in names:
        if word not in DAYS:
            offset = written.lower().find(word)
            near = did_you_mean(_LONG.get(word, word), DAYS)
            problem = f"`{word}` is not a day of the week"
            return Slip(offset=max(offset, 0), text=word, problem=problem, mend=near)
    if len(names) > _FROM_TO:
        return Slip(text=written, problem=f"`{written}` is not a range of days", mend=_DAYS_MEND)
    first, last = DAYS.index(names[0]), DAYS.index(names[-1])
    return tuple(sorted((first + n) % 7 for n in range((last - first) % 7 + 1)))


def zone_name(node: Node, findings: Findings) -> str | None:
    """Read the name of a time zone of the IANA database (iana.org/time-zones)."""
    word = text(node, findings)
    if word is None or word in _zones():
        return word
    near = did_you_mean(word, _zones()) or "write one like `America/New_York`"
    findings.add(node.at, word, f"`{word}` is not a time zone", near)
    return None


CONTACT = "contact"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _zone(node: Node, findings: Findings) -> str | None:
    return CONTACT if shown(node) == CONTACT else zone_name(node, findings)


def read_weekdays(node: Node, findings: Findings) -> tuple[int, ...] | None:
    """Read a range of weekdays or a list of them, 0 being Monday."""
    if not isinstance(node, Items):
        return parsed(node, findings, parse_days)
    lists = each(node, findings, lambda item, found: parsed(item, found, parse_days))
    if not node.of:
        findings.add(node.at, "", "the list names no day", _DAYS_MEND)
    return tuple(sorted({day for days in lists for day in days}))


def _ranges(fields: Fields) -> tuple[Range, ...]:
    if "ranges" not in fields:
        one = _range(fields)
        return () if one is None else (one,)
    for key in ("from", "to"):
        if key in fields:
            problem = f"`{key}` and `ranges` both say when the window is open"
            fields.findings.add(fields.key_at(key), key, problem, f"move `{key}` into `ranges`")
    node = fields.node("ranges")
    return () if node is None else _apart(node, fields.findings)


def _apart(node: Node, findings: Findings) -> tuple[Range, ...]:
    ranges: list[Range] = []
    for opens, closes in sorted(each(node, findings, _read_range)):
        if ranges and opens < ranges[-1][1]:
            findings.add(node.at, "", "two of the ranges overlap", "make one of them")
        if ranges and opens <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(closes, ranges[-1][1]))
        else:
            ranges.append((opens, closes))
    if isinstance(node, Items) and not node.of:
        findings.add(
            node.at, "", "`ranges` names no range", 'write `[{from: "09:00", to: "17:00"}]`'
        )
    return tuple(ranges)


def _read_range(node: Node, findings: Findings) -> Range | None:
    fields = fields_of(node, findings, "a range", RANGE_KEYS)
    return None if fields is None else _range(fields)


def _range(fields: Fields) -> Range | None:
    opens = 0 if "from" not in fields else fields.get("from", _time)
    closes = _DAY_END if "to" not in fields else fields.get("to", _time)
    if opens is None or closes is None:
        return None
    if opens < closes:
        return opens, closes
    node = fields.node("to") or fields.node("from")
    problem = "the window closes before it opens"
    if node is not None:
        mend = "write two `ranges`, one on each side of midnight"
        report(node, Slip(text=shown(node), problem=problem, mend=mend), fields.findings)
    return None


def _time(node: Node, findings: Findings) -> int | None:
    return parsed(node, findings, parse_time)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


_ALL_DAYS = tuple(range(7))
_FROM_TO = 2
_DAY_END = 24 * 60
_DAYS_MEND = "write `mon-fri`, or `[mon, wed, fri]`"
_LONG = {
    "monday": "mon",
    "tuesday": "tue",
    "tues": "tue",
    "wednesday": "wed",
    "thursday": "thu",
    "thurs": "thu",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
}

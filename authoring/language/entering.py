"""Reading how one may enter: `re_enroll`, how often in a life; `pace`, how many a day."""

from typing import Literal, NamedTuple

from authoring.language.triggers import read_per_day
from authoring.text.documents import Mapping, Node
from authoring.text.durations import parse_duration
from authoring.text.faults import Findings, Slip
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.readers import parsed, whole
from schemas.calendar import Duration, Unit, Window
from schemas.policies import Pace

PACE_KEYS = keys("per_day per_owner")
MOST_ENTERING = 9_999_999
"""The most that a `pace` may let in a day."""

_UNLESS_GOAL = "unless goal"


class _Again(NamedTuple):
    when: Literal["never", "always", "replace"] | Duration
    unless_goal: bool = False


def read_re_enroll(fields: Fields) -> dict[str, object]:
    """Read `never`, `always`, `replace`, `unless goal` or `after 90 days unless goal`."""
    again = fields.get("re_enroll", lambda node, findings: parsed(node, findings, _re_enroll))
    if again is None:
        return {}
    if again.unless_goal and "goals" not in fields:
        problem = f"`{_UNLESS_GOAL}` asks for the `goals`, and there are none here"
        mend = "add `goals: [{event: meeting_booked, within: 60 days}]`, say"
        fields.findings.add(fields.key_at("re_enroll"), "re_enroll", problem, mend)
    return {"re_enroll": again.when, "unless_goal": again.unless_goal}


def read_pace(fields: Fields, window: Window | None, zone: str | None) -> Pace | None:
    """Read `200 per day` or `{per_day: 200, per_owner: 20}`; a day is one of the window's zone.

    Where that is the contact's own, it is the fallback's, else the project's `zone`.
    """
    read = fields.get("pace", _pace)
    zones = (window.zone, window.fallback, zone) if window else (zone,)
    named = next((one for one in zones if one is not None), None)
    return read if read is None or named is None else read.model_copy(update={"zone": named})


def _pace(node: Node, findings: Findings) -> Pace | None:
    if not isinstance(node, Mapping):
        per_day = read_per_day(node, findings)
        return None if per_day is None else Pace(per_day=per_day)
    fields = fields_of(node, findings, "`pace`", PACE_KEYS)
    if fields is None:
        return None
    day = fields.get("per_day", whole(1, MOST_ENTERING))
    owner = fields.get("per_owner", whole(1, MOST_ENTERING))
    if "per_day" not in fields and "per_owner" not in fields:
        findings.add(fields.at, "", "`pace` names no number", "add `per_day: 200`, say")
    if day and owner and owner > day:
        problem = f"{owner} a day of one owner is more than the {day} that may enter"
        findings.add(fields.key_at("per_owner"), "per_owner", problem, "lower it")
    return Pace(per_day=day, per_owner=owner)


def _re_enroll(text: str) -> _Again | Slip:
    words = " ".join(text.split())
    when = words.removesuffix(_UNLESS_GOAL).rstrip()
    unless_goal = when != words
    if unless_goal and not when:
        return _Again("always", unless_goal=True)
    rest = when.removeprefix("after ")
    read = parse_duration(rest)
    if rest != when and isinstance(read, Duration) and read.unit is not Unit.BUSINESS_DAYS:
        return _Again(read, unless_goal)
    word = next((one for one in _WORDS if one == words), None)
    if word is not None:
        return _Again(word)
    problem = f"`{words}` does not say when someone may enter again"
    return Slip(text=text.strip(), problem=problem, mend=_MEND)


_WORDS: tuple[Literal["never", "always", "replace"], ...] = ("never", "always", "replace")
_MEND = (
    "write `never`, `always`, `replace`, `unless goal`, `after 90 days` or "
    "`after 90 days unless goal`"
)

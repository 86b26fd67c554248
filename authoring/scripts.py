"""Scripted events, `EVENT[:STEP]@TIME`: what happens when, in a simulated enrollment."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from authoring.durations import parse_time
from authoring.faults import Fault, Faults, Slip, Spot, did_you_mean
from schemas.calendar import Duration, Unit
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Complaint,
    Control,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.progress import Progress
from schemas.sequence import EmailStep, Sequence, TaskStep
from workflows.calendar import day_moment, later, moment_of

Place = Callable[[Progress], datetime]
"""Finds a scripted time, given an enrollment that has just begun."""


@dataclass(frozen=True)
class Scripted:
    """An event as written, and how its moment is found once an enrollment has begun."""

    text: str
    event: Event
    place: Place

    def in_enrollment(self, progress: Progress) -> Event:
        """Give the event with its moment in the enrollment that has just begun."""
        return self.event.model_copy(update={"at": self.place(progress)})


def parse_script(lines: Iterable[str], sequence: Sequence) -> tuple[Scripted, ...] | Faults:
    """Read scripted events, one a line, as ones that this sequence can meet with."""
    read = [parse_event(line, sequence, number) for number, line in enumerate(lines, 1)]
    slips = [
        Fault(
            at=Spot(file="script", line=number, column=slip.offset + 1),
            text=slip.text,
            problem=slip.problem,
            mend=slip.mend,
        )
        for number, slip in enumerate(read, 1)
        if isinstance(slip, Slip)
    ]
    if slips:
        return Faults(faults=tuple(slips))
    return tuple(one for one in read if isinstance(one, Scripted))


def parse_event(text: str, sequence: Sequence, number: int = 1) -> Scripted | Slip:
    """Read `click:case-study@day 8 10:00`, `reply@2026-03-04T10:15`, `meeting_booked@+5d3h`.

    TIME is `day N HH:MM` (day 1 is that of the sequence), a local date and time, one with `Z` or
    an offset, or `+` and weeks, days, hours and minutes since the enrollment's own moment.
    """
    match = _SCRIPTED.fullmatch(text)
    if match is None:
        return Slip(text=text, problem=f"`{text}` is no scripted event", mend=_EXAMPLE)
    event = _event(match, sequence, f"script-{number:04}")
    if isinstance(event, Slip):
        return event
    place = _place(match["time"].strip())
    if isinstance(place, Slip):
        return place.model_copy(update={"offset": match.start("time")})
    return Scripted(text, event, place)


def _event(match: re.Match[str], sequence: Sequence, mark: str) -> Event | Slip:
    word, step = match["event"], match["step"]
    if word in _STEPS_BY_WORD:
        return _of_step(match, sequence, mark)
    if step is not None and word in _known_words(sequence):
        problem = f"`{word}` is not about one step"
        mend = f"write `{word}@…`"
        return Slip(offset=match.start("step"), text=step, problem=problem, mend=mend)
    if word in _EVENT_BY_WORD:
        return _EVENT_BY_WORD[word](mark)
    return _app_event(word, sequence, mark)


def _app_event(word: str, sequence: Sequence, mark: str) -> Event | Slip:
    known = _known_words(sequence)
    if word in known:
        return AppEvent(id=mark, name=word)
    near = did_you_mean(word, [*known, *_STEPS_BY_WORD])
    return Slip(text=word, problem=f"`{word}` changes nothing in this sequence", mend=near)


def _known_words(sequence: Sequence) -> set[str]:
    reported = {one.removeprefix("event:") for one in sequence.listens_to if ":" in one}
    return {*reported, *(goal.event for goal in sequence.goals), *_EVENT_BY_WORD}


def _of_step(match: re.Match[str], sequence: Sequence, mark: str) -> Event | Slip:
    word, step = match["event"], match["step"]
    kind, make = _STEPS_BY_WORD[word]
    steps = [one.id for one in sequence.steps if isinstance(one, kind)]
    if step in steps:
        return make(mark, step)
    mend = did_you_mean(step or "", steps)
    if step is None:
        return Slip(text=word, problem=f"`{word}` must name its step: `{word}:STEP`", mend=mend)
    problem = f"`{step}` is no step of `{sequence.name}` that `{word}` can be about"
    return Slip(offset=match.start("step"), text=step, problem=problem, mend=mend)


def _place(written: str) -> Place | Slip:
    for pattern, read in _PLACES:
        match = pattern.fullmatch(written)
        if match is not None:
            return read(match)
    return Slip(text=written, problem=f"`{written}` is no time in a script", mend=_TIMES)


def _day(match: re.Match[str]) -> Place | Slip:
    minutes, day = parse_time(match["time"]), int(match["day"])
    if isinstance(minutes, Slip) or not 1 <= day <= _LAST_DAY:
        return Slip(text=match[0], problem=f"`{match[0]}` is no day and time", mend=_TIMES)
    return lambda begun: day_moment(begun.first_moment, day, minutes, begun.zone)


def _dated(match: re.Match[str]) -> Place | Slip:
    try:
        moment = datetime.fromisoformat(match[0].replace(" ", "T", 1))
    except ValueError:
        return Slip(text=match[0], problem=f"`{match[0]}` is no date and time", mend=_TIMES)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        return Slip(text=match[0], problem=f"`{match[0]}` is too far off", mend=_TIMES)
    if moment.tzinfo is None:
        return lambda begun: moment_of(moment, begun.zone)
    return lambda _: moment.astimezone(UTC)


def _after(match: re.Match[str]) -> Place | Slip:
    parts = [Duration(count=int(match[unit] or 0), unit=unit) for unit in Unit]

    def place(begun: Progress) -> datetime:
        moment = begun.enrolled_at
        for part in reversed(parts):
            moment = later(moment, part, begun.zone)
        return moment

    return place


def _control(action: str) -> Callable[[str], Event]:
    return lambda mark: Control.model_validate({"id": mark, "action": action, "who": "the script"})


_SCRIPTED = re.compile(
    r"\s*(?P<event>[A-Za-z0-9][A-Za-z0-9._-]*)(?::(?P<step>[^@\s]+))?\s*@(?P<time>.+)"
)
_ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2})?"
_PLACES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], Place | Slip]]] = [
    (re.compile(r"day\s+(?P<day>[0-9]{1,4})\s+(?P<time>[0-9]{2}:[0-9]{2})"), _day),
    (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:?[0-9]{2})?"),
        _dated,
    ),
    (
        re.compile(
            r"\+(?=[0-9])((?P<weeks>[0-9]{1,3})w)?((?P<days>[0-9]{1,3})d)?"
            r"((?P<hours>[0-9]{1,4})h)?((?P<minutes>[0-9]{1,5})m)?"
        ),
        _after,
    ),
]
_LAST_DAY, _FIRST_YEAR, _LAST_YEAR = 3_660, 1971, 2999
_EXAMPLE = "write `EVENT@TIME` or `EVENT:STEP@TIME`, like `click:case-study@day 8 10:00`"
_TIMES = "write `day 8 10:00`, `2026-03-04T10:15` or `+5d3h`"
_STEPS_BY_WORD: dict[str, tuple[type, Callable[[str, str], Event]]] = {
    "click": (EmailStep, lambda mark, step: Click(id=mark, step=step)),
    "open": (EmailStep, lambda mark, step: Open(id=mark, step=step)),
    "task_done": (TaskStep, lambda mark, step: TaskDone(id=mark, step=step)),
}
_EVENT_BY_WORD: dict[str, Callable[[str], Event]] = {
    "reply": lambda mark: Reply(id=mark),
    "unsubscribe": lambda mark: Unsubscribe(id=mark),
    "complaint": lambda mark: Complaint(id=mark),
    "bounce": lambda mark: Bounce(id=mark),
    "blocked": lambda mark: Blocked(id=mark),
    "out_of_office": lambda mark: AutoReply(id=mark),
    "pause": _control("pause"),
    "resume": _control("resume"),
    "exit": _control("exit"),
}

"""What a script's words mean: each word becomes an event, made once its enrollment has begun."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from pydantic import JsonValue

from activities.zones import UNIVERSAL, zone_name, zone_table
from authoring.simulation.hearing import Heard
from authoring.simulation.turning import turn_of
from authoring.text.faults import Slip, did_you_mean
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.events import (
    AppEvent,
    AutoReply,
    Blocked,
    Bounce,
    Click,
    Colleague,
    Complaint,
    ContactChanged,
    Control,
    DataChanged,
    Event,
    Open,
    Reply,
    TaskDone,
    Unsubscribe,
)
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.values import Facts
from workflows.moments.calendar import moment_of

Make = Callable[[Progress, datetime], Event]
"""Makes an event that happens at a moment to an enrollment that has begun."""

OTHER_MAIL = "other_mail"
"""The word for a marketing mail of another sequence that the contact gets (rule 29)."""


@dataclass(frozen=True)
class Told:
    """The parts of a written event before its `@`, and the fields beside it.

    `about` is what follows its colon; `is_before` if it happened before the enrollment.
    """

    word: str
    mark: str
    about: str | None = None
    until: date | None = None
    fields: Facts = field(default_factory=dict)
    is_before: bool = False


def event_of(told: Told, heard: Heard) -> Make | Slip:
    """Say what event is told of; a slip if it changes nothing in the sequence."""
    known = _BY_WORD.get(told.word)
    if known is None:
        return _app_event(told, heard)
    slip = _superfluous(told, known) or _too_early(told, known)
    return slip or known.make(told, heard)


def words_of(heard: Heard) -> tuple[str, ...]:
    """List the words that may be told of in a sequence."""
    return (*_BY_WORD, *sorted(heard.events))


@dataclass(frozen=True)
class _Known:
    make: Callable[[Told, Heard], Make | Slip]
    takes_about: bool = False
    takes_until: bool = False
    fields: frozenset[str] | None = frozenset()
    early: bool = False


def _superfluous(told: Told, known: _Known) -> Slip | None:
    if told.about is not None and not known.takes_about:
        return Slip(
            offset=len(told.word) + 1,
            text=told.about,
            problem=f"`{told.word}` is not about one step",
            mend=f"write `{told.word}@…`",
        )
    if told.until is not None and not known.takes_until:
        return Slip(text=told.word, problem=f"`{told.word}` has no `until`")
    return None if known.fields is None else _no_field(told, known.fields)


def _no_field(told: Told, known: frozenset[str]) -> Slip | None:
    for name in sorted(told.fields.keys() - known):
        mend = did_you_mean(name, known)
        return Slip(text=name, problem=f"`{told.word}` has no field `{name}`", mend=mend)
    return None


def _too_early(told: Told, known: _Known) -> Slip | None:
    if not told.is_before or known.early:
        return None
    problem = f"`{told.word}` cannot happen before the enrollment"
    return Slip(text=told.word, problem=problem, mend="write it under `events`")


def _app_event(told: Told, heard: Heard) -> Make | Slip:
    if told.word not in heard.events:
        near = did_you_mean(told.word, words_of(heard))
        problem = f"`{told.word}` changes nothing in this sequence"
        return Slip(text=told.word, problem=problem, mend=near)
    slip = _superfluous(told, _ANY_FIELDS)
    return slip or (lambda _, at: AppEvent(id=told.mark, at=at, name=told.word, fields=told.fields))


def _simply(make: Callable[[str, datetime], Event]) -> Callable[[Told, Heard], Make]:
    return lambda told, _: lambda _, at: make(told.mark, at)


def _commanded(action: str) -> Callable[[Told, Heard], Make]:
    def make(mark: str, at: datetime) -> Event:
        held = {"id": mark, "at": at, "action": action, "who": "the script"}
        return Control.model_validate(held)

    return _simply(make)


def _of_mail(kind: type[Click | Open]) -> Callable[[Told, Heard], Make | Slip]:
    def read(told: Told, heard: Heard) -> Make | Slip:
        slip = None if told.is_before else _no_step(told, heard.mails)
        held: Facts = {"id": told.mark, "step": told.about or "", **told.fields}
        return slip or (lambda _, at: kind.model_validate({**held, "at": at}))

    return read


def _task_done(told: Told, heard: Heard) -> Make | Slip:
    slip = _no_step(told, heard.tasks)
    return slip or (lambda _, at: TaskDone(id=told.mark, at=at, step=told.about or ""))


def _no_step(told: Told, steps: tuple[str, ...]) -> Slip | None:
    if told.about in steps:
        return None
    mend = did_you_mean(told.about or "", steps)
    if told.about is None:
        problem = f"`{told.word}` must name its step: `{told.word}:STEP`"
        return Slip(text=told.word, problem=problem, mend=mend)
    return Slip(
        offset=len(told.word) + 1,
        text=told.about,
        problem=f"`{told.about}` is no step of the sequence that `{told.word}` can be about",
        mend=mend,
    )


def _unsubscribe(told: Told, _: Heard) -> Make:
    return lambda _, at: Unsubscribe(id=told.mark, at=at, topic=told.about)


def _away(told: Told, _: Heard) -> Make:
    until = told.until

    def make(begun: Progress, at: datetime) -> Event:
        # An answer names a date; it is read in the enrollment's zone (rule 27).
        back = until and moment_of(datetime.combine(until, time.min), begun.zone)
        return AutoReply(id=told.mark, at=at, until=back)

    return make


def _colleague(told: Told, heard: Heard) -> Make | Slip:
    if told.about not in heard.of_colleagues:
        problem = f"nothing in this sequence waits for `{told.about or ''}` of a colleague"
        mend = did_you_mean(told.about or "", heard.of_colleagues)
        return Slip(offset=len(told.word) + 1, text=told.about or "", problem=problem, mend=mend)
    if told.about == "reply":
        return lambda _, at: Colleague(id=told.mark, at=at, of="reply")
    return lambda _, at: Colleague(
        id=told.mark, at=at, of="event", name=told.about, fields=told.fields
    )


def _turn(told: Told, heard: Heard, *, held: bool) -> Make | Slip:
    return turn_of(told.word, told.mark, heard.sequence, held=held)


def _contact(told: Told, heard: Heard) -> Make | Slip:
    slip = _unknown_fact(told, heard.contact)
    facts = {name: value for name, value in told.fields.items() if name != "timezone"}
    moves, zone = "timezone" in told.fields, told.fields.get("timezone")

    def make(begun: Progress, at: datetime) -> Event:
        table = _zone(heard.sequence, zone, begun.enrolled_at) if moves else None
        known = {name: facts[name] for name in facts if name in heard.sequence.contact_facts}
        return ContactChanged(id=told.mark, at=at, facts=known, zone=table)

    return slip or make


def _zone(sequence: Sequence, name: JsonValue, around: datetime) -> ZoneTable:
    moved = Contact(id="moved", email="", timezone=name if isinstance(name, str) else None)
    return zone_table(zone_name(sequence, moved), UNIVERSAL, around)


def _data(told: Told, heard: Heard) -> Make | Slip:
    slip = _unknown_fact(told, heard.given)
    return slip or (lambda _, at: DataChanged(id=told.mark, at=at, facts=told.fields))


def _unknown_fact(told: Told, known: frozenset[str]) -> Slip | None:
    for name in sorted(told.fields.keys() - known):
        problem = f"`{told.word}.{name}` changes nothing in this sequence"
        return Slip(text=name, problem=problem, mend=did_you_mean(name, known))
    if told.fields:
        return None
    mend = f"write `{told.word}.NAME=VALUE@…`"
    return Slip(text=told.word, problem=f"`{told.word}` must say what changes", mend=mend)


_ANY_FIELDS = _Known(_simply(lambda mark, at: Reply(id=mark, at=at)), fields=None, early=True)
_BY_WORD: dict[str, _Known] = {
    "reply": _Known(_simply(lambda mark, at: Reply(id=mark, at=at)), early=True),
    "click": _Known(_of_mail(Click), takes_about=True, fields=frozenset({"url"}), early=True),
    "open": _Known(_of_mail(Open), takes_about=True, early=True),
    "bounce": _Known(_simply(lambda mark, at: Bounce(id=mark, at=at)), early=True),
    "soft_bounce": _Known(_simply(lambda mark, at: Bounce(id=mark, at=at, hard=False))),
    "complaint": _Known(_simply(lambda mark, at: Complaint(id=mark, at=at)), early=True),
    "unsubscribe": _Known(_unsubscribe, takes_about=True, early=True),
    "blocked": _Known(_simply(lambda mark, at: Blocked(id=mark, at=at)), early=True),
    "left_company": _Known(
        _simply(lambda mark, at: Blocked(id=mark, at=at, reason="left_company")), early=True
    ),
    "out_of_office": _Known(_away, takes_until=True),
    "task_done": _Known(_task_done, takes_about=True),
    "colleague": _Known(_colleague, takes_about=True, fields=None),
    OTHER_MAIL: _Known(
        _simply(lambda mark, at: AppEvent(id=mark, at=at, name=OTHER_MAIL)), early=True
    ),
    "turn_lost": _Known(lambda told, heard: _turn(told, heard, held=False)),
    "turn_back": _Known(lambda told, heard: _turn(told, heard, held=True)),
    "contact": _Known(_contact, fields=None),
    "data": _Known(_data, fields=None),
    "pause": _Known(_commanded("pause")),
    "resume": _Known(_commanded("resume")),
    "skip": _Known(_commanded("skip")),
    "exit": _Known(_commanded("exit")),
}

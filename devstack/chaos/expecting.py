"""What must have become of everybody: the simulator's word on what they really did."""

from collections.abc import Callable, Iterable
from datetime import datetime

from activities.zones import UNIVERSAL, zone_table
from authoring.simulation.scripts import Scripted
from authoring.simulation.simulate import Scenario, simulate
from devstack.chaos.deeds import Done
from devstack.chaos.evidence import Expected
from schemas.events import (
    AppEvent,
    Bounce,
    Click,
    Complaint,
    Control,
    Event,
    Reply,
    Unsubscribe,
)
from schemas.sequence import Sequence
from schemas.values import Value


class Enrolled(Value):
    """An enrollment on record: since when."""

    workflow_id: str
    at: datetime


def expected(sequence: Sequence, one: Enrolled, done: Iterable[Done]) -> Expected:
    """Give what the simulator makes of an enrollment and of what its contact did."""
    deeds = tuple(done)
    simulated = simulate(
        sequence,
        Scenario(
            start=one.at,
            zone=zone_table(UNIVERSAL, UNIVERSAL, one.at),
            contact={"first_name": "Ada"},
            script=tuple(_scripted(event_of(deed, one.at)) for deed in deeds),
        ),
    )
    over = [deed.acknowledged for deed in deeds if deed.acknowledged is not None]
    return Expected(
        workflow_id=one.workflow_id,
        ending=simulated.ending.name if simulated.ending else None,
        steps=tuple(send.step for send in simulated.sends),
        over=min(over, default=None),
    )


def event_of(done: Done, begun: datetime) -> Event:
    """Give a deed as an event, never before the enrollment."""
    return _EVENT_BY_WORD.get(done.word, _said)(done, max(done.at, begun))


def _scripted(event: Event) -> Scripted:
    moment = event.at
    if moment is None:
        raise ValueError(f"{event.kind} has no moment")
    return Scripted(text=event.kind, make=lambda *_: event, place=lambda _: moment)


def _said(done: Done, at: datetime) -> Event:
    return AppEvent(id=f"{done.word}-{done.person}", at=at, name=done.word)


_EVENT_BY_WORD: dict[str, Callable[[Done, datetime], Event]] = {
    "reply": lambda done, at: Reply(id="reply", at=at, step=done.step),
    "unsubscribe": lambda _, at: Unsubscribe(id="unsubscribe", at=at),
    "complaint": lambda _, at: Complaint(id="complaint", at=at),
    "bounce": lambda done, at: Bounce(id="bounce", at=at, step=done.step),
    "click": lambda done, at: Click(id="click", at=at, step=done.step or ""),
    "exit": lambda _, at: Control(id="exit", at=at, action="exit", who="chaos"),
}

"""Living an enrollment through: a sequence as it is written, what happens when, what then goes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from textwrap import dedent

from pydantic import JsonValue

from authoring.language.definitions import read_definition
from authoring.language.projects import Project
from authoring.text.documents import parse_document
from authoring.text.faults import Findings
from schemas.calendar import ZoneTable
from schemas.content import Mailbox
from schemas.decisions import Decision, HandOff, Send, Settle, Wait
from schemas.events import (
    AppEvent,
    AutoReply,
    Click,
    ContactChanged,
    Control,
    DataChanged,
    Event,
    Reply,
    Turn,
    Unsubscribe,
)
from schemas.outcomes import Refused, SendOutcome, Sent, Settled
from schemas.progress import Progress, What
from schemas.sequence import Sequence
from tests.builders import NEW_YORK, a_progress, act
from workflows.after.folding import after_event
from workflows.after.outcomes import after_send, after_settle
from workflows.after.transitions import after_hand_off
from workflows.deciding.decisions import decide
from workflows.moments.calendar import local, moment_of

PROJECT = Project(
    postal_address="Acme Inc., 500 Example Avenue, Springfield",
    sender=Mailbox(name="Ops Team", email="team@acme.example"),
)
OFFICE = 'send_window: {days: mon-fri, from: "09:00", to: "17:00", timezone: America/New_York}\n'
"""A line for a sequence: Monday to Friday, nine to five."""

MOST = 500


@dataclass(frozen=True)
class Late:
    """An event that is heard of only at `heard`, after its own moment."""

    event: Event
    heard: datetime


@dataclass(frozen=True)
class World:
    """What others answer: to mails by their steps (else they go), to hand-offs, to doubts."""

    sends: Mapping[str, SendOutcome] = field(default_factory=dict)
    refuses: bool = False
    accepted: bool = True


def written(*parts: str) -> Sequence:
    """Read a sequence; every mail that it names is at hand."""
    text = "\n".join(("sequence: welcome", *(dedent(part) for part in parts)))
    findings = Findings()
    node = parse_document(text, "sequence.yaml", findings)
    mails = frozenset(re.findall(r"email: ([a-z0-9-]+)", text))
    assert node is not None
    definition = read_definition(node, mails, PROJECT, findings)
    assert not findings, str(findings.faults())
    assert definition is not None
    return definition.sequence


def at(text: str, zone: ZoneTable = NEW_YORK) -> datetime:
    """Read `03-04 10:15`, local time of 2026."""
    return moment_of(datetime.fromisoformat(f"2026-{text.replace(' ', 'T')}"), zone)


def happened(name: str, when: str) -> AppEvent:
    return AppEvent(id=f"{name} {when}", name=name, at=at(when))


def replied(when: str) -> Reply:
    return Reply(id=f"reply {when}", at=at(when))


def clicked(step: str, when: str) -> Click:
    return Click(id=f"click {step} {when}", step=step, at=at(when))


def unsubscribed(when: str, topic: str | None = None) -> Unsubscribe:
    return Unsubscribe(id=f"unsubscribe {when}", at=at(when), topic=topic)


def away(when: str, until: str | None = None) -> AutoReply:
    back = None if until is None else at(until if ":" in until else f"{until} 00:00")
    return AutoReply(id=f"away {when}", at=at(when), until=back)


def paused(when: str) -> Control:
    return Control(id=f"pause {when}", action="pause", who="ada", at=at(when))


def resumed(when: str) -> Control:
    return Control(id=f"resume {when}", action="resume", who="ada", at=at(when))


def turned(when: str, *, held: bool) -> Turn:
    """Give the contact to another sequence of the group, or back."""
    return Turn(id=f"turn {when}", held=held, at=at(when), why="sales goes first")


def skipped(when: str) -> Control:
    return Control(id=f"skip {when}", action="skip", who="ada", at=at(when))


def changed(when: str, **facts: JsonValue) -> DataChanged:
    """Change what the enrollment was given."""
    return DataChanged(id=f"data {when} {facts}", at=at(when), facts=facts)


def moved(when: str, zone: ZoneTable | None = None, **facts: JsonValue) -> ContactChanged:
    """Change facts about the contact, or move it to another zone."""
    return ContactChanged(id=f"contact {when} {facts}", at=at(when), facts=facts, zone=zone)


def reported(name: str, when: str, **fields: JsonValue) -> AppEvent:
    """Let the app report an event with fields."""
    return AppEvent(id=f"{name} {when} {fields}", name=name, at=at(when), fields=fields)


def live(
    sequence: Sequence,
    *events: Event | Late,
    start: str | datetime = "03-02 10:00",
    world: World = World(),
    key: str | None = None,
    values: Mapping[str, JsonValue] | None = None,
    **enrolled: object,
) -> Progress:
    """Live until the ending, or until nothing more is to come."""
    now = at(start) if isinstance(start, str) else start
    progress = a_progress(sequence, now, key=key, values=dict(values or {}), **enrolled)
    tried: set[str] = set()
    coming = sorted((_heard(event) for event in events), key=lambda one: one.heard)
    for _ in range(MOST):
        while coming and coming[0].heard <= now:
            progress = after_event(sequence, progress, coming.pop(0).event, now)
        decision = decide(sequence, progress, now)
        if isinstance(decision, Wait):
            moments = [one for one in (decision.until, *(c.heard for c in coming[:1])) if one]
            if not moments:
                return progress
            now = max(now, min(moments))
        else:
            own = World() if isinstance(decision, Send) and decision.step in tried else world
            progress = _acted(sequence, progress, decision, now, own)
            tried |= {decision.step} if isinstance(decision, Send) else set()
        if progress.ending is not None:
            return progress
    raise AssertionError("it makes no headway")


def told(progress: Progress, zone: ZoneTable = NEW_YORK) -> list[str]:
    """Tell which mails went when, and the ending, in local time."""
    mails = [f"{mail.step} {shown(mail.at, zone)}" for mail in progress.mails]
    ending = progress.ending
    return [*mails, f"= {ending.name} {shown(ending.at, zone)}" if ending else "= live"]


def noted(progress: Progress, *whats: What) -> list[str]:
    """Tell when entries of these kinds stand in the timeline."""
    return [
        f"{entry.step or '-'} {shown(entry.at)}"
        for entry in progress.timeline
        if entry.what in whats
    ]


def shown(moment: datetime, zone: ZoneTable = NEW_YORK) -> str:
    return f"{local(moment.astimezone(UTC), zone):%m-%d %H:%M}"


def _heard(event: Event | Late) -> Late:
    if isinstance(event, Late):
        return event
    assert event.at is not None
    return Late(event, event.at)


def _acted(
    sequence: Sequence, progress: Progress, decision: Decision, now: datetime, world: World
) -> Progress:
    match decision:
        case Send():
            sent = Sent(send=f"{decision.step}.{decision.occurrence}", at=now)
            outcome = world.sends.get(decision.step, sent)
            own = outcome.model_copy(update={"at": now}) if hasattr(outcome, "at") else outcome
            return after_send(sequence, progress, decision, own, now)
        case HandOff() if world.refuses:
            no = Refused(reason="already_enrolled", message="already there")
            return after_hand_off(sequence, progress, decision, no, now)
        case Settle():
            settled = Settled(accepted=world.accepted)
            return after_settle(sequence, progress, decision, settled, now)
    return act(sequence, progress, decision, now)

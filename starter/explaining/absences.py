"""Why a contact is not in a sequence: what is on record, and what would be said now."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from pydantic import Field
from sqlalchemy import Connection, Engine

from activities.admitting.admission import bars
from activities.admitting.applicants import Applicant
from activities.mailing.verdicts import known_of
from activities.sequences import sequences
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Facts, Value
from starter.enrolling.enrollments import UNKNOWN_CONTACT
from starter.enrolling.keys import key_for
from starter.explaining.notes import of_beginning, of_mails
from starter.explaining.queues import Whose, appointed, queued
from starter.explaining.sharing import busy
from storage import enrolled
from storage.entering import refusals, starts
from storage.people import contacts
from storage.rows import EnrollmentRow
from workflows.moments.calendar import shown_in
from workflows.telling.triggers import trigger_told


class Asked(Value):
    """Who is asked about, in which sequence, per what and with what data, and when."""

    sequence: str
    contact: str
    key: str | None = None
    data: Facts = Field(default_factory=dict)
    now: datetime


class Barrier(Value):
    """What would refuse the contact now: in a word, in words, and by which of its values."""

    reason: str
    message: str
    values: str = ""


class Before(Value):
    """An enrollment of the contact in the sequence that is over, or that is live (`ended` None)."""

    workflow_id: str
    enrolled: str
    ended: str | None
    ending: str | None
    why: str | None


class RefusedBefore(Value):
    """A refusal on record: when, who had asked, and why."""

    at: str
    source: str
    reason: str
    message: str


class Absence(Value):
    """Why a contact is not in a sequence, or that it is (`live`).

    `before` is what it was in it, `refused` when it was refused, `waits` what is under way;
    `barriers` would refuse it now. Where nothing would, `notes` say what would go and when it would
    begin, and `command` enrolls it. `by_itself` says what would. All moments are local in `zone`.
    """

    sequence: str
    contact: str
    key: str | None
    zone: str
    asked: str
    live: tuple[str, ...]
    before: tuple[Before, ...]
    refused: tuple[RefusedBefore, ...]
    waits: tuple[str, ...]
    barriers: tuple[Barrier, ...]
    notes: tuple[str, ...]
    by_itself: tuple[str, ...]
    command: str | None


async def explain_absence(engine: Engine, asked: Asked) -> Absence | Refused:
    """Say why the contact is not in the sequence; only reads, and changes nothing."""
    return await asyncio.to_thread(_explained, engine, asked)


class _Scene(NamedTuple):
    connection: Connection
    sequence: Sequence
    contact: Contact
    key: str | None
    data: Facts
    now: datetime
    zone: ZoneTable

    def shown(self, moment: datetime) -> str:
        return shown_in(moment, self.zone)

    @property
    def whose(self) -> Whose:
        return Whose(self.contact.id, self.sequence.name, self.key)

    @property
    def applicant(self) -> Applicant:
        return Applicant(contact=self.contact, key=self.key, data=self.data, at=self.now)


def _explained(engine: Engine, asked: Asked) -> Absence | Refused:
    with engine.connect() as connection:
        scene = _scene(connection, asked)
        return scene if isinstance(scene, Refused) else _absence(scene, asked)


def _scene(connection: Connection, asked: Asked) -> _Scene | Refused:
    sequence = sequences().latest(connection, asked.sequence)
    if sequence is None:
        message = f"no sequence {asked.sequence} is published: run `postroad publish`"
        return Refused(reason="unknown_sequence", message=message)
    contact = contacts.find(connection, asked.contact)
    if contact is None:
        return UNKNOWN_CONTACT
    data = _with_key(sequence, asked)
    key = key_for(sequence, asked.key, contact, data)
    zone = zone_table(zone_name(sequence, contact), UNIVERSAL, asked.now)
    known = asked.key if isinstance(key, Refused) else key
    return _Scene(connection, sequence, contact, known, data, asked.now, zone)


def _with_key(sequence: Sequence, asked: Asked) -> Facts:
    key = sequence.key
    if key is None or asked.key is None or key.of != "data" or key.path in asked.data:
        return asked.data
    return {**asked.data, key.path: asked.key}


def _absence(scene: _Scene, asked: Asked) -> Absence:
    rows = _enrollments(scene)
    live = tuple(row.workflow_id for row in rows if row.ended_at is None)
    barriers = () if live else tuple(_barriers(scene))
    waits = tuple(queued(scene.connection, scene.whose, scene.zone))
    is_free = not live and not barriers and not waits
    return Absence(
        sequence=asked.sequence,
        contact=scene.contact.id,
        key=scene.key,
        zone=scene.zone.name,
        asked=scene.shown(scene.now),
        live=live,
        before=tuple(_before(scene, row) for row in rows if row.ended_at is not None),
        refused=tuple(_refused(scene)),
        waits=waits,
        barriers=barriers,
        notes=() if live or barriers else tuple(_notes(scene, waits=bool(waits))),
        by_itself=tuple(_by_itself(scene)),
        command=_command(scene) if is_free else None,
    )


def _enrollments(scene: _Scene) -> list[EnrollmentRow]:
    rows = enrolled.of_contact(scene.connection, scene.contact.id, scene.sequence.name)
    return [row for row in rows if scene.key is None or row.key == scene.key]


def _before(scene: _Scene, row: EnrollmentRow) -> Before:
    return Before(
        workflow_id=row.workflow_id,
        enrolled=scene.shown(row.enrolled_at),
        ended=None if row.ended_at is None else scene.shown(row.ended_at),
        ending=row.ending,
        why=row.ending_why,
    )


def _refused(scene: _Scene) -> Iterator[RefusedBefore]:
    found = refusals.of_contact(scene.connection, scene.contact.id, scene.sequence.name)
    for one in found:
        if scene.key is None or one.key == scene.key:
            yield RefusedBefore(
                at=scene.shown(one.at),
                source=one.source,
                reason=one.reason,
                message=one.message or one.reason,
            )
    for start in starts.of_contact(scene.connection, scene.contact.id, scene.sequence.name):
        if start.refused is not None:
            yield RefusedBefore(
                at=scene.shown(start.at),
                source=start.source,
                reason=start.refused,
                message=start.message or start.refused,
            )


def _barriers(scene: _Scene) -> Iterator[Barrier]:
    for bar in bars(scene.connection, scene.sequence, scene.applicant):
        reason, message = bar.refused.reason, bar.refused.message
        yield Barrier(reason=reason, message=message, values=bar.values)
    taken = busy(scene.connection, scene.sequence, scene.contact.id, scene.now)
    if isinstance(taken, Refused):
        yield Barrier(reason=taken.reason, message=taken.message)


def _notes(scene: _Scene, *, waits: bool) -> Iterator[str]:
    yield from of_mails(scene.connection, scene.sequence, scene.applicant)
    if not waits:
        yield from of_beginning(scene.connection, scene.sequence, scene.applicant, scene.zone)


def _by_itself(scene: _Scene) -> Iterator[str]:
    known = known_of(scene.contact, scene.data, scene.key)
    yield from (trigger_told(trigger, known) for trigger in scene.sequence.triggers)
    yield from appointed(scene.connection, scene.contact.id, scene.sequence, scene.zone)


def _command(scene: _Scene) -> str:
    per = scene.sequence.key
    given = f" --data {per.path}={scene.key}" if per is not None and per.of == "data" else ""
    return f"postroad enroll {scene.sequence.name} {scene.contact.id}{given}"

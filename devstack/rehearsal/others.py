"""Mails of other sequences that a scenario's contact gets: on record, as if they had gone."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from authoring.simulation.happenings import OTHER_MAIL
from devstack.rehearsal.faults import CannotBeLivedError
from schemas.events import AppEvent, Event
from schemas.progress import Ending
from storage import enrollments, sends, versions
from storage.claims import Claim, Claimed, claim
from storage.enrollments import NewEnrollment
from storage.rows import EnrollmentRow
from storage.sends import Outcome

_LAST_RANK = 1000


def is_other_mail(event: Event) -> bool:
    """Tell whether an event of a scenario is a mail of another sequence."""
    return isinstance(event, AppEvent) and event.name == OTHER_MAIL


def record_other_mail(engine: Engine, contact_id: str, mark: str, at: datetime) -> None:
    """Record that a marketing mail of another sequence went to the contact.

    `mark` tells it from others: each is of an enrollment of its own, which ends with it.
    """
    with engine.begin() as connection:
        row = enrollments.begin(connection, _enrollment(connection, contact_id, mark, at))
        claimed = claim(connection, _mail(row, at)) if isinstance(row, EnrollmentRow) else None
        if not isinstance(row, EnrollmentRow) or not isinstance(claimed, Claimed):
            raise CannotBeLivedError("no other sequence could mail its contact")
        went = Outcome(state="accepted", at=at)
        sends.record(connection, claimed.send, claimed.attempt, went)
        enrollments.end(connection, row.id, Ending(name="completed", at=at), _LAST_RANK)
        enrollments.close(connection, row.id, ())


def _enrollment(connection: Connection, contact_id: str, mark: str, at: datetime) -> NewEnrollment:
    # Any version will do: nothing is rendered.
    (sequence, *_) = versions.sequences(connection)
    return NewEnrollment(
        workflow_id=f"other.{contact_id}.{mark}",
        run_id=mark,
        sequence="other",
        version=versions.latest_hash(connection, sequence) or "",
        contact_id=contact_id,
        source="scenario",
        zone="UTC",
        enrolled_at=at,
    )


def _mail(row: EnrollmentRow, at: datetime) -> Claim:
    return Claim(
        row=row.id,
        step="mail",
        due=at,
        at=at,
        why="it is a mail of another sequence",
        mail_domain="scenarios.example",
    )

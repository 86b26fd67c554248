"""What other sequences did with a scenario's contact: on record, as if it had happened."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from activities.endings import put_down
from activities.sequences import sequences
from authoring.simulation.happenings import OTHER_MAIL
from devstack.rehearsal.faults import CannotBeLivedError
from schemas.events import AppEvent, Event
from schemas.ids import enrollment_id
from schemas.progress import Ending
from schemas.sequence import Sequence
from storage import enrollments, versions
from storage.enrollments import NewEnrollment
from storage.rows import EnrollmentRow
from storage.sending import sends
from storage.sending.claims import Claim, Claimed, claim
from storage.sending.sends import Outcome

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
        put_down(connection, row.id, Ending(name="completed", at=at), _LAST_RANK)
        enrollments.close(connection, row.id, ())


def shares_contacts(engine: Engine, own: Sequence, other: str) -> bool:
    """Tell whether two sequences are of one group that has a contact by turns (rule 28)."""
    with engine.connect() as connection:
        latest = sequences().latest(connection, other)
    groups = [one.turns.exclusive for one in (own, latest) if one is not None and one.turns]
    return len(groups) > len(set(groups)) and None not in groups


def record_former(engine: Engine, contact_id: str, sequence: str, at: datetime) -> None:
    """Record that the contact was in a sequence up to `at`."""
    name = enrollment_id(sequence, contact_id, None)
    with engine.begin() as connection:
        row = enrollments.begin(connection, _new(connection, contact_id, (sequence, name), at))
        if not isinstance(row, EnrollmentRow):
            raise CannotBeLivedError(f"{sequence} has its contact already")
        put_down(connection, row.id, Ending(name="completed", at=at), _LAST_RANK)
        enrollments.close(connection, row.id, ())


def _enrollment(connection: Connection, contact_id: str, mark: str, at: datetime) -> NewEnrollment:
    return _new(connection, contact_id, ("other", f"other.{contact_id}.{mark}"), at)


def _new(
    connection: Connection, contact_id: str, named: tuple[str, str], at: datetime
) -> NewEnrollment:
    # Any version will do: nothing is rendered.
    (known, *_) = versions.sequences(connection)
    sequence, workflow_id = named
    return NewEnrollment(
        workflow_id=workflow_id,
        run_id=workflow_id,
        sequence=sequence,
        version=versions.latest_hash(connection, known) or "",
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

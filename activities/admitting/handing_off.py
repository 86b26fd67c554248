"""Handing a contact over: one enrollment ends and another is reserved, or nothing changes."""

from uuid import UUID

from sqlalchemy import Connection, Engine

from activities.admitting.admission import already_enrolled, refusal
from activities.admitting.applicants import Applicant
from activities.admitting.beginning import unpublished
from activities.admitting.keys import key_in
from activities.admitting.taking_turns import hand_over, inherit
from activities.endings import put_down
from activities.letters.senders import kept_sender, sender_for
from activities.owners import Told, tell_owner
from activities.published import Library, Published
from activities.zones import zone_name
from schemas.activities import HandOffRequest
from schemas.ids import enrollment_id
from schemas.outcomes import HandedOff, Refused
from schemas.progress import Ending
from storage import enrolled, enrollments, tasks
from storage.enrollments import AlreadyLive, NewEnrollment, sender_fields
from storage.people import contacts
from storage.rows import EnrollmentRow
from storage.sending import sends
from workflows.deciding.endings import HANDED_OFF, rank_of


class HandingOff:
    """Hands contacts over, each in one transaction."""

    def __init__(self, engine: Engine, library: Library) -> None:
        self._engine = engine
        self._library = library

    def hand_off(self, request: HandOffRequest) -> HandedOff | Refused:
        """End the enrollment and reserve the other, or refuse and tell the owner (rule 21).

        A refusal ends nothing. Asked again, it gives the answer that it gave.
        """
        with self._engine.connect() as connection:
            answer = self._answer(connection, request)
            if isinstance(answer, Refused):
                connection.rollback()
                self._tell(connection, request, answer)
            connection.commit()
            return answer

    def _answer(self, connection: Connection, request: HandOffRequest) -> HandedOff | Refused:
        parent = enrolled.get(connection, UUID(request.row))
        contact = contacts.lock(connection, parent.contact_id)
        # Another call of the same may have been waited for.
        parent = enrolled.get(connection, parent.id)
        other = self._library.latest(connection, request.to)
        if other is None or contact is None:
            return unpublished(request.to)
        key = key_in(other.sequence, contact, request.data)
        who = Applicant(contact=contact, key=key, data=request.data, at=request.now)
        if parent.ending == HANDED_OFF:
            return _reserved(connection, parent, other, who)
        refused = (
            refusal(connection, other.sequence, who)
            or hand_over(connection, parent.id, other.sequence, who)
            or self._end(connection, parent, request)
        )
        return refused or _reserved(connection, parent, other, who)

    def _tell(self, connection: Connection, request: HandOffRequest, refused: Refused) -> None:
        row = enrolled.get(connection, UUID(request.row))
        contact = contacts.lock(connection, row.contact_id)
        published = self._library.get(connection, row.version)
        if row.ended_at is None and contact is not None and published is not None:
            tell_owner(connection, _told(request, row, refused), row, contact, published.content)

    def _end(
        self, connection: Connection, parent: EnrollmentRow, request: HandOffRequest
    ) -> Refused | None:
        published = self._library.get(connection, parent.version)
        if published is None:
            raise LookupError(f"There is no version {parent.version}.")
        rank = rank_of(published.sequence, HANDED_OFF)
        wanted = Ending(name=HANDED_OFF, at=request.now)
        ending = put_down(connection, parent.id, wanted, rank)
        if ending == wanted:
            tasks.close_of(connection, parent.id)
            return None
        message = f"{parent.workflow_id} has ended already ({ending.name})"
        return Refused(reason="ended", message=message)


def _told(request: HandOffRequest, row: EnrollmentRow, refused: Refused) -> Told:
    return Told(
        mark=f"hand_off.{row.id}.{request.step}",
        step=request.step,
        at=request.now,
        what=f"Not handed over to {request.to}: {refused.message}",
        to_do=f"What to do: nothing has ended, {row.sequence} goes on. Once the reason is gone, "
        f"`postroad enroll {request.to} {row.contact_id}` enrolls them.",
    )


def _child(
    connection: Connection, parent: EnrollmentRow, other: Published, who: Applicant
) -> NewEnrollment:
    contact, data = who.contact, who.data
    ended = enrolled.get(connection, parent.id).ended()
    last = sends.last_marketing_at(connection, parent.id)
    sequence, sender = other.sequence, kept_sender(other.content, parent.sender)
    return NewEnrollment(
        workflow_id=enrollment_id(sequence.name, contact.id, who.key),
        run_id=None,
        sequence=sequence.name,
        version=other.hash,
        contact_id=contact.id,
        key=who.key,
        source=f"hand-off from {parent.sequence}",
        zone=zone_name(sequence, contact),
        enrolled_at=ended.at if ended else parent.enrolled_at,
        parent=parent.id,
        last_marketing_at=last or parent.last_marketing_at,
        given={"data": data, "step": None},
        **sender_fields(sender or sender_for(other.content, sequence.name, contact)),
    )


def _reserved(
    connection: Connection, parent: EnrollmentRow, other: Published, who: Applicant
) -> HandedOff | Refused:
    row = enrollments.reserve(connection, _child(connection, parent, other, who))
    if isinstance(row, AlreadyLive):
        return already_enrolled(row.workflow_id)
    inherit(connection, row, other.sequence)
    return HandedOff(workflow_id=row.workflow_id, key=row.key)

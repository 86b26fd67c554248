"""Beginning an enrollment: let in and put on record, or refused."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from activities.admitting.admission import already_enrolled, refusal
from activities.admitting.adopting import adopted
from activities.admitting.applicants import Applicant
from activities.admitting.earlier import earlier
from activities.admitting.first_steps import pause_at_once, paused, unknown_step
from activities.admitting.pacing import Entrance, Paced
from activities.admitting.refusing import put_down_refusal
from activities.admitting.taking_turns import Asking, in_turn, turn_at
from activities.endings import put_down
from activities.holidays import with_kept_holidays
from activities.letters.senders import sender_for
from activities.mailing.suppression import opted_out
from activities.published import Library, Published
from activities.restoring.alarm import is_dry
from activities.restoring.gauge import Gauge
from activities.turns import withdraw
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.activities import BeginRequest
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.policies import Pace
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.values import Facts
from storage import enrolled, enrollments, events, tasks
from storage.enrollments import AlreadyLive, NewEnrollment
from storage.people import colleagues, contacts
from storage.rows import EnrollmentRow
from workflows.deciding.endings import REPLACED, STOPPED
from workflows.deciding.variants import held_out


class Beginning:
    """Begins enrollments, each in one transaction."""

    def __init__(self, engine: Engine, library: Library, gauge: Gauge | None = None) -> None:
        self._engine = engine
        self._library = library
        self._gauge = gauge

    def begin(self, request: BeginRequest) -> Enrolled | Refused | Waiting:
        """Enroll the contact or refuse; asked again for the same run, the answer is the same.

        What a hand-off reserved is begun as it was reserved, without another look. Who waits for
        a turn asks again when it comes, and is looked at anew.
        """
        with self._engine.begin() as connection:
            answer, row = self.within(connection, request)
        if not isinstance(answer, Enrolled) or row is None:
            return answer
        return self._with_colleagues(answer, row)

    def within(
        self, connection: Connection, request: BeginRequest
    ) -> tuple[Enrolled | Refused | Waiting, EnrollmentRow | None]:
        """Do so within a transaction of the caller's, but for what colleagues did meanwhile.

        Beside the answer stands what is on record of it.
        """
        row = enrollments.on_record(connection, request.workflow_id, request.run_id)
        begun = self._new(connection, request) if row is None else row
        if isinstance(begun, EnrollmentRow):
            begun = adopted(connection, begun, request)
        if isinstance(begun, Refused):
            withdraw(connection, request.workflow_id, begun, request.now)
            put_down_refusal(connection, begun, request)
        if not isinstance(begun, EnrollmentRow):
            return begun, None
        return self._enrolled(connection, begun, request.start), begun

    def _with_colleagues(self, answer: Enrolled, row: EnrollmentRow) -> Enrolled:
        if not any(word.startswith("account:") for word in answer.sequence.listens_to):
            return answer
        # In a transaction of its own: what is just being taken in is waited for.
        with self._engine.begin() as connection:
            told = colleagues.missed(connection, row, answer.sequence.listens_to)
        return answer.model_copy(update={"missed": (*answer.missed, *told)})

    def _new(
        self, connection: Connection, request: BeginRequest
    ) -> EnrollmentRow | Refused | Waiting:
        if is_dry(connection, self._gauge):
            return Waiting(until=request.now + _ASKS_AGAIN, why=_NOT_RECONCILED)
        return self._applied(connection, request)

    def _applied(
        self, connection: Connection, request: BeginRequest
    ) -> EnrollmentRow | Refused | Waiting:
        start = request.start
        sequence = self._published(connection, request)
        if isinstance(sequence, Refused):
            return sequence
        contact = contacts.lock(connection, start.contact)
        if contact is None:
            return _UNKNOWN_CONTACT
        # Another attempt of the same may have been waited for.
        known = enrollments.on_record(connection, request.workflow_id, request.run_id)
        return known or self._let_in(connection, request, sequence, contact)

    def _let_in(
        self, connection: Connection, request: BeginRequest, sequence: Published, contact: Contact
    ) -> EnrollmentRow | Refused | Waiting:
        start = request.start
        _end_abandoned(connection, request, contact.id, sequence.sequence)
        entrance = Entrance.of(connection, request, self._paced(connection, start, sequence))
        at = entrance.at
        if not isinstance(at, datetime):
            return at
        who = _applicant(start, contact, turn_at(connection, request, at))
        return (
            unknown_step(sequence.sequence, start.step)
            or refusal(connection, sequence.sequence, who)
            or entrance.waits(contact)
            or in_turn(
                connection,
                Asking(request, sequence.sequence, who),
                lambda: entrance.passed(_put_on_record(connection, request, sequence, who)),
            )
        )

    def _paced(self, connection: Connection, start: EnrollmentStart, published: Published) -> Paced:
        def latest() -> Pace | None:
            found = self._library.latest(connection, start.sequence)
            return None if found is None else found.sequence.pace

        # Places are counted over all versions, so that one of them says how many there are.
        known = published.sequence.pace if start.version is None else latest()
        return Paced(known, latest)

    def _published(self, connection: Connection, request: BeginRequest) -> Published | Refused:
        start = request.start
        if _workflow_id(request) != request.workflow_id:
            return _MISNAMED
        if start.version is None:
            latest = self._library.latest(connection, start.sequence)
            return latest or unpublished(start.sequence)
        version = self._library.get(connection, start.version)
        if version is None or version.sequence.name != start.sequence:
            message = f"{start.sequence} has no version {start.version}"
            return Refused(reason="unknown_version", message=message)
        return version

    def _enrolled(
        self, connection: Connection, row: EnrollmentRow, start: EnrollmentStart
    ) -> Enrolled:
        published = self._library.get(connection, row.version)
        contact = contacts.get(connection, row.contact_id)
        if published is None or contact is None:
            raise LookupError(f"Enrollment {row.id} has no version or no contact.")
        sequence = published.sequence
        return Enrolled(
            row=str(row.id),
            version=row.version,
            at=row.enrolled_at,
            sequence=with_kept_holidays(connection, row, sequence, contact.facts()),
            zone=zone_table(row.zone, UNIVERSAL, row.enrolled_at),
            contact=_facts(sequence, contact),
            earlier=earlier(connection, sequence, row),
            missed=(
                *paused(row, start),
                *opted_out(connection, sequence, contact, row.enrolled_at),
                *events.missed(connection, row, sequence.listens_to),
            ),
            last_marketing_at=row.last_marketing_at,
            contact_id=row.contact_id,
            held_out=held_out(sequence.name, row.contact_id, sequence.holdout),
            step=start.step,
        )


def unpublished(sequence: str) -> Refused:
    """Refuse a sequence of which no version is published."""
    message = f"no sequence {sequence} is published: run `postroad publish`"
    return Refused(reason="unknown_sequence", message=message)


def _applicant(start: EnrollmentStart, contact: Contact, at: datetime) -> Applicant:
    return Applicant(contact=contact, key=start.key, data=start.data, at=at, source=start.source)


def _put_on_record(
    connection: Connection, request: BeginRequest, published: Published, who: Applicant
) -> EnrollmentRow | Refused:
    sender = sender_for(published.content, published.sequence.name, who.contact)
    new = NewEnrollment(
        workflow_id=request.workflow_id,
        run_id=request.run_id,
        sequence=published.sequence.name,
        version=published.hash,
        contact_id=who.contact.id,
        key=who.key,
        source=request.start.source,
        zone=zone_name(published.sequence, who.contact),
        enrolled_at=who.at,
        sender_email=sender.email if sender else None,
        sender_name=sender.name if sender else None,
        given={"data": request.start.data, "step": request.start.step},
    )
    row = enrollments.begin(connection, new)
    if isinstance(row, AlreadyLive):
        return already_enrolled(row.workflow_id)
    pause_at_once(connection, row, request.start)
    return row


def _end_abandoned(
    connection: Connection, request: BeginRequest, contact: str, sequence: Sequence
) -> None:
    """End what a workflow of this id left live: one that was terminated, as none else can be."""
    name = REPLACED if sequence.re_enroll == "replace" else STOPPED
    for live in enrolled.live_of(connection, contact):
        if live.workflow_id == request.workflow_id:
            why = "its workflow did not run any more when the next one began"
            ending = Ending(name=name, at=request.now, why=why)
            put_down(connection, live.id, ending, _LAST_RANK)
            tasks.close_of(connection, live.id)


def _workflow_id(request: BeginRequest) -> str | None:
    start = request.start
    try:
        return enrollment_id(start.sequence, start.contact, start.key)
    except ValueError:
        return None


def _facts(sequence: Sequence, contact: Contact) -> Facts:
    return {n: v for n, v in contact.facts().items() if n in sequence.contact_facts}


_LAST_RANK = 1000
_ASKS_AGAIN = timedelta(minutes=5)
_NOT_RECONCILED = "a database was restored from a backup: nobody is let in until it is reconciled"
_UNKNOWN_CONTACT = Refused(reason="unknown_contact", message="there is no contact of this id")
_MISNAMED = Refused(
    reason="misnamed",
    message="the workflow id must be <sequence>.<contact id>, followed by .<key> if there is one",
)

"""Whether somebody who was in a sequence before may be in it again: in the database, for good."""

from sqlalchemy import Connection

from activities import goals
from activities.admitting.applicants import Applicant
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.calendar import Duration
from schemas.enrollment import TRIGGER_SOURCE
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from storage import enrolled
from storage.goals import Whose
from storage.rows import EnrollmentRow
from workflows.deciding.endings import RESCHEDULED
from workflows.moments.calendar import later, shown


def barred(connection: Connection, sequence: Sequence, who: Applicant) -> Refused | None:
    """Refuse whom `re_enroll` does not let in again, for this key.

    A new cycle hinders the trigger of its new date in nothing (language rule 9).
    """
    last = enrolled.last_of(connection, sequence.name, who.contact.id, who.key)
    if last is None or (last.ending == RESCHEDULED and who.source.startswith(TRIGGER_SOURCE)):
        return None
    return _too_soon(sequence, who, last) or _successful(connection, sequence, who)


def _too_soon(sequence: Sequence, who: Applicant, last: EnrollmentRow) -> Refused | None:
    before = f"the contact was in {sequence.name} before, and"
    if sequence.re_enroll == "never":
        return Refused(reason="re_enroll", message=f"{before} `re_enroll` is `never`")
    if not isinstance(sequence.re_enroll, Duration) or last.ended_at is None:
        return None
    zone = zone_table(zone_name(sequence, who.contact), UNIVERSAL, last.ended_at)
    again = later(last.ended_at, sequence.re_enroll, zone)
    if again <= who.at:
        return None
    message = f"{before} may be again from {shown(again, zone)} on"
    return Refused(reason="re_enroll", message=message)


def _successful(connection: Connection, sequence: Sequence, who: Applicant) -> Refused | None:
    if not sequence.unless_goal:
        return None
    goal = goals.reached(connection, sequence, Whose(contact_id=who.contact.id, key=who.key))
    if goal is None:
        return None
    before = f"the contact was in {sequence.name} before and reached its goal {goal}"
    message = f"{before}, as `unless goal` says"
    return Refused(reason="re_enroll", message=message)

"""Who may be enrolled: the checks that a start and a hand-off share."""

from datetime import datetime

from sqlalchemy import Connection

from activities.verdicts import exit_name, known_of
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.calendar import Duration
from schemas.contact import Contact
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Facts, Value
from storage import enrolled, suppressions
from workflows.calendar import later
from workflows.conditions import holds


class Applicant(Value):
    """Who is to be enrolled, per what, with what data, at which moment."""

    contact: Contact
    key: str | None = None
    data: Facts
    at: datetime


def refusal(connection: Connection, sequence: Sequence, applicant: Applicant) -> Refused | None:
    """Give why the contact cannot be enrolled, if there is a reason."""
    return (
        _again(connection, sequence, applicant)
        or _suppressed(connection, sequence, applicant)
        or _outside(sequence, applicant)
    )


def already_enrolled(workflow_id: str) -> Refused:
    """Refuse an enrollment of which one is live."""
    message = f"{workflow_id} is enrolled already and has not ended"
    return Refused(reason="already_enrolled", message=message)


def _again(connection: Connection, sequence: Sequence, who: Applicant) -> Refused | None:
    last = enrolled.last_of(connection, sequence.name, who.contact.id, who.key)
    if last is None or last.ended_at is None or sequence.re_enroll == "always":
        return None
    if isinstance(sequence.re_enroll, Duration):
        zone = zone_table(zone_name(sequence, who.contact), UNIVERSAL, last.ended_at)
        again = later(last.ended_at, sequence.re_enroll, zone)
        if again <= who.at:
            return None
        message = f"was in {sequence.name} before, and may be again from {again:%Y-%m-%d %H:%M} UTC"
        return Refused(reason="re_enroll", message=message)
    message = f"was in {sequence.name} before, and `re_enroll` is `never`"
    return Refused(reason="re_enroll", message=message)


def _suppressed(connection: Connection, sequence: Sequence, who: Applicant) -> Refused | None:
    transactional = any(isinstance(s, EmailStep) and s.transactional for s in sequence.steps)
    reason = suppressions.applying(
        connection, who.contact.email, transactional=transactional, topic=sequence.topic
    )
    if reason is None:
        return None
    message = f"the contact is suppressed ({reason}), and {sequence.name} has no mail for it"
    return Refused(reason="suppressed", message=message)


def _outside(sequence: Sequence, who: Applicant) -> Refused | None:
    known = known_of(who.contact, who.data, who.key)
    if not holds(sequence.audience, known):
        message = f"the contact is not in the audience of {sequence.name}"
        return Refused(reason="audience", message=message)
    exited = exit_name(sequence, known)
    if exited is None:
        return None
    message = f"the condition of `exit_on` named {exited} is true already"
    return Refused(reason=exited, message=message)

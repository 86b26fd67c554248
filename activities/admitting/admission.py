"""Who may be enrolled: the checks that a start and a hand-off share."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from activities.admitting.again import barred
from activities.admitting.applicants import Applicant
from activities.admitting.keys import is_key, key_in
from activities.counting import asked_at_each_mail, counted
from activities.mailing.verdicts import known_of
from activities.zones import zone_name
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from storage.people import suppressions
from workflows.deciding.conditions import holds
from workflows.deciding.endings import HOLDOUT
from workflows.deciding.saying import values_of, written
from workflows.deciding.variants import held_out


def refusal(connection: Connection, sequence: Sequence, applicant: Applicant) -> Refused | None:
    """Give why the contact cannot be enrolled, if there is a reason."""
    first = next(bars(connection, sequence, applicant), None)
    return None if first is None else first.refused


class Bar(NamedTuple):
    """What stands in the way of an enrollment, and by which of the contact's values it does.

    The values are for whoever asks about the contact: no record and no log keeps them.
    """

    refused: Refused
    values: str = ""


def bars(connection: Connection, sequence: Sequence, applicant: Applicant) -> Iterator[Bar]:
    """Give all that stands in the way, first that by which the contact is refused."""
    yield from _bar(_misplaced(sequence, applicant))
    yield from _bar(barred(connection, sequence, applicant))
    yield from _bar(_suppressed(connection, sequence, applicant))
    yield from _outside(connection, sequence, applicant)
    yield from _bar(_held_out(sequence, applicant))


def _bar(refused: Refused | None) -> Iterator[Bar]:
    if refused is not None:
        yield Bar(refused)


def already_enrolled(workflow_id: str) -> Refused:
    """Refuse an enrollment of which one is live."""
    message = f"{workflow_id} is enrolled already and has not ended"
    return Refused(reason="already_enrolled", message=message)


def _misplaced(sequence: Sequence, who: Applicant) -> Refused | None:
    if sequence.key is None:
        return None if who.key is None else _PER_CONTACT
    key, named = key_in(sequence, who.contact, who.data), f"{sequence.key.of}.{sequence.key.path}"
    if key is None or not is_key(key):
        message = f"{sequence.name} is per {named}, which is missing or no key"
    elif key != who.key:
        message = f"{sequence.name} is per {named}, and the key is another one: leave it out"
    else:
        return None
    return Refused(reason="wrong_key", message=message)


def _suppressed(connection: Connection, sequence: Sequence, who: Applicant) -> Refused | None:
    transactional = _has_transactional(sequence)
    reason = suppressions.applying(
        connection, who.contact.email, transactional=transactional, topic=sequence.topic
    )
    if reason is None:
        return None
    message = f"the contact is suppressed ({reason}), so that no mail of {sequence.name} may go"
    return Refused(reason="suppressed", message=message)


def _outside(connection: Connection, sequence: Sequence, who: Applicant) -> Iterator[Bar]:
    zone, asked = zone_name(sequence, who.contact), asked_at_each_mail(sequence)
    counts = counted(connection, who.contact.id, zone, asked, who.at)
    known = replace(known_of(who.contact, who.data, who.key), counts=counts)
    if sequence.audience is not None and not holds(sequence.audience, known):
        asks = written(sequence.audience)
        message = f"the contact is not in the audience of {sequence.name}, which asks {asks}"
        yield Bar(Refused(reason="audience", message=message), values_of(sequence.audience, known))
    for rule in sequence.exit_on:
        if rule.when is not None and holds(rule.when, known):
            message = f"the condition of `exit_on` named {rule.name} is true already"
            refused = Refused(reason=rule.name, message=f"{message}: {written(rule.when)}")
            yield Bar(refused, values_of(rule.when, known))


def _held_out(sequence: Sequence, who: Applicant) -> Refused | None:
    if not held_out(sequence.name, who.contact.id, sequence.holdout):
        return None
    if _has_transactional(sequence):
        return None
    message = f"the contact is in the {sequence.holdout / 100:g} % that {sequence.name} holds out"
    return Refused(reason=HOLDOUT, message=message)


def _has_transactional(sequence: Sequence) -> bool:
    return any(step.transactional for step in sequence.emails)


_PER_CONTACT = Refused(
    reason="wrong_key", message="the sequence is per contact, not per anything: leave the key out"
)

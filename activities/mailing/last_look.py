"""The last look at a mail that is claimed: what only PostgreSQL knows, and who is out by now."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection

from activities.counting import asked_at_each_mail, counted
from activities.endings import put_down
from activities.letters.composing import Reader
from activities.mailing.verdicts import known_of
from activities.published import Published
from activities.rendering.rendered import Rewritten
from activities.turns import lost_turn
from schemas.activities import SendRequest
from schemas.events import DataChanged, Event
from schemas.outcomes import Behind, SendOutcome, Stopped
from schemas.progress import Ending
from schemas.steps import EmailStep
from storage import enrolled
from storage.events import listed, unheeded_changes
from storage.sending import sends
from storage.sending.claims import Claimed
from workflows.deciding.early import early_ending
from workflows.deciding.endings import rank_of
from workflows.deciding.suppressors import suppressing


@dataclass(frozen=True)
class Ours:
    """A mail that is ours to post, and all that composing it takes."""

    request: SendRequest
    claimed: Claimed
    published: Published
    step: EmailStep
    reader: Reader
    rewritten: Rewritten | None = None
    sender: str | None = None


def looked_again(connection: Connection, ours: Ours) -> Ours | SendOutcome:
    """Give the mail if nothing is in its way, else take the claim back and tell what is."""
    events = (
        _unheeded(connection, ours)
        or _keeping_back(connection, ours)
        or lost_turn(connection, UUID(ours.request.row), ours.step)
    )
    ending = _early_ending(connection, ours)
    if not events and ending is None:
        return ours
    connection.rollback()
    return Behind(events=tuple(events)) if ending is None else _end(connection, ours, ending)


def _unheeded(connection: Connection, ours: Ours) -> list[DataChanged]:
    step, request = ours.step, ours.request
    if step.at is None or step.at.anchor.of != "data":
        return []
    row = enrolled.get(connection, UUID(request.row))
    return unheeded_changes(connection, row, request.data)


def _keeping_back(connection: Connection, ours: Ours) -> list[Event]:
    sequence, request = ours.published.sequence, ours.request
    fact = sequence.suppress_while
    if fact is None or (ours.step.transactional and fact.spares_transactional):
        return []
    contact, names = ours.claimed.contact.id, (*fact.opens, *fact.closes)
    events = listed(connection, contact, names, request.now)
    times = suppressing(fact, events, request.key)
    return events if any(one.until is None for one in times) else []


def _early_ending(connection: Connection, ours: Ours) -> Ending | None:
    sequence, request = ours.published.sequence, ours.request
    asks = any(rule.when for rule in sequence.exit_on)
    earlier = sends.of_enrollment(connection, UUID(request.row)) if asks else []
    known = known_of(ours.claimed.contact, request.data, request.key, earlier)
    known = replace(known, counts=_counts(connection, ours))
    return early_ending(sequence, ours.step, known, request.now)


def _counts(connection: Connection, ours: Ours) -> dict[str, int]:
    asked = asked_at_each_mail(ours.published.sequence)
    if not asked:
        return {}
    row = enrolled.get(connection, UUID(ours.request.row))
    return counted(connection, row.contact_id, row.zone, asked, ours.request.now)


def _end(connection: Connection, ours: Ours, ending: Ending) -> Stopped:
    rank = rank_of(ours.published.sequence, ending.name)
    return Stopped(ending=put_down(connection, UUID(ours.request.row), ending, rank))

"""Getting a contact's turn: at once, in time, by a hand-off, or not at all (language rule 28)."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from activities.admitting.applicants import Applicant
from activities.turns import give_up, lose, policy_of
from activities.zones import UNIVERSAL, zone_name, zone_table
from schemas.activities import BeginRequest
from schemas.calendar import Duration
from schemas.outcomes import Refused, Waiting
from schemas.policies import Turns
from schemas.sequence import Sequence
from schemas.turns import Contender
from storage.entering import turns
from storage.entering.turns import NewContender
from storage.rows import EnrollmentRow
from workflows.deciding.endings import HANDED_OFF, STOPPED
from workflows.moments.calendar import later
from workflows.sharing.turns import Busy, Granted, answer, before, over

BUSY = "busy"
"""Why somebody is refused whose contact another sequence of the group has."""


class Asking(NamedTuple):
    """An enrollment that would begin: which run asks, for whom, in which sequence."""

    request: BeginRequest
    sequence: Sequence
    who: Applicant


def turn_at(connection: Connection, request: BeginRequest, asked: datetime) -> datetime:
    """Give the moment at which an enrollment is to begin: that of its turn, if it had to wait."""
    own = turns.of_run(connection, request.workflow_id, request.run_id)
    if own is None:
        return asked
    return max(own.asked_at, own.since_at if own.state == "holds" else request.now)


def in_turn(
    connection: Connection, asking: Asking, begin: Callable[[], EnrollmentRow | Refused]
) -> EnrollmentRow | Refused | Waiting:
    """Begin if the sequence has the contact, or gets it now; else wait for it, or refuse.

    A run that has waited asks again: when its turn has come, and when it has waited long enough.
    What it asked with counts, whatever has been published since.
    """
    request = asking.request
    _forget_other_runs(connection, request)
    own = turns.of_run(connection, request.workflow_id, request.run_id)
    one = own or _new(asking)
    if one is None:
        return begin()
    with connection.begin_nested() as savepoint:
        held = _held(connection, one, asking)
        if not isinstance(held, Contender):
            return held
        begun = begin()
        if isinstance(begun, Refused):
            savepoint.rollback()
        else:
            turns.begun(connection, held, begun.id)
    return begun


def hand_over(connection: Connection, parent: UUID, to: Sequence, who: Applicant) -> Refused | None:
    """Make the contact free for the sequence that a parent hands it to, or say why it is not.

    A parent of the same group leaves its own turn to it.
    """
    policy = policy_of(to, who.contact.id)
    if policy is None or policy.exclusive is None:
        return None
    own = turns.of_enrollment(connection, parent)
    standing = turns.standing(connection, policy.exclusive, who.contact.id)
    heir_of = own.id if own is not None else None
    answered = answer(standing, policy.priority, who.at, heir_of=heir_of)
    if isinstance(answered, Busy):
        return Refused(reason=BUSY, message=before(answered.by, policy.priority))
    if own is not None and own.exclusive == policy.exclusive and own.state != "over":
        turns.end(connection, own, HANDED_OFF, who.at)
    _take_over(connection, answered, to.name, policy.priority, who.at)
    return None


def inherit(connection: Connection, child: EnrollmentRow, sequence: Sequence) -> None:
    """Put down, once, that an enrollment that was handed over has its contact's turn."""
    policy = policy_of(sequence, child.contact_id)
    known = turns.of_enrollment(connection, child.id)
    if policy is None or policy.exclusive is None or known is not None:
        return
    turns.ask(
        connection,
        NewContender(
            exclusive=policy.exclusive,
            contact_id=child.contact_id,
            workflow_id=child.workflow_id,
            run_id=child.run_id,
            sequence=child.sequence,
            key=child.key,
            priority=policy.priority,
            on_lost=policy.on_lost,
            state="holds",
            asked_at=child.enrolled_at,
            enrollment_id=child.id,
            why=child.source,
        ),
    )


def _forget_other_runs(connection: Connection, request: BeginRequest) -> None:
    for one in turns.not_begun(connection, request.workflow_id):
        if one.run_id != request.run_id:
            give_up(connection, one, STOPPED, request.now, "its workflow does not run any more")


def _new(asking: Asking) -> NewContender | None:
    request, sequence, who = asking
    policy = policy_of(sequence, who.contact.id)
    if policy is None or policy.exclusive is None:
        return None
    return NewContender(
        exclusive=policy.exclusive,
        contact_id=who.contact.id,
        workflow_id=request.workflow_id,
        run_id=request.run_id,
        sequence=sequence.name,
        key=who.key,
        priority=policy.priority,
        on_lost=policy.on_lost,
        asked_at=who.at,
        until_at=_until(sequence, policy, who),
    )


def _until(sequence: Sequence, policy: Turns, who: Applicant) -> datetime | None:
    if not isinstance(policy.if_busy, Duration):
        return None
    zone = zone_table(zone_name(sequence, who.contact), UNIVERSAL, who.at)
    return later(who.at, policy.if_busy, zone)


def _held(
    connection: Connection, one: Contender | NewContender, asking: Asking
) -> Contender | Refused | Waiting:
    if isinstance(one, Contender) and one.state != "waits":
        over_with = Refused(reason=one.ended_as or BUSY, message=one.why)
        return one if one.state == "holds" else over_with
    return _asked(connection, one, asking)


def _asked(
    connection: Connection, one: Contender | NewContender, asking: Asking
) -> Contender | Refused | Waiting:
    at, now = asking.who.at, asking.request.now
    answered = answer(turns.standing(connection, one.exclusive, one.contact_id), one.priority, at)
    if isinstance(answered, Busy):
        return _busy(connection, one, before(answered.by, one.priority), now)
    _take_over(connection, answered, one.sequence, one.priority, at)
    if isinstance(one, Contender):
        return turns.change(connection, one, "holds", at, "nobody else has this contact")
    return turns.ask(connection, one.model_copy(update={"state": "holds", "until_at": None}))


def _busy(
    connection: Connection, one: Contender | NewContender, why: str, now: datetime
) -> Refused | Waiting:
    until = one.until_at
    if until is None or until <= now:
        if isinstance(one, Contender):
            why = f"waited as long as `if_busy` says, and {why}"
            give_up(connection, one, BUSY, now, why)
        return Refused(reason=BUSY, message=why)
    if isinstance(one, NewContender):
        turns.ask(connection, one.model_copy(update={"why": why}))
    return Waiting(until=until, why=why)


def _take_over(
    connection: Connection, granted: Granted, sequence: str, priority: int, at: datetime
) -> None:
    loser = granted.loser
    if loser is not None:
        lose(connection, loser, at, over(sequence, priority, loser.priority))

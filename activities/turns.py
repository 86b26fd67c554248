"""Sharing a contact: enrollments of one group of sequences have it by turns (language rule 28).

A turn changes hands in the transaction of what brings that about, with the contact locked, and
whoever gets or loses it is told: nobody asks again and again.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from schemas.events import Turn
from schemas.outcomes import Refused
from schemas.policies import Turns
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.turns import Contender
from storage import deliveries, enrollments
from storage.entering import turns
from storage.people import contacts
from workflows.deciding.endings import LOST_SLOT
from workflows.deciding.variants import held_out
from workflows.sharing.turns import before, following, freed

_RANK = 1000
_MARK = "turn-"
_MINUTE = timedelta(minutes=1)


def policy_of(sequence: Sequence, contact_id: str) -> Turns | None:
    """Give how the sequence shares this contact; None if it does not take part.

    Only marketing mails need a contact to themselves: where none can come (there are none, or the
    contact is held out) nobody is kept waiting.
    """
    policy = sequence.turns
    if policy is None or policy.exclusive is None:
        return None
    if held_out(sequence.name, contact_id, sequence.holdout):
        return None
    return policy if any(not step.transactional for step in sequence.emails) else None


def lose(connection: Connection, loser: Contender, at: datetime, why: str) -> None:
    """Take the turn away for somebody of a higher priority: who has begun waits for it, or ends.

    Who has it and has not begun yet waits on, as long as it was to.
    """
    at = max(at, loser.since_at)
    if loser.enrollment_id is None:
        turns.change(connection, loser, "waits", at, why)
    elif loser.on_lost == "wait":
        tell(connection, turns.change(connection, loser, "waits", at, why))
    else:
        tell(connection, turns.end(connection, loser, LOST_SLOT, at, why))
        lost = Ending(name=LOST_SLOT, at=at, why=why)
        enrollments.end(connection, loser.enrollment_id, lost, _RANK)


def give_up(
    connection: Connection, one: Contender, ended_as: str, at: datetime, why: str
) -> Contender:
    """Let somebody neither have the turn nor wait any more; if it had it, the next one gets it."""
    gone = turns.end(connection, one, ended_as, max(at, one.asked_at), why)
    pass_on(connection, gone)
    return gone


def pass_on(connection: Connection, gone: Contender) -> None:
    """Give the turn, if who is gone leaves it to nobody, to who comes next, and tell it.

    Who begins with it begins a minute later: what ended the one is over before the other begins.
    """
    standing = turns.standing(connection, gone.exclusive, gone.contact_id)
    is_free = all(one.state == "waits" for one in standing)
    heir = following(standing, gone.since_at) if is_free else None
    if heir is not None:
        free = gone.since_at if heir.enrollment_id else gone.since_at + _MINUTE
        at = max(free, heir.since_at)
        tell(connection, turns.change(connection, heir, "holds", at, freed(gone)))


def release(connection: Connection, row: UUID, ended_as: str, at: datetime) -> None:
    """Pass on the turn of an enrollment that needs its contact no more; lock the contact before."""
    own = turns.of_enrollment(connection, row)
    if own is not None and own.state != "over":
        give_up(connection, own, ended_as, at, own.why)


def withdraw(
    connection: Connection, workflow_id: str, refused: Refused, at: datetime
) -> list[Contender]:
    """Let who has not begun wait no more, and give who did; a turn that it had goes on.

    If its workflow asks once more, it is refused so.
    """
    for one in turns.not_begun(connection, workflow_id):
        contacts.lock(connection, one.contact_id)
    return [
        give_up(connection, one, refused.reason, at, refused.message)
        for one in turns.not_begun(connection, workflow_id)
    ]


def settle_between(connection: Connection, kept: str, other: str, at: datetime) -> None:
    """Let one of two have a turn that each has, before their contacts become one.

    That is the higher priority, else whoever asked first. Lock both contacts before.
    """
    rivals = [turns.holders(connection, one) for one in (kept, other)]
    for group in rivals[0].keys() & rivals[1].keys():
        pair = (rivals[0][group], rivals[1][group])
        first, last = sorted(pair, key=lambda one: (-one.priority, one.asked_at, one.id))
        lose(connection, last, at, before(first, last.priority))


def lost_turn(connection: Connection, row: UUID, step: EmailStep) -> tuple[Turn, ...]:
    """Give what keeps back the mail of a step: that its enrollment's turn is another one's now."""
    own = None if step.transactional else turns.of_enrollment(connection, row)
    return (turn_of(own),) if own is not None and own.state == "waits" else ()


def tell(connection: Connection, one: Contender) -> None:
    """Let the workflow know that it has the turn, or has it no more."""
    deliveries.enqueue(connection, one.workflow_id, turn_of(one))


def turn_of(one: Contender) -> Turn:
    """Give what the workflow is told: the same whichever way it comes to know."""
    # Of two in one minute the ids decide which came first.
    mark = f"{_MARK}{one.id}-{one.changes:06}"
    return Turn(id=mark, at=one.since_at, held=one.state == "holds", why=one.why)


def whose(turn: Turn) -> int | None:
    """Give whose turn it is that a workflow was told of, if that of a contender, by its id."""
    if not turn.id.startswith(_MARK):
        return None
    return int(turn.id.removeprefix(_MARK).partition("-")[0])

"""Whose turn a contact is among the sequences of a group, and what caps hold, as people read it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Connection

from activities.admitting.taking_turns import BUSY
from activities.turns import policy_of
from schemas.calendar import Duration, ZoneTable
from schemas.outcomes import Refused
from schemas.policies import Turns
from schemas.sequence import Sequence
from schemas.turns import Contender
from storage.entering import turns
from storage.rows import EnrollmentRow
from storage.sending import caps
from workflows.moments.calendar import shown_in
from workflows.sharing.turns import Busy, Granted, answer, before, over


def lost_turn_told(connection: Connection, row: EnrollmentRow, zone: ZoneTable) -> Iterator[str]:
    """Say who has the contact of a live enrollment that has lost its turn."""
    own = turns.of_enrollment(connection, row.id)
    if own is not None and own.state == "waits":
        yield waits_for_turn(connection, own, zone)


def waiting_for(connection: Connection, row: EnrollmentRow) -> Iterator[str]:
    """Say who waits until a live enrollment is done with its contact."""
    own = turns.of_enrollment(connection, row.id)
    if own is None or own.state != "holds":
        return
    for one in turns.standing(connection, own.exclusive, own.contact_id):
        if one.id != own.id:
            yield f"{one.sequence} waits until this enrollment is done with the contact (rule 28)."


def waits_for_turn(connection: Connection, own: Contender, zone: ZoneTable) -> str:
    """Say for whose ending one waits, since when, and how long at most."""
    standing = turns.standing(connection, own.exclusive, own.contact_id)
    has = next((one for one in standing if one.state == "holds" and one.id != own.id), None)
    since = shown_in(own.since_at, zone)
    whose = own.why if has is None else before(has, own.priority)
    until = "" if own.until_at is None else f"; on {shown_in(own.until_at, zone)} it is refused"
    return (
        f"It waits for its turn since {since}: {whose} (rule 28). It goes on by itself when that "
        f"one is done with the contact{until}."
    )


def busy(
    connection: Connection, sequence: Sequence, contact_id: str, at: datetime
) -> Refused | str | None:
    """Say what another sequence of the group would mean: a refusal, a wait, a take-over."""
    policy = policy_of(sequence, contact_id)
    if policy is None or policy.exclusive is None:
        return None
    standing = turns.standing(connection, policy.exclusive, contact_id)
    answered = answer(standing, policy.priority, at)
    if isinstance(answered, Granted):
        return _taken_over(sequence, policy, answered)
    return _after(policy, answered)


def _taken_over(sequence: Sequence, policy: Turns, granted: Granted) -> str | None:
    loser = granted.loser
    if loser is None:
        return None
    return f"It would take over: {over(sequence.name, policy.priority, loser.priority)}."


def _after(policy: Turns, answered: Busy) -> Refused | str:
    why = before(answered.by, policy.priority)
    if isinstance(policy.if_busy, Duration):
        return f"It would wait for its turn, {policy.if_busy.words} at most: {why} (rule 28)."
    return Refused(reason=BUSY, message=f"{why}, and `if_busy` is `refuse`")


def caps_told(connection: Connection) -> Iterator[str]:
    """Say that caps in force may put mails off, if there are any."""
    found = caps.latest(connection)
    if found is not None and found.caps is not None:
        yield (
            f"marketing mails to a contact, of all sequences together, are capped "
            f"({found.caps.words}): what the cap will put off is not reckoned here (rule 29)"
        )

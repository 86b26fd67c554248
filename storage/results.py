"""What came of a sequence, in numbers: per step, per ending, exactly as the tables have it."""

from sqlalchemy import ColumnElement, Connection, func, select

from schemas.values import Value
from storage.rows import shaped
from storage.schema.tables import enrollments, refusals, sends


class StepNumbers(Value):
    """One step's mails; each mail counts once in each column, occurrences included.

    `sent` is what SendGrid accepted; `in_doubt` and `not_sent` are mails of which nobody knows
    or ever will know whether it did; `refused` wait for a person to mend a fault.
    """

    step: str
    sent: int
    in_doubt: int
    not_sent: int
    refused: int
    delivered: int
    bounced: int
    dropped: int
    opened: int
    clicked: int
    replied: int
    unsubscribed: int
    complained: int


class Results(Value):
    """A sequence's numbers over all its versions; `enrolled` is `live` and all endings together."""

    sequence: str
    enrolled: int
    live: int
    paused: int
    endings: dict[str, int]
    refused: dict[str, int]
    steps: tuple[StepNumbers, ...]


_COLUMN_BY_NUMBER = {
    "delivered": sends.c.delivered_at,
    "bounced": sends.c.bounced_at,
    "dropped": sends.c.dropped_at,
    "opened": sends.c.first_open_at,
    "clicked": sends.c.first_click_at,
    "replied": sends.c.replied_at,
    "unsubscribed": sends.c.unsubscribed_at,
    "complained": sends.c.complained_at,
}
_STATE_BY_NUMBER = {
    "sent": "accepted",
    "in_doubt": "in_doubt",
    "not_sent": "not_sent",
    "refused": "refused",
}


def results(connection: Connection, sequence: str) -> Results:
    """Count what came of a sequence; steps in the order in which each was first claimed."""
    live = enrollments.c.ended_at.is_(None)
    counted = select(
        func.count().label("enrolled"),
        func.count().filter(live).label("live"),
        func.count().filter(live, enrollments.c.paused_at.is_not(None)).label("paused"),
    ).where(enrollments.c.sequence == sequence)
    totals = connection.execute(counted).mappings().one()
    return Results(
        sequence=sequence,
        **totals,
        endings=_by_word(connection, enrollments.c.ending, enrollments.c.sequence == sequence),
        refused=_by_word(connection, refusals.c.reason, refusals.c.sequence == sequence),
        steps=_steps(connection, sequence),
    )


def _steps(connection: Connection, sequence: str) -> tuple[StepNumbers, ...]:
    states = [
        func.count().filter(sends.c.state == state).label(number)
        for number, state in _STATE_BY_NUMBER.items()
    ]
    facts = [func.count(column).label(number) for number, column in _COLUMN_BY_NUMBER.items()]
    counted = (
        select(sends.c.step, *states, *facts)
        .where(sends.c.sequence == sequence)
        .group_by(sends.c.step)
        .order_by(func.min(sends.c.claimed_at), sends.c.step)
    )
    return tuple(shaped(StepNumbers, row) for row in connection.execute(counted).mappings())


def _by_word(
    connection: Connection, word: ColumnElement[str], rule: ColumnElement[bool]
) -> dict[str, int]:
    counted = (
        select(word, func.count())
        .where(rule, word.is_not(None))
        .group_by(word)
        .order_by(func.count().desc(), word)
    )
    return dict(connection.execute(counted).all())

"""Triggers that stand: those of each sequence's latest version, since when, how far filled."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from schemas.policies import Trigger
from schemas.values import Value
from schemas.version import Version
from storage.rows import Instant, shaped
from storage.schema.trigger_tables import appointments, triggers


class TriggerRow(Value):
    """A trigger that stands: in which version, since when it does.

    What was there before it is looked at contact by contact, up to the id `filled_to`; None if
    that is done.
    """

    sequence: str
    mark: str
    version: str
    kind: str
    event: str | None = None
    since: Instant
    filled_to: str | None = None


def stand(connection: Connection, version: Version, at: Instant) -> list[TriggerRow]:
    """Let the triggers of a sequence's version stand, and no others of it; give the new ones.

    One that says the same as before stays as it is; of one that is gone nothing waits any more.
    """
    said = {one.mark: one for one in version.sequence.triggers}
    known = {row.mark for row in of_sequence(connection, version.sequence.name)}
    _drop(connection, version.sequence.name, known - said.keys())
    _keep(connection, version, known & said.keys())
    return [
        row
        for mark, one in said.items()
        if mark not in known and _entered(connection, row := entry(version, one, at))
    ]


def entry(version: Version, trigger: Trigger, at: Instant) -> TriggerRow:
    """Give a trigger as it would stand from `at` on, were its version published then."""
    looks_back = trigger.kind in ("near", "inactive") or trigger.backfill == "all"
    return TriggerRow(
        sequence=version.sequence.name,
        mark=trigger.mark,
        version=version.hash,
        kind=trigger.kind,
        event=None if trigger.on is None else trigger.on.name,
        since=at,
        filled_to="" if looks_back else None,
    )


def wait_for_those_before(connection: Connection) -> None:
    """Wait until whoever has looked at the triggers has committed; raises OperationalError at last.

    Whoever looks later sees those that stand now. To be asked in a transaction of its own.
    """
    connection.execute(select(func.set_config("lock_timeout", _PATIENCE, True)))  # noqa: FBT003 - set_config's own
    # Each look keeps a lock on the table, which this one has to wait for.
    connection.execute(text("LOCK TABLE triggers IN ACCESS EXCLUSIVE MODE"))


def of_event(connection: Connection, event: str) -> list[TriggerRow]:
    """Give those that an event of the app concerns."""
    return _found(connection, triggers.c.event == event)


def of_contacts(connection: Connection) -> list[TriggerRow]:
    """Give those that a contact's facts concern: dates, silences and conditions."""
    return _found(connection, triggers.c.kind != "event")


def of_sequence(connection: Connection, sequence: str) -> list[TriggerRow]:
    """Give those of one sequence."""
    return _found(connection, triggers.c.sequence == sequence)


def listed(connection: Connection) -> list[TriggerRow]:
    """Give all that stand, by sequence."""
    return _found(connection)


def filled(connection: Connection, row: TriggerRow, to: str | None) -> bool:
    """Put down how far a trigger is filled; False if it stands no more, or somebody was first."""
    put_down = (
        update(triggers)
        .where(
            triggers.c.sequence == row.sequence,
            triggers.c.mark == row.mark,
            triggers.c.filled_to == row.filled_to,
        )
        .values(filled_to=to)
    )
    return connection.execute(put_down).rowcount > 0


def lock(connection: Connection, row: TriggerRow) -> bool:
    """Take a trigger's turn till the commit; False if somebody has it, or it stands no more."""
    found = (
        select(triggers.c.mark)
        .where(triggers.c.sequence == row.sequence, triggers.c.mark == row.mark)
        .with_for_update(skip_locked=True)
    )
    return connection.scalar(found) is not None


def _found(connection: Connection, *wanted: ColumnElement[bool]) -> list[TriggerRow]:
    found = select(triggers).where(*wanted).order_by(triggers.c.sequence, triggers.c.mark)
    return [shaped(TriggerRow, row) for row in connection.execute(found).mappings()]


def _drop(connection: Connection, sequence: str, marks: Collection[str]) -> None:
    if not marks:
        return
    connection.execute(
        delete(triggers).where(triggers.c.sequence == sequence, triggers.c.mark.in_(marks))
    )
    connection.execute(
        delete(appointments).where(
            appointments.c.sequence == sequence,
            appointments.c.trigger.in_(marks),
            appointments.c.state == "waiting",
        )
    )


def _keep(connection: Connection, version: Version, marks: Collection[str]) -> None:
    kept = (
        update(triggers)
        .where(triggers.c.sequence == version.sequence.name, triggers.c.mark.in_(marks))
        .values(version=version.hash)
    )
    connection.execute(kept)


def _entered(connection: Connection, row: TriggerRow) -> bool:
    added = insert(triggers).values(**row.model_dump()).on_conflict_do_nothing()
    return connection.scalar(added.returning(triggers.c.mark)) is not None


_PATIENCE = "10s"

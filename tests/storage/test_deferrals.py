"""Mails over a cap on record: who waits, against what happens at the same moment."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy import event as sqlalchemy_event

from schemas.policies import Caps
from storage import enrollments
from storage.locks import lock
from storage.rows import EnrollmentRow
from storage.schema.outgoing_tables import deliveries
from storage.sending import caps, claims, deferrals
from storage.sending.claims import Claimed
from storage.sending.deferrals import DeferralRow, MailId
from tests.storage.given import MONDAY, STOPPED, TUESDAY, a_claim, an_enrollment
from tests.storage.rivals import Rivals


def a_deferral(row: EnrollmentRow, step: str = "intro", priority: int = 0) -> DeferralRow:
    return DeferralRow(
        enrollment_id=row.id,
        step=step,
        occurrence=1,
        contact_id=row.contact_id,
        priority=priority,
        due_at=MONDAY,
        since_at=MONDAY,
        until_at=TUESDAY,
        give_up_at=TUESDAY,
        why="over the cap of 1 a day",
    )


class Seen(NamedTuple):
    gone: tuple[datetime, ...]
    waiting: tuple[DeferralRow, ...]


def wanting(connection: Connection, row: EnrollmentRow) -> Seen:
    """Ask for room as a claim does, and wait for it."""
    lock(connection, row.id)
    mail = MailId(row.id, "intro", 1)
    traffic = deferrals.traffic_of(connection, row.contact_id, mail, MONDAY)
    waiting = deferrals.waiting_of(connection, row.contact_id)
    deferrals.put_off(connection, a_deferral(row))
    return Seen(traffic.gone, waiting)


@pytest.fixture
def rows(engine: Engine) -> tuple[EnrollmentRow, EnrollmentRow]:
    with engine.begin() as connection:
        return an_enrollment(connection, sequence="one"), an_enrollment(connection, sequence="two")


def told(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(deliveries.c.workflow_id)))


def test_two_claims_for_one_contact_come_one_after_the_other(
    engine: Engine, rivals: Rivals, rows: tuple[EnrollmentRow, EnrollmentRow]
) -> None:
    first, second = rows
    with engine.begin() as connection:
        claims.claim(connection, a_claim(first.id))
        rival = rivals.start_blocked(partial(wanting, row=second))

    assert rival.result().gone == (MONDAY,)


def test_an_ending_waits_for_who_yields_to_it_and_tells_it(
    engine: Engine, rivals: Rivals, rows: tuple[EnrollmentRow, EnrollmentRow]
) -> None:
    ahead, behind = rows
    with engine.begin() as connection:
        deferrals.put_off(connection, a_deferral(ahead, priority=1))

    def end(connection: Connection) -> None:
        enrollments.end(connection, ahead.id, STOPPED, 1000)

    with engine.begin() as connection:
        seen = wanting(connection, behind)
        ending = rivals.start_blocked(end)
    ending.result()

    assert [one.enrollment_id for one in seen.waiting] == [ahead.id]
    assert told(engine) == [behind.workflow_id]


def test_who_asks_while_the_one_ahead_ends_does_not_see_it_any_more(
    engine: Engine, rivals: Rivals, rows: tuple[EnrollmentRow, EnrollmentRow]
) -> None:
    ahead, behind = rows
    with engine.begin() as connection:
        deferrals.put_off(connection, a_deferral(ahead, priority=1))
    with engine.begin() as connection:
        enrollments.end(connection, ahead.id, STOPPED, 1000)
        asking = rivals.start_blocked(partial(wanting, row=behind))

    assert asking.result().waiting == ()


def test_asking_again_counts_and_one_that_goes_waits_no_longer(
    connection: Connection,
) -> None:
    row = an_enrollment(connection)

    asks = [deferrals.put_off(connection, a_deferral(row)) for _ in range(2)]
    deferrals.over(connection, MailId(row.id, "intro", 1), TUESDAY)

    (kept,) = deferrals.of_enrollment(connection, row.id)
    assert asks == [1, 2]
    assert kept.over_at == TUESDAY
    assert caps.waiting(connection) == 0


def test_the_lock_before_a_claim_brings_the_caps_in_force(connection: Connection) -> None:
    row = an_enrollment(connection)
    before = lock(connection, row.id).caps
    caps.put(connection, Caps(per_day=2), by="sam", at=MONDAY)
    caps.put(connection, Caps(per_day=1), by="sam", at=MONDAY)
    now = lock(connection, row.id).caps
    caps.put(connection, None, by="sam", at=MONDAY)

    assert (before, now, lock(connection, row.id).caps) == (None, Caps(per_day=1), None)


def test_a_mails_own_claim_takes_no_room_from_it(connection: Connection) -> None:
    row = an_enrollment(connection)
    won = claims.claim(connection, a_claim(row.id))

    own = deferrals.traffic_of(connection, row.contact_id, MailId(row.id, "intro", 1), MONDAY)
    other = deferrals.traffic_of(connection, row.contact_id, MailId(row.id, "note", 1), MONDAY)

    assert isinstance(won, Claimed)
    assert (own.gone, other.gone) == ((), (MONDAY,))


def test_asking_for_room_reads_indexes_alone(connection: Connection) -> None:
    row = an_enrollment(connection)
    for number in range(300):
        other = an_enrollment(connection, f"p{number}@example.com", f"s{number}")
        claims.claim(connection, a_claim(other.id))
        deferrals.put_off(connection, a_deferral(other))
    connection.execute(text("ANALYZE sends"))
    connection.execute(text("ANALYZE deferrals"))

    mail = MailId(row.id, "intro", 1)
    gone = _plan_of(
        connection, lambda: deferrals.traffic_of(connection, row.contact_id, mail, MONDAY)
    )
    waiting = _plan_of(connection, lambda: deferrals.waiting_of(connection, row.contact_id))

    assert "sends_contact_id_claimed_at_idx" in gone
    assert "deferrals_waiting_idx" in gone
    assert "Seq Scan" not in gone
    assert "deferrals_waiting_idx" in waiting


def _plan_of(connection: Connection, ask: Callable[[], object]) -> str:
    asked: list[tuple[object, ...]] = []
    remember = asked.append
    sqlalchemy_event.listen(connection, "before_cursor_execute", lambda *call: remember(call))
    ask()
    _, _, statement, parameters, *_ = asked[0]
    assert isinstance(parameters, dict)
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())

"""What the sweep and the intake ask of triggers: an index answers, however many people wait."""

from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine.interfaces import DBAPICursor

from activities.triggering.appointing import aim_at_silence
from activities.triggering.standing import standing
from schemas.version import Version
from storage import versions
from storage.entering import appointments, starts, triggers
from storage.people import batches, contacts
from tests.builders import MONDAY, days
from tests.storage.given import a_version
from tests.triggers.app import silent

DAY = timedelta(days=1)
PEOPLE = 20_000
SILENT = silent(days(60))
Plan = Callable[[Callable[[], object]], list[str]]


@pytest.fixture
def crowded(connection: Connection) -> Connection:
    """Let many people have ordered once, a minute after another, and wait to be silent."""
    base = a_version("orders")
    sequence = base.sequence.model_copy(update={"triggers": (SILENT,)})
    version = Version.of(sequence, base.content)
    versions.publish(connection, version, by="test", at=MONDAY)
    given = {"people": PEOPLE, "monday": MONDAY, "mark": SILENT.mark}
    for statement in (_CONTACTS, _EVENTS, _APPOINTMENTS, _STARTS):
        connection.execute(text(statement), given)
    connection.execute(text("ANALYZE contacts, events, appointments, starts, enrollments"))
    return connection


@pytest.fixture
def plan(crowded: Connection) -> Plan:
    """Give the plans of all statements that some work runs, as they were run."""

    def planned(work: Callable[[], object]) -> list[str]:
        ran: list[tuple[str, Mapping[str, object]]] = []

        def note(
            _: Connection,
            __: DBAPICursor,
            statement: str,
            parameters: Mapping[str, object],
            *___: object,
        ) -> None:
            ran.append((statement, parameters))

        event.listen(crowded, "before_cursor_execute", note)
        work()
        event.remove(crowded, "before_cursor_execute", note)
        raw = crowded.connection.cursor()
        plans = []
        for statement, parameters in ran:
            raw.execute(f"EXPLAIN {statement}", parameters)
            plans.append("\n".join(line for (line,) in raw.fetchall()))
        return plans

    return planned


def reads_a_whole_table(plans: list[str]) -> bool:
    large = ("contacts", "events", "appointments", "starts")
    return any(f"Seq Scan on {table}" in plan for plan in plans for table in large)


def test_the_sweep_reads_those_alone_who_are_due(crowded: Connection, plan: Plan) -> None:
    (row,) = triggers.listed(crowded)
    (one,) = standing(crowded, [row])

    plans = plan(lambda: appointments.due(crowded, one.of, MONDAY + 61 * DAY, 200))

    assert not reads_a_whole_table(plans)
    assert "Index Scan using appointments_waiting_idx" in plans[0]
    assert "Sort" not in plans[0]


def test_taking_those_who_are_due_reads_no_more(crowded: Connection, plan: Plan) -> None:
    (row,) = triggers.listed(crowded)
    (one,) = standing(crowded, [row])
    due = appointments.due(crowded, one.of, MONDAY + 61 * DAY, 200)
    ids, people = [each.id for each in due], [each.contact_id for each in due]

    def work() -> None:
        contacts.lock_all(crowded, people)
        taken = appointments.take(crowded, ids, MONDAY + 61 * DAY)
        appointments.over(crowded, [each.id for each in taken], "fired", MONDAY)
        batches.live_in(crowded, "orders", people)

    plans = plan(work)

    assert len(due) == 200
    assert not reads_a_whole_table(plans)


def test_an_event_that_breaks_a_silence_reads_its_contacts_rows_alone(
    crowded: Connection, plan: Plan
) -> None:
    contact = contacts.get(crowded, "c00000017")
    assert contact is not None

    def work() -> None:
        (row,) = triggers.of_event(crowded, "order_placed")
        (one,) = standing(crowded, [row])
        last = batches.last_events(crowded, [contact.id], "order_placed")
        aim_at_silence(crowded, one, contact, last[contact.id] + DAY)

    plans = plan(work)

    assert not reads_a_whole_table(plans)


def test_bringing_starts_reads_those_alone_that_wait(crowded: Connection, plan: Plan) -> None:
    plans = plan(lambda: starts.take(crowded, 100))

    assert not reads_a_whole_table(plans)


_CONTACTS = """
INSERT INTO contacts (id, email, email_key, email_canonical, email_domain, attributes)
SELECT 'c' || lpad(n::text, 8, '0'), m, m, m, 'example.com', '{}'
FROM generate_series(1, :people) n, LATERAL (SELECT 'c' || n || '@example.com' AS m) AS mail
"""
_EVENTS = """
INSERT INTO events (id, source, kind, natural_key, name, contact_id, at, fields)
SELECT gen_random_uuid(), 'api', 'event', id, 'order_placed', id, :monday, '{}' FROM contacts
"""
_APPOINTMENTS = """
INSERT INTO appointments (sequence, trigger, contact_id, record, basis, due_at, fires_at, state)
SELECT 'orders', :mark, id, '', 'once', at, at, 'waiting'
FROM (SELECT id, CAST(:monday AS timestamptz) + interval '60 days'
             + row_number() OVER (ORDER BY id) * interval '1 minute' AS at FROM contacts) AS due
"""
_STARTS = """
INSERT INTO starts (natural_key, sequence, contact_id, data, at, source, started_wall)
SELECT id, 'orders', id, '{}', :monday, 'test',
       CASE WHEN right(id, 2) = '00' THEN NULL ELSE now() END FROM contacts
"""

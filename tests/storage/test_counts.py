"""How often a contact's events came."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, insert, text
from sqlalchemy import event as sqlalchemy_event

from storage import events
from storage.schema import tables
from tests.storage.given import MONDAY, a_contact, an_event


@pytest.mark.parametrize(
    ("event", "expected"), [("login", 2), ("click", 1), ("open", 0), ("reply", 2)]
)
def test_events_are_counted_by_their_name_or_kind(
    connection: Connection, event: str, expected: int
) -> None:
    ada, bob = a_contact(connection).id, a_contact(connection, "bob@example.com").id
    for new in (
        an_event(ada, 1, "event", "login"),
        an_event(ada, 2, "conversion", "login"),
        an_event(ada, 3, "event", "logout"),
        an_event(ada, 4, "click"),
        an_event(ada, 5, "reply"),
        an_event(ada, 6, "reply", "reply"),
        an_event(bob, 7, "event", "login"),
    ):
        events.record(connection, new)

    assert events.count(connection, ada, event, None, MONDAY) == expected


@pytest.mark.parametrize(
    ("second", "expected"), [(-1, 0), (0, 0), (59, 0), (60, 1), (119, 1), (179, 1), (180, 0)]
)
def test_a_count_leaves_out_its_first_minute_and_has_its_last(
    connection: Connection, second: int, expected: int
) -> None:
    ada, at = a_contact(connection).id, MONDAY + timedelta(seconds=second)
    events.record(connection, an_event(ada, 1, "event", "login").model_copy(update={"at": at}))

    until = MONDAY + timedelta(minutes=2)

    assert events.count(connection, ada, "login", MONDAY, until) == expected


@pytest.mark.parametrize("event", ["login", "click"])
def test_a_count_reads_only_the_index_of_what_it_counts(connection: Connection, event: str) -> None:
    ada = a_contact(connection).id
    rows = (an_event(ada, number, "event", f"name-{number % 50}") for number in range(2000))
    connection.execute(insert(tables.events), [{"id": uuid4(), **new.model_dump()} for new in rows])
    connection.execute(text("ANALYZE events"))

    plan = _plan_of(
        connection,
        lambda: events.count(connection, ada, event, MONDAY - timedelta(days=7), MONDAY),
    )

    assert "events_contact_id_kind_name_at_idx" in plan


def _plan_of(connection: Connection, ask: Callable[[], object]) -> str:
    asked: list[tuple[object, ...]] = []
    remember = asked.append
    sqlalchemy_event.listen(connection, "before_cursor_execute", lambda *call: remember(call))
    ask()
    _, _, statement, parameters, *_ = asked[0]
    assert isinstance(parameters, dict)
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())

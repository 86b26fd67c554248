"""Deliveries: no signal is lost, none is brought by two at once."""

from datetime import timedelta

from sqlalchemy import Connection, Engine

from schemas.events import Click, Reply
from storage import deliveries
from tests.storage.given import MONDAY

REPLY = Reply(id="reply-1", at=MONDAY)


def _ids(connection: Connection, limit: int = 100) -> list[int]:
    return [one.id for one in deliveries.undelivered(connection, limit)]


def test_a_signal_comes_back_as_the_event_that_it_is(connection: Connection) -> None:
    click = Click(id="click-1", at=MONDAY, step="intro", url="https://example.com")

    laid_out = deliveries.enqueue(connection, "welcome.ada", click)

    [delivery] = deliveries.undelivered(connection)
    assert (delivery.id, delivery.workflow_id) == (laid_out, "welcome.ada")
    assert delivery.event == click


def test_signals_are_brought_in_the_order_in_which_they_came(connection: Connection) -> None:
    ids = [deliveries.enqueue(connection, f"welcome.{n}", REPLY) for n in range(5)]

    assert _ids(connection, 3) == ids[:3]


def test_one_workflows_signals_are_taken_one_after_the_other(connection: Connection) -> None:
    first, second = (deliveries.enqueue(connection, "welcome.ada", REPLY) for _ in range(2))

    taken = _ids(connection)
    deliveries.delivered(connection, [first])

    assert taken == [first]
    assert _ids(connection) == [second]


def test_a_signal_that_failed_is_not_overtaken_by_a_later_one(connection: Connection) -> None:
    first, _ = (deliveries.enqueue(connection, "welcome.ada", REPLY) for _ in range(2))

    deliveries.failed(connection, first, "no answer")

    assert _ids(connection) == [first]


def test_a_signal_that_another_is_bringing_is_not_overtaken(engine: Engine) -> None:
    with engine.begin() as connection:
        for _ in range(2):
            deliveries.enqueue(connection, "welcome.ada", REPLY)

    with engine.begin() as one, engine.begin() as other:
        taken = (_ids(one), _ids(other))

    assert [len(ids) for ids in taken] == [1, 0]


def test_a_delivered_signal_is_done_with(connection: Connection) -> None:
    first, second = (deliveries.enqueue(connection, "welcome.ada", REPLY) for _ in range(2))

    deliveries.delivered(connection, [first])

    assert _ids(connection) == [second]
    assert deliveries.waiting(connection) == 1


def test_a_signal_to_a_closed_workflow_is_done_with(connection: Connection) -> None:
    gone = deliveries.enqueue(connection, "welcome.ada", REPLY)

    deliveries.gone(connection, gone, "the workflow is closed")

    assert _ids(connection) == []


def test_what_failed_comes_after_what_was_never_tried(connection: Connection) -> None:
    failing = deliveries.enqueue(connection, "welcome.ada", REPLY)
    fresh = deliveries.enqueue(connection, "welcome.bo", REPLY)

    deliveries.failed(connection, failing, "no answer")

    assert _ids(connection) == [fresh, failing]
    assert [one.attempts for one in deliveries.undelivered(connection)] == [0, 1]


def test_young_signals_are_left_to_whoever_laid_them_out(connection: Connection) -> None:
    deliveries.enqueue(connection, "welcome.ada", REPLY)

    assert deliveries.undelivered(connection, older_than=timedelta(minutes=1)) == []


def test_two_who_bring_signals_take_different_ones(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = [deliveries.enqueue(connection, f"welcome.{n}", REPLY) for n in range(4)]

    with engine.begin() as one, engine.begin() as other:
        taken = _ids(one, 2) + _ids(other, 4)

    assert taken == ids


def test_what_is_not_brought_is_everybodys_again(engine: Engine) -> None:
    with engine.begin() as connection:
        laid_out = deliveries.enqueue(connection, "welcome.ada", REPLY)
    with engine.connect() as connection:
        deliveries.undelivered(connection)
        connection.rollback()

    with engine.begin() as connection:
        again = _ids(connection)

    assert again == [laid_out]


def test_a_signal_that_is_not_due_yet_waits_and_lets_others_go_before_it(
    connection: Connection,
) -> None:
    hour, now = timedelta(hours=1), timedelta()
    paced = [("welcome.ada", REPLY, hour), ("welcome.bob", REPLY, now)]
    deliveries.enqueue_paced(connection, paced)
    later = deliveries.enqueue(connection, "welcome.ada", REPLY)

    taken = deliveries.undelivered(connection)

    assert [one.workflow_id for one in taken] == ["welcome.bob", "welcome.ada"]
    assert taken[1].id == later
    assert deliveries.waiting(connection) == 3

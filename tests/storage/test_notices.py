"""Notices: each laid out once, brought by one at a time, tried again with pauses."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection, Engine, func, select, update

from starter.outgoing.notices import Retried, retry
from starter.outgoing.noticing import EVERY_SECONDS
from storage import notices
from storage.notices import Kind, NewNotice, Notice
from storage.schema.outgoing_tables import notices as table
from tests.storage.given import MONDAY

HOUR = timedelta(hours=1)


def a_notice(key: str = "one", url: str = "https://a.example/hook") -> NewNotice:
    payload: dict[str, str] = {"url": url} if url else {}
    kind: Kind = "webhook" if url else "owner_mail"
    return NewNotice.model_validate(
        {"natural_key": key, "kind": kind, "at": MONDAY, "payload": payload}
    )


def laid_out(connection: Connection, *keys: str, url: str = "https://a.example/hook") -> list[int]:
    made = [notices.lay_out(connection, a_notice(key, url)) for key in keys]
    return [one for one in made if one is not None]


def taken(connection: Connection, limit: int = 100) -> list[Notice]:
    return notices.take(connection, limit)


def come_due(connection: Connection) -> None:
    connection.execute(update(table).values(due_wall=func.now()))


def test_a_notice_comes_back_as_it_was_laid_out(connection: Connection) -> None:
    laid_out(connection, "one")

    [notice] = taken(connection)

    assert (notice.natural_key, notice.kind, notice.at) == ("one", "webhook", MONDAY)
    assert notice.payload == {"url": "https://a.example/hook"}
    assert (notice.endpoint, notice.attempts) == ("a.example", 1)


def test_the_same_notice_is_laid_out_once(connection: Connection) -> None:
    laid_out(connection, "one")

    assert notices.lay_out(connection, a_notice("one")) is None
    assert notices.waiting(connection) == 1


def test_what_one_has_taken_no_other_takes(connection: Connection) -> None:
    laid_out(connection, "one")

    assert len(taken(connection)) == 1
    assert taken(connection) == []


def test_two_who_take_at_the_same_time_take_different_ones(engine: Engine) -> None:
    with engine.begin() as connection:
        ids = laid_out(connection, "one", "two", "three")

    with engine.begin() as one, engine.begin() as other:
        first, second = taken(one, 2), taken(other, 3)

    assert [notice.id for notice in (*first, *second)] == ids
    assert len(second) == 1


def test_what_was_taken_and_never_settled_is_due_again_after_the_lease(engine: Engine) -> None:
    with engine.begin() as connection:
        laid_out(connection, "one")
        taken(connection)

    with engine.begin() as connection:
        left = connection.scalars(select(table.c.due_wall - func.now())).one()
        come_due(connection)

        assert timedelta() < left <= notices.LEASE
        assert [notice.attempts for notice in taken(connection)] == [2]


def test_of_one_endpoint_five_are_taken_at_once(connection: Connection) -> None:
    laid_out(connection, *"abcdefg")
    laid_out(connection, "other", url="https://b.example/hook")

    endpoints = [notice.endpoint for notice in taken(connection)]

    assert endpoints == ["a.example"] * 5 + ["b.example"]


def test_of_a_busy_endpoint_none_is_taken(connection: Connection) -> None:
    laid_out(connection, "one")
    laid_out(connection, "mail", url="")

    found = notices.take(connection, 100, busy=["a.example"])

    assert [notice.endpoint for notice in found] == ["mail"]


def test_only_the_kinds_that_one_can_bring_are_taken(connection: Connection) -> None:
    laid_out(connection, "one")
    laid_out(connection, "mail", url="")

    found = notices.take(connection, 100, kinds=["owner_mail"])

    assert [notice.natural_key for notice in found] == ["mail"]


def test_what_was_brought_is_done_with(connection: Connection) -> None:
    [one] = laid_out(connection, "one")

    notices.delivered(connection, one)

    come_due(connection)
    assert taken(connection) == []
    assert notices.listing(connection, undelivered=True) == []
    assert notices.listing(connection)[0].delivered_wall is not None


def test_what_failed_is_tried_again_after_its_pause(engine: Engine) -> None:
    with engine.begin() as connection:
        [one] = laid_out(connection, "one")
        taken(connection)
        notices.failed(connection, one, "no answer", HOUR)
        left = connection.scalars(select(table.c.due_wall - func.now())).one()

        assert left == HOUR
        assert taken(connection) == []
        come_due(connection)
        assert [notice.attempts for notice in taken(connection)] == [2]


def test_what_was_given_up_stays_to_be_seen(connection: Connection) -> None:
    [one] = laid_out(connection, "one")

    notices.gone(connection, one, "the endpoint answered 410")

    come_due(connection)
    assert taken(connection) == []
    [listed] = notices.listing(connection, undelivered=True)
    assert listed.gone_wall is not None
    assert listed.last_error == "the endpoint answered 410"


def test_what_was_given_up_may_be_tried_again_as_if_it_were_new(connection: Connection) -> None:
    [one] = laid_out(connection, "one")
    taken(connection)
    notices.gone(connection, one, "the endpoint answered 410")

    assert notices.retry(connection, one)

    assert [(notice.id, notice.attempts) for notice in taken(connection)] == [(one, 1)]


@pytest.mark.parametrize("brought", [True, False])
def test_what_was_brought_or_is_not_there_cannot_be_tried_again(
    connection: Connection, *, brought: bool
) -> None:
    [one] = laid_out(connection, "one")
    notices.delivered(connection, one)

    assert not notices.retry(connection, one if brought else one + 1)


def test_a_late_answer_changes_nothing_of_what_was_brought(connection: Connection) -> None:
    [one] = laid_out(connection, "one")
    notices.delivered(connection, one)

    notices.failed(connection, one, "no answer", HOUR)
    notices.gone(connection, one, "no answer")

    [listed] = notices.listing(connection)
    assert (listed.last_error, listed.gone_wall) == (None, None)


def test_whoever_asks_is_told_by_when_a_worker_looks_again(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        [one] = laid_out(connection, "one")

    assert retry(engine, one) == Retried(id=one, within_seconds=EVERY_SECONDS)

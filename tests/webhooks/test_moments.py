from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request

from tests.webhooks.posting import NOW
from webhooks.moments import Moments

AHEAD = NOW + timedelta(days=30)
REAL = Moments(clock=lambda: NOW)
VIRTUAL = Moments(clock=lambda: NOW, virtual=True)


def a_request(date: str | None = None) -> Request:
    headers = [] if date is None else [(b"date", date.encode())]
    return Request({"type": "http", "headers": headers})


def test_a_request_arrives_when_the_clock_says() -> None:
    assert REAL.arrival(a_request("Thu, 02 Apr 2026 15:00:00 GMT")) == NOW


def test_in_virtual_time_a_request_says_itself_when_it_arrives() -> None:
    arrival = VIRTUAL.arrival(a_request("Thu, 02 Apr 2026 15:00:00 GMT"))

    assert arrival == datetime(2026, 4, 2, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("date", [None, "", "soon", "Thu, 99 Apr 2026"])
def test_in_virtual_time_a_request_that_does_not_say_arrives_now(date: str | None) -> None:
    assert VIRTUAL.arrival(a_request(date)) == NOW


def test_an_event_counts_from_the_moment_it_says() -> None:
    assert REAL.of_event(NOW - timedelta(days=1), NOW) == NOW - timedelta(days=1)
    assert REAL.of_event(NOW + timedelta(minutes=5), NOW) == NOW + timedelta(minutes=5)
    assert REAL.of_event(None, NOW) == NOW


def test_an_event_that_lies_ahead_counts_from_its_arrival_except_in_virtual_time() -> None:
    assert REAL.of_event(AHEAD, NOW) == NOW
    assert VIRTUAL.of_event(AHEAD, NOW) == AHEAD


def test_a_mail_counts_from_its_arrival_since_anyone_can_write_any_date() -> None:
    assert REAL.of_mail(NOW - timedelta(days=300), NOW) == NOW
    assert VIRTUAL.of_mail(AHEAD, NOW) == AHEAD
    assert VIRTUAL.of_mail(None, NOW) == NOW

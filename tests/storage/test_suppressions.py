"""Suppressions: whom they reach, what they stop, and how they are lifted."""

import pytest
from sqlalchemy import Connection

from schemas.suppression import Reason
from storage.people import suppressions
from tests.storage.given import MONDAY, TUESDAY, a_suppression


def _reason(
    connection: Connection,
    email: str,
    *,
    transactional: bool = False,
    topic: str | None = None,
) -> Reason | None:
    return suppressions.applying(connection, email, transactional=transactional, topic=topic)


def test_a_repeated_suppression_is_not_new(connection: Connection) -> None:
    first = suppressions.suppress(connection, a_suppression())
    second = suppressions.suppress(connection, a_suppression(" ADA@example.com"))

    assert (first, second) == (True, False)


@pytest.mark.parametrize("reason", [Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BLOCKED])
def test_an_opt_out_reaches_other_spellings_of_the_mailbox(
    connection: Connection, reason: Reason
) -> None:
    suppressions.suppress(connection, a_suppression("a.da+news@gmail.com", reason))

    assert _reason(connection, "ada@googlemail.com") == reason


@pytest.mark.parametrize("reason", [Reason.BOUNCED, Reason.LEFT_COMPANY])
def test_a_bounce_reaches_its_own_address_only(connection: Connection, reason: Reason) -> None:
    suppressions.suppress(connection, a_suppression("ada+news@gmail.com", reason))

    assert _reason(connection, "Ada+News@gmail.com") == reason
    assert _reason(connection, "ada@gmail.com") is None


def test_a_domain_reaches_its_own_addresses_only(connection: Connection) -> None:
    blocked = a_suppression("Example.COM", Reason.BLOCKED).model_copy(update={"of": "domain"})
    suppressions.suppress(connection, blocked)

    assert _reason(connection, "anyone@example.com") == Reason.BLOCKED
    assert _reason(connection, "anyone@sub.example.com") is None


@pytest.mark.parametrize(
    ("reason", "stopped"),
    [
        (Reason.UNSUBSCRIBED, False),
        (Reason.COMPLAINED, False),
        (Reason.BOUNCED, True),
        (Reason.BLOCKED, True),
        (Reason.LEFT_COMPANY, True),
    ],
)
def test_the_scope_decides_whether_transactional_mail_stops(
    connection: Connection, reason: Reason, *, stopped: bool
) -> None:
    suppressions.suppress(connection, a_suppression(reason=reason))

    found = _reason(connection, "ada@example.com", transactional=True)

    assert found == (reason if stopped else None)


@pytest.mark.parametrize(
    ("topic", "found"),
    [("webinars", Reason.UNSUBSCRIBED), ("product", None), (None, None)],
)
def test_a_topics_opt_out_stops_that_topic_only(
    connection: Connection, topic: str | None, found: Reason | None
) -> None:
    suppressions.suppress(connection, a_suppression(topic="webinars"))

    assert _reason(connection, "ada@example.com", topic=topic) == found


def test_the_gravest_reason_is_given(connection: Connection) -> None:
    for reason in (Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.COMPLAINED):
        suppressions.suppress(connection, a_suppression(reason=reason))

    assert _reason(connection, "ada@example.com") == Reason.BOUNCED
    assert [one.reason for one in suppressions.standing(connection, "ada@example.com")] == [
        Reason.BOUNCED,
        Reason.COMPLAINED,
        Reason.UNSUBSCRIBED,
    ]


def test_a_wider_scope_widens_what_stands_and_a_narrower_one_does_not(
    connection: Connection,
) -> None:
    narrow = a_suppression()
    wide = narrow.model_copy(update={"scope": "all"})

    changes = [suppressions.suppress(connection, one) for one in (narrow, wide, narrow)]

    assert changes == [True, True, False]
    assert _reason(connection, "ada@example.com", transactional=True) == Reason.UNSUBSCRIBED


def test_a_released_suppression_stops_nothing_and_can_be_entered_again(
    connection: Connection,
) -> None:
    suppressions.suppress(connection, a_suppression())

    lifted = suppressions.release(connection, a_suppression(), by="olga", at=TUESDAY)
    after = _reason(connection, "ada@example.com")
    entered = suppressions.suppress(connection, a_suppression())

    assert (lifted, after, entered) == (True, None, True)


def test_what_does_not_stand_cannot_be_released(connection: Connection) -> None:
    suppressions.suppress(connection, a_suppression(topic="webinars"))

    assert not suppressions.release(connection, a_suppression(), by="olga", at=MONDAY)

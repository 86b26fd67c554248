"""Sends: what may follow on what, and what came back."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from schemas.ledger import given_up, shown
from storage.rows import SendRow
from storage.schema import tables
from storage.sending import claims, sends
from storage.sending.claims import Claimed
from storage.sending.sends import Fact, Outcome
from tests.storage.given import MONDAY, TUESDAY, a_claim, a_claimed_send, an_enrollment

_RECORDED = {
    "claimed": {"accepted", "refused", "retry", "in_doubt"},
    "accepted": {"accepted"},
    "refused": set(),
    "retry": set(),
    "in_doubt": {"accepted", "retry"},
    "not_sent": {"accepted"},
}


def _claimed(connection: Connection) -> Claimed:
    return a_claimed_send(connection, an_enrollment(connection).id)


def _outcome(state: str) -> Outcome:
    return Outcome.model_validate({"state": state, "at": MONDAY})


def _send_in(connection: Connection, state: str) -> Claimed:
    won = _claimed(connection)
    if state == "not_sent":
        sends.record(connection, won.send, 1, _outcome("in_doubt"))
        sends.settle(connection, won.send, given_up(MONDAY))
    elif state != "claimed":
        sends.record(connection, won.send, 1, _outcome(state))
    return won


def _read(connection: Connection, won: Claimed) -> SendRow:
    row = sends.get(connection, won.send)
    assert row is not None
    return row


@pytest.mark.parametrize("before", _RECORDED)
@pytest.mark.parametrize("after", ["accepted", "refused", "retry", "in_doubt"])
def test_an_outcome_is_recorded_only_where_it_may_follow(
    connection: Connection, before: str, after: str
) -> None:
    won = _send_in(connection, before)
    counts = after in _RECORDED[before]

    recorded = sends.record(connection, won.send, 1, _outcome(after))

    assert recorded == counts
    assert _read(connection, won).state == (after if counts else before)


@pytest.mark.parametrize("before", _RECORDED)
def test_acceptance_that_comes_to_light_counts_over_everything(
    connection: Connection, before: str
) -> None:
    won = _send_in(connection, before)

    changed = sends.settle(connection, won.send, shown(TUESDAY))

    assert changed == (before != "accepted")
    assert _read(connection, won).state == "accepted"


@pytest.mark.parametrize("before", _RECORDED)
def test_only_a_mail_in_doubt_is_settled_as_not_sent(connection: Connection, before: str) -> None:
    won = _send_in(connection, before)

    changed = sends.settle(connection, won.send, given_up(TUESDAY))

    assert changed == (before == "in_doubt")
    assert _read(connection, won).state == ("not_sent" if changed else before)


def test_an_outcome_keeps_what_was_learned(connection: Connection) -> None:
    won = _claimed(connection)

    sends.record(
        connection,
        won.send,
        won.attempt,
        Outcome(state="accepted", at=TUESDAY, provider_id="abc", subject="Hello"),
    )

    row = _read(connection, won)
    assert (row.settled_at, row.provider_id, row.subject) == (TUESDAY, "abc", "Hello")
    assert row.settled_wall is not None
    assert row.settled_wall >= row.claimed_wall


def test_the_provider_id_is_kept_when_the_webhook_was_faster(connection: Connection) -> None:
    won = _claimed(connection)
    sends.settle(connection, won.send, shown(MONDAY))

    accepted = Outcome(state="accepted", at=MONDAY, provider_id="abc")
    recorded = sends.record(connection, won.send, 1, accepted)

    assert recorded
    assert _read(connection, won).provider_id == "abc"


def test_a_stale_claim_records_nothing_over_a_newer_one(connection: Connection) -> None:
    won = _send_in(connection, "retry")
    claims.claim(connection, a_claim(_read(connection, won).enrollment_id))

    late = sends.record(connection, won.send, won.attempt, _outcome("retry"))

    assert not late
    assert (_read(connection, won).state, _read(connection, won).attempt) == ("claimed", 2)


def test_a_mail_that_turned_out_accepted_is_not_claimed_again(connection: Connection) -> None:
    won = _send_in(connection, "retry")
    sends.settle(connection, won.send, shown(TUESDAY))

    again = claims.claim(connection, a_claim(_read(connection, won).enrollment_id))

    assert isinstance(again, claims.Found)


@pytest.mark.parametrize(
    ("fact", "column"),
    [
        ("delivered", "delivered_at"),
        ("bounced", "bounced_at"),
        ("dropped", "dropped_at"),
        ("opened", "first_open_at"),
        ("clicked", "first_click_at"),
        ("replied", "replied_at"),
        ("unsubscribed", "unsubscribed_at"),
        ("complained", "complained_at"),
    ],
)
def test_the_first_time_of_a_fact_is_kept_in_whatever_order_it_comes(
    connection: Connection, fact: Fact, column: str
) -> None:
    won = _claimed(connection)
    times = [MONDAY + timedelta(minutes=minutes) for minutes in (5, 3, 9)]

    news = [sends.note(connection, won.send, fact, at) for at in times]

    assert news == [True, True, False]
    assert getattr(_read(connection, won), column) == times[1]


def test_a_send_is_found_by_either_message_id(connection: Connection) -> None:
    won = _claimed(connection)
    sends.record(connection, won.send, 1, Outcome(state="accepted", at=MONDAY, provider_id="abc"))

    row = _read(connection, won)
    assert sends.by_provider_id(connection, "abc") == row
    assert sends.by_message_id(connection, won.message_id) == row
    assert sends.by_provider_id(connection, "abd") is None


def test_an_enrollments_sends_come_in_their_order(connection: Connection) -> None:
    row = an_enrollment(connection).id
    claims.claim(connection, a_claim(row, "second").model_copy(update={"at": TUESDAY}))
    a_claimed_send(connection, row, "intro")

    assert [one.step for one in sends.of_enrollment(connection, row)] == ["intro", "second"]


def test_the_last_marketing_mail_is_one_that_went_or_may_have_gone(
    connection: Connection,
) -> None:
    row = an_enrollment(connection).id
    before = sends.last_marketing_at(connection, row)
    for hour, (step, state) in enumerate(
        [("a", "accepted"), ("b", "in_doubt"), ("c", "refused"), ("d", "retry")]
    ):
        at = MONDAY + timedelta(hours=hour)
        won = claims.claim(connection, a_claim(row, step).model_copy(update={"at": at}))
        assert isinstance(won, Claimed)
        sends.record(connection, won.send, 1, _outcome(state))
    receipt = a_claim(row, "receipt", transactional=True).model_copy(update={"at": TUESDAY})
    won = claims.claim(connection, receipt)
    assert isinstance(won, Claimed)
    sends.record(connection, won.send, 1, _outcome("accepted"))

    last = sends.last_marketing_at(connection, row)

    assert before is None
    assert last == MONDAY + timedelta(hours=1)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "posted"},
        {"state": "accepted"},
        {"settled_at": MONDAY},
        {"attempt": 0},
        {"email_kind": "other"},
    ],
)
def test_the_database_refuses_an_impossible_send(
    connection: Connection, values: dict[str, object]
) -> None:
    _claimed(connection)

    with pytest.raises(IntegrityError):
        connection.execute(tables.sends.update().values(**values))

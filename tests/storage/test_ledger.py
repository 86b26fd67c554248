"""The ways of a send: declared once, and no other is possible, in PostgreSQL neither."""

from itertools import product
from typing import get_args

import pytest
from sqlalchemy import Connection, Engine, delete, select, text, update
from sqlalchemy.exc import IntegrityError

from schemas.ledger import NEW, WAYS, Cause, SendState, Verdict, Way, given_up
from storage.schema.ledger_tables import send_changes
from storage.schema.tables import sends as ledger
from storage.sending import claims, sends
from storage.sending.claims import Claimed
from storage.sending.sends import Outcome
from tests.storage.given import MONDAY, TUESDAY, a_claim, a_claimed_send, an_enrollment

_STATES: tuple[SendState, ...] = get_args(SendState)
_CAUSES: tuple[Cause, ...] = get_args(Cause)
_PATHS: dict[SendState, tuple[Way, ...]] = {
    "claimed": (),
    "accepted": (Way("claimed", "accept", "accepted"),),
    "refused": (Way("claimed", "refuse", "refused"),),
    "retry": (Way("claimed", "miss", "retry"),),
    "in_doubt": (Way("claimed", "lose", "in_doubt"),),
    "not_sent": (Way("claimed", "lose", "in_doubt"), Way("in_doubt", "give_up", "not_sent")),
}


def _go(connection: Connection, way: Way) -> None:
    attempt = ledger.c.attempt + int(way.on == "claim")
    settled = None if way.after == "claimed" else TUESDAY
    connection.execute(
        update(ledger).values(
            state=way.after,
            cause=way.on,
            attempt=attempt,
            settled_at=settled,
            settled_wall=settled,
        )
    )


def _a_send_in(connection: Connection, state: SendState) -> Claimed:
    won = a_claimed_send(connection, an_enrollment(connection).id)
    for way in _PATHS[state]:
        _go(connection, way)
    return won


def test_nothing_leads_away_from_a_mail_that_sendgrid_has() -> None:
    assert [way for way in WAYS if way.before == "accepted"] == []


def test_every_state_can_be_reached_and_every_cause_brings_something_about() -> None:
    assert {way.after for way in WAYS} == set(_STATES)
    assert {way.on for way in WAYS} == set(_CAUSES)


@pytest.mark.parametrize("before", _STATES)
def test_postgresql_lets_through_the_declared_ways_and_no_others(
    connection: Connection, before: SendState
) -> None:
    won = _a_send_in(connection, before)
    taken = len(sends.changes_of(connection, won.send))

    went = set()
    for on, after in product(_CAUSES, _STATES):
        if after == before and on != "claim":
            continue
        trial = connection.begin_nested()
        try:
            _go(connection, Way(before, on, after))
        except IntegrityError:
            trial.rollback()
            continue
        went.add(Way(before, on, after))
        assert len(sends.changes_of(connection, won.send)) == taken + 1
        trial.rollback()

    assert went == {way for way in WAYS if way.before == before}


@pytest.mark.parametrize("state", [state for state in _STATES if state != "claimed"])
def test_a_send_begins_with_its_claim(connection: Connection, state: SendState) -> None:
    row = an_enrollment(connection).id
    a_claimed_send(connection, row)
    others = [column.name for column in ledger.c if column.name not in _OWN]
    copied = ", ".join(others)
    forged = text(
        f"INSERT INTO sends (id, step, state, message_id, settled_at, settled_wall, {copied})"  # noqa: S608  (names of columns)
        f" SELECT gen_random_uuid(), 'other', '{state}', 'other', now(), now(), {copied} FROM sends"
    )

    with pytest.raises(IntegrityError, match="no way leads a send from new"):
        connection.execute(forged)


_OWN = {"id", "step", "state", "message_id", "settled_at", "settled_wall"}


@pytest.mark.parametrize("named", [{"step": "other"}, {"occurrence": 2}])
def test_a_send_stays_the_one_that_was_claimed(
    connection: Connection, named: dict[str, object]
) -> None:
    _a_send_in(connection, "accepted")

    with pytest.raises(IntegrityError, match="stays the one that was claimed"):
        connection.execute(update(ledger).values(**named))


@pytest.mark.parametrize("by", [0, 2, -1])
def test_each_claim_counts_one_attempt_more(connection: Connection, by: int) -> None:
    _a_send_in(connection, "retry")
    again = update(ledger).values(
        state="claimed",
        cause="claim",
        attempt=ledger.c.attempt + by,
        settled_at=None,
        settled_wall=None,
    )

    with pytest.raises(IntegrityError):
        connection.execute(again)


def test_all_that_a_send_went_through_is_put_down_with_moment_and_cause(
    connection: Connection,
) -> None:
    row = an_enrollment(connection).id
    won = a_claimed_send(connection, row)
    missed = Outcome(state="retry", at=MONDAY, reason="SendGrid cannot be reached")
    sends.record(connection, won.send, 1, missed)
    claims.claim(connection, a_claim(row).model_copy(update={"at": TUESDAY}))
    lost = Outcome(state="in_doubt", at=TUESDAY, reason="SendGrid answered 503")
    sends.record(connection, won.send, 2, lost)
    sends.settle(connection, won.send, given_up(TUESDAY))
    by_hand = Verdict(on="person", state="accepted", at=TUESDAY, why="by ada: it is in my inbox")
    sends.settle(connection, won.send, by_hand)

    told = [
        (one.attempt, one.before, one.cause, one.after, one.at, one.why)
        for one in sends.changes_of(connection, won.send)
    ]

    claimed = "It is the first mail."
    assert told == [
        (1, NEW, "claim", "claimed", MONDAY, claimed),
        (1, "claimed", "miss", "retry", MONDAY, "SendGrid cannot be reached"),
        (2, "retry", "claim", "claimed", TUESDAY, claimed),
        (2, "claimed", "lose", "in_doubt", TUESDAY, "SendGrid answered 503"),
        (2, "in_doubt", "give_up", "not_sent", TUESDAY, "SendGrid answered 503"),
        (2, "not_sent", "person", "accepted", TUESDAY, "by ada: it is in my inbox"),
    ]


def test_what_changes_nothing_is_not_put_down(connection: Connection) -> None:
    won = _a_send_in(connection, "accepted")
    before = sends.changes_of(connection, won.send)

    sends.record(connection, won.send, 1, Outcome(state="accepted", at=MONDAY, provider_id="abc"))
    sends.note(connection, won.send, "delivered", MONDAY)

    assert sends.changes_of(connection, won.send) == before


def test_the_past_of_a_send_is_not_written_anew(connection: Connection) -> None:
    _a_send_in(connection, "accepted")

    with pytest.raises(IntegrityError, match="not written anew"):
        connection.execute(update(send_changes).values(after="refused"))


def test_a_claim_that_is_rolled_back_leaves_no_past(engine: Engine) -> None:
    with engine.connect() as connection:
        _a_send_in(connection, "accepted")
        connection.rollback()

        assert connection.execute(select(send_changes)).all() == []
        assert connection.execute(delete(send_changes)).rowcount == 0

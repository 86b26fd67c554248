"""Mails in doubt: which there are, and what is known of them."""

from datetime import timedelta

from sqlalchemy import Connection, func, update

from storage.schema.tables import sends as ledger
from storage.sending import doubts, sends
from storage.sending.sends import Outcome
from tests.storage.given import MONDAY, a_claimed_send, an_enrollment


def _ages(connection: Connection, by: timedelta) -> None:
    connection.execute(update(ledger).values(claimed_wall=func.now() - by))


def test_a_mail_in_doubt_is_listed_with_its_age_and_the_evidence(connection: Connection) -> None:
    row = an_enrollment(connection)
    won = a_claimed_send(connection, row.id)
    lost = Outcome(state="in_doubt", at=MONDAY, reason="SendGrid answered 503")
    sends.record(connection, won.send, 1, lost)
    _ages(connection, timedelta(minutes=12))

    [doubt] = doubts.standing(connection)

    assert (doubt.send, doubt.workflow_id, doubt.step) == (won.send, row.workflow_id, "intro")
    assert (doubt.state, doubt.seconds) == ("in_doubt", 720)
    assert doubt.evidence == "SendGrid answered 503"


def test_a_claim_without_an_outcome_is_listed_after_a_minute(connection: Connection) -> None:
    a_claimed_send(connection, an_enrollment(connection).id)
    before = doubts.standing(connection)
    _ages(connection, timedelta(seconds=61))

    [doubt] = doubts.standing(connection)

    assert before == []
    assert (doubt.state, doubt.evidence) == ("claimed", "its worker has told nothing")


def test_what_is_known_is_in_no_doubt(connection: Connection) -> None:
    won = a_claimed_send(connection, an_enrollment(connection).id)
    sends.record(connection, won.send, 1, Outcome(state="accepted", at=MONDAY))
    _ages(connection, timedelta(days=1))

    assert doubts.standing(connection) == []

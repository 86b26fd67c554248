from datetime import timedelta

from sqlalchemy import Connection

from schemas.events import Open
from schemas.ledger import shown
from storage import audit, deliveries, enrollments
from storage.entering import refusals
from storage.entering.refusals import Refusal
from storage.people import suppressions
from storage.sending import sends
from storage.sending.sends import Outcome
from tests.storage.given import (
    MONDAY,
    STOPPED,
    TUESDAY,
    a_claimed_send,
    a_suppression,
    an_enrollment,
)


def test_ledger_tells_a_mail_beside_its_enrollments_ending(connection: Connection) -> None:
    row = an_enrollment(connection)
    claimed = a_claimed_send(connection, row.id)
    enrollments.end(connection, row.id, STOPPED, 1000)

    (posting,) = audit.ledger(connection)

    assert posting.send == claimed.send
    assert (posting.workflow_id, posting.step, posting.state) == (
        row.workflow_id,
        "intro",
        "claimed",
    )
    assert posting.ended_at == STOPPED.at


def test_suppression_of_before_the_claim_is_shown_beside_the_mail(connection: Connection) -> None:
    row = an_enrollment(connection)
    a_claimed_send(connection, row.id)
    before = a_suppression().model_copy(update={"at": MONDAY - timedelta(hours=1)})
    suppressions.suppress(connection, before)

    (posting,) = audit.ledger(connection)

    assert posting.suppressed_at == before.at


def test_suppression_of_after_the_claim_speaks_against_nothing(connection: Connection) -> None:
    row = an_enrollment(connection)
    a_claimed_send(connection, row.id)
    suppressions.suppress(connection, a_suppression().model_copy(update={"at": TUESDAY}))

    (posting,) = audit.ledger(connection)

    assert posting.suppressed_at is None


def test_mail_that_was_in_doubt_is_known_by_what_it_went_through(connection: Connection) -> None:
    row = an_enrollment(connection)
    claimed = a_claimed_send(connection, row.id)
    sends.record(connection, claimed.send, claimed.attempt, Outcome(state="in_doubt", at=MONDAY))
    sends.settle(connection, claimed.send, shown(MONDAY))

    (posting,) = audit.ledger(connection)

    assert (posting.state, posting.doubted) == ("accepted", True)


def test_mail_in_doubt_is_doubted_before_any_timeline_is_there(connection: Connection) -> None:
    row = an_enrollment(connection)
    claimed = a_claimed_send(connection, row.id)
    sends.record(connection, claimed.send, claimed.attempt, Outcome(state="in_doubt", at=MONDAY))

    (posting,) = audit.ledger(connection)

    assert posting.doubted


def test_accepted_mail_was_never_doubted(connection: Connection) -> None:
    row = an_enrollment(connection)
    claimed = a_claimed_send(connection, row.id)
    sends.record(connection, claimed.send, claimed.attempt, Outcome(state="accepted", at=MONDAY))

    (posting,) = audit.ledger(connection)

    assert not posting.doubted


def test_runs_are_told_with_what_came_of_them(connection: Connection) -> None:
    row = an_enrollment(connection)
    enrollments.end(connection, row.id, STOPPED, 1000)
    refusal = Refusal(
        workflow_id="welcome.other",
        run_id="run-2",
        sequence="welcome",
        contact_id="other",
        source="test",
        reason="audience",
        at=MONDAY,
    )
    refusals.record(connection, refusal)

    assert [(run.run_id, run.ending) for run in audit.begun(connection)] == [("run-1", "stopped")]
    assert [(run.run_id, run.ending) for run in audit.refused(connection)] == [
        ("run-2", "audience")
    ]


def test_nothing_is_loose_while_an_enrollment_sleeps(connection: Connection) -> None:
    an_enrollment(connection)

    assert audit.loose_ends(connection) == 0


def test_open_claim_signal_and_unclosed_ending_are_loose_ends(connection: Connection) -> None:
    row = an_enrollment(connection)
    a_claimed_send(connection, row.id)
    assert audit.loose_ends(connection) == 1

    deliveries.enqueue(connection, row.workflow_id, Open(id="open-1", step="intro", at=MONDAY))
    assert audit.loose_ends(connection) == 2

    enrollments.end(connection, row.id, STOPPED, 1000)
    assert audit.loose_ends(connection) == 3


def test_minutes_of_live_enrollments_are_in_use(connection: Connection) -> None:
    row = an_enrollment(connection)
    claimed = a_claimed_send(connection, row.id)
    at = MONDAY + timedelta(minutes=17)
    sends.record(connection, claimed.send, claimed.attempt, Outcome(state="accepted", at=at))

    assert audit.minutes_in_use(connection) == {0, 17}


def test_minutes_of_ended_enrollments_are_free(connection: Connection) -> None:
    row = an_enrollment(connection)
    enrollments.end(connection, row.id, STOPPED, 1000)

    assert audit.minutes_in_use(connection) == frozenset()

"""The claim: who may send, once, and what stops it."""

from sqlalchemy import Connection

from schemas.outcomes import Stopped, Suppressed
from schemas.suppression import Reason
from storage import enrollments
from storage.people import suppressions
from storage.sending import claims, sends
from storage.sending.claims import Claimed, Found
from storage.sending.sends import Outcome
from tests.storage.given import (
    MONDAY,
    STOPPED,
    TUESDAY,
    a_claim,
    a_claimed_send,
    a_command,
    a_suppression,
    an_enrollment,
)


def test_a_live_enrollment_claims_its_mail_to_the_contact_as_it_is(connection: Connection) -> None:
    row = an_enrollment(connection, "Ada@Example.com").id

    won = claims.claim(connection, a_claim(row))

    assert isinstance(won, Claimed)
    assert won.contact.email == "Ada@Example.com"
    assert won.message_id == f"<{won.send}@mail.example.com>"
    assert won.attempt == 1


def test_a_mail_is_claimed_once(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = a_claimed_send(connection, row)

    second = claims.claim(connection, a_claim(row))

    assert isinstance(second, Found)
    assert second.send.id == first.send
    assert second.send.state == "claimed"


def test_a_claim_with_an_outcome_gives_it_even_after_the_ending(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = a_claimed_send(connection, row)
    sends.record(connection, first.send, 1, Outcome(state="accepted", at=MONDAY, provider_id="abc"))
    enrollments.end(connection, row, STOPPED, 1000)

    second = claims.claim(connection, a_claim(row))

    assert isinstance(second, Found)
    assert (second.send.state, second.send.provider_id) == ("accepted", "abc")


def test_an_ended_enrollment_claims_nothing(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.end(connection, row, STOPPED, 1000)

    lost = claims.claim(connection, a_claim(row))

    assert lost == Stopped(ending=STOPPED)
    assert sends.of_enrollment(connection, row) == []


def test_a_paused_enrollment_claims_nothing_and_says_who_paused_it(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.pause(connection, row, a_command("pause"), TUESDAY)

    lost = claims.claim(connection, a_claim(row))

    assert lost == Stopped(at=TUESDAY, who="olga", why="the customer asked")


def test_a_resumed_enrollment_claims_again(connection: Connection) -> None:
    row = an_enrollment(connection).id
    enrollments.pause(connection, row, a_command("pause"), MONDAY)
    enrollments.resume(connection, row, a_command("resume", "command-2"), TUESDAY)

    won = claims.claim(connection, a_claim(row))

    assert isinstance(won, Claimed)


def test_an_unsubscribed_contact_gets_no_marketing(connection: Connection) -> None:
    row = an_enrollment(connection).id
    suppressions.suppress(connection, a_suppression())

    lost = claims.claim(connection, a_claim(row))

    assert lost == Suppressed(reason=Reason.UNSUBSCRIBED)


def test_an_unsubscribed_contact_gets_transactional_mail(connection: Connection) -> None:
    row = an_enrollment(connection).id
    suppressions.suppress(connection, a_suppression())

    won = claims.claim(connection, a_claim(row, transactional=True))

    assert isinstance(won, Claimed)


def test_a_bounced_address_gets_no_transactional_mail_either(connection: Connection) -> None:
    row = an_enrollment(connection).id
    suppressions.suppress(connection, a_suppression(reason=Reason.BOUNCED))

    lost = claims.claim(connection, a_claim(row, transactional=True))

    assert lost == Suppressed(reason=Reason.BOUNCED)


def test_a_topics_opt_out_stops_that_topic_only(connection: Connection) -> None:
    row = an_enrollment(connection).id
    suppressions.suppress(connection, a_suppression(topic="webinars"))

    lost = claims.claim(connection, a_claim(row, "intro", topic="webinars"))
    won = claims.claim(connection, a_claim(row, "intro", topic="product"))

    assert lost == Suppressed(reason=Reason.UNSUBSCRIBED)
    assert isinstance(won, Claimed)


def test_what_was_surely_not_accepted_is_claimed_again(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = a_claimed_send(connection, row)
    sends.record(connection, first.send, 1, Outcome(state="retry", at=MONDAY, reason="refused"))

    again = claims.claim(connection, a_claim(row))

    assert isinstance(again, Claimed)
    assert (again.send, again.attempt) == (first.send, 2)


def test_a_retry_is_stopped_by_an_ending(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = a_claimed_send(connection, row)
    sends.record(connection, first.send, 1, Outcome(state="retry", at=MONDAY))
    enrollments.end(connection, row, STOPPED, 1000)

    lost = claims.claim(connection, a_claim(row))

    assert lost == Stopped(ending=STOPPED)


def test_a_refused_mail_stays_refused_until_a_resume(connection: Connection) -> None:
    row = an_enrollment(connection).id
    first = a_claimed_send(connection, row)
    sends.record(connection, first.send, 1, Outcome(state="refused", at=MONDAY, reason="template"))

    before = claims.claim(connection, a_claim(row))
    after = claims.claim(connection, a_claim(row, resumes=1))

    assert isinstance(before, Found)
    assert before.send.reason == "template"
    assert isinstance(after, Claimed)

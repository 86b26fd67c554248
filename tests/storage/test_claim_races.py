"""The claim against what happens at the same moment, on real connections."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine

from schemas.contact import NewContact
from schemas.outcomes import Stopped, Suppressed
from schemas.progress import Ending
from schemas.suppression import Reason
from storage import enrolled, enrollments
from storage.people import contacts, merging, suppressions
from storage.sending import claims, sends
from storage.sending.claims import Claimed, Found
from tests.storage.given import (
    MONDAY,
    STOPPED,
    a_claim,
    a_command,
    a_contact,
    a_suppression,
    an_enrollment,
)
from tests.storage.rivals import Rivals

Act = Callable[[Connection, UUID], object]


def _end(connection: Connection, row: UUID) -> Ending:
    return enrollments.end(connection, row, STOPPED, 1000)


def _pause(connection: Connection, row: UUID) -> bool:
    return enrollments.pause(connection, row, a_command("pause"), MONDAY)


def _suppress(connection: Connection, _: UUID) -> bool:
    return suppressions.suppress(connection, a_suppression())


def _suppress_domain(connection: Connection, _: UUID) -> bool:
    blocked = a_suppression("example.com", Reason.BLOCKED).model_copy(update={"of": "domain"})
    return suppressions.suppress(connection, blocked)


_STOPS = [
    pytest.param(_end, Stopped(ending=STOPPED), id="exit"),
    pytest.param(_pause, Stopped(at=MONDAY, who="olga", why="the customer asked"), id="pause"),
    pytest.param(_suppress, Suppressed(reason=Reason.UNSUBSCRIBED), id="suppression"),
    pytest.param(_suppress_domain, Suppressed(reason=Reason.BLOCKED), id="domain"),
]


@pytest.fixture
def row(engine: Engine) -> UUID:
    with engine.begin() as connection:
        return an_enrollment(connection).id


def _of(act: Act, row: UUID) -> Callable[[Connection], object]:
    return lambda connection: act(connection, row)


def _claim(row: UUID) -> Callable[[Connection], object]:
    return partial(claims.claim, wanted=a_claim(row))


@pytest.mark.parametrize(("stop", "lost"), _STOPS)
def test_what_is_committed_while_the_claim_waits_stops_it(
    engine: Engine, rivals: Rivals, row: UUID, stop: Act, lost: object
) -> None:
    with engine.begin() as connection:
        stop(connection, row)
        claim = rivals.start_blocked(_claim(row))

    assert claim.result() == lost


@pytest.mark.parametrize(("stop", "_lost"), _STOPS)
def test_what_is_rolled_back_while_the_claim_waits_does_not_stop_it(
    engine: Engine, rivals: Rivals, row: UUID, stop: Act, _lost: object
) -> None:
    with engine.connect() as connection:
        stop(connection, row)
        claim = rivals.start_blocked(_claim(row))
        connection.rollback()

    assert isinstance(claim.result(), Claimed)


@pytest.mark.parametrize(("stop", "lost"), _STOPS)
def test_what_comes_while_a_claim_is_made_waits_for_it_and_stops_the_next(
    engine: Engine, rivals: Rivals, row: UUID, stop: Act, lost: object
) -> None:
    with engine.begin() as connection:
        first = claims.claim(connection, a_claim(row))
        stopping = rivals.start_blocked(_of(stop, row))
    stopping.result()
    with engine.begin() as connection:
        second = claims.claim(connection, a_claim(row, "second"))

    assert isinstance(first, Claimed)
    assert second == lost


def test_a_claim_that_waits_for_the_same_one_finds_it(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.begin() as connection:
        won = claims.claim(connection, a_claim(row))
        second = rivals.start_blocked(_claim(row))

    found = second.result()
    assert isinstance(won, Claimed)
    assert isinstance(found, Found)
    assert found.send.id == won.send


def test_a_claim_that_waits_for_one_rolled_back_wins(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.connect() as connection:
        claims.claim(connection, a_claim(row))
        second = rivals.start_blocked(_claim(row))
        connection.rollback()

    assert isinstance(second.result(), Claimed)


def test_of_many_claims_at_once_one_wins(engine: Engine, rivals: Rivals, row: UUID) -> None:
    many = [rivals.start(_claim(row)) for _ in range(16)]

    outcomes = [claim.result() for claim in many]

    assert [type(outcome) for outcome in outcomes].count(Claimed) == 1
    assert [type(outcome) for outcome in outcomes].count(Found) == 15
    with engine.connect() as connection:
        assert len(sends.of_enrollment(connection, row)) == 1


def test_the_claim_mails_to_the_address_that_is_committed_while_it_waits(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.begin() as connection:
        contact = enrolled.get(connection, row).contact_id
        contacts.change(connection, contact, NewContact(email="ada@elsewhere.example"))
        claim = rivals.start_blocked(_claim(row))

    won = claim.result()
    assert isinstance(won, Claimed)
    assert won.contact.email == "ada@elsewhere.example"


def test_a_suppression_of_the_new_address_stops_a_claim_that_waited_for_the_change(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.begin() as connection:
        suppressions.suppress(connection, a_suppression("ada@elsewhere.example", Reason.BOUNCED))
        contact = enrolled.get(connection, row).contact_id
        contacts.change(connection, contact, NewContact(email="ada@elsewhere.example"))
        claim = rivals.start_blocked(_claim(row))

    assert claim.result() == Suppressed(reason=Reason.BOUNCED)


def test_what_has_locked_the_contact_can_end_the_enrollment_while_a_claim_waits(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.begin() as connection:
        contacts.lock(connection, enrolled.get(connection, row).contact_id)
        claim = rivals.start_blocked(_claim(row))
        _end(connection, row)

    assert claim.result() == Stopped(ending=STOPPED)


def test_claims_and_opt_outs_of_one_contact_never_deadlock(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    def opt_out(connection: Connection) -> None:
        suppressions.suppress(connection, a_suppression())
        contact = enrolled.get(connection, row).contact_id
        contacts.lock(connection, contact)
        for live in enrolled.live_of(connection, contact):
            enrollments.end(connection, live.id, STOPPED, 1000)

    claiming = [
        rivals.start(partial(claims.claim, wanted=a_claim(row, f"step-{number}")))
        for number in range(8)
    ]
    opting_out = [rivals.start(opt_out) for _ in range(8)]

    outcomes = [claim.result() for claim in claiming]
    for one in opting_out:
        one.result()
    assert all(isinstance(outcome, Claimed | Stopped | Suppressed) for outcome in outcomes)
    with engine.connect() as connection:
        assert enrolled.get(connection, row).ended() == STOPPED


def test_a_contact_that_is_just_merged_is_claimed_for_under_the_kept_one(
    engine: Engine, rivals: Rivals, row: UUID
) -> None:
    with engine.begin() as connection:
        other = contacts.get(connection, enrolled.get(connection, row).contact_id)
        kept = a_contact(connection, "kept@example.com")
    assert other is not None

    with engine.begin() as connection:
        contacts.lock_all(connection, [kept.id, other.id], for_good=True)
        merging.move(connection, other, kept.id, "kim", MONDAY)
        late = rivals.start_blocked(partial(claims.claim, wanted=a_claim(row)))

    won = late.result()
    assert isinstance(won, Claimed)
    assert won.contact.id == kept.id

"""The numbers of a sequence, against rows that were written one by one."""

from datetime import timedelta

from sqlalchemy import Connection

from schemas.ledger import given_up
from schemas.progress import Ending
from storage import enrollments
from storage.entering import refusals
from storage.entering.refusals import Refusal
from storage.results import Results, StepNumbers, results
from storage.rows import EnrollmentRow
from storage.sending import claims, sends
from storage.sending.claims import Claimed
from storage.sending.sends import Fact, Outcome
from tests.storage.given import MONDAY, a_claim, a_command, an_enrollment

_LETTERS = {"A": "accepted", "R": "refused", "D": "in_doubt", "T": "retry"}
_FACTS: dict[str, Fact] = {
    "d": "delivered",
    "b": "bounced",
    "x": "dropped",
    "o": "opened",
    "c": "clicked",
    "r": "replied",
    "u": "unsubscribed",
    "s": "complained",
}


def _send(connection: Connection, row: EnrollmentRow, step: str, story: str) -> None:
    at = MONDAY if step == "intro" else MONDAY + timedelta(days=2)
    won = claims.claim(connection, a_claim(row.id, step).model_copy(update={"at": at}))
    assert isinstance(won, Claimed)
    outcome = Outcome.model_validate({"state": _LETTERS[story[0]], "at": at})
    sends.record(connection, won.send, 1, outcome)
    for letter in story[1:]:
        if letter == "n":
            sends.settle(connection, won.send, given_up(at))
        else:
            sends.note(connection, won.send, _FACTS[letter], at)


def _numbers(step: str, **counted: int) -> StepNumbers:
    names = [*StepNumbers.model_fields]
    return StepNumbers.model_validate(dict.fromkeys(names, 0) | {"step": step} | counted)


def test_each_mail_counts_once_under_each_thing_that_came_of_it(connection: Connection) -> None:
    stories = {
        "ada": ("Adoocr", "Ad"),
        "bob": ("Adu", "Abs"),
        "eve": ("Dn", "D"),
        "max": ("Ax", "R"),
        "zoe": ("T", "Ado"),
    }
    for name, (intro, second) in stories.items():
        row = an_enrollment(connection, f"{name}@example.com")
        _send(connection, row, "second", second)
        _send(connection, row, "intro", intro)
    elsewhere = an_enrollment(connection, sequence="outbound")
    _send(connection, elsewhere, "intro", "Adoc")

    counted = results(connection, "welcome")

    first = {"sent": 3, "not_sent": 1, "delivered": 2, "dropped": 1, "opened": 1, "clicked": 1}
    last = {"sent": 3, "in_doubt": 1, "refused": 1, "delivered": 2, "bounced": 1, "opened": 1}
    assert counted.steps == (
        _numbers("intro", **first, replied=1, unsubscribed=1),
        _numbers("second", **last, complained=1),
    )


def test_every_enrollment_is_live_or_under_its_ending(connection: Connection) -> None:
    names = ("replied", "replied", "completed", None, None)
    for number, name in enumerate(names):
        row = an_enrollment(connection, f"contact-{number}@example.com")
        if name is not None:
            enrollments.end(connection, row.id, Ending(name=name, at=MONDAY), 10)
        elif number == 4:
            enrollments.pause(connection, row.id, a_command("pause"), MONDAY)

    counted = results(connection, "welcome")

    assert (counted.enrolled, counted.live, counted.paused) == (5, 2, 1)
    assert counted.endings == {"replied": 2, "completed": 1}


def test_refused_enrollments_are_counted_by_reason_once_a_run(connection: Connection) -> None:
    audience = Refusal(
        workflow_id="welcome.ada",
        run_id="run-1",
        sequence="welcome",
        contact_id="ada",
        source="test",
        reason="audience",
        at=MONDAY,
    )
    again = audience.model_copy(update={"run_id": "run-2"})
    other = audience.model_copy(update={"workflow_id": "welcome.bob", "reason": "suppressed"})

    new = [refusals.record(connection, one) for one in (audience, audience, again, other)]

    assert new == [True, False, True, True]
    assert results(connection, "welcome").refused == {"audience": 2, "suppressed": 1}


def test_an_unknown_sequence_has_only_zeros(connection: Connection) -> None:
    assert results(connection, "unknown") == Results(
        sequence="unknown", enrolled=0, live=0, paused=0, endings={}, refused={}, steps=()
    )

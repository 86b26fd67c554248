from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from devstack.chaos.evidence import Accepted, Evidence, Expected, History, Posted, Run
from devstack.chaos.verdict import (
    AFTER_EXIT,
    DUPLICATES,
    ENROLLMENTS_LOST,
    HISTORIES_DIFFER,
    LOST,
    OTHERWISE,
    PROMISES,
    STEPS_LOST,
    WORDS_LOST,
    judge,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
SEND, OTHER, ROW = UUID(int=1), UUID(int=2), UUID(int=9)
WORKFLOW = "storm.ada"

SENT = Posted(
    send=SEND,
    enrollment=ROW,
    workflow_id=WORKFLOW,
    step="first",
    occurrence=1,
    state="accepted",
    claimed=NOON,
)
MAIL = Accepted(mail="m1", send=SEND, at=NOON)
RUN = Run(workflow_id=WORKFLOW, run_id="r1", ending="completed")
HISTORY = History(
    workflow_id=WORKFLOW, run_id="r1", is_closed=True, ending="completed", sent=(SEND,)
)
EXPECTED = Expected(workflow_id=WORKFLOW, ending="completed", steps=("first",))
WELL = Evidence(
    expected=(EXPECTED,),
    accepted=(MAIL,),
    ledger=(SENT,),
    runs=(RUN,),
    refused=(),
    histories=(HISTORY,),
    doubted=0,
    withheld=frozenset(),
    unbrought=0,
)


def _broken(**changes: object) -> dict[str, tuple[str, ...]]:
    verdict = judge(WELL.model_copy(update=changes))
    return {one.promise: one.broken for one in verdict.findings if one.broken}


def _posted(**changes: object) -> Posted:
    return SENT.model_copy(update=changes)


def test_a_run_in_which_all_is_well_holds() -> None:
    verdict = judge(WELL)

    assert verdict.holds
    assert [one.promise for one in verdict.findings] == list(PROMISES)


def test_a_mail_accepted_twice_under_one_send_is_found() -> None:
    twice = (MAIL, MAIL.model_copy(update={"mail": "m2"}))

    assert _broken(accepted=twice) == {DUPLICATES: ("storm.ada first: accepted 2 times",)}


def test_a_mail_of_one_step_under_two_sends_is_found() -> None:
    twice = (MAIL, Accepted(mail="m2", send=OTHER, at=NOON))

    found = _broken(accepted=twice, ledger=(SENT, _posted(send=OTHER)))

    assert found == {DUPLICATES: ("storm.ada first: accepted 2 times",)}


def test_a_mail_that_the_ledger_knows_nothing_of_is_lost() -> None:
    beside = (MAIL, Accepted(mail="m2", send=OTHER, at=NOON))

    assert _broken(accepted=beside) == {LOST: ("the emulator's mail m2: not on the ledger",)}


def test_a_mail_that_the_ledger_alone_calls_accepted_is_lost() -> None:
    assert _broken(accepted=()) == {
        LOST: ("storm.ada first: accepted on the ledger, not at SendGrid",)
    }


def test_a_claim_without_an_outcome_is_lost() -> None:
    found = _broken(ledger=(_posted(state="claimed"),), accepted=())

    assert found[LOST] == ("storm.ada first: claimed, and no outcome",)


@pytest.mark.parametrize("state", ["in_doubt", "not_sent", "refused", "retry"])
def test_a_mail_that_sendgrid_told_of_must_count_as_accepted(state: str) -> None:
    found = _broken(ledger=(_posted(state=state),))

    assert found[LOST] == (f"storm.ada first: {state} on the ledger, and SendGrid told of it",)


def test_a_mail_in_doubt_of_which_sendgrid_never_told_is_counted_apart() -> None:
    doubtful = _posted(state="not_sent")
    silent = HISTORY.model_copy(update={"sent": ()})

    verdict = judge(
        WELL.model_copy(
            update={
                "ledger": (doubtful,),
                "withheld": frozenset({SEND}),
                "histories": (silent,),
            }
        )
    )

    assert verdict.holds
    assert (verdict.not_sent, verdict.unknown_deliveries) == (1, 1)


def test_whoever_completed_without_a_mail_lost_it() -> None:
    longer = EXPECTED.model_copy(update={"steps": ("first", "second")})

    assert _broken(expected=(longer,)) == {STEPS_LOST: ("storm.ada second: completed without it",)}


def test_an_enrollment_that_is_not_on_record_is_lost() -> None:
    nobody = Expected(workflow_id="storm.bob", ending="completed")

    assert _broken(expected=(EXPECTED, nobody)) == {ENROLLMENTS_LOST: ("storm.bob: not on record",)}


def test_an_enrollment_that_has_not_ended_is_lost() -> None:
    live = RUN.model_copy(update={"ending": None})
    running = HISTORY.model_copy(update={"is_closed": False, "ending": None})

    found = _broken(runs=(live,), histories=(running,))

    assert found[ENROLLMENTS_LOST] == ("storm.ada: has not ended",)


def test_a_signal_that_was_never_brought_is_lost() -> None:
    assert _broken(unbrought=2) == {WORDS_LOST: ("2 signals never brought",)}


def test_an_event_that_was_acknowledged_and_is_not_on_record_is_lost() -> None:
    assert _broken(unrecorded=("reply of storm.ada",)) == {
        WORDS_LOST: ("reply of storm.ada: acknowledged, and not on record",)
    }


def test_a_claim_after_an_acknowledged_exit_is_found() -> None:
    over = EXPECTED.model_copy(update={"over": NOON - timedelta(seconds=2)})

    assert _broken(expected=(over,)) == {AFTER_EXIT: ("storm.ada first: claimed 2.00 s after",)}


def test_a_claim_before_the_exit_was_acknowledged_is_none_after_it() -> None:
    over = EXPECTED.model_copy(update={"over": NOON + timedelta(seconds=2)})

    assert _broken(expected=(over,)) == {}


def test_an_ending_that_the_simulator_does_not_know_is_found() -> None:
    other = EXPECTED.model_copy(update={"ending": "replied"})

    assert _broken(expected=(other,)) == {
        OTHERWISE: ("storm.ada: ended as completed, not as replied",)
    }


def test_a_history_that_tells_another_ending_is_found() -> None:
    other = HISTORY.model_copy(update={"ending": "stopped"})

    assert _broken(histories=(other,)) == {
        HISTORIES_DIFFER: ("storm.ada: stopped in Temporal, completed in PostgreSQL",)
    }


def test_a_history_that_tells_of_a_mail_that_the_ledger_does_not_is_found() -> None:
    beyond = HISTORY.model_copy(update={"sent": (SEND, OTHER)})

    assert _broken(histories=(beyond,)) == {
        HISTORIES_DIFFER: (f"storm.ada: sent {OTHER} in Temporal, None on the ledger",)
    }


def test_a_run_that_temporal_does_not_know_is_found() -> None:
    assert _broken(histories=()) == {HISTORIES_DIFFER: ("storm.ada: not in Temporal",)}

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from devstack.demo.checks import check
from devstack.demo.evidence import Accepted, Evidence, Execution
from devstack.demo.shapes import Checked
from schemas.ledger import SendState
from storage.audit import Posting, Run

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
LATER = MONDAY + timedelta(days=1)
ROW, SEND = uuid4(), uuid4()


def a_posting(
    state: SendState = "accepted", *, send: UUID = SEND, doubted: bool = False
) -> Posting:
    return Posting(
        send=send,
        workflow_id="welcome.ada",
        enrollment=ROW,
        step="intro",
        occurrence=1,
        state=state,
        claimed_at=MONDAY,
        ended_at=LATER,
        suppressed_at=None,
        doubted=doubted,
    )


def a_mail(send: UUID | None = SEND, *, at: datetime = MONDAY) -> Accepted:
    return Accepted(mail=uuid4().hex, send=send, sent_at=at)


def an_execution(ending: str | None = "completed", *, is_closed: bool = True) -> Execution:
    return Execution(workflow_id="welcome.ada", run_id="run-1", is_closed=is_closed, ending=ending)


def evidence(**changed: object) -> Evidence:
    sound = Evidence(
        asked=2,
        ledger=(a_posting(),),
        begun=(Run(workflow_id="welcome.ada", run_id="run-1", ending="completed"),),
        refused=(Run(workflow_id="welcome.bo", run_id="run-2", ending="audience"),),
        accepted=(a_mail(),),
        executions=(
            an_execution(),
            Execution(workflow_id="welcome.bo", run_id="run-2", is_closed=True, ending="audience"),
        ),
    )
    return sound.model_copy(update=changed)


def broken(**changed: object) -> list[str]:
    return [_words(one) for one in check(evidence(**changed)) if not one.kept]


def _words(one: Checked) -> str:
    return one.promise


def test_sound_evidence_keeps_every_promise() -> None:
    assert broken() == []


def test_accepted_mail_that_is_not_there_breaks_the_ledgers_word() -> None:
    assert broken(accepted=()) == [
        "Each mail that the ledger calls accepted is at SendGrid exactly once"
    ]


def test_mail_that_is_there_twice_is_a_step_mailed_twice() -> None:
    assert broken(accepted=(a_mail(), a_mail())) == [
        "Each mail that the ledger calls accepted is at SendGrid exactly once",
        "Nobody got the mail of a step twice",
    ]


def test_second_send_of_one_step_is_a_step_mailed_twice() -> None:
    other = uuid4()

    words = broken(ledger=(a_posting(), a_posting(send=other)), accepted=(a_mail(), a_mail(other)))

    assert words == ["Nobody got the mail of a step twice"]


def test_mail_without_a_send_is_one_beside_the_ledger() -> None:
    assert broken(accepted=(a_mail(), a_mail(None))) == [
        "No mail is at SendGrid that the ledger does not call accepted"
    ]


def test_mail_that_the_ledger_calls_not_sent_is_one_beside_it() -> None:
    assert broken(ledger=(a_posting("not_sent", doubted=True),)) == [
        "No mail is at SendGrid that the ledger does not call accepted"
    ]


def test_mail_after_the_ending_is_told() -> None:
    late = LATER + timedelta(minutes=1)

    assert broken(accepted=(a_mail(at=late),)) == ["Nobody was mailed after the ending"]


def test_mail_of_the_endings_own_minute_came_before_it() -> None:
    assert broken(accepted=(a_mail(at=LATER),)) == []


def test_mail_to_somebody_suppressed_is_told() -> None:
    suppressed = a_posting().model_copy(update={"suppressed_at": MONDAY - timedelta(hours=1)})

    assert broken(ledger=(suppressed,)) == ["Nobody was mailed while suppressed"]


def test_doubt_is_listed_and_breaks_nothing() -> None:
    checks = check(evidence(ledger=(a_posting(doubted=True),)))

    assert all(one.kept for one in checks)
    assert [line for one in checks for line in one.listed] == ["welcome.ada intro: now accepted"]


def test_claim_without_an_outcome_breaks_a_promise() -> None:
    open_claim = a_posting("claimed", send=uuid4()).model_copy(update={"step": "again"})

    assert broken(ledger=(a_posting(), open_claim)) == [
        "Each mail that was ever in doubt is listed, and no claim is without an outcome"
    ]


def test_ending_that_temporal_tells_otherwise_is_told() -> None:
    executions = (an_execution("replied"), *evidence().executions[1:])

    assert broken(executions=executions) == [
        "Each enrollment has an ending, the same in PostgreSQL and in Temporal"
    ]


def test_workflow_that_still_runs_has_no_ending() -> None:
    executions = (an_execution(is_closed=False), *evidence().executions[1:])

    assert broken(executions=executions) == [
        "Each enrollment has an ending, the same in PostgreSQL and in Temporal"
    ]


def test_enrollment_without_a_workflow_is_told() -> None:
    assert broken(executions=evidence().executions[1:]) == [
        "Each enrollment has an ending, the same in PostgreSQL and in Temporal"
    ]


def test_refusal_that_nobody_counted_is_told() -> None:
    words = broken(refused=(), executions=evidence().executions[:1])

    assert words == ["Everybody who was to be enrolled is counted, as enrolled or as refused"]


def test_child_of_a_hand_off_is_nobody_new() -> None:
    child = Run(workflow_id="priority.ada", run_id="run-3", ending="completed")
    parent = Run(workflow_id="welcome.ada", run_id="run-1", ending="handed_off")
    executions = (
        an_execution("handed_off"),
        Execution(workflow_id="priority.ada", run_id="run-3", is_closed=True, ending="completed"),
        *evidence().executions[1:],
    )

    assert broken(begun=(parent, child), executions=executions) == []

"""What the workflows of enrollments do themselves: begin, mail, settle, hand over, end, leave."""

from collections.abc import Callable
from functools import partial

from temporalio.exceptions import ApplicationError

from activities.mailing.sendgrid import Answer
from schemas.activities import (
    BeginRequest,
    EndRequest,
    HandOffRequest,
    LeaveRequest,
    RoomRequest,
    SendRequest,
    SettleRequest,
)
from schemas.enrollment import EnrollmentStart
from schemas.ids import enrollment_id
from schemas.outcomes import HandedOff
from schemas.progress import Ending
from storage.people import contacts
from tests.rush.folders import ORDERS, SEQUENCES, STEPS
from tests.rush.posting import ANSWERS
from tests.rush.rounds import Act, Wish
from tests.rush.runs import Run
from tests.rush.rush import Rush

_WHO = (0, 0, 1, 1, 2, 3)
_WHERE = ("paced", *SEQUENCES)


def start(rush: Rush, wish: Wish) -> list[Act]:
    """Start an enrollment, unless its workflow runs."""
    sequence, person = _WHERE[wish.first], rush.people[_WHO[wish.second]]
    with rush.engine.connect() as connection:
        contact = contacts.get(connection, person)
    assert contact is not None
    order = ORDERS[wish.second % 2] if sequence == "orders" else None
    name = enrollment_id(sequence, contact.id, order)
    if any(one.workflow_id == name for one in rush.of("asks", "waits", "live")):
        return []
    data = {} if order is None else {"order": order}
    first = EnrollmentStart(sequence=sequence, contact=contact.id, key=order, data=data)
    run = Run(name, f"run-{next(rush.ids)}", first)
    rush.runs.append(run)
    return _ask(rush, wish, run)


def again(rush: Rush, wish: Wish) -> list[Act]:
    """Let somebody who waits ask again, when called or when the moment has come."""
    return _one(rush, wish, [r for r in rush.of("asks", "waits") if r.may_ask(rush.now)], _ask)


def mail(rush: Rush, wish: Wish) -> list[Act]:
    """Claim the next mail of somebody, and post it."""
    due = [r for r in rush.of("live") if not r.is_done and not r.doubt and r.may_ask(rush.now)]
    return _one(rush, wish, due, _send)


def end(rush: Rush, wish: Wish) -> list[Act]:
    """Complete somebody's enrollment."""
    return _one(rush, wish, rush.of("live"), _end)


def leave(rush: Rush, wish: Wish) -> list[Act]:
    """Cancel the workflow of somebody who has not begun."""
    return _one(rush, wish, rush.of("asks", "waits"), _leave)


def settle(rush: Rush, wish: Wish) -> list[Act]:
    """Give a mail in doubt up."""
    return _one(rush, wish, [run for run in rush.of("live") if run.doubt], _settle)


def skip(rush: Rush, wish: Wish) -> list[Act]:
    """Skip a mail that was put off, as one that is not valid any more."""
    put_off = [r for r in rush.of("live") if not r.is_done and not r.doubt and r.until is not None]
    return _one(rush, wish, put_off, _skip)


def hand_over(rush: Rush, wish: Wish) -> list[Act]:
    """Let somebody go on in the urgent sequence."""
    return _one(rush, wish, [r for r in rush.of("live") if r.start.sequence == "quick"], _hand_over)


def vanish(rush: Rush, wish: Wish) -> list[Act]:
    """Terminate somebody's workflow, of which nobody is told."""

    def gone(rush: Rush, wish: Wish, run: Run) -> list[Act]:
        run.state = "over" if rush.own(run, wish, list, lambda _: None) else run.state
        return []

    return _one(rush, wish, rush.of("waits", "live"), gone)


def _one(
    rush: Rush, wish: Wish, runs: list[Run], act: Callable[[Rush, Wish, Run], list[Act]]
) -> list[Act]:
    return act(rush, wish, runs[wish.first % len(runs)]) if runs else []


def _ask(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    request = BeginRequest(
        start=run.start, workflow_id=run.workflow_id, run_id=run.run_id, now=rush.now
    )
    return rush.own(run, wish, partial(rush.live.begin_enrollment, request), run.begun)


def _send(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    run.due = run.due or rush.now
    request = SendRequest(
        row=run.row,
        step=STEPS[run.step],
        occurrence=1,
        due=run.due,
        now=rush.now,
        why="it is due",
        resumes=run.resumes,
        data=run.start.data,
        key=run.start.key,
    )
    answer = ANSWERS[max(0, wish.second - 2) % len(ANSWERS)]
    return rush.own(run, wish, partial(_post, rush, request, answer), run.sent)


def _post(rush: Rush, request: SendRequest, answer: Answer) -> object:
    since = rush.tick()
    rush.ground.sendgrid.answer_here(answer)
    try:
        return rush.live.send_email(request)
    except ApplicationError as error:
        return f"not accepted: {error}"
    finally:
        if rush.ground.sendgrid.has_posted_here and rush.ended.get(request.row, since) < since:
            rush.late.append(f"{request.step} of {request.row} went after its exit")


def _end(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    ending = Ending(name="completed", at=rush.now)
    request = EndRequest(row=run.row, ending=ending, rank=1000, timeline=())
    return rush.own(run, wish, partial(rush.live.end_enrollment, request), run.gone)


def _leave(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    request = LeaveRequest(
        start=run.start, workflow_id=run.workflow_id, run_id=run.run_id, now=rush.now
    )
    return rush.own(run, wish, partial(rush.live.leave_line, request), run.gone)


def _settle(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    request = SettleRequest(send=run.doubt or "", now=rush.now)
    return rush.own(run, wish, partial(rush.live.settle_send, request), run.settled)


def _skip(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    request = RoomRequest(row=run.row, step=STEPS[run.step], occurrence=1, now=rush.now)
    return rush.own(run, wish, partial(rush.live.leave_room, request), run.settled)


def _hand_over(rush: Rush, wish: Wish, run: Run) -> list[Act]:
    request = HandOffRequest(row=run.row, step="over", to="urgent", now=rush.now)

    def learn(answer: object) -> None:
        if isinstance(answer, HandedOff):
            run.state = "over"
            child = run.start.model_copy(update={"sequence": "urgent", "source": "hand-off"})
            if not any(
                r.workflow_id == answer.workflow_id for r in rush.of("asks", "waits", "live")
            ):
                rush.runs.append(Run(answer.workflow_id, f"run-{next(rush.ids)}", child))

    return rush.own(run, wish, partial(rush.live.hand_off, request), learn)

"""An enrollment run on as if nothing else happened: the same deciding, on a clock of its own."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from schemas.decisions import (
    Decision,
    Effect,
    Finish,
    HandOff,
    Hold,
    Look,
    Move,
    OpenTaskFor,
    Release,
    Send,
    Settle,
    Wait,
)
from schemas.outcomes import HandedOff, Sent, Settled
from schemas.progress import Progress
from schemas.sequence import Sequence
from workflows.after.deferring import braked
from workflows.after.outcomes import after_send, after_settle
from workflows.after.tracks import ended, was_sent_again
from workflows.after.transitions import after_effect, after_hand_off, after_note, after_task
from workflows.deciding.decisions import decide
from workflows.deciding.saying import written

MOST = 2_000
"""How many decisions are reckoned ahead: more than any sequence takes."""


class Outlook(NamedTuple):
    """How an enrollment will stand, its timeline having grown by what comes.

    If it does not end, it waits for something that may never happen (`waits`), or what follows
    depends on what others know (`depends`).
    """

    progress: Progress
    waits: Wait | None = None
    depends: str = ""


def run_on(sequence: Sequence, progress: Progress, now: datetime) -> Outlook:
    """Run on from `now` to the ending: every mail is accepted, no event comes, no task is done."""
    for _ in range(MOST):
        if progress.ending is not None:
            return Outlook(progress)
        decision = decide(sequence, progress, now)
        open_end = _open_end(progress, decision)
        if open_end:
            return Outlook(progress, depends=open_end)
        if not isinstance(decision, Wait):
            progress = _AFTER[type(decision)](sequence, progress, decision, now)
        elif decision.until is None:
            return Outlook(progress, waits=decision)
        else:
            now = max(now, decision.until)
    return Outlook(progress, depends="there is more to come than is reckoned ahead")


def _open_end(progress: Progress, decision: Decision) -> str:
    """Say what nobody knows of an act: what is asked then, or until when a brake is on."""
    if isinstance(decision, Look):
        return _asked(decision)
    kept = (
        braked(progress, decision.step, decision.occurrence) if isinstance(decision, Send) else None
    )
    if kept is None:
        return ""
    return f"{kept.step} is kept back ({kept.why}), and nobody knows until when"


def _asked(look: Look) -> str:
    asked = " and ".join(written(one) for one in look.questions)
    return f"which way {look.step} goes depends on {asked}, which is asked when it is reached"


def _sent(sequence: Sequence, progress: Progress, send: Send, now: datetime) -> Progress:
    outcome = Sent(send=f"{send.step}.{send.occurrence}", at=now)
    return after_send(sequence, progress, send, outcome, now)


def _handed_off(
    sequence: Sequence, progress: Progress, hand_off: HandOff, now: datetime
) -> Progress:
    answer = HandedOff(workflow_id=hand_off.to)
    return after_hand_off(sequence, progress, hand_off, answer, now)


def _settled(sequence: Sequence, progress: Progress, settle: Settle, now: datetime) -> Progress:
    mail = next(one for one in progress.doubts if one.send == settle.send)
    again = sequence.if_in_doubt == "resend" and not was_sent_again(progress, mail)
    settled = Settled(accepted=False, again=again)
    return after_settle(sequence, progress, settle, settled, now)


def _noted(
    _sequence: Sequence, progress: Progress, decision: Move | Hold | Release, _now: datetime
) -> Progress:
    return after_note(progress, decision)


def _finished(_sequence: Sequence, progress: Progress, finish: Finish, _now: datetime) -> Progress:
    return ended(progress, finish.ending)


_AFTER: dict[type[Decision], Callable[..., Progress]] = {
    Send: _sent,
    HandOff: _handed_off,
    Settle: _settled,
    Move: _noted,
    Hold: _noted,
    Release: _noted,
    OpenTaskFor: after_task,
    Effect: after_effect,
    Finish: _finished,
}

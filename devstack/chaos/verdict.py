"""The verdict over a chaos run's evidence: pure, each promise with what breaks it by name."""

from collections import Counter
from collections.abc import Callable, Iterable

from devstack.chaos.evidence import Evidence, Expected, Posted
from schemas.values import Value

_SENT = ("accepted",)
_OPEN = ("claimed",)
_DOUBTFUL = ("in_doubt", "not_sent")
COMPLETED = "completed"


class Finding(Value):
    """A promise, and everything that breaks it."""

    promise: str
    broken: tuple[str, ...]


class Verdict(Value):
    """What was found; it `holds` if nothing breaks a promise.

    `in_doubt_left` are mails in doubt at the end, `not_sent` those settled as not sent again;
    `unknown_deliveries` of these were accepted, and nobody told us.
    """

    enrollments: int
    mails: int
    doubted: int
    in_doubt_left: int
    not_sent: int
    unknown_deliveries: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return not any(finding.broken for finding in self.findings)

    def count(self, promise: str) -> int:
        """Count what breaks a promise."""
        return sum(len(one.broken) for one in self.findings if one.promise == promise)


def judge(evidence: Evidence) -> Verdict:
    """Hold the evidence against every promise."""
    states = Counter(one.state for one in evidence.ledger)
    there = {mail.send for mail in evidence.accepted}
    return Verdict(
        enrollments=len(evidence.runs),
        mails=len(evidence.accepted),
        doubted=evidence.doubted,
        in_doubt_left=states["in_doubt"],
        not_sent=states["not_sent"],
        unknown_deliveries=sum(
            one.send in there for one in evidence.ledger if one.state in _DOUBTFUL
        ),
        findings=tuple(
            Finding(promise=promise, broken=tuple(sorted(look(evidence))))
            for promise, look in _LOOKS.items()
        ),
    )


def _twice(evidence: Evidence) -> Iterable[str]:
    by_send = {one.send: one for one in evidence.ledger}
    mailed = Counter(
        (one.workflow_id, one.enrollment, one.step, one.occurrence)
        for mail in evidence.accepted
        if mail.send is not None and (one := by_send.get(mail.send))
    )
    for (workflow_id, _, step, _), count in mailed.items():
        if count > 1:
            yield f"{workflow_id} {step}: accepted {count} times"
    unknown = Counter(m.send for m in evidence.accepted if m.send and m.send not in by_send)
    for send, count in unknown.items():
        if count > 1:
            yield f"send {send}, unknown to the ledger: accepted {count} times"


def _lost_mails(evidence: Evidence) -> Iterable[str]:
    there, known = {mail.send for mail in evidence.accepted}, {one.send for one in evidence.ledger}
    for mail in evidence.accepted:
        if mail.send not in known:
            yield f"the emulator's mail {mail.mail}: not on the ledger"
    for one in evidence.ledger:
        fault = _fault_of(one, is_there=one.send in there, told=one.send not in evidence.withheld)
        if fault is not None:
            yield f"{_named(one)}: {fault}"


def _fault_of(one: Posted, *, is_there: bool, told: bool) -> str | None:
    if one.state in _OPEN:
        return "claimed, and no outcome"
    if one.state in _SENT:
        return None if is_there else "accepted on the ledger, not at SendGrid"
    if is_there and (told or one.state not in _DOUBTFUL):
        return f"{one.state} on the ledger, and SendGrid told of it"
    return None


def _lost_steps(evidence: Evidence) -> Iterable[str]:
    endings = {run.workflow_id: run.ending for run in evidence.runs}
    known = {
        (one.workflow_id, one.step) for one in evidence.ledger if one.state in (*_SENT, *_DOUBTFUL)
    }
    for wanted in evidence.expected:
        completed = endings.get(wanted.workflow_id) == COMPLETED
        for step in wanted.steps if completed else ():
            if (wanted.workflow_id, step) not in known:
                yield f"{wanted.workflow_id} {step}: completed without it"


def _lost_enrollments(evidence: Evidence) -> Iterable[str]:
    runs = {run.workflow_id: run for run in evidence.runs}
    for wanted in evidence.expected:
        run = runs.get(wanted.workflow_id)
        if run is None:
            yield f"{wanted.workflow_id}: not on record"
        elif run.ending is None:
            yield f"{wanted.workflow_id}: has not ended"


def _lost_words(evidence: Evidence) -> Iterable[str]:
    if evidence.unbrought:
        yield f"{evidence.unbrought} signals never brought"
    for word in evidence.unrecorded:
        yield f"{word}: acknowledged, and not on record"


def _after_exit(evidence: Evidence) -> Iterable[str]:
    over = {one.workflow_id: one.over for one in evidence.expected if one.over is not None}
    for one in evidence.ledger:
        ended = over.get(one.workflow_id)
        if ended is not None and one.claimed > ended:
            yield f"{_named(one)}: claimed {(one.claimed - ended).total_seconds():.2f} s after"


def _otherwise(evidence: Evidence) -> Iterable[str]:
    runs = {run.workflow_id: run for run in evidence.runs}
    for wanted in evidence.expected:
        run = runs.get(wanted.workflow_id)
        if run is not None and run.ending is not None and run.ending != wanted.ending:
            yield f"{wanted.workflow_id}: ended as {run.ending}, not as {_or_not(wanted)}"


def _or_not(wanted: Expected) -> str:
    return wanted.ending or "one that goes on"


def _histories_differ(evidence: Evidence) -> Iterable[str]:
    states = {one.send: one.state for one in evidence.ledger}
    runs = {
        (run.workflow_id, run.run_id): run.ending for run in (*evidence.runs, *evidence.refused)
    }
    for one in evidence.histories:
        known = runs.pop((one.workflow_id, one.run_id), None)
        if not one.is_closed or one.ending != known:
            yield f"{one.workflow_id}: {one.ending} in Temporal, {known} in PostgreSQL"
        for send in one.sent:
            if (state := states.get(send)) != "accepted":
                yield f"{one.workflow_id}: sent {send} in Temporal, {state} on the ledger"
    for workflow_id, _ in runs:
        yield f"{workflow_id}: not in Temporal"


def _named(one: Posted) -> str:
    return f"{one.workflow_id} {one.step}"


DUPLICATES = "no mail of a step was accepted twice"
LOST = "no mail is without its outcome"
STEPS_LOST = "whoever completed has every mail on the ledger"
ENROLLMENTS_LOST = "everybody is on record and has ended"
WORDS_LOST = "everything that was said is on record and was brought"
AFTER_EXIT = "nothing was claimed after an acknowledged exit"
OTHERWISE = "everybody ended as the simulator says"
HISTORIES_DIFFER = "Temporal's histories and PostgreSQL tell the same"

_LOOKS: dict[str, Callable[[Evidence], Iterable[str]]] = {
    DUPLICATES: _twice,
    LOST: _lost_mails,
    STEPS_LOST: _lost_steps,
    ENROLLMENTS_LOST: _lost_enrollments,
    WORDS_LOST: _lost_words,
    AFTER_EXIT: _after_exit,
    OTHERWISE: _otherwise,
    HISTORIES_DIFFER: _histories_differ,
}
PROMISES = tuple(_LOOKS)

"""Small true values to build tests from."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from schemas.calendar import Duration, Offset, Unit, Window, ZoneTable
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
from schemas.outcomes import Enrolled, HandedOff, Looked, Sent, Settled
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import AnyStep, EmailStep
from schemas.values import Facts
from workflows.after.outcomes import after_send, after_settle
from workflows.after.tracks import ended
from workflows.after.transitions import (
    after_effect,
    after_hand_off,
    after_look,
    after_note,
    after_task,
    begun,
)
from workflows.deciding.decisions import decide

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
"""Monday 2 March 2026, 10:00 in New York."""

OFFICE = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),))
"""Monday to Friday, 09:00 to 17:00."""


def days(count: int) -> Duration:
    return Duration(count=count, unit=Unit.DAYS)


def hours(count: int) -> Duration:
    return Duration(count=count, unit=Unit.HOURS)


def a_zone(name: str = "America/New_York", around: datetime = MONDAY) -> ZoneTable:
    """Read a zone's offsets hour by hour, a way of its own to compare the product's with."""
    zone, start = ZoneInfo(name), around - timedelta(days=2)
    offsets: list[Offset] = []
    for hour in range(24 * 500):
        at = start + timedelta(hours=hour)
        seconds = int((at.astimezone(zone).utcoffset() or timedelta()).total_seconds())
        if not offsets or offsets[-1].seconds != seconds:
            offsets.append(Offset(since=at, seconds=seconds))
    return ZoneTable(name=name, offsets=tuple(offsets))


NEW_YORK = a_zone()
UTC_ZONE = ZoneTable(name="UTC", offsets=(Offset(since=MONDAY, seconds=0),))


def an_email(name: str, **fields: object) -> EmailStep:
    return EmailStep.model_validate({"id": name, "email": name, **fields})


def a_sequence(*steps: AnyStep, **fields: object) -> Sequence:
    """Build a sequence whose steps follow one another, unless they say otherwise."""
    return Sequence.model_validate(
        {
            "name": "welcome",
            "steps": chained(*steps),
            "first": steps[0].id if steps else None,
            **fields,
        }
    )


def chained(*steps: AnyStep) -> tuple[AnyStep, ...]:
    following = [*[step.id for step in steps[1:]], None]
    return tuple(
        step if "next" in step.model_fields_set else step.model_copy(update={"next": after})
        for step, after in zip(steps, following, strict=True)
    )


def an_enrolled(sequence: Sequence, at: datetime = MONDAY, **fields: object) -> Enrolled:
    return Enrolled.model_validate(
        {
            "row": "11111111-1111-4111-8111-111111111111",
            "version": "a" * 64,
            "at": at,
            "sequence": sequence,
            "zone": NEW_YORK,
            **fields,
        }
    )


def a_progress(
    sequence: Sequence,
    at: datetime = MONDAY,
    *,
    key: str | None = None,
    values: Facts | None = None,
    **fields: object,
) -> Progress:
    return begun(an_enrolled(sequence, at, **fields), key, values)


def act(sequence: Sequence, progress: Progress, decision: Decision, now: datetime) -> Progress:
    """Do what was decided, as a world in which all goes well would."""
    if isinstance(decision, Send):
        sent = Sent(send=f"{decision.step}.{decision.occurrence}", at=now)
        return after_send(sequence, progress, decision, sent, now)
    if isinstance(decision, Finish):
        return ended(progress, decision.ending)
    if isinstance(decision, Wait | Move | Hold | Release | Look):
        return _noted(progress, decision)
    return _asked(sequence, progress, decision, now)


def _noted(progress: Progress, decision: Wait | Move | Hold | Release | Look) -> Progress:
    if isinstance(decision, Wait):
        return progress
    if isinstance(decision, Look):
        counts = dict.fromkeys((asked.mark for asked in decision.questions), 0)
        return after_look(progress, decision, Looked(counts=counts))
    return after_note(progress, decision)


def _asked(
    sequence: Sequence,
    progress: Progress,
    decision: OpenTaskFor | HandOff | Settle | Effect,
    now: datetime,
) -> Progress:
    if isinstance(decision, Effect):
        return after_effect(sequence, progress, decision, now)
    match decision:
        case OpenTaskFor():
            return after_task(sequence, progress, decision, now)
        case HandOff():
            answer = HandedOff(workflow_id="other.c1")
            return after_hand_off(sequence, progress, decision, answer, now)
        case Settle():
            return after_settle(sequence, progress, decision, Settled(accepted=False), now)


def run_until(
    sequence: Sequence, progress: Progress, now: datetime, end: datetime | None = None
) -> tuple[Progress, datetime]:
    """Decide and act, skipping waits, until the ending, a wait without an end, or `end`."""
    while progress.ending is None:
        decision = decide(sequence, progress, now)
        if isinstance(decision, Wait):
            if decision.until is None or (end is not None and decision.until > end):
                return progress, now
            now = decision.until
        progress = act(sequence, progress, decision, now)
    return progress, now

"""Holding explanations to the ledger and to the record: what is explained is what was."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine, select

from activities.sequences import sequences
from activities.zones import zone_table
from schemas.explained import Told
from schemas.progress import What
from schemas.sequence import Sequence
from schemas.values import cut
from starter.explaining.explanations import Explanation, explain
from storage.rows import EnrollmentRow, SendRow, shaped
from storage.schema.tables import enrollments
from storage.sending import sends
from workflows.moments.calendar import shown_in
from workflows.telling.ways import steps_of

Once = tuple[str, int]
"""A step, for the how-manieth time."""

_NOT_SENT = {"in_doubt", "not_sent"}
_ON_THE_WAY = {"to_come", "to_skip", "waiting", "unknown"}


async def disagreements(engine: Engine) -> list[str]:
    """Say where the explanation of any enrollment that ran and the record itself disagree."""
    with engine.connect() as connection:
        ran = select(enrollments).where(enrollments.c.closed_wall.is_not(None))
        found = connection.execute(ran).mappings()
        rows = [shaped(EnrollmentRow, row) for row in found]
    # What a scenario only put on record, as mails of other sequences, has no timeline.
    return [words for row in rows if row.timeline for words in await _of(engine, row)]


async def _of(engine: Engine, row: EnrollmentRow) -> list[str]:
    told = await explain(None, engine, str(row.id))
    assert isinstance(told, Explanation)
    with engine.connect() as connection:
        ledger = sends.of_enrollment(connection, row.id)
        sequence = sequences().get(connection, row.version)
    assert sequence is not None
    return [
        f"{row.workflow_id}: {words}"
        for words in (
            *_once_each(row, sequence, told),
            *_sends(row, told, ledger),
            *_skips(row, told),
            *_ended(row, told),
        )
    ]


def _once_each(row: EnrollmentRow, sequence: Sequence, told: Explanation) -> Iterator[str]:
    """Each step of the version is told once, and once for each time its entry of `on:` began."""
    expected = Counter({(step.id, 1): 1 for step in sequence.steps})
    for reaction in sequence.reactions:
        times = sum(
            (one.what, one.to) == (What.REACTED, reaction.first) for one in row.timeline or ()
        )
        inside = steps_of(sequence, reaction.first)
        expected |= Counter({(step, n): 1 for step in inside for n in range(1, times + 1)})
    found = Counter((one.step, one.occurrence) for one in told.steps)
    if found != expected:
        yield f"told {found - expected}, and not {expected - found}"


def _sends(row: EnrollmentRow, told: Explanation, ledger: list[SendRow]) -> Iterator[str]:
    """What SendGrid accepted is told as sent in its minute, with what the ledger says of it."""
    fates: dict[Once, Told] = {(one.step, one.occurrence): one for one in told.steps}
    accepted = {(send.step, send.occurrence): send for send in ledger if send.state == "accepted"}
    went = {once: one.at for once, one in fates.items() if one.fate == "sent"}
    if went != {once: _minute(send) for once, send in accepted.items()}:
        yield f"sent {went}, but accepted {sorted(accepted)}"
    zone = zone_table(row.zone, "UTC", row.enrolled_at)
    for once, send in accepted.items():
        due = shown_in(cut(send.due_at), zone)
        missing = [words for words in (due, *_telling(send)) if words not in fates[once].why]
        if missing:
            yield f"{once} went, but {missing} is not in: {fates[once].why}"
    for send in ledger:
        fate = fates[send.step, send.occurrence].fate
        if send.state in _NOT_SENT and fate not in _NOT_SENT:
            yield f"{send.step} is {send.state} and told as {fate}"


def _minute(send: SendRow) -> datetime:
    return cut(send.settled_at or send.claimed_at)


def _telling(send: SendRow) -> list[str]:
    """Give the parts of the ledger's own reason that carry a value of a rule."""
    parts = send.why.split("; ")
    return [part for part in parts if part.startswith("outside the") or "spread" in part]


def _skips(row: EnrollmentRow, told: Explanation) -> Iterator[str]:
    """Each mail that was skipped is told so, and each other step that was as passed over."""
    entries = (one for one in row.timeline or () if one.what is What.SKIPPED)
    skipped = Counter(one.step or "" for one in entries)
    mails = {one.step for one in told.steps if one.kind == "email"} & set(skipped)
    if {step: skipped[step] for step in mails} != _counted(told, "skipped"):
        yield f"skipped were {skipped}"
    if set(skipped) - mails - set(_counted(told, "passed_over")):
        yield f"passed over were {set(skipped) - mails}"


def _counted(told: Explanation, fate: str) -> Counter[str]:
    return Counter(one.step for one in told.steps if one.fate == fate)


def _ended(row: EnrollmentRow, told: Explanation) -> Iterator[str]:
    """Of what is over nothing is still to come, and it is told why it ended."""
    if {one.fate for one in told.steps} & _ON_THE_WAY:
        yield "something is still told to come"
    if told.over is None or not told.over.startswith(f"{row.ending}: "):
        yield f"it ended as {row.ending} and is told as {told.over}"
    ungrounded = [one.step for one in told.steps if not one.why.endswith(".")]
    if ungrounded:
        yield f"without a whole sentence: {ungrounded}"

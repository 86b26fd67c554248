"""What must hold when everybody is through: each promise checked against the evidence."""

from collections import Counter
from collections.abc import Callable
from uuid import UUID

from devstack.demo.evidence import Evidence
from devstack.demo.shapes import Checked
from storage.audit import Posting


def check(evidence: Evidence) -> tuple[Checked, ...]:
    """Check every promise."""
    return tuple(look(evidence) for look in _LOOKS)


def _ledger_is_true(evidence: Evidence) -> Checked:
    there = Counter(mail.send for mail in evidence.accepted)
    ours = {one.send: one for one in evidence.ledger if one.state == "accepted"}
    wrong = [
        f"{_named(one)}: accepted {there[send]} times"
        for send, one in ours.items()
        if there[send] != 1
    ]
    return Checked(
        promise="Each mail that the ledger calls accepted is at SendGrid exactly once",
        kept=not wrong,
        figures=f"{len(ours)} on the ledger, {sum(there[send] for send in ours)} there",
        listed=tuple(wrong),
    )


def _nothing_beside_the_ledger(evidence: Evidence) -> Checked:
    ours = {one.send for one in evidence.ledger if one.state == "accepted"}
    beside = [mail.mail for mail in evidence.accepted if mail.send not in ours]
    return Checked(
        promise="No mail is at SendGrid that the ledger does not call accepted",
        kept=not beside,
        figures=f"{len(evidence.accepted)} there, {len(beside)} unknown to the ledger",
        listed=tuple(f"the emulator's mail {mail}" for mail in beside),
    )


def _no_step_twice(evidence: Evidence) -> Checked:
    known = _by_send(evidence)
    keys = Counter(
        (one.enrollment, one.step, one.occurrence)
        for mail in evidence.accepted
        if (one := known.get(mail.send))
    )
    named = {(one.enrollment, one.step, one.occurrence): _named(one) for one in evidence.ledger}
    twice = [f"{named[key]}: {count} mails" for key, count in keys.items() if count > 1]
    return Checked(
        promise="Nobody got the mail of a step twice",
        kept=not twice,
        figures=f"{len(keys)} steps mailed, {len(twice)} of them more than once",
        listed=tuple(twice),
    )


def _silence_after_the_ending(evidence: Evidence) -> Checked:
    known = _by_send(evidence)
    late = [
        _named(one)
        for mail in evidence.accepted
        if (one := known.get(mail.send)) and one.ended_at and mail.sent_at > one.ended_at
    ]
    return Checked(
        promise="Nobody was mailed after the ending",
        kept=not late,
        figures=f"{len(late)} of {len(evidence.accepted)} mails",
        listed=tuple(late),
    )


def _silence_while_suppressed(evidence: Evidence) -> Checked:
    accepted = {mail.send for mail in evidence.accepted}
    mailed = [_named(one) for one in evidence.ledger if one.suppressed_at and one.send in accepted]
    return Checked(
        promise="Nobody was mailed while suppressed",
        kept=not mailed,
        figures=f"{len(mailed)} of {len(evidence.accepted)} mails",
        listed=tuple(mailed),
    )


def _doubts_are_known(evidence: Evidence) -> Checked:
    doubted = [one for one in evidence.ledger if one.doubted]
    unclear = [one for one in evidence.ledger if one.state in ("claimed", "retry")]
    return Checked(
        promise="Each mail that was ever in doubt is listed, and no claim is without an outcome",
        kept=not unclear,
        figures=f"{len(doubted)} in doubt, {len(unclear)} without an outcome",
        listed=tuple(f"{_named(one)}: now {one.state}" for one in (*doubted, *unclear)),
    )


def _endings_agree(evidence: Evidence) -> Checked:
    ours: dict[tuple[str, str | None], str | None] = {
        (run.workflow_id, run.run_id): run.ending for run in (*evidence.begun, *evidence.refused)
    }
    theirs: dict[tuple[str, str | None], str | None] = {
        (one.workflow_id, one.run_id): one.ending if one.is_closed else None
        for one in evidence.executions
    }
    differing = [
        f"{key[0]}: {ours.get(key)} in PostgreSQL, {theirs.get(key)} in Temporal"
        for key in ours.keys() | theirs.keys()
        if ours.get(key) is None or ours.get(key) != theirs.get(key)
    ]
    return Checked(
        promise="Each enrollment has an ending, the same in PostgreSQL and in Temporal",
        kept=not differing,
        figures=f"{len(ours)} in PostgreSQL, {len(theirs)} in Temporal, {len(differing)} differ",
        listed=tuple(differing),
    )


def _everybody_counted(evidence: Evidence) -> Checked:
    handed_over = sum(run.ending == "handed_off" for run in evidence.begun)
    entered = len(evidence.begun) - handed_over
    counted = entered + len(evidence.refused)
    return Checked(
        promise="Everybody who was to be enrolled is counted, as enrolled or as refused",
        kept=counted == evidence.asked,
        figures=f"{evidence.asked} asked for, {entered} enrolled, {len(evidence.refused)} refused",
    )


def _by_send(evidence: Evidence) -> dict[UUID | None, Posting]:
    return {one.send: one for one in evidence.ledger}


def _named(one: Posting) -> str:
    return f"{one.workflow_id} {one.step}"


_LOOKS: tuple[Callable[[Evidence], Checked], ...] = (
    _ledger_is_true,
    _nothing_beside_the_ledger,
    _no_step_twice,
    _silence_after_the_ending,
    _silence_while_suppressed,
    _doubts_are_known,
    _endings_agree,
    _everybody_counted,
)

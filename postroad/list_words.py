"""What is said of a list: what its check found, and what became of its rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Self

from postroad.printing import complain, counted, note, say
from schemas.values import Value
from starter.lists.checks import Checked
from starter.lists.dry_run import Forecast
from starter.lists.running import Standing

REASONS = {
    "unreadable": "cannot be read",
    "header": "the header line again",
    "no_address": "no email address",
    "malformed_address": "a malformed email address",
    "repeated": "the same contact as an earlier row",
    "no_contact": "no contact is named",
    "unknown_contact": "a contact that is not known",
    "no_id": "no id of the record's own",
    "too_large": "over 64 KiB",
    "two_people": "the address of one contact and the record id of another",
    "unreadable_date": "a date that cannot be read",
    "missing_key": "what the enrollment is per is missing, or no key",
    "other_key": "another key than the sequence's",
    "audience": "not in the audience",
    "suppressed": "suppressed",
    "already_enrolled": "enrolled already",
    "re_enroll": "was in it before",
    "holdout": "held out",
}
"""Why rows are refused, in words; a reason that is not here goes by its own name."""

DOUBTS = {
    "role": "a mailbox of a function (info@, sales@ …), read by several or by nobody",
    "disposable": "a throw-away address",
    "unknown_zone": "a time zone that is not known: the sequence's fallback counts",
    "opted_out": "opted out or bounced where the file comes from: suppressed here",
}


_MOST_HOURS = 24


class Outcome(Value):
    """What became of a list's rows: how many were let in, were refused and why, and wait."""

    list: str
    rows: int
    enrolled: int
    refused: dict[str, int]
    waiting: int
    report: str | None = None

    @classmethod
    def of(cls, list_id: str, standing: Standing, report: Path | None) -> Self:
        """Sum up where a list stands."""
        return cls(
            list=list_id,
            rows=standing.rows.rows,
            enrolled=standing.enrolled,
            refused=standing.refused,
            waiting=standing.waiting,
            report=None if report is None else str(report),
        )


def tell_check(found: Checked) -> None:
    """Say on standard error what a check found."""
    refused = sum(found.refused.values())
    note(f"{_rows(found.rows)}: {found.rows - refused} can be used, {refused} refused")
    for code, count in sorted(found.refused.items()):
        note(f"  {count} refused: {worded(code)}")
    for doubt, count in sorted(found.doubts.items()):
        note(f"  {count} noted: {DOUBTS[doubt]}")
    if found.report is not None:
        note(f"the refused rows, with lines and reasons: {found.report}")


def tell_outcome(outcome: Outcome) -> None:
    """Say what became of a list."""
    refused = sum(outcome.refused.values())
    say(
        f"{_rows(outcome.rows)}: {outcome.enrolled} enrolled, {refused} refused, "
        f"{outcome.waiting} waiting (list {outcome.list})"
    )
    tell_refused(outcome.refused)
    if outcome.waiting:
        say("what waits goes on with a worker (`postroad worker`) and the same command")


def tell_forecast(found: Forecast) -> None:
    """Say what would become of a list."""
    refused = sum(found.refused.values())
    say(
        f"{_rows(found.rows)}: {found.enrolled} would be enrolled, {refused} refused, "
        f"{found.waiting} would wait for their turn; nothing was changed"
    )
    for hour, count in sorted(found.first.items())[:_MOST_HOURS]:
        say(f"  {hour}  {counted(count, 'first mail')}")
    if len(found.first) > _MOST_HOURS:
        hours = counted(len(found.first) - _MOST_HOURS, "hour")
        say(f"  and later, in {hours} more (--json has them all)")
    if found.silent:
        say(f"  {found.silent} whose first mail hangs on what happens")
    tell_refused(found.refused)
    for fault, count in sorted(found.faults.items(), key=lambda one: -one[1]):
        complain(f"{_rows(count)} would be held: {fault}")


def tell_refused(reasons: Mapping[str, int]) -> None:
    """Complain of refused rows by their reasons, the most frequent first."""
    for code, count in sorted(reasons.items(), key=lambda one: -one[1]):
        complain(f"{count} refused ({code}): {worded(code)}")


def _rows(count: int) -> str:
    return counted(count, "row")


def worded(code: str) -> str:
    """Give a reason in words."""
    return REASONS.get(code, code)

"""A step's fate as its entries in the timeline tell it."""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.explained import Fate
from schemas.progress import Entry, What
from schemas.steps import AnyStep, EmailStep, TaskStep, UntilStep, WaitStep
from workflows.moments.calendar import shown_in
from workflows.telling.words import chained, clauses


class Line(NamedTuple):
    """An entry of the timeline, or of the one to come, and the zone in which it is told."""

    entry: Entry
    ahead: bool
    zone: ZoneTable

    @property
    def at(self) -> str:
        """Give its moment, as people are shown it."""
        return shown_in(self.entry.at, self.zone)


Own = list[tuple[bool, Entry]]
"""A step's entries, each marked if it lies ahead."""

Found = tuple[Fate, Entry, str]
"""A fate, the entry that tells of it, and why in a sentence."""


def fate_of(own: Own, step: AnyStep, zone: ZoneTable) -> Found | None:
    """Give a step's fate by its entries; None if none decides."""
    since = _since_sent_again(own)
    decisive = [(ahead, entry) for ahead, entry in since if entry.what in _FATES]
    if not decisive:
        return None
    ahead, entry = _last(decisive)
    fate = _FATES[entry.what]
    if entry.what is What.TASK_OPENED and _blocks(step):
        return "waiting", entry, ""
    line = Line(entry, ahead, zone)
    why = _of_mail(line, own, since) if isinstance(step, EmailStep) else _done(step, line)
    return ("to_come" if ahead else fate), entry, why


def _since_sent_again(own: Own) -> Own:
    again = [
        place
        for place, (ahead, entry) in enumerate(own, 1)
        if entry.what is What.SENT_AGAIN and not ahead
    ]
    return own[max(again, default=0) :]


def _of_mail(line: Line, own: Own, since: Own) -> str:
    told = _MAIL[line.entry.what](line)
    if line.entry.what is What.IN_DOUBT:
        again = any(one.what is What.SENT_AGAIN for _, one in since)
        return f"{told} {_THEN_SENT_AGAIN if again else _THEN_NOT_SENT}"
    return f"{told} {_HAD_BEEN_SENT}" if len(since) < len(own) else told


def _last(decisive: Own) -> tuple[bool, Entry]:
    known = [one for one in decisive if not one[0]]
    # What becomes of a mail in doubt if nothing comes is told with the doubt.
    return known[-1] if known and known[-1][1].what is What.IN_DOUBT else decisive[-1]


def _sent_again(own: list[tuple[bool, Entry]], *, ahead: bool) -> bool:
    return any(entry.what is What.SENT_AGAIN and lies >= ahead for lies, entry in own)


def came(entry: Entry, zone: ZoneTable) -> str:
    """Say in full why something was done or decided."""
    if entry.grounds:
        return "; ".join(clauses(list(entry.grounds), zone))
    return entry.why


def _blocks(step: AnyStep) -> bool:
    return isinstance(step, TaskStep) and step.blocking


def _done(step: AnyStep, line: Line) -> str:
    rule = "" if line.entry.grounds else f" (rule {_RULES[step.kind]})"
    told = f"{_named(step, line) or came(line.entry, line.zone)}{rule}"
    if line.entry.to is not None and line.entry.what in _LEADING:
        told = f"{told}; next {'comes' if line.ahead else 'came'} {line.entry.to}"
    return f"{told[:1].upper()}{told[1:]}."


def _named(step: AnyStep, line: Line) -> str:
    verb = "waits" if line.ahead else "waited"
    if line.entry.what is What.BRANCHED:
        return f"it asked: {came(line.entry, line.zone)}"
    match step:
        case WaitStep():
            return f"it {verb} {step.wait.words}, until {line.at}"
        case UntilStep():
            return f"it {verb} until {line.at}: {step.text}"
    return _given(step, line)


def _given(step: AnyStep, line: Line) -> str:
    if not isinstance(step, TaskStep) or line.entry.what is not What.TASK_OPENED:
        return ""
    return f"the task {step.task} {'will be' if line.ahead else 'was'} given to a person"


def _sent(line: Line) -> str:
    if not line.entry.grounds:
        return f"It {'will go' if line.ahead else 'went'} on {line.at}: {line.entry.why}."
    verb, goes = ("is", "it will go") if line.ahead else ("was", "it went")
    told = f"It {verb} {chained(line.entry.grounds, line.zone)}"
    last = line.entry.grounds[-1].at
    if last is not None and line.entry.at - last >= _MINUTE and not line.ahead:
        return f"{told}; {goes} on {line.at}, when a worker and SendGrid had time for it."
    alone = len(line.entry.grounds) == 1
    return f"{told}, and {goes} then." if alone else f"{told}; so {goes} on {line.at}."


def _skipped(line: Line) -> str:
    when = f"it {'will be' if line.ahead else 'was'} skipped on {line.at}"
    verb = "is" if line.ahead else "was"
    if not line.entry.grounds:
        return f"{when[:1].upper()}{when[1:]}: {line.entry.why}."
    if line.entry.grounds[0].rule in _DUE and len(line.entry.grounds) > 1:
        return f"It {verb} {chained(line.entry.grounds, line.zone)}; so {when}."
    told = "; ".join(clauses(list(line.entry.grounds), line.zone))
    return f"{told[:1].upper()}{told[1:]}; so {when}."


def _in_doubt(line: Line) -> str:
    return (
        f"It was handed to SendGrid on {line.at}, and no answer came: nobody knows yet if it went."
    )


def _settled(line: Line) -> str:
    verb = "will count" if line.ahead else "counted"
    return (
        f"Nobody knew if it went, and SendGrid told nothing of it: from "
        f"{line.at} on it {verb} as not sent, and is not sent again."
    )


_THEN_NOT_SENT = (
    "It is not sent again; half an hour later it counts as not sent, unless SendGrid has told of "
    "it by then."
)
_THEN_SENT_AGAIN = (
    "Half an hour later it is sent again, once, unless SendGrid has told of it by then."
)
_HAD_BEEN_SENT = "It had been handed to SendGrid before, and nobody knew if it went."
_MINUTE = timedelta(minutes=1)
_DUE = (1, 6)
_FATES: dict[What, Fate] = {
    What.SENT: "sent",
    What.SKIPPED: "skipped",
    What.IN_DOUBT: "in_doubt",
    What.SETTLED: "not_sent",
    What.WAITED: "done",
    What.BRANCHED: "done",
    What.TASK_OPENED: "done",
    What.TASK_DONE: "done",
    What.TASK_TIMED_OUT: "done",
    What.HANDED_OFF: "done",
    What.HAND_OFF_REFUSED: "done",
    What.EFFECT: "done",
}
_MAIL: dict[What, Callable[..., str]] = {
    What.SENT: _sent,
    What.SKIPPED: _skipped,
    What.IN_DOUBT: _in_doubt,
    What.SETTLED: _settled,
}
_LEADING = (What.WAITED, What.BRANCHED, What.TASK_TIMED_OUT, What.HAND_OFF_REFUSED)
_RULES = {
    "email": 1,
    "wait": 2,
    "wait_until": 2,
    "wait_for": 16,
    "when": 17,
    "task": 19,
    "hand_off": 21,
    "exit": 37,
    "set": 20,
    "webhook": 20,
    "notify": 20,
}

"""A step's fate as its entries in the timeline tell it."""

from schemas.calendar import ZoneTable
from schemas.explained import Fate
from schemas.progress import Entry, What
from schemas.steps import AnyStep, EmailStep, TaskStep
from workflows.telling.acts import done_told
from workflows.telling.lines import Line
from workflows.telling.mails import mail_told

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
    if entry.what is What.TASK_OPENED and isinstance(step, TaskStep) and step.blocking:
        return "waiting", entry, ""
    place = [one for _, one in since].index(entry)
    before, after = (tuple(one for _, one in part) for part in (since[:place], since[place:]))
    line = Line(entry, ahead, zone, before, after, is_again=len(since) < len(own))
    is_mail = isinstance(step, EmailStep)
    why = mail_told(line) if is_mail else done_told(step, line)
    return _fate(entry, ahead=ahead, is_mail=is_mail), entry, why


def _since_sent_again(own: Own) -> Own:
    again = [
        place
        for place, (ahead, entry) in enumerate(own, 1)
        if entry.what is What.SENT_AGAIN and not ahead
    ]
    return own[max(again, default=0) :]


def _last(decisive: Own) -> tuple[bool, Entry]:
    known = [one for one in decisive if not one[0]]
    # What becomes of a mail in doubt if nothing comes is told with the doubt.
    return known[-1] if known and known[-1][1].what is What.IN_DOUBT else decisive[-1]


def _fate(entry: Entry, *, ahead: bool, is_mail: bool) -> Fate:
    if entry.what is What.SKIPPED and not is_mail:
        return "passed_over"
    if ahead:
        return "to_skip" if entry.what is What.SKIPPED else "to_come"
    return _FATES[entry.what]


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

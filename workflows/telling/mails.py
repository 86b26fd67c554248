"""What became of a mail, or will, and why, in a sentence."""

from collections.abc import Callable
from datetime import timedelta

from schemas.progress import Ground, What
from workflows.moments.calendar import shown_in
from workflows.telling.lines import Line, sentence
from workflows.telling.words import chained, clauses


def mail_told(line: Line) -> str:
    """Tell why a mail went, was skipped, is in doubt or was settled as not sent."""
    told = _TOLD[line.entry.what](line)
    return f"{told} {_HAD_BEEN_SENT}" if line.is_again else told


def _sent(line: Line) -> str:
    goes, grounds = line.tensed("went", "will go"), line.entry.grounds
    doubt = line.earlier(What.IN_DOUBT)
    if doubt is not None:
        return f"{_due(line, doubt.grounds)}It was handed to SendGrid on {line.at}: {_LEARNED}"
    if not grounds:
        return f"It {goes} on {line.at}: {line.entry.why}."
    told = f"It {line.tensed('was', 'is')} {chained(grounds, line.zone)}"
    last = grounds[-1].at
    if last is not None and line.entry.at - last >= _MINUTE and not line.ahead:
        return f"{told}; {_late(line)}"
    alone = len(grounds) == 1
    return f"{told}, and it {goes} then." if alone else f"{told}; so it {goes} on {line.at}."


def _late(line: Line) -> str:
    kept = line.earlier(What.DEFERRED)
    if kept is None:
        return f"it went on {line.at}, when a worker and SendGrid had time for it."
    return f"it was kept back ({kept.why}) and went on {line.at}."


def _due(line: Line, grounds: tuple[Ground, ...]) -> str:
    return f"It was {chained(grounds, line.zone)}. " if grounds else ""


def _skipped(line: Line) -> str:
    when, grounds = f"it {line.tensed('was', 'will be')} skipped on {line.at}", line.entry.grounds
    if not grounds:
        return sentence(f"{when}: {line.entry.why}")
    if grounds[0].rule in _FIRST and len(grounds) > 1:
        return f"It {line.tensed('was', 'is')} {chained(grounds, line.zone)}; so {when}."
    return sentence(f"{'; '.join(clauses(list(grounds), line.zone))}; so {when}")


def _in_doubt(line: Line) -> str:
    again = any(one.what is What.SENT_AGAIN for one in line.after)
    return (
        f"{_due(line, line.entry.grounds)}It was handed to SendGrid on {line.at}, and no answer "
        f"came: nobody knows yet if it went. {_THEN_SENT_AGAIN if again else _THEN_NOT_SENT}"
    )


def _settled(line: Line) -> str:
    doubt, verb = line.earlier(What.IN_DOUBT), line.tensed("counted", "will count")
    handed = (
        "" if doubt is None else f"It was handed to SendGrid on {shown_in(doubt.at, line.zone)}. "
    )
    due = "" if doubt is None else _due(line, doubt.grounds)
    return (
        f"{due}{handed}Nobody knew if it went, and SendGrid told nothing of it: from "
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
_LEARNED = "no answer came then, but SendGrid told later that it went."
_MINUTE = timedelta(minutes=1)
_FIRST = (1, 6)
_TOLD: dict[What, Callable[[Line], str]] = {
    What.SENT: _sent,
    What.SKIPPED: _skipped,
    What.IN_DOUBT: _in_doubt,
    What.SETTLED: _settled,
}

"""What kept a mail back until its enrollment was over, as the timeline tells it."""

from collections.abc import Iterable, Iterator

from schemas.progress import Entry, What
from schemas.steps import AnyStep, EmailStep


def kept_back(entries: Iterable[Entry], step: AnyStep, ending: Entry) -> str:
    """Say what kept the mail of a step back, if anything did till the ending's moment."""
    standing: dict[What, str] = {}
    for entry in entries if isinstance(step, EmailStep) else ():
        standing.update(_begins(entry, step))
        for over in _RELEASED_BY.get(entry.what, ()) if entry.at < ending.at else ():
            standing.pop(over, None)
    return "; ".join(standing.values())


def _begins(entry: Entry, step: AnyStep) -> Iterator[tuple[What, str]]:
    if entry.what is What.DEFERRED and entry.step == step.id:
        yield entry.what, entry.why
    spares = isinstance(step, EmailStep) and step.transactional and entry.what is What.TURN_LOST
    if entry.what in _STOPS and not spares:
        yield entry.what, f"{_STOPS[entry.what]}{entry.why}"


_STOPS = {What.TURN_LOST: "", What.PAUSED: "paused ", What.HELD: "held: "}
_RELEASED_BY = {What.TURN_BACK: (What.TURN_LOST,), What.RESUMED: (What.PAUSED, What.HELD)}

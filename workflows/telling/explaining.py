"""An enrollment explained as a whole, from what its workflow or the record knows."""

from datetime import datetime

from schemas.calendar import ZoneTable
from schemas.explained import Ahead, Explained
from schemas.progress import Entry, Progress
from schemas.sequence import Sequence
from workflows.deciding.stops import stops
from workflows.moments.calendar import shown
from workflows.telling.ends import ends_of
from workflows.telling.forward import Outlook, run_on
from workflows.telling.lines import came
from workflows.telling.places import Places, places_of
from workflows.telling.steps import Book, steps_told
from workflows.telling.waiting import waits_of


def explained(sequence: Sequence, progress: Progress, now: datetime) -> Explained:
    """Explain an enrollment as its workflow knows it at `now`; never raises."""
    if progress.ending is not None:
        return told_after(sequence, progress.timeline, progress.zone)
    places = places_of(sequence, progress, now)
    outlook = run_on(sequence, progress, now)
    book = Book(
        sequence=sequence,
        zone=progress.zone,
        entries=outlook.progress.timeline,
        past=len(progress.timeline),
        here=places,
        stuck=Places() if outlook.progress.ending else _last_places(sequence, outlook, now),
        open_end=_open_end(sequence, outlook),
    )
    return Explained(
        steps=tuple(steps_told(book)),
        waits=tuple(waits_of(sequence, progress, places, now)),
        ahead=tuple(_ahead(entry, progress.zone) for entry in book.entries[book.past :]),
        depends=tuple(filter(None, [outlook.depends or book.open_end])),
        ends=tuple(ends_of(sequence, progress, now)),
    )


def told_after(
    sequence: Sequence, entries: tuple[Entry, ...], zone: ZoneTable, open_end: str = ""
) -> Explained:
    """Explain what was, by a timeline alone; `open_end` says why no more is known if it goes on."""
    book = Book(sequence, zone, entries, len(entries), open_end=open_end)
    ending = book.ending
    over = None if ending is None else f"{ending.why}: {came(ending, zone)}"
    return Explained(steps=tuple(steps_told(book)), over=over)


def _last_places(sequence: Sequence, outlook: Outlook, now: datetime) -> Places:
    latest = max([now, *(entry.at for entry in outlook.progress.timeline)])
    return places_of(sequence, outlook.progress, latest)


def _open_end(sequence: Sequence, outlook: Outlook) -> str:
    kept = [one for one in stops(sequence, outlook.progress) if one.until is None]
    if kept:
        return f"{_KEPT.get(kept[0].kind, 'mails are kept back')}, and nobody knows until when"
    if outlook.waits is not None:
        return f"{outlook.waits.step} comes first, and nobody knows when that is done"
    return outlook.depends


def _ahead(entry: Entry, zone: ZoneTable) -> Ahead:
    return Ahead(
        at=entry.at,
        local=shown(entry.at, zone),
        what=entry.what,
        step=entry.step,
        why=entry.why,
    )


_KEPT = {
    "pause": "the enrollment is paused",
    "hold": "the enrollment is held",
    "turn": "another sequence has the contact",
}

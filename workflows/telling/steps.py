"""What became of each step of a sequence, or will, and why: once for each time it may be done."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.explained import Fate, Told
from schemas.matchers import StepId
from schemas.progress import Entry, What
from schemas.sequence import Sequence
from schemas.steps import AnyStep, EmailStep, ExitStep
from workflows.moments.calendar import shown, shown_in
from workflows.telling.acts import unless
from workflows.telling.fates import fate_of
from workflows.telling.keeping import kept_back
from workflows.telling.lines import came, sentence
from workflows.telling.places import Place, Places, told_at
from workflows.telling.ways import passed_by, steps_of
from workflows.telling.words import happens


@dataclass(frozen=True)
class Book:
    """What is told of: the timeline so far (`past` entries of it) and as it would go on.

    `here` is where the enrollment waits now, `stuck` where it would wait in the end; `open_end`
    says why nobody knows how it goes on, if nobody does.
    """

    sequence: Sequence
    zone: ZoneTable
    entries: tuple[Entry, ...]
    past: int
    here: Places = field(default_factory=Places)
    stuck: Places = field(default_factory=Places)
    open_end: str = ""

    @property
    def ending(self) -> Entry | None:
        """Give the entry of the ending, if it has ended or would."""
        return next((one for one in self.entries if one.what is What.ENDED), None)


class Once(NamedTuple):
    """A step, for the how-manieth time."""

    step: AnyStep
    occurrence: int = 1


def steps_told(book: Book) -> Iterator[Told]:
    """Tell each step's fate, in the order of the sequence."""
    main = steps_of(book.sequence, book.sequence.first)
    begun = [(one, _begun(book, one.first)) for one in book.sequence.reactions]
    inside = [(steps_of(book.sequence, one.first), times) for one, times in begun]
    for step in book.sequence.steps:
        times = next((times for steps, times in inside if step.id in steps), 0)
        if step.id in main:
            yield _told(book, Once(step))
        elif times:
            yield from (_told(book, Once(step, occurrence)) for occurrence in range(1, times + 1))
        else:
            yield _not_called(book, step)


def _begun(book: Book, first: StepId) -> int:
    steps = steps_of(book.sequence, first)
    known = [one.occurrence for one in book.entries if one.step in steps]
    reacted = sum(one.what is What.REACTED and one.to == first for one in book.entries)
    return max([reacted, *known])


def _told(book: Book, once: Once) -> Told:
    own = [
        (number >= book.past, entry)
        for number, entry in enumerate(book.entries)
        if (entry.step, entry.occurrence) == (once.step.id, once.occurrence)
    ]
    place = _place(book, once)
    if place is not None and not isinstance(place.step, EmailStep):
        return _waiting(book, once, place, own)
    found = fate_of(own, once.step, book.zone)
    if found is None or found[0] == "waiting":
        waits = None if place is None else _waiting(book, once, place, own)
        return waits or _exit(book, once) or _elsewhere(book, once)
    fate, entry, why = found
    return _made(book, once, fate, why, entry)


def _place(book: Book, once: Once) -> Place | None:
    at = (once.step.id, once.occurrence)
    here = book.here.get(at)
    if here is not None and (book.ending is None or not isinstance(here.step, EmailStep)):
        return here
    return book.stuck.get(at)


def _waiting(book: Book, once: Once, place: Place, own: list[tuple[bool, Entry]]) -> Told:
    since = next((entry for ahead, entry in reversed(own) if not ahead), None)
    to = next((entry.to for ahead, entry in own if ahead and entry.to), None)
    then = "" if to is None else f" {sentence(f'{unless(once.step)}then comes {to}')}"
    return _made(book, once, "waiting", f"It {told_at(place, book.zone)}.{then}", since)


def _exit(book: Book, once: Once) -> Told | None:
    ending, step = book.ending, once.step
    if ending is None or not isinstance(step, ExitStep):
        return None
    if not any(one.words.startswith(f"step {step.id}:") for one in ending.grounds):
        return None
    ahead = book.entries.index(ending) >= book.past
    why = f"It {'will end' if ahead else 'ended'} the enrollment as {step.ending} (rule 37)."
    return _made(book, once, "to_come" if ahead else "done", why, ending)


def _elsewhere(book: Book, once: Once) -> Told:
    own = (one for one in book.entries if one.occurrence == once.occurrence)
    past, ending = passed_by(book.sequence, once.step.id, own), book.ending
    if past is not None:
        taken = "was taken" if book.entries.index(past) < book.past else "would be taken"
        why = f"Another branch {taken} at {past.step}: {came(past, book.zone)}."
        return _made(book, once, "passed_over", why)
    if ending is None:
        why = f"Nobody knows yet when it comes, or whether: {book.open_end}."
        return _made(book, once, "unknown", why)
    when = f"{ending.why} on {shown_in(ending.at, book.zone)}"
    if book.entries.index(ending) >= book.past:
        why = f"It would not come to it: the enrollment would end as {when}."
    elif _is_reached(book, once):
        kept = kept_back(book.entries, once.step, ending)
        what = f"it was kept back ({kept}), and the" if kept else "the"
        why = f"It was its turn, but {what} enrollment ended first, as {when}."
    else:
        why = f"It did not come to it: the enrollment ended as {when}."
    return _made(book, once, "not_reached", why)


def _is_reached(book: Book, once: Once) -> bool:
    return once.step.id == book.sequence.first or any(
        (entry.to, entry.occurrence) == (once.step.id, once.occurrence) for entry in book.entries
    )


def _not_called(book: Book, step: AnyStep) -> Told:
    called = next(
        one for one in book.sequence.reactions if step.id in steps_of(book.sequence, one.first)
    )
    over = book.ending is not None and book.entries.index(book.ending) < book.past
    so_far = "which did not happen" if over else "which has not happened"
    why = f"It stands under `on:` and comes when {happens(called.on)}, {so_far} (rule 18)."
    return _made(book, Once(step), "not_called", why)


def _made(book: Book, once: Once, fate: Fate, why: str, entry: Entry | None = None) -> Told:
    return Told(
        step=once.step.id,
        kind=once.step.kind,
        occurrence=once.occurrence,
        fate=fate,
        at=None if entry is None else entry.at,
        local=None if entry is None else shown(entry.at, book.zone),
        why=why,
    )

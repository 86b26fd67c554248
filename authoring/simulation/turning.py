"""Words of a script about turns: another sequence of the group has the contact, or no more."""

from collections.abc import Callable
from datetime import datetime

from authoring.text.faults import Slip
from schemas.events import Turn
from schemas.progress import Progress
from schemas.sequence import Sequence

_WHY = {
    False: "another sequence goes first for this contact",
    True: "the other sequence is done with this contact",
}


def turn_of(
    word: str, mark: str, sequence: Sequence, *, held: bool
) -> Callable[[Progress, datetime], Turn] | Slip:
    """Make the turn's loss or return happen; a slip if the sequence shares no contacts."""
    mails = any(not step.transactional for step in sequence.emails)
    if sequence.turns is not None and sequence.turns.exclusive is not None and mails:
        return lambda _, at: Turn(id=mark, at=at, held=held, why=_WHY[held])
    problem = f"`{word}` changes nothing in a sequence that has no contact by turns"
    return Slip(text=word, problem=problem, mend="give it `exclusive` and a marketing mail")

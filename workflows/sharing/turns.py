"""Whose turn a contact is in a group of sequences: who gets it, and who comes next (rule 28)."""

from collections.abc import Iterable
from datetime import datetime

from schemas.turns import Contender
from schemas.values import Value


class Granted(Value):
    """Whoever asks has the turn from now on; the `loser` had it until now."""

    loser: Contender | None = None


class Busy(Value):
    """Whoever asks comes after `by`."""

    by: Contender


def answer(
    standing: Iterable[Contender], priority: int, at: datetime, *, heir_of: int | None = None
) -> Granted | Busy:
    """Answer one of `priority` that asks at `at`: only a higher one takes over from who has it.

    An heir (of a hand-off) takes the place of its parent, unless somebody higher waits.
    """
    known = list(standing)
    has = next((one for one in known if one.state == "holds"), None)
    if has is None:
        return Granted()
    if has.id == heir_of:
        next_one = following(known, at)
        outranked = next_one is not None and next_one.priority > priority
        return Busy(by=next_one) if next_one is not None and outranked else Granted()
    return Granted(loser=has) if has.priority < priority else Busy(by=has)


def following(standing: Iterable[Contender], at: datetime) -> Contender | None:
    """Give who comes next: the highest priority, of these who asked first.

    Who has not begun and has waited its time is passed over; its last minute still counts.
    """
    waiting = (one for one in standing if one.state == "waits" and not has_given_up(one, at))
    return min(waiting, key=lambda one: (-one.priority, one.asked_at, one.id), default=None)


def has_given_up(one: Contender, at: datetime) -> bool:
    """Tell whether somebody that has not begun has waited as long as it was to."""
    return one.until_at is not None and one.until_at < at


def before(first: Contender, priority: int) -> str:
    """Say, as people read it, why `first` comes before one of `priority`."""
    if first.state == "waits":
        waits = f"{first.sequence} waits for this contact and goes first"
        return f"{waits}: priority {first.priority} over {priority}"
    if first.priority == priority:
        return f"{first.sequence} has this contact already, with the same priority {priority}"
    return over(first.sequence, first.priority, priority)


def over(sequence: str, higher: int, lower: int) -> str:
    """Say, as people read it, why a sequence takes a contact over from another one."""
    return f"{sequence} goes first for this contact: priority {higher} over {lower}"


def freed(gone: Contender) -> str:
    """Say, as people read it, why it is somebody else's turn now."""
    return f"{gone.sequence} is done with this contact ({gone.ended_as})"

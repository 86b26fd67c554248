"""`postroad triggers`: what enrolls people by itself, who waits, and how many entered today."""

from collections.abc import Iterator
from typing import Annotated

import typer

from postroad.printing import AsJson, refuse, say, show_json
from postroad.session import run
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from schemas.values import Moment
from starter.enrolling.standing import TriggerStands, standing_triggers

Of = Annotated[
    str | None, typer.Argument(metavar="SEQUENCE", help="Of which sequence alone; else of all.")
]


def show_triggers(sequence: Of = None, *, as_json: AsJson = False) -> None:
    """Show the triggers that stand: since when, who waits, and how many entered today.

    Of one with `max` also who is due and held back. What one waits for of a single contact:
    `postroad explain --contact X --sequence Y`.
    """

    async def work(session: Session) -> tuple[TriggerStands, ...] | Refused:
        return standing_triggers(session.engine, sequence, wall_now())

    answer = run(work)
    if isinstance(answer, Refused):
        refuse(answer.message)
    if as_json:
        show_json(answer)
    else:
        _tell(answer)


def _tell(found: tuple[TriggerStands, ...]) -> None:
    if not found:
        say("no triggers stand: nobody is enrolled by itself")
    for one in found:
        say(f"{one.sequence}: {one.trigger}")
        for line in words_of(one):
            say(f"  {line}")


def words_of(one: TriggerStands) -> Iterator[str]:
    """Say how a trigger stands, in lines."""
    yield f"since {_at(one.since)}, version {one.version[:12]}, `backfill: {one.backfill}`"
    if one.looks:
        yield "still looks through those who were there before it"
    most = "" if one.per_day is None else f" of {one.per_day}"
    yield f"{one.today}{most} entered today ({one.day}, {one.zone})"
    if one.waiting:
        yield f"{_people(one.waiting)}, {_when(one)}"
    if one.held_at is not None:
        yield f"`max` held somebody back until {_at(one.held_at)} at least"


def _when(one: TriggerStands) -> str:
    if one.left_over:
        return f"{one.left_over} of them due already: so many a day enter, the oldest first"
    return "" if one.next_at is None else f"the first until {_at(one.next_at)}"


def _people(count: int) -> str:
    return "1 person waits" if count == 1 else f"{count} people wait"


def _at(moment: Moment) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


COMMANDS = {"triggers": show_triggers}

"""`postroad simulate`: what would happen, before anything does."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from authoring.faults import Faults
from authoring.rates import Rates
from authoring.simulations import Simulation
from postroad.crowds import (
    Away,
    Bounced,
    Clicked,
    Days,
    Many,
    Opened,
    Plot,
    RatesFile,
    Replied,
    Seed,
    Unsubscribed,
    Zones,
    a_zone,
    complain_of,
    tell_many,
)
from postroad.options import Data
from postroad.printing import AsJson, Side, complain, refuse, say, show_json, show_rows
from postroad.words import facts
from runtime.clock import wall_now
from schemas.values import Facts
from starter.simulating import Many as Crowded
from starter.simulating import Supposed, simulate_folder, simulate_many

_SHOWN = "%a %d %b %Y %H:%M"


Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A sequence's folder.")]
On = Annotated[
    list[str] | None,
    typer.Option(
        metavar="EVENT[:STEP]@TIME",
        help="Something happens: `reply@day 4 11:00`, `click:case-study@2026-05-08T10:15`, "
        "`meeting_booked@+5d3h`. May be given several times.",
    ),
]
Before = Annotated[
    list[str] | None,
    typer.Option(
        metavar="EVENT@TIME",
        help="Something happened before the start: `order_placed@-3d`. May be given several times.",
    ),
]
Start = Annotated[
    str | None,
    typer.Option(
        metavar="MOMENT",
        help="When the contact is enrolled, local unless it has an offset (default: now).",
    ),
]
Zone = Annotated[str | None, typer.Option(metavar="ZONE", help="The zone, such as Europe/Berlin.")]
Person = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The contact's facts, a JSON object (default: anybody)."),
]


def simulate(  # noqa: PLR0913 one argument an option: the command line's own shape
    folder: Folder,
    *,
    on: On = None,
    before: Before = None,
    start: Start = None,
    timezone: Zone = None,
    contact: Person = None,
    assignments: Data = None,
    many: Many = None,
    seed: Seed = 0,
    rates: RatesFile = None,
    opened: Opened = 0.0,
    click: Clicked = 0.0,
    reply: Replied = 0.0,
    bounce: Bounced = 0.0,
    unsubscribe: Unsubscribed = 0.0,
    out_of_office: Away = 0.0,
    zones: Zones = None,
    days: Days = 1,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Print one contact's timeline; needs no server.

    Every mail is taken to be accepted; a task is done only if `--on 'task_done:STEP@TIME'` says
    so. What stands in the folder is what counts, published or not. With `--many` that many random
    contacts go through it, and the sum of it all is printed; the same seed tells the same story.
    """
    supposed = Supposed(
        start=_start(start),
        timezone=a_zone(timezone),
        contact=None if contact is None else _facts_in(contact),
        values=facts(assignments or ()),
        script=tuple(on or ()),
        before=tuple(before or ()),
    )
    if many is not None:
        shares = Rates(
            open=opened,
            click=click,
            reply=reply,
            bounce=bounce,
            unsubscribe=unsubscribe,
            out_of_office=out_of_office,
        )
        where = tuple(name for one in zones or () if (name := a_zone(one)))
        asked = Crowded(many=many, seed=seed, over_days=days, zones=where, rates=shares, file=rates)
        tell_many(simulate_many(folder, supposed, asked), plot, as_json=as_json)
        return
    simulation = simulate_folder(folder, supposed)
    if as_json:
        show_json(simulation)
    _tell(simulation, silent=as_json)


def _tell(simulation: Simulation | Faults, *, silent: bool) -> None:
    if isinstance(simulation, Faults):
        complain_of(simulation)
    for event in simulation.unused:
        complain(f"{event} changed nothing: it lies outside the enrollment")
    if simulation.refused is not None:
        refuse(f"nobody is enrolled: {simulation.refused}")
    if not silent:
        _show(simulation)


def _show(simulation: Simulation) -> None:
    say(f"{simulation.sequence}, all times {simulation.zone}\n")
    columns: dict[str, Side] = {"when": "left", "what": "left", "step": "left", "why": "left"}
    show_rows(
        columns,
        (
            (_local(entry.local), entry.what, entry.step or "", entry.why)
            for entry in simulation.timeline
        ),
    )
    mails = f"{len(simulation.sends)} mail{'' if len(simulation.sends) == 1 else 's'}"
    over = simulation.ending.name if simulation.ending else f"it waits: {simulation.waiting}"
    say(f"\n{mails}; {'ends as ' if simulation.ending else ''}{over}")


def _local(written: str) -> str:
    return datetime.fromisoformat(written).strftime(_SHOWN)


def _start(written: str | None) -> datetime:
    if written is None:
        return wall_now()
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"write --start like 2026-05-04T09:30, not {written}") from None


def _facts_in(file: Path) -> Facts:
    try:
        read: object = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        refuse(f'{file} is not a JSON object of facts, like {{"role": "vp-ops"}}')
    return read


COMMANDS = {"simulate": simulate}

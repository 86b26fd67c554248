"""`postroad simulate`: what would happen, before anything does."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from authoring.simulation.simulations import Simulation
from authoring.text.faults import Faults
from postroad.crowds import (
    Days,
    Many,
    Plot,
    RatesFile,
    Seed,
    Shares,
    Zones,
    a_zone,
    complain_of,
    rates_of,
    tell_many,
)
from postroad.options import AtStep, Data
from postroad.printing import AsJson, Side, complain, refuse, say, show_json, show_rows
from postroad.words import facts, moment
from runtime.clock import wall_now
from schemas.values import Facts
from starter.authored.simulating import Many as Crowded
from starter.authored.simulating import Supposed, simulate_folder, simulate_many

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
    at_step: AtStep = None,
    many: Many = None,
    seed: Seed = 0,
    rates: RatesFile = None,
    rate: Shares = None,
    zones: Zones = None,
    days: Days = 1,
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Print one contact's timeline; needs no server.

    Mails count as accepted, tasks as done if `--on 'task_done:STEP@TIME'` says so.
    """
    _fit(many, alone=(on, before, at_step), together=(rate, rates, zones, plot))
    supposed = _told(_supposed(contact, start, timezone, assignments), on, before, at_step)
    if many is None:
        _tell(simulate_folder(folder, supposed), as_json=as_json)
        return
    crowd = Crowded(many=many, seed=seed, over_days=days, rates=rates_of(rate), file=rates)
    tell_many(simulate_many(folder, supposed, _in(crowd, zones)), plot, as_json=as_json)


def _told(
    supposed: Supposed, on: list[str] | None, before: list[str] | None, step: str | None
) -> Supposed:
    told = {"script": tuple(on or ()), "before": tuple(before or ()), "step": step}
    return supposed.model_copy(update=told)


def _in(crowd: Crowded, zones: list[str] | None) -> Crowded:
    named = tuple(filter(None, map(a_zone, zones or ())))
    return crowd.model_copy(update={"zones": named})


def _fit(many: int | None, *, alone: tuple[object, ...], together: tuple[object, ...]) -> None:
    if many is not None and any(alone):
        raise typer.BadParameter(
            "--on, --before and --at-step are for one contact: leave out --many"
        )
    if many is None and any(together):
        raise typer.BadParameter("--rate, --rates, --zone and --plot need --many")


def _supposed(
    contact: Path | None, start: str | None, timezone: str | None, assignments: list[str] | None
) -> Supposed:
    return Supposed(
        start=_start(start),
        timezone=a_zone(timezone),
        contact=None if contact is None else _facts_in(contact),
        values=facts(assignments or ()),
    )


def _tell(simulation: Simulation | Faults, *, as_json: bool) -> None:
    if as_json:
        show_json(simulation)
    if isinstance(simulation, Faults):
        complain_of(simulation)
    for event in simulation.unused:
        complain(f"{event} changed nothing: it lies outside the enrollment")
    if simulation.refused is not None:
        refuse(f"nobody is enrolled: {simulation.refused}")
    if not as_json:
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
        read = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(f"write --start like 2026-05-04T09:30, not {written}") from None
    moment(written)
    return read


def _facts_in(file: Path) -> Facts:
    try:
        read: object = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        read = None
    if not isinstance(read, dict):
        refuse(f'{file} is not a JSON object of facts, like {{"role": "vp-ops"}}')
    return read


COMMANDS = {"simulate": simulate}

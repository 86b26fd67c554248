"""`postroad simulate --many`: its options, and the sum of many random lives in words."""

import re
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from activities.zones import is_zone
from authoring.simulation.crowds import Summary
from authoring.simulation.plots import plot
from authoring.simulation.rates import RATE_NAMES, Rates
from authoring.text.faults import Faults
from postroad.printing import Side, complain, counted, note, say, show_json, show_rows

_RANDOM = "Many random contacts"
_MOST = 100_000
_SHARE = re.compile(r"0?\.[0-9]{1,9}|[01](\.0{1,9})?")


Many = Annotated[
    int | None,
    typer.Option(min=1, max=_MOST, help="Simulate so many contacts.", rich_help_panel=_RANDOM),
]
Seed = Annotated[int, typer.Option(help="What decides who does what.", rich_help_panel=_RANDOM)]
RatesFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Rates by step, a YAML file with `default`, `steps` and `events`.",
        rich_help_panel=_RANDOM,
    ),
]
Shares = Annotated[
    list[str] | None,
    typer.Option(
        "--rate",
        metavar="NAME=SHARE",
        help="How many do what about a mail, such as `reply=0.05`, several times: "
        f"{', '.join(RATE_NAMES.split())}.",
        rich_help_panel=_RANDOM,
    ),
]
Zones = Annotated[
    list[str] | None,
    typer.Option(
        "--zone",
        metavar="ZONE",
        help="A zone of some of them, several times.",
        rich_help_panel=_RANDOM,
    ),
]
Days = Annotated[
    int,
    typer.Option(min=1, max=3650, help="Over how many days they begin.", rich_help_panel=_RANDOM),
]
Plot = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Draw it all as an SVG file.", rich_help_panel=_RANDOM),
]


def rates_of(written: list[str] | None) -> Rates:
    """Read `reply=0.05` and its like; wrong usage if it is none."""
    shares: dict[str, float] = {}
    for one in written or ():
        name, _, share = one.partition("=")
        if name not in RATE_NAMES.split() or _SHARE.fullmatch(share) is None:
            known = ", ".join(RATE_NAMES.split())
            raise typer.BadParameter(f"write --rate like reply=0.05, of {known}; not {one}")
        shares[name] = float(share)
    return Rates(**shares)


def a_zone(name: str | None) -> str | None:
    """Give the name of a zone; wrong usage if there is none of this name."""
    if name is None or is_zone(name):
        return name
    raise typer.BadParameter(f"a zone is a name like Europe/Berlin, not {name}")


def complain_of(faults: Faults) -> NoReturn:
    """Print all faults, and end the command with exit status 1."""
    for fault in faults.faults:
        complain(str(fault))
    raise typer.Exit(1)


def tell_many(summary: Summary | Faults, file: Path | None, *, as_json: bool) -> None:
    """Print what became of many, and draw it into `file` if there is one."""
    if isinstance(summary, Faults):
        complain_of(summary)
    if file is not None:
        file.write_text(plot(summary), encoding="utf-8")
        note(f"drawn in {file}")
    if as_json:
        show_json(summary)
    else:
        _show(summary)


def _show(summary: Summary) -> None:
    refused = f", {summary.refused} refused" if summary.refused else ""
    say(f"{summary.sequence}: {counted(summary.contacts, 'contact')}{refused}, seed {summary.seed}")
    say(f"{counted(summary.mails, 'mail')} on {counted(len(summary.mails_per_day), 'day')}")
    if summary.mails_per_day:
        day = max(summary.mails_per_day, key=lambda one: summary.mails_per_day[one])
        say(f"most on {day}: {summary.mails_per_day[day]}")
    if summary.longest_stay is not None:
        say(f"longest stay: {summary.longest_stay.words}")
    waiting = {"(still waiting)": summary.waiting} if summary.waiting else {}
    _count("ending", {**summary.endings, **waiting})
    _count("step", summary.sends_per_step)
    _count("day", summary.mails_per_day)


def _count(heading: str, counts: dict[str, int]) -> None:
    say("")
    columns: dict[str, Side] = {heading: "left", "number": "right"}
    show_rows(columns, ((name, str(count)) for name, count in counts.items()))

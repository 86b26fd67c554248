"""`postroad fmt`: one layout for all authored YAML files."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from authoring.text.faults import Fault, Findings, Spot
from authoring.text.files import read_text
from authoring.text.formatting import formatted
from postroad.printing import complain, refuse, say

AUTHORED = ("sequence.yaml", "postroad.yaml")


class Laid(NamedTuple):
    """A file as it should be laid out; `text` is None if it has faults."""

    file: Path
    text: str | None
    changed: bool
    faults: tuple[Fault, ...] = ()


def fmt(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(metavar="DIR...", help="Folders of sequences, or files; here if none."),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if a file would change.")
    ] = False,
) -> None:
    """Lay out sequences', projects' and scenarios' files in one way.

    Comments, the order of keys and what a file means stay as they are.
    A file with a fault is named, and left alone.
    """
    files = list(dict.fromkeys(_files(folders or [Path()])))
    laid = [_laid(file) for file in files]
    for one in laid:
        _settle(one, check=check)
    if not files:
        refuse("there is no sequence.yaml and no postroad.yaml here: name a folder that has one")
    unsettled = any(one.faults or (check and one.changed) for one in laid)
    raise typer.Exit(1 if unsettled else 0)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            yield folder
            continue
        found = (file for name in AUTHORED for file in folder.rglob(name))
        yield from sorted((*found, *folder.rglob("scenarios/*.yaml")))


def _laid(file: Path) -> Laid:
    findings = Findings()
    source = read_text(file, findings)
    text = None if source is None else formatted(source, str(file), findings)
    changed = text is not None and text.encode() != file.read_bytes()
    return Laid(file, text, changed, findings.faults().faults)


def _settle(laid: Laid, *, check: bool) -> None:
    for fault in laid.faults:
        complain(str(fault))
    if laid.text is None or not laid.changed:
        return
    if check:
        say(f"would change {laid.file}")
        return
    try:
        laid.file.write_bytes(laid.text.encode())
    except OSError as error:
        problem = f"the file cannot be written: {error.strerror or 'unknown'}"
        refuse(str(Fault(at=Spot(file=str(laid.file)), text="", problem=problem)))
    say(f"changed {laid.file}")


COMMANDS = {"fmt": fmt}

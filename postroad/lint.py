"""`postroad lint`: what a senior colleague would say of sequences before they go live."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from authoring.lint.folders import lint_folders
from authoring.lint.remarks import Remark
from authoring.lint.sarif import sarif
from postroad.printing import AsJson, say, show_json

Folders = Annotated[
    list[Path],
    typer.Argument(metavar="DIR...", help="Folders of one sequence each, or of several folders."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with status 1 on warnings too.")]
AsSarif = Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0, for code hosts.")]


def lint(
    folders: Folders, *, strict: Strict = False, as_json: AsJson = False, as_sarif: AsSarif = False
) -> None:
    """Say what is wrong or unwise in sequences; needs no server, changes nothing.

    Errors end with exit status 1. Each rule, its reason, and how to silence it: docs/lint.md.
    """
    if as_json and as_sarif:
        raise typer.BadParameter("--json and --sarif exclude each other")
    remarks = lint_folders(folders)
    if as_sarif:
        show_json(sarif(remarks, version("postroad")))
    elif as_json:
        show_json(remarks)
    else:
        _tell(remarks)
    failed = remarks if strict else [one for one in remarks if one.level == "error"]
    raise typer.Exit(1 if failed else 0)


def _tell(remarks: tuple[Remark, ...]) -> None:
    for remark in remarks:
        at = remark.at
        place = f"{at.file}:{at.line}:{at.column}"
        say(f"{place}: {remark.level} {remark.rule}: {remark.sentence}")
    errors = sum(remark.level == "error" for remark in remarks)
    say(f"{_counted(errors, 'error')}, {_counted(len(remarks) - errors, 'warning')}")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


COMMANDS = {"lint": lint}

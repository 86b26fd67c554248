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
    """Say what is wrong or unwise in sequences; needs no server.

    Errors end with exit status 1. Each rule, its reason, and how to silence it: docs/lint.md.
    """
    if as_json and as_sarif:
        raise typer.BadParameter("--json and --sarif exclude each other")
    remarks = tuple(_from_here(remark) for remark in lint_folders(folders))
    if as_sarif:
        show_json(sarif(remarks, version("postroad")))
    elif as_json:
        show_json(remarks)
    else:
        _tell(remarks)
    failed = remarks if strict else [one for one in remarks if one.level == "error"]
    raise typer.Exit(1 if failed else 0)


def _from_here(remark: Remark) -> Remark:
    # Code hosts want paths within the checkout; a shared file is found by its whole path.
    path, here = Path(remark.at.file), Path.cwd()
    if not path.is_absolute() or not path.is_relative_to(here):
        return remark
    at = remark.at.model_copy(update={"file": str(path.relative_to(here))})
    return remark.model_copy(update={"at": at})


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

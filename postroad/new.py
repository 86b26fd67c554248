"""`postroad new`: a small sequence to begin with."""

from pathlib import Path
from typing import Annotated

import typer

from authoring.scaffolding.scaffold import PURPOSES, NotScaffolded, scaffold
from postroad.printing import refuse, say

Name = Annotated[str, typer.Argument(help="The sequence's name, which its folder gets, too.")]
Purpose = Annotated[str, typer.Option(help=f"What it is for: {', '.join(PURPOSES)}.")]
Into = Annotated[Path, typer.Option(help="The folder in which it is made.", file_okay=False)]


def new(name: Name, *, purpose: Purpose = "other", into: Into = Path()) -> None:
    """Make a small sequence to begin with, mails and scenarios included.

    Four to six short mails, which end with a reply or with what the sequence is for. It is clean
    by `postroad lint`, and its scenarios pass; nothing that is there is written over.
    """
    made = scaffold(name, purpose, into)
    if isinstance(made, NotScaffolded):
        refuse(made.reason)
    for file in made.files:
        say(f"wrote {made.folder / file}")
    say(
        f"next: write your sender, your postal address and your links into it, then "
        f"`postroad lint {made.folder}` and `postroad test {made.folder}`"
    )


COMMANDS = {"new": new}

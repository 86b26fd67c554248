"""Options that several commands have."""

from typing import Annotated

import typer

Data = Annotated[
    list[str] | None, typer.Option("--data", metavar="NAME=VALUE", help="A fact of `data`.")
]
Key = Annotated[str | None, typer.Option(help="What the enrollment is per, an order's id, say.")]
SequenceName = Annotated[str, typer.Argument(help="A published sequence's name.")]
Whom = Annotated[
    str, typer.Option("--contact", help="For whom: id, external key or address of a contact.")
]
AtStep = Annotated[
    str | None,
    typer.Option(metavar="STEP", help="Begin at this step of the main list (default: the first)."),
]

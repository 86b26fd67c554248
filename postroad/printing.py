"""How values come out: JSON for programs, text for people, refusals on standard error."""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, NoReturn

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.table import Table
from rich.text import Text

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]

Side = Literal["left", "right"]

_PIPE = 10_000

# Contacts choose their names: a terminal obeys these, or writes what follows backwards.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

_ANY: TypeAdapter[object] = TypeAdapter(object)


def plain(words: str) -> str:
    """Give a text with a sign in place of what a terminal would obey."""
    return _COMMANDS.sub("\ufffd", words)


def say(words: str) -> None:
    """Print a line as it is: no markup, no wrapping."""
    Console(highlight=False, soft_wrap=True).print(Text(plain(words)))


def show_json(value: object) -> None:
    """Print any of our values as indented JSON."""
    shaped = _ANY.dump_python(value, mode="json")
    typer.echo(json.dumps(shaped, indent=2, ensure_ascii=False))


def show_json_line(value: object) -> None:
    """Print any of our values as JSON in one line, for programs that read line by line."""
    typer.echo(json.dumps(_ANY.dump_python(value, mode="json"), ensure_ascii=False))


def show_rows(columns: Mapping[str, Side], rows: Iterable[Iterable[str]]) -> None:
    """Print a table; `columns` maps each heading to the side its cells stand on.

    In a terminal long cells go on below; in a pipe each row is one line.
    """
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading, side in columns.items():
        table.add_column(heading, justify=side, overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE).print(table)


def counted(count: int, noun: str) -> str:
    """Give a count with what it counts: in the singular, or with an s in the plural."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def note(words: str) -> None:
    """Print a line beside the output proper, on standard error."""
    typer.echo(plain(words), err=True)


def complain(words: str) -> None:
    """Print one sentence on standard error."""
    typer.echo(f"postroad: {plain(words)}", err=True)


def refuse(words: str) -> NoReturn:
    """End the command with exit status 1 and one sentence on standard error."""
    complain(words)
    raise typer.Exit(1)

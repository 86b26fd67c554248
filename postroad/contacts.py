"""`postroad import`: people come in from a file, and what is known of them per contract."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from postroad.breaking_off import Kept, telling_what_is_kept
from postroad.printing import AsJson, complain, counted, refuse, say, show_json
from postroad.records import keep_records
from postroad.session import run, watched
from postroad.words import pairs
from runtime.clock import wall_now
from runtime.session import Session
from starter.lists.entries import Reading
from starter.lists.importing import Imported, People, open_people
from starter.lists.rows import BadFile, BadRow

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE", help="A CSV, JSON Lines or Excel file with a header line.", dir_okay=False
    ),
]
Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help="Read a column as a field: email, external_key, first_name, last_name, company, "
        "timezone, owner, owner_email, opted_out, or an attribute of any name.",
    ),
]


def import_contacts(file: File, columns: Columns = None, *, as_json: AsJson = False) -> None:
    """Import contacts from a CSV, JSON Lines or Excel file, as a CRM exports it.

    The usual columns of HubSpot, Salesforce, Pipedrive, Shopify and Mailchimp are known by name;
    any other becomes an attribute (`Job Title` is `contact.job_title`). Contacts known by record
    id or address are changed, not doubled. Whoever opted out there is suppressed here. A row that
    cannot be used is refused with its line and the reason, and stops no other; then the exit
    status is 1.
    """
    mapping = pairs(columns or ())

    with telling_what_is_kept("nobody was imported yet; the same command begins anew") as kept:
        reading = open_people(file, mapping)
        if isinstance(reading, BadFile):
            refuse(f"{file} cannot be imported: {reading.reason}")
        imported = run(lambda session: _imported(session, reading, kept))
    if as_json:
        show_json(imported)
    else:
        _tell(imported)
    raise typer.Exit(1 if imported.refused else 0)


async def _imported(session: Session, reading: Reading, kept: Kept) -> Imported:
    rows = sum(1 for _ in reading.table.rows())
    people = People(session.engine, reading, wall_now())
    with watched("Importing") as watch:
        for done in people.save():
            watch(done, rows)
            kept.words = f"{counted(done, 'row')} of {rows} done, and kept; {_AGAIN}"
            # Lets Ctrl-C come through.
            await asyncio.sleep(0)
    return people.imported()


def _tell(imported: Imported) -> None:
    say(
        f"{counted(imported.rows, 'row')}: {counted(imported.created, 'new contact')}, "
        f"{counted(imported.updated, 'known one')}, "
        f"{len(imported.repeated)} repeated, {len(imported.refused)} refused; "
        f"{imported.suppressed} newly suppressed because they opted out."
    )
    _tell_rows("repeated", imported.repeated)
    _tell_rows("noted", imported.notes)
    for row in imported.refused:
        complain(f"line {row.line} refused: {row.reason}")


def _tell_rows(what: str, rows: Iterable[BadRow]) -> None:
    for row in rows:
        say(f"line {row.line} {what}: {row.reason}")


_AGAIN = "the same command changes nothing about these, and does the rest"

COMMANDS = {"import": {"contacts": import_contacts, "records": keep_records}}

"""`postroad import records`: what is known of contacts per order or contract comes from a file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from postroad.breaking_off import Kept as SoFar
from postroad.breaking_off import telling_what_is_kept
from postroad.list_words import worded
from postroad.printing import AsJson, complain, counted, note, refuse, say, show_json
from postroad.session import run, watched
from postroad.words import pairs
from runtime.clock import wall_now
from runtime.session import Session
from starter.lists.rows import BadFile
from starter.recording.importing import Kept, import_records, open_records
from starter.recording.reading import Records

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
        help="Read a column as `contact` (whose record it is), as `id` (the record's own), or as "
        "a name in its data.",
    ),
]
EncodingName = Annotated[
    str | None, typer.Option("--encoding", help="The file's encoding, if it is not found out.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would change, and change none.")]


def keep_records(
    file: File,
    columns: Columns = None,
    encoding: EncodingName = None,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Import records of contacts: contracts, orders or subscriptions, one a row.

    A column Contact, External Key or Email says whose it is, one called ID which record it is; all
    others are its data (`Contract End` is `data.contract_end`). A record takes the place of what it
    was before, and its dates may enroll the contact. The same file again changes nothing, and goes
    on where it was broken off. Refused rows are written beside the file; then the exit status is 1.
    """
    mapping = pairs(columns or ())

    async def work(session: Session) -> Records:
        return _opened(session, file, mapping, encoding)

    reading = run(work)
    note(f"{file.name}: {reading.table.said}")
    with telling_what_is_kept("no record was kept yet; the same command begins anew") as so_far:
        kept = run(lambda session: _kept(session, reading, file, None if dry_run else so_far))
    if as_json:
        show_json(kept)
    else:
        _tell(kept, dry_run=dry_run)
    raise typer.Exit(1 if kept.refused else 0)


def _opened(session: Session, file: Path, mapping: dict[str, str], encoding: str | None) -> Records:
    try:
        reading = open_records(session.engine, file, mapping, encoding)
    except LookupError:
        raise typer.BadParameter(f"there is no encoding {encoding}") from None
    if isinstance(reading, BadFile):
        refuse(f"{file} cannot be imported: {reading.reason}")
    return reading


async def _kept(session: Session, reading: Records, file: Path, so_far: SoFar | None) -> Kept:
    rows, kept, is_trial = sum(1 for _ in reading.table.rows()), Kept(), so_far is None
    with watched("Trying" if is_trial else "Importing") as watch:
        for kept in import_records(session.engine, reading, file, wall_now(), dry_run=is_trial):
            watch(kept.rows, rows)
            if so_far is not None:
                so_far.words = f"{counted(kept.rows, 'row')} of {rows} done, and kept; {_AGAIN}"
            # Lets Ctrl-C come through.
            await asyncio.sleep(0)
    return kept


def _tell(kept: Kept, *, dry_run: bool) -> None:
    refused = sum(kept.refused.values())
    end = "; nothing was changed" if dry_run else ""
    say(
        f"{counted(kept.rows, 'row')}: {counted(kept.new, 'new record')}, {kept.changed} changed, "
        f"{kept.unchanged} unchanged, {refused} refused{end}"
    )
    for code, count in sorted(kept.refused.items(), key=lambda one: -one[1]):
        complain(f"{count} refused ({code}): {worded(code)}")
    if kept.report is not None:
        note(f"the refused rows, with lines and reasons: {kept.report}")


_AGAIN = "the same command finds these as they are, and does the rest"

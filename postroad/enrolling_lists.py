"""`postroad enroll SEQUENCE --file LIST`: a list of people, checked, imported and enrolled."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from postroad.list_words import Outcome, tell_check, tell_forecast, tell_outcome
from postroad.printing import note, refuse, say, show_json
from postroad.session import refuse_ahead, run, watched
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from schemas.outcomes import Refused
from schemas.values import Value
from schemas.version import Version
from starter.addresses import preview_addresses
from starter.enrolling.enrollments import Terms
from starter.lists import opening, running, uploading
from starter.lists.checks import Checked, check
from starter.lists.dry_run import DryRun, Forecast
from starter.lists.entries import Reading
from starter.lists.rows import BadFile
from starter.lists.uploading import Wish
from storage.entering.lists import ListRow

Columns = Annotated[
    list[str] | None,
    typer.Option(
        "--map",
        metavar="COLUMN=FIELD",
        help="Read a list's column as a field of the contact, `key`, `data.NAME`, or an attribute.",
    ),
]
EncodingName = Annotated[
    str | None, typer.Option("--encoding", help="A list's encoding, if it is not found out.")
]


# A killed worker is missed after 20 seconds, and tried again up to a minute later.
_PATIENCE = timedelta(seconds=120)


class ListOptions(Value):
    """What the command line says about a list, beside its terms."""

    mapping: dict[str, str]
    encoding: str | None
    dry_run: bool
    again: bool
    wait: float | None

    def patience(self, usual: timedelta) -> timedelta:
        """Give how long to wait, if the command line says so; else what is usual."""
        return usual if self.wait is None else timedelta(seconds=self.wait)

    def wish(self, sequence: str, terms: Terms) -> Wish:
        """Give what is to be done with the list."""
        return Wish(
            sequence=sequence,
            mapping=self.mapping,
            encoding=self.encoding,
            version=terms.get("version"),
            data=terms.get("data", {}),
            at=terms.get("at"),
            step=terms.get("step"),
            paused=terms.get("paused"),
        )

    def is_list(self, file: Path) -> bool:
        """Tell whether a file is a list with columns."""
        try:
            return opening.is_list(file, self.mapping, self.encoding)
        except LookupError:
            raise typer.BadParameter(f"there is no encoding {self.encoding}") from None

    def refuse_without_list(self) -> None:
        """Refuse what only a list has."""
        if self.dry_run or self.again or self.mapping or self.encoding:
            raise typer.BadParameter(
                "--dry-run, --again, --map and --encoding are for a --file with a header line"
            )


def enroll_list(file: Path, wish: Wish, options: ListOptions, *, as_json: bool) -> NoReturn:
    """Enroll a list; the exit status is 1 if any row is refused."""

    async def work(session: Session) -> Outcome | Forecast:
        refuse_ahead(session, wish.at)
        version = opening.published(session.engine, wish)
        if isinstance(version, Refused):
            refuse(version.message)
        return await _enrolled(session, file, wish, version, options)

    outcome = run(work)
    if as_json:
        show_json(outcome)
    elif isinstance(outcome, Forecast):
        tell_forecast(outcome)
    else:
        tell_outcome(outcome)
    raise typer.Exit(0 if _is_whole(outcome) else 1)


def _is_whole(outcome: Outcome | Forecast) -> bool:
    incomplete = isinstance(outcome, Forecast) and outcome.incomplete
    return not outcome.refused and not incomplete


async def _enrolled(
    session: Session, file: Path, wish: Wish, version: Version, options: ListOptions
) -> Outcome | Forecast:
    reading = opening.open_list(file, wish, version)
    if isinstance(reading, BadFile):
        refuse(f"{file} cannot be enrolled: {reading.reason}")
    if options.dry_run:
        return await _tried(session, file, wish, version, reading)
    kept = uploading.keep(session.engine, file, wish, by=me(), again=options.again)
    report = None
    if kept.uploaded_wall is None:
        report = (await _uploaded(session, kept, reading, file)).report
    elif kept.finished_wall is not None:
        note(
            f"this list was enrolled on {kept.finished_wall:%Y-%m-%d %H:%M} UTC: --again does anew"
        )
    else:
        note(f"goes on with list {kept.id}")
    return await _run(session, kept, report, options.patience(_PATIENCE))


async def _tried(
    session: Session, file: Path, wish: Wish, version: Version, reading: Reading
) -> Forecast:
    note(f"{file.name}: {reading.table.said}")
    checked = await _checked(reading, file)
    tell_check(checked)
    addresses, now = preview_addresses(session.settings), wish.at or wall_now()
    trial = DryRun(session.engine, addresses, wish, version, now)
    with watched("Trying") as watch:
        for _ in trial.rows(reading, lambda done, _: watch(done, checked.rows)):
            await asyncio.sleep(0)
    return trial.found


async def _checked(reading: Reading, file: Path) -> Checked:
    found = Checked()
    with watched("Checking") as watch:
        for so_far in check(reading, file, watch):
            found = so_far
            # Lets Ctrl-C come through.
            await asyncio.sleep(0)
    return found


async def _uploaded(session: Session, kept: ListRow, reading: Reading, file: Path) -> Checked:
    note(f"{file.name}: {reading.table.said}")
    found = await _checked(reading, file)
    tell_check(found)
    with watched("Importing") as watch:
        await uploading.upload(
            session.engine,
            kept,
            reading,
            at=wall_now(),
            watch=lambda done, _: watch(done, found.rows),
        )
    return found


async def _run(
    session: Session, kept: ListRow, report: Path | None, patience: timedelta
) -> Outcome:
    client = await session.client()
    try:
        with watched("Enrolling") as watch:
            standing = await running.watched_to_the_end(
                client, session.engine, kept, patience=patience, watch=watch
            )
    except asyncio.CancelledError:
        say(
            f"list {kept.id} goes on without this terminal: the same command watches it again, "
            f"`postroad lists stop {kept.id}` stops it"
        )
        raise
    return Outcome.of(str(kept.id), standing, report)

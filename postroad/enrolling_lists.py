"""`postroad enroll SEQUENCE --file LIST`: a list of people, checked, imported and enrolled."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from postroad.breaking_off import Kept, telling_what_is_kept
from postroad.list_words import Outcome, tell_check, tell_forecast, tell_outcome
from postroad.printing import note, refuse, show_json
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
            with telling_what_is_kept(_NOTHING):
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
    with telling_what_is_kept(_NOTHING) as kept:
        outcome = run(lambda session: _Enrolling(session, file, wish, options, kept).outcome())
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


@dataclass(frozen=True)
class _Enrolling:
    session: Session
    file: Path
    wish: Wish
    options: ListOptions
    kept: Kept

    async def outcome(self) -> Outcome | Forecast:
        """Try the list, or enroll it, and tell what became of it."""
        refuse_ahead(self.session, self.wish.at)
        version = opening.published(self.session.engine, self.wish)
        if isinstance(version, Refused):
            refuse(version.message)
        reading = opening.open_list(self.file, self.wish, version)
        if isinstance(reading, BadFile):
            refuse(f"{self.file} cannot be enrolled: {reading.reason}")
        if self.options.dry_run:
            return await self._tried(version, reading)
        return await self._enrolled(reading)

    async def _tried(self, version: Version, reading: Reading) -> Forecast:
        checked = await self._checked(reading)
        addresses = preview_addresses(self.session.settings)
        now = self.wish.at or wall_now()
        trial = DryRun(self.session.engine, addresses, self.wish, version, now)
        with watched("Trying") as watch:
            for _ in trial.rows(reading, lambda done, _: watch(done, checked.rows)):
                await asyncio.sleep(0)
        return trial.found

    async def _enrolled(self, reading: Reading) -> Outcome:
        found = uploading.keep(
            self.session.engine, self.file, self.wish, by=me(), again=self.options.again
        )
        report = None
        if found.uploaded_wall is None:
            report = (await self._uploaded(found, reading)).report
        elif found.finished_wall is not None:
            on = f"{found.finished_wall:%Y-%m-%d %H:%M} UTC"
            note(f"this list was enrolled on {on}: --again does anew")
        else:
            note(f"goes on with list {found.id}")
        return await self._run(found, report)

    async def _checked(self, reading: Reading) -> Checked:
        note(f"{self.file.name}: {reading.table.said}")
        found = Checked()
        with watched("Checking") as watch:
            for so_far in check(reading, self.file, watch):
                found = so_far
                # Lets Ctrl-C come through.
                await asyncio.sleep(0)
        tell_check(found)
        return found

    async def _uploaded(self, found: ListRow, reading: Reading) -> Checked:
        checked = await self._checked(reading)
        self.kept.words = _IMPORTED
        with watched("Importing") as watch:
            await uploading.upload(
                self.session.engine,
                found,
                reading,
                at=wall_now(),
                watch=lambda done, _: watch(done, checked.rows),
            )
        return checked

    async def _run(self, found: ListRow, report: Path | None) -> Outcome:
        client, engine = await self.session.client(), self.session.engine
        self.kept.words = (
            f"list {found.id} goes on without this terminal; the same command watches it again, "
            f"`postroad lists stop {found.id}` stops it"
        )
        patience = self.options.patience(_PATIENCE)
        with watched("Enrolling") as watch:
            standing = await running.watched_to_the_end(
                client, engine, found, patience=patience, watch=watch
            )
        return Outcome.of(str(found.id), standing, report)


_NOTHING = "nobody was imported or enrolled yet; the same command begins anew"
_IMPORTED = (
    "who was imported so far is kept, and nobody is enrolled yet; the same command goes on with it"
)

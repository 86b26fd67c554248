"""The project's caps: what publishing makes of them, and how they stand."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from authoring.language.projects import PROJECT_FILE, Project
from authoring.text.faults import Faults, Findings, Spot
from schemas.policies import Caps
from schemas.values import Value
from storage.sending import caps
from storage.sending.caps import CapsRow


class NewCaps(Value):
    """What publishing changes in the caps; so many mails `waiting` for room ask again then."""

    before: Caps | None
    after: Caps | None
    waiting: int


class StandingCaps(Value):
    """The caps in force, if any were ever published, and how many mails wait for room."""

    latest: CapsRow | None
    waiting: int


def differing_caps(projects: list[Project]) -> Faults | None:
    """Find project files that say different caps: only one of them could hold for all."""
    said = _said(projects)
    first, findings = next(iter(said), None), Findings()
    for folder, rules in said.items():
        if first is not None and rules != said[first]:
            problem = (
                f"its `caps` are not those of {first / PROJECT_FILE}, and caps hold for all"
                " sequences together"
            )
            at = Spot(file=str(folder / PROJECT_FILE))
            findings.add(at, "caps", problem, "make them the same")
    return findings.faults() if findings else None


def propose_caps(connection: Connection, projects: list[Project]) -> NewCaps | None:
    """Tell what publishing would change in the caps; without a project file they stay."""
    said = _said(projects)
    if not said:
        return None
    latest = caps.latest(connection)
    before, after = latest.caps if latest else None, next(iter(said.values()))
    if before == after:
        return None
    return NewCaps(before=before, after=after, waiting=caps.waiting(connection))


def put_caps(
    connection: Connection, projects: list[Project], *, by: str, at: datetime
) -> NewCaps | None:
    """Put the projects' caps in force, for everybody at once, and tell what that changed."""
    new = propose_caps(connection, projects)
    if new is not None:
        caps.put(connection, new.after, by=by, at=at)
    return new


def standing_caps(engine: Engine) -> StandingCaps:
    """Tell which caps are in force."""
    with engine.connect() as connection:
        return StandingCaps(latest=caps.latest(connection), waiting=caps.waiting(connection))


def _said(projects: list[Project]) -> dict[Path, Caps | None]:
    return {one.folder: one.caps for one in projects if one.folder is not None}

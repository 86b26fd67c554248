"""The project's breakers: what publishing makes of them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from authoring.language.projects import PROJECT_FILE, Project
from authoring.text.faults import Faults, Findings, Spot
from schemas.breakers import Breakers
from schemas.values import Value
from storage.sending import rules

Key = Literal["breakers"]


class NewRules(Value):
    """What publishing changes in the project's rules under a key, as people read them."""

    key: Key
    before: str
    after: str


def differing_rules(projects: list[Project]) -> Faults | None:
    """Find project files that say different rules: only one of them could hold for all."""
    findings = Findings()
    for key, read in _READ.items():
        said = _said(projects, read)
        first = next(iter(said), None)
        for folder, one in said.items():
            if first is not None and one != said[first]:
                problem = (
                    f"its `{key}` are not those of {first / PROJECT_FILE}, and they hold for all"
                    " sequences together"
                )
                findings.add(Spot(file=str(folder / PROJECT_FILE)), key, problem, _MEND)
    return findings.faults() if findings else None


def propose_rules(connection: Connection, projects: list[Project]) -> tuple[NewRules, ...]:
    """Tell what publishing would change in the rules; without a project file they stay."""
    before, said = rules.breakers(connection), _said(projects, _READ["breakers"])
    after = next(iter(said.values()), before)
    if before == after:
        return ()
    return (NewRules(key="breakers", before=before.words, after=after.words),)


def put_rules(
    connection: Connection, projects: list[Project], *, by: str, at: datetime
) -> tuple[NewRules, ...]:
    """Put the projects' rules in force, for everybody at once, and tell what that changed."""
    new = propose_rules(connection, projects)
    if new:
        after = next(iter(_said(projects, _READ["breakers"]).values()))
        rules.put(connection, "breakers", after, by=by, at=at)
    return new


def _said(projects: list[Project], read: Callable[[Project], Breakers]) -> Mapping[Path, Breakers]:
    return {one.folder: read(one) for one in projects if one.folder is not None}


_READ: dict[Key, Callable[[Project], Breakers]] = {"breakers": lambda project: project.breakers}
_MEND = "make them the same"

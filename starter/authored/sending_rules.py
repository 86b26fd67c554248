"""The project's breakers and rates: what publishing makes of them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from authoring.language.projects import PROJECT_FILE, Project
from authoring.text.faults import Faults, Findings, Spot
from schemas.brakes import ramp
from schemas.breakers import Breakers
from schemas.rates import Rates
from schemas.values import Value
from starter.braking import PER_SECOND
from storage import deliveries
from storage.sending import lanes, rules
from storage.sending.rules import Kind

Rules = Breakers | Rates | None


class NewRules(Value):
    """What publishing changes in the project's rules under a key, as people read them."""

    key: Kind
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
    changed = _changed(connection, projects)
    return tuple(
        NewRules(key=key, before=_words(before), after=_words(after))
        for key, (before, after) in changed.items()
    )


def put_rules(
    connection: Connection, projects: list[Project], *, by: str, at: datetime
) -> tuple[NewRules, ...]:
    """Put the projects' rules in force, for everybody at once, and tell what that changed."""
    new = propose_rules(connection, projects)
    for key, (_, after) in _changed(connection, projects).items():
        rules.put(connection, key, after, by=by, at=at)
        if key == "rates":
            _wake(connection, after, at)
    return new


def _wake(connection: Connection, rates: Rules, at: datetime) -> None:
    """Let those that wait in line ask again, in order, slowly first: their turn may be sooner."""
    told = lanes.all_waiting(connection, at)
    after = (timedelta(seconds=ramp(place, PER_SECOND)) for place in range(len(told)))
    paced = [(*one, wait) for one, wait in zip(told, after, strict=True)]
    deliveries.enqueue_paced(connection, paced)
    if rates is None:
        lanes.leave_all(connection, at)


def _changed(connection: Connection, projects: list[Project]) -> dict[Kind, tuple[Rules, Rules]]:
    before: dict[Kind, Rules] = {
        "breakers": rules.breakers(connection),
        "rates": rules.rates(connection),
    }
    after = {
        key: next(iter(_said(projects, read).values()), before[key]) for key, read in _READ.items()
    }
    return {key: (before[key], after[key]) for key in before if before[key] != after[key]}


def _said(projects: list[Project], read: Callable[[Project], Rules]) -> Mapping[Path, Rules]:
    return {one.folder: read(one) for one in projects if one.folder is not None}


def _words(rules_: Rules) -> str:
    return "no rates" if rules_ is None else rules_.words


_READ: dict[Kind, Callable[[Project], Rules]] = {
    "breakers": lambda project: project.breakers,
    "rates": lambda project: project.rates,
}
_MEND = "make them the same"

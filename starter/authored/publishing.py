"""A sequence's folder is checked and becomes its latest version, or what would change is told."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine

from activities.admitting import moving_up
from activities.triggering.proposing import Entrants, entrants
from authoring.language.hand_overs import check_hand_overs, shared_names
from authoring.language.holidays import with_holidays_known
from authoring.loading import Loaded, load
from authoring.text.faults import Faults
from schemas.sequence import Sequence
from schemas.steps import HandOffStep
from schemas.values import Value
from schemas.version import Version
from starter.authored.capping import NewCaps, differing_caps, propose_caps, put_caps
from starter.authored.changed import Changes, changes_between
from starter.authored.sending_rules import (
    NewRules,
    differing_rules,
    propose_rules,
    put_rules,
)
from storage import versions


class Published(Value):
    """The version is the sequence's latest; `new` tells whether it was not so before.

    `caps` and `rules` are what the command changed in the project's, for all sequences alike.
    """

    sequence: str
    version: str
    steps: int
    new: bool
    caps: NewCaps | None = None
    rules: tuple[NewRules, ...] = ()


class Proposed(Value):
    """What publishing would do: `latest` is the version of today, None if there is none.

    `enrolled` are those who live in other versions now; they stay in them. `entrants` tell whom
    triggers that are new would enroll at once.
    """

    sequence: str
    version: str
    steps: int
    standing: Literal["new", "unchanged", "changed"]
    latest: str | None
    changes: Changes
    enrolled: int
    entrants: tuple[Entrants, ...] = ()
    caps: NewCaps | None = None
    rules: tuple[NewRules, ...] = ()

    @property
    def new(self) -> bool:
        """Whether publishing would change anything."""
        return self.standing != "unchanged"


def publish(
    engine: Engine, folders: tuple[Path, ...], *, by: str, at: datetime
) -> tuple[Published, ...] | tuple[Faults, ...]:
    """Publish the sequences in `folders`: all of them, or, if one has a fault, none.

    The same folder again changes nothing. Who is enrolled keeps the version of then. One that
    hands over to a sequence that is nowhere has a fault. Public holidays are kept as they are
    known at `at`; those of a version that is there already are renewed two years before they end.
    """
    with engine.begin() as connection:
        checked = _checked(connection, folders)
        if isinstance(checked, tuple):
            return checked
        projects = [one.project for one in checked]
        caps = put_caps(connection, projects, by=by, at=at)
        rules = put_rules(connection, projects, by=by, at=at)
        published = tuple(
            Published(
                sequence=one.version.sequence.name,
                version=one.version.hash,
                steps=len(one.version.sequence.main_steps),
                new=_publish(connection, one.version, by=by, at=at),
                caps=caps,
                rules=rules,
            )
            for one in checked
        )
        _keep_paces(connection, [one.version.sequence for one in checked], at)
    return published


def propose(
    engine: Engine, folders: tuple[Path, ...], *, at: datetime
) -> tuple[Proposed, ...] | tuple[Faults, ...]:
    """Tell what publishing the sequences in `folders` at `at` would change; nothing is changed."""
    with engine.connect() as connection:
        checked = _checked(connection, folders)
        if isinstance(checked, tuple):
            return checked
        projects = [one.project for one in checked]
        common = {
            "caps": propose_caps(connection, projects),
            "rules": propose_rules(connection, projects),
        }
        found = (_proposed(connection, one.version, at) for one in checked)
        return tuple(one.model_copy(update=common) for one in found)


def _publish(connection: Connection, version: Version, *, by: str, at: datetime) -> bool:
    kept = versions.get(connection, version.hash)
    if kept is not None and _ends_soon(kept, at):
        versions.renew_holidays(connection, with_holidays_known(version, at))
    new = kept or with_holidays_known(version, at)
    return versions.publish(connection, new, by=by, at=at)


def _keep_paces(connection: Connection, sequences: list[Sequence], at: datetime) -> None:
    # Two that publish the same ones wait for each other in one order.
    for one in sorted(sequences, key=lambda sequence: sequence.name):
        moving_up.keep(connection, one.name, one.pace, at)


def _ends_soon(kept: Version, at: datetime) -> bool:
    last = max((day for days in kept.holidays.values() for day in days), default=None)
    return last is not None and last < (at + _AHEAD).date()


def _proposed(connection: Connection, version: Version, at: datetime) -> Proposed:
    name = version.sequence.name
    latest = versions.latest(connection, name)
    return Proposed(
        sequence=name,
        version=version.hash,
        steps=len(version.sequence.main_steps),
        standing=_standing(version, latest),
        latest=None if latest is None else latest.hash,
        changes=Changes() if latest is None else changes_between(latest, version),
        enrolled=versions.living_in_others(connection, version),
        entrants=entrants(connection, with_holidays_known(version, at), at),
    )


def _standing(version: Version, latest: Version | None) -> Literal["new", "unchanged", "changed"]:
    if latest is None:
        return "new"
    return "unchanged" if latest.hash == version.hash else "changed"


def _checked(
    connection: Connection, folders: tuple[Path, ...]
) -> list[Loaded] | tuple[Faults, ...]:
    named = _each_once(folders)
    loaded = [load(folder) for folder in named]
    faults = tuple(one for one in loaded if isinstance(one, Faults))
    sound = [one for one in loaded if isinstance(one, Loaded)]
    if faults:
        return faults
    found = [one.version for one in sound]
    projects = [one.project for one in sound]
    differing = differing_caps(projects) or differing_rules(projects)
    together = _name_faults(named, found) or _hand_over_faults(connection, named, found)
    return together or ((differing,) if differing else sound)


def _each_once(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    places: dict[Path, Path] = {}
    for folder in folders:
        places.setdefault(folder.resolve(), folder)
    return tuple(places.values())


def _name_faults(folders: tuple[Path, ...], loaded: list[Version]) -> tuple[Faults, ...]:
    names = [version.sequence.name for version in loaded]
    shared = shared_names(zip(folders, names, strict=True))
    return (shared,) if shared else ()


def _hand_over_faults(
    connection: Connection, folders: tuple[Path, ...], loaded: list[Version]
) -> tuple[Faults, ...]:
    own = [version.sequence.name for version in loaded]
    known = {*own, *versions.sequences(connection)}
    checked = [
        check_hand_overs(folder, version.sequence, known - _never_meant(version.sequence))
        for folder, version in zip(folders, loaded, strict=True)
    ]
    return tuple(one for one in checked if one is not None)


def _never_meant(sequence: Sequence) -> set[str]:
    # A name that is a slip for the sequence's own would hand over to itself.
    meant = {step.to for step in sequence.steps if isinstance(step, HandOffStep)}
    return {sequence.name} - meant


_AHEAD = timedelta(days=2 * 366)

"""A sequence's folder is checked and becomes its latest version."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from authoring.faults import Faults
from authoring.hand_overs import check_hand_overs
from authoring.loading import load_version
from schemas.values import Value
from schemas.version import Version
from storage import versions


class Published(Value):
    """The version is the sequence's latest; `new` tells whether it was not so before."""

    sequence: str
    version: str
    steps: int
    new: bool


def publish(
    engine: Engine, folders: tuple[Path, ...], *, by: str, at: datetime
) -> tuple[Published, ...] | tuple[Faults, ...]:
    """Publish the sequences in `folders`: all of them, or, if one has a fault, none.

    The same folder again changes nothing. Who is enrolled keeps the version of then. One that
    hands over to a sequence that is nowhere has a fault.
    """
    loaded = [load_version(folder) for folder in folders]
    faults = tuple(one for one in loaded if isinstance(one, Faults))
    if faults:
        return faults
    sound = [one for one in loaded if isinstance(one, Version)]
    with engine.begin() as connection:
        faults = _hand_over_faults(connection, folders, sound)
        return faults or tuple(
            Published(
                sequence=version.sequence.name,
                version=version.hash,
                steps=len(version.sequence.main_steps),
                new=versions.publish(connection, version, by=by, at=at),
            )
            for version in sound
        )


def _hand_over_faults(
    connection: Connection, folders: tuple[Path, ...], loaded: list[Version]
) -> tuple[Faults, ...]:
    own = [version.sequence.name for version in loaded]
    known = {*own, *versions.sequences(connection)}
    checked = [
        check_hand_overs(folder, version.sequence, known)
        for folder, version in zip(folders, loaded, strict=True)
    ]
    return tuple(one for one in checked if one is not None)

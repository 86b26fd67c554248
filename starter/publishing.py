"""A sequence's folder is checked and becomes its latest version."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from authoring.faults import Faults
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

    The same folder again changes nothing. Who is enrolled keeps the version of then.
    """
    loaded = [load_version(folder) for folder in folders]
    faults = tuple(one for one in loaded if isinstance(one, Faults))
    if faults:
        return faults
    sound = [one for one in loaded if isinstance(one, Version)]
    with engine.begin() as connection:
        return tuple(
            Published(
                sequence=version.sequence.name,
                version=version.hash,
                steps=len(version.sequence.main_steps),
                new=versions.publish(connection, version, by=by, at=at),
            )
            for version in sound
        )

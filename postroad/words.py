"""What people write on a command line, read: assignments, moments, who they are."""

import getpass
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import typer
from pydantic import JsonValue

from schemas.values import Facts

_FIRST_YEAR, _LAST_YEAR = 1970, 2199


def facts(assignments: Iterable[str]) -> Facts:
    """Read `name=value` words; a value that is JSON (5, true, [1]) is that, else it is text."""
    return {name: _value(value) for name, value in pairs(assignments).items()}


def pairs(assignments: Iterable[str]) -> dict[str, str]:
    """Read `name=value` words as they are."""
    read: dict[str, str] = {}
    for assignment in assignments:
        name, found, value = assignment.partition("=")
        if not found or not name.strip():
            raise typer.BadParameter(f"write name=value, not {assignment}")
        read[name.strip()] = value
    return read


def moment(written: str | None) -> datetime | None:
    """Read an ISO 8601 moment between 1970 and 2199; without an offset it is UTC."""
    if written is None:
        return None
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise typer.BadParameter(
            f"write a moment like 2026-05-04T09:30+02:00, not {written}"
        ) from None
    if not _FIRST_YEAR <= read.year <= _LAST_YEAR:
        raise typer.BadParameter(f"{written} lies before {_FIRST_YEAR} or after {_LAST_YEAR}")
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def me() -> str:
    """Name the person at this computer."""
    return getpass.getuser()


def _value(written: str) -> JsonValue:
    try:
        value: JsonValue = json.loads(written)
    except ValueError:
        return written
    return value

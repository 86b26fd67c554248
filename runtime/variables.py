"""The table of settings, as the README shows it."""

from typing import NamedTuple

from pydantic_core import PydanticUndefined

from runtime.settings import Settings, variable


class Variable(NamedTuple):
    """One row: an environment variable, its default and what it is for."""

    name: str
    default: str
    meaning: str


def variables() -> list[Variable]:
    """List all settings in order."""
    return [
        Variable(variable(name), _default(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]


def _default(value: object) -> str:
    return "" if value in (None, (), PydanticUndefined) else str(value)

"""The frozen value that every shape is, and the words they share."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    JsonValue,
    StringConstraints,
)


class Value(BaseModel):
    """A frozen shape; unknown fields are let pass, so that releases can differ by a field."""

    model_config = ConfigDict(frozen=True, extra="ignore")


def cut(moment: datetime) -> datetime:
    """Give the whole minute, in UTC, that the aware `moment` lies in (language rule 12)."""
    if moment.tzinfo is UTC and not moment.second and not moment.microsecond:
        return moment
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _of_our_time(moment: datetime) -> datetime:
    # A day, a week or a zone's offset more must still be a date.
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"it lies before {_FIRST_YEAR} or after {_LAST_YEAR}")
    return cut(moment)


_FIRST_YEAR, _LAST_YEAR = 1900, 8999

Moment = Annotated[AwareDatetime, AfterValidator(_of_our_time)]
"""A whole minute in UTC, between the years 1900 and 8999."""

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
"""What may stand in a workflow id: letters, digits, dot, underscore, hyphen."""

Facts = dict[str, JsonValue]
"""Attribute values by name, as JSON has them."""

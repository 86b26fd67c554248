"""Where a value lies in a payload: a dotted path, alternatives, a constant, or parts put together.

`data.object.id`, `line_items[0].sku`; `@body.…` begins at the whole payload, where the path else
begins at the item; `@header.X-Topic` is a header of the request.
"""

import re
from collections.abc import Mapping
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, ConfigDict, JsonValue

from schemas.values import Value

_STEP = re.compile(r"[^.\[\]]+|\[(?:0|[1-9][0-9]{0,3})\]")
_WHOLE = re.compile(r"[^.\[\]]+(?:\[\d{1,4}\])*(?:\.[^.\[\]]+(?:\[\d{1,4}\])*)*")
_HEADER, _BODY = "@header.", "@body"


class Payload(NamedTuple):
    """What was posted: one item, the whole body, and the headers by their names in lower case."""

    item: JsonValue
    body: JsonValue
    headers: Mapping[str, str]


def _path(written: str) -> str:
    if _WHOLE.fullmatch(written) is None:
        raise ValueError(f"`{written}` is no path: write names with dots between, as `data.id`")
    return written


Path = Annotated[str, AfterValidator(_path)]


class Constant(Value):
    """The same value always."""

    model_config = ConfigDict(extra="forbid")

    value: JsonValue


class Joined(Value):
    """Several values as one text, with hyphens between; nothing if one of them is missing."""

    model_config = ConfigDict(extra="forbid")

    join: tuple[Path, ...]


Source = Path | Constant | Joined | tuple[Path, ...]
"""Where a value comes from; of several paths, the first that leads to a value."""


def value_at(source: Source, payload: Payload) -> JsonValue:
    """Give the value of a source; None if there is none."""
    if isinstance(source, Constant):
        return source.value
    if isinstance(source, Joined):
        return _joined(source, payload)
    paths = (source,) if isinstance(source, str) else source
    return next((found for path in paths if (found := _found(path, payload)) is not None), None)


def text_at(source: Source | None, payload: Payload, longest: int = 255) -> str | None:
    """Give a source's value as text, if it is one or a whole number; what is longer is no name."""
    return None if source is None else _text(value_at(source, payload), longest)


def texts_at(path: Path, payload: Payload) -> tuple[str, ...]:
    """Give the names that lie at a path, one or a list of them; what is none is left out."""
    found = value_at(path, payload)
    listed = found if isinstance(found, list) else [found]
    names = (_text(one) for one in listed)
    return tuple(dict.fromkeys(name for name in names if name is not None))


def _text(value: JsonValue, longest: int = 255) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    text = str(value).strip()
    return text if 0 < len(text) <= longest else None


def _joined(source: Joined, payload: Payload) -> str | None:
    parts = [text_at(path, payload) for path in source.join]
    known = [part for part in parts if part is not None]
    return "-".join(known) if len(known) == len(parts) else None


def _found(path: str, payload: Payload) -> JsonValue:
    if path.startswith(_HEADER):
        return payload.headers.get(path.removeprefix(_HEADER).lower())
    if path == _BODY or path.startswith((f"{_BODY}.", f"{_BODY}[")):
        return _walked(payload.body, path.removeprefix(_BODY))
    return _walked(payload.item, path)


def _walked(value: JsonValue, path: str) -> JsonValue:
    for match in _STEP.finditer(path):
        value = _next(value, match[0])
        if value is None:
            return None
    return value


def _next(value: JsonValue, step: str) -> JsonValue:
    if step.startswith("["):
        at = int(step[1:-1])
        return value[at] if isinstance(value, list) and at < len(value) else None
    return value.get(step) if isinstance(value, dict) else None

"""What a payload means by a mapping: pure, and of any JSON whatever."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from pydantic import AwareDatetime, Field, JsonValue

from inbound.adapting.mappings import Adapter, Entry, Options
from inbound.adapting.paths import Payload, Source, text_at, texts_at, value_at
from inbound.events import storable
from schemas.values import Facts, Value

_MOST_ITEMS = 1000
_LARGEST = 16 * 1024
# Seconds beyond this would lie in the year 5138: then they are milliseconds.
_MOST_SECONDS = 10**11
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


class Meant(Value):
    """What one item means: who is meant, what happened, what is new about them.

    `others` are keys of contacts that are one with them, who are known by `new_key` from then on.
    """

    item: int
    key: str | None = None
    email: str | None = None
    create: bool = False
    event: str | None = None
    id: str | None = None
    at: AwareDatetime | None = None
    fields: Facts = Field(default_factory=dict)
    attributes: Facts = Field(default_factory=dict)
    others: tuple[str, ...] = ()
    new_key: str | None = None


class Ignored(Value):
    """An item that means nothing here, and why."""

    item: int
    why: str


class Malformed(Value):
    """A body that is not what the mapping reads, and what is wrong with it."""

    why: str


Reading = tuple[Meant | Ignored, ...]


def parse(body: bytes) -> JsonValue | Malformed:
    """Read JSON; what PostgreSQL cannot keep is left out."""
    try:
        value: JsonValue = json.loads(body.decode(), parse_constant=_none)
    except (ValueError, RecursionError):
        return Malformed(why="The body is not JSON in UTF-8: post it as the service sends it.")
    return storable(value)


def meaning(adapter: Adapter, body: JsonValue, headers: Mapping[str, str]) -> Reading | Malformed:
    """Give what each item means, in order; `headers` are by their names in lower case."""
    items = _items(adapter, body, headers)
    if isinstance(items, Malformed):
        return items
    payloads = (Payload(item, body, headers) for item in items)
    return tuple(_meant(adapter, number, one) for number, one in enumerate(payloads))


def _items(
    adapter: Adapter, body: JsonValue, headers: Mapping[str, str]
) -> list[JsonValue] | Malformed:
    if adapter.each is None:
        is_object = isinstance(body, dict)
        return [body] if is_object else Malformed(why="The body is not a JSON object.")
    found = value_at(adapter.each, Payload(body, body, headers))
    if not isinstance(found, list):
        return Malformed(why=f"There is no list at `{adapter.each}`.")
    too_many = Malformed(why=f"There are more than {_MOST_ITEMS} items: post fewer at once.")
    return found if len(found) <= _MOST_ITEMS else too_many


def _meant(adapter: Adapter, number: int, payload: Payload) -> Meant | Ignored:
    entry = next((one for one in adapter.entries if _fits(one, payload)), None)
    if entry is None:
        return Ignored(item=number, why="no entry of the mapping fits it")
    key, email = text_at(entry.contact.key, payload), text_at(entry.contact.email, payload)
    if key is None and email is None:
        return Ignored(item=number, why="it names no contact")
    event, name = entry.event or text_at(entry.event_at, payload), text_at(entry.id, payload, 500)
    if event is not None and name is None:
        return Ignored(item=number, why="it has no id, so that a repeat could not be told")
    others, new_key = _merged(entry, payload)
    meant = Meant(
        item=number,
        key=key,
        email=email,
        create=entry.create,
        event=event,
        id=name,
        at=None if entry.at is None else moment(value_at(entry.at, payload)),
        fields=_all_at(entry.fields_at, payload) | _values(entry.fields, payload),
        attributes=dict(_attributes(entry, payload)),
        others=others,
        new_key=new_key,
    )
    return _bounded(meant)


def _bounded(meant: Meant) -> Meant | Ignored:
    if meant.event is None and not meant.attributes and not meant.others:
        return Ignored(item=meant.item, why="it holds none of the values that the mapping reads")
    if len(meant.others) > _MOST_ITEMS:
        return Ignored(item=meant.item, why=f"it merges more than {_MOST_ITEMS} contacts")
    sizes = (len(json.dumps(values)) for values in (meant.fields, meant.attributes))
    if max(sizes) > _LARGEST:
        return Ignored(item=meant.item, why="its values are over 16 KiB: map fewer of them")
    return meant


def moment(value: JsonValue) -> datetime | None:
    """Read a moment: seconds or milliseconds since 1970, or ISO 8601 with an offset."""
    try:
        if isinstance(value, str) and not value.isdigit():
            read = datetime.fromisoformat(value)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            seconds = float(value)
            read = datetime.fromtimestamp(
                seconds / 1000 if seconds > _MOST_SECONDS else seconds, UTC
            )
        else:
            return None
        known = read.astimezone(UTC) if read.tzinfo else None
    except (ValueError, OverflowError, OSError):
        return None
    return known if known and _FIRST_YEAR <= known.year <= _LAST_YEAR else None


def _fits(entry: Entry, payload: Payload) -> bool:
    return all(_is_one(path, options, payload) for path, options in entry.when.items()) and not any(
        _is_one(path, options, payload) for path, options in entry.unless.items()
    )


def _is_one(path: str, options: Options, payload: Payload) -> bool:
    value = value_at(path, payload)
    return any(type(value) is type(option) and value == option for option in options)


def _attributes(entry: Entry, payload: Payload) -> Iterator[tuple[str, JsonValue]]:
    yield from _all_at(entry.attributes_at, payload).items()
    yield from _values(entry.attributes, payload).items()
    named = entry.attribute
    if named is None:
        return
    name = named.names.get(text_at(named.name, payload) or "")
    if name is not None:
        yield name, value_at(named.value, payload)


def _merged(entry: Entry, payload: Payload) -> tuple[tuple[str, ...], str | None]:
    if entry.merged is None:
        return (), None
    return texts_at(entry.merged.others, payload), text_at(entry.merged.key, payload)


def _all_at(path: str | None, payload: Payload) -> Facts:
    found = None if path is None else value_at(path, payload)
    return found if isinstance(found, dict) else {}


def _values(sources: Mapping[str, Source], payload: Payload) -> Facts:
    found = {name: value_at(source, payload) for name, source in sources.items()}
    return {name: value for name, value in found.items() if value is not None}


def _none(_: str) -> None:
    return None

"""The JSON Schemas of what other code bases give us, for any language."""

from collections.abc import Iterator

from pydantic import JsonValue, TypeAdapter

from schemas.enrollment import EnrollmentStart
from schemas.events import Event

Schema = dict[str, JsonValue]


def enrollment_schema() -> Schema:
    """Give the schema of the workflow's input, without what is the workflow's own."""
    schema: Schema = EnrollmentStart.model_json_schema()
    return _without(schema, "resumed")


def event_schema() -> Schema:
    """Give the schema of a signal's argument; its `kind` is the signal's name."""
    schema: Schema = TypeAdapter(Event).json_schema()
    return schema


def _without(schema: Schema, name: str) -> Schema:
    properties, definitions = schema["properties"], schema.get("$defs")
    kept = {key: value for key, value in _items(properties) if key != name}
    used = _reached(kept, dict(_items(definitions)))
    return {**schema, "properties": kept, "$defs": used}


def _reached(shape: JsonValue, definitions: Schema) -> Schema:
    names = {ref.removeprefix("#/$defs/") for ref in _references(shape)}
    found = {name: definitions[name] for name in names & definitions.keys()}
    rest = {name: value for name, value in definitions.items() if name not in found}
    return found | (_reached(list(found.values()), rest) if found else {})


def _references(shape: JsonValue) -> Iterator[str]:
    if isinstance(shape, list):
        for part in shape:
            yield from _references(part)
    for key, value in _items(shape):
        if key == "$ref" and isinstance(value, str):
            yield value
        yield from _references(value)


def _items(shape: JsonValue | None) -> Iterator[tuple[str, JsonValue]]:
    yield from shape.items() if isinstance(shape, dict) else ()

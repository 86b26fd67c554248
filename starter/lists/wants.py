"""What a sequence wants to know of each row: names of data, which are dates, which are numbers."""

from collections.abc import Iterator
from functools import cached_property

from pydantic import JsonValue

from authoring.lint.facts import facts_in
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from schemas.values import Facts, Value
from schemas.version import Version
from starter.lists.columns import Unread
from workflows.moments.anchors import read_date


class Wants(Value):
    """The `data.…` that a sequence and its mails name; `dates` are what mails count from.

    `typed` are those that conditions compare with a number or a truth, which a CSV file writes as
    text like all else.
    """

    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()

    @cached_property
    def is_asked(self) -> frozenset[str]:
        """All names, to look one up."""
        return frozenset(self.names)


def wants_of(version: Version) -> Wants:
    """Read off a version what its rows are asked for."""
    definition = version.sequence.model_dump(mode="json")
    parts = list(_parts(definition))
    named = [*_facts(parts), *_named_in_mails(version)]
    dates = [fact for part in parts for fact in _facts([part.get("anchor")])]
    return Wants(
        names=tuple(dict.fromkeys(named)),
        dates=tuple(dict.fromkeys(dates)),
        typed=tuple(dict.fromkeys(_typed(parts))),
    )


def as_wanted(data: Facts, wants: Wants) -> Facts | Unread:
    """Give a row's data as the sequence reads it, or say what of it cannot be read."""
    for name in wants.dates:
        if name in data and read_date(data[name]) is None:
            reason = f"its {name} is no date that can be read: write it as 2026-05-04"
            return Unread(code="unreadable_date", reason=reason)
    return {
        name: _as_typed(value) if name in wants.typed else value for name, value in data.items()
    }


def _as_typed(value: JsonValue) -> JsonValue:
    if not isinstance(value, str):
        return value
    if value.lower() in _TRUTHS:
        return _TRUTHS[value.lower()]
    for read in (int, float):
        try:
            return read(value.replace(" ", ""))
        except ValueError:
            continue
    return value


def _named_in_mails(version: Version) -> Iterator[str]:
    content = version.content
    subjects = [s.subject for s in version.sequence.steps if isinstance(s, EmailStep) and s.subject]
    for text in (*content.files.values(), *content.snippets.values(), *subjects):
        yield from (one.path.partition(".")[0] for one in facts_in(text) if one.of == "data")


def _parts(value: object) -> Iterator[dict[str, object]]:
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _parts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _parts(part)


def _facts(parts: list[object] | list[dict[str, object]]) -> Iterator[str]:
    for part in parts:
        if isinstance(part, dict) and part.get("op") == "fact" and part.get("of") == "data":
            yield str(part.get("path")).partition(".")[0]


def _typed(parts: list[dict[str, object]]) -> Iterator[str]:
    for part in parts:
        sides = [part.get("left"), part.get("right")]
        constants = [s.get("value") for s in sides if isinstance(s, dict) and "value" in s]
        if any(isinstance(one, bool | int | float) for one in constants):
            yield from _facts(sides)


_TRUTHS = {"true": True, "false": False}


def sequence_key_is_data(sequence: Sequence) -> bool:
    """Tell whether what an enrollment is per can be read off the row alone."""
    return sequence.key is not None and sequence.key.of == "data"

"""What templates see of JSON facts: records, and values that are missing."""

from collections.abc import Iterator, Mapping

from jinja2 import StrictUndefined
from jinja2.utils import missing
from pydantic import JsonValue
from typing_extensions import override


class Record:
    """A mapping of facts without any attribute of Python's, so that `data.items` is a fact."""

    __slots__ = ("_path", "_values")

    def __init__(self, values: Mapping[str, JsonValue], path: str = "") -> None:
        self._values = {name: value for name, value in values.items() if has_value(value)}
        self._path = path

    def __getitem__(self, name: str) -> object:
        return wrapped(self._values[name], f"{self._path}.{name}" if self._path else name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, name: object) -> bool:
        return name in self._values


class Missing(StrictUndefined):
    """A fact without a value: it may be asked for (`or`, `if`), but not printed.

    What is missing inside it is missing too; a name that does not exist fails at any use.
    """

    __slots__ = ()

    @override
    def __bool__(self) -> bool:  # type: ignore[override]  # Jinja2 types it as never returning
        self._need_fact()
        return False

    @override
    def __getattr__(self, name: str) -> "Missing":
        if name.startswith("__"):
            raise AttributeError(name)
        return self[name]

    @override
    def __getitem__(self, name: object) -> "Missing":  # type: ignore[override]  # as above
        self._need_fact()
        return Missing(obj=self, name=str(name))

    @property
    @override
    def _undefined_message(self) -> str:
        path = _path(self)
        if path is None:
            return super()._undefined_message
        return f'{path} has no value; give it one, or write {{{{ {path} or "…" }}}}'

    def _need_fact(self) -> None:
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()


def has_value(value: JsonValue) -> bool:
    """Tell whether a fact has a value; null has none, nor has blank text."""
    return value is not None and not (isinstance(value, str) and not value.strip())


def wrapped(value: JsonValue, path: str) -> object:
    """Give the value as templates see it, `path` being its name there."""
    if isinstance(value, dict):
        return Record(value, path)
    if isinstance(value, list):
        return [wrapped(item, path) for item in value if has_value(item)]
    return value


def fact(value: JsonValue, path: str) -> object:
    """Give the value, or what stands for its absence."""
    return wrapped(value, path) if has_value(value) else Missing(obj=Record({}), name=path)


def _path(absent: object) -> str | None:
    if isinstance(absent, Record):
        return absent._path  # noqa: SLF001 a public name would be a fact that templates can see
    if not isinstance(absent, Missing):
        return None
    parent = _path(absent._undefined_obj)  # noqa: SLF001 Jinja2 has no other way to ask
    return None if parent is None else f"{parent}.{absent._undefined_name}".lstrip(".")  # noqa: SLF001 as above

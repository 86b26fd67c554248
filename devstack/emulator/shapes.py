"""Narrowing of JSON that anybody may have sent."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from devstack.emulator.records import JsonObject

# Local part and domain as most mailbox providers take them; quoted local parts are not.
_ADDRESS = re.compile(r'[^@\s<>(),:;"\\\[\]]{1,64}@[^@\s<>(),:;"\\\[\]._][^@\s<>(),:;"\\\[\]]*')
_LONGEST_ADDRESS = 254  # RFC 5321 section 4.5.3.1.3, as corrected by erratum 1690


def as_object(value: JsonValue) -> JsonObject:
    """Give the object, or an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: JsonValue) -> list[JsonValue]:
    """Give the array, or an empty one."""
    return value if isinstance(value, list) else []


def objects_in(value: JsonValue) -> Iterator[tuple[int, JsonObject]]:
    """Give each object of an array with its place."""
    return ((n, entry) for n, entry in enumerate(as_list(value)) if isinstance(entry, dict))


def is_text(value: JsonValue) -> bool:
    """Tell whether this is a string of at least one character."""
    return isinstance(value, str) and value != ""


def is_integer(value: JsonValue) -> bool:
    """Tell whether this is an integer; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_address(value: JsonValue) -> bool:
    """Tell whether this string can be an email address."""
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        return False
    local, _, domain = value.rpartition("@")
    return (
        local.isascii()
        and local.isprintable()
        and len(value) <= _LONGEST_ADDRESS
        and "." in domain.strip(".")
        and ascii_domain(domain) is not None
    )


def ascii_domain(domain: str) -> str | None:
    """Give a domain as mail servers look it up (RFC 5890); None if it cannot be one."""
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return None

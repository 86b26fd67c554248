"""SendGrid's rules for fields that stand both at the top and in a personalization."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from devstack.emulator.problems import Problem, problem
from devstack.emulator.records import JsonObject
from devstack.emulator.shapes import as_object, is_integer

RESERVED_HEADERS = frozenset(
    {
        "x-sg-id",
        "x-sg-eid",
        "received",
        "dkim-signature",
        "content-type",
        "content-transfer-encoding",
        "to",
        "from",
        "subject",
        "reply-to",
        "cc",
        "bcc",
    }
)
_HEADER_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322 section 2.2
_FURTHEST = timedelta(hours=72)
_MAX_CUSTOM_ARGS = 10_000


def header_problems(holder: JsonObject, field: str) -> Iterator[Problem]:
    """Check the `headers` of the request or of a personalization; `field` is their place."""
    if "headers" not in holder:
        return
    headers = as_object(holder["headers"])
    if not _all_strings(holder["headers"]):
        yield problem(field, "All values of the headers object must be strings.")
    if any(name.lower() in RESERVED_HEADERS for name in headers):
        yield problem(field, "Header can not be one of the reserved keys.")
    if not all(_HEADER_NAME.fullmatch(name) for name in headers):
        yield problem(field, "Header keys can't contain non-ASCII characters and empty spaces.")
    if len({name.lower() for name in headers}) < len(headers):
        yield problem(field, "The headers can't contain duplicate keys.")


def custom_arg_problems(holder: JsonObject, field: str) -> Iterator[Problem]:
    """Check the `custom_args` of the request or of a personalization; `field` is their place.

    The OpenAPI says 10,000 bytes, the errors page 50,000 (reference 1.1): the smaller holds here.
    """
    if "custom_args" not in holder:
        return
    if holder["custom_args"] == {}:
        yield problem(field, "custom_args can't be empty.")
    elif not _all_strings(holder["custom_args"]):
        yield problem(field, "All values of custom arguments object must be strings")
    elif _size(as_object(holder["custom_args"])) > _MAX_CUSTOM_ARGS:
        yield problem(
            field,
            "The combined size of both global and personalization custom arguments may not "
            "exceed 10,000 bytes per personalization.",
        )


def send_at_problems(holder: JsonObject, field: str, now: datetime) -> Iterator[Problem]:
    """Check the `send_at` of the request or of a personalization; `field` is its place."""
    if "send_at" not in holder:
        return
    send_at = holder["send_at"]
    if not is_integer(send_at):
        yield problem(
            field,
            "The send_at parameter is expecting a UNIX timestamp as an integer. We will send "
            "immediately if you include a send_at timestamp that is in the past.",
        )
    elif int(str(send_at)) > now.timestamp() + _FURTHEST.total_seconds():
        yield problem(field, "Scheduling more than 72 hours in advance is forbidden.")


def _all_strings(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


def _size(custom_args: JsonObject) -> int:
    return sum(len(f"{name}{value}".encode()) for name, value in custom_args.items())

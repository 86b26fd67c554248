"""SendGrid's rules for personalizations: whom a request writes to."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from devstack.emulator.problems import Problem, missing_personalizations, problem
from devstack.emulator.records import JsonObject
from devstack.emulator.rules_fields import (
    custom_arg_problems,
    header_problems,
    send_at_problems,
)
from devstack.emulator.shapes import as_list, as_object, is_address, is_text, objects_in

_MAX_PERSONALIZATIONS = 1000
_MAX_RECIPIENTS = 1000
_LISTS = ("to", "cc", "bcc")


def personalization_problems(payload: JsonObject, now: datetime) -> Iterator[Problem]:
    """Check `personalizations`."""
    people = as_list(payload.get("personalizations"))
    if not people:
        yield missing_personalizations()
        return
    yield from _amounts(payload, len(people))
    for place, entry in enumerate(people):
        field = f"personalizations.{place}"
        yield from _recipients(as_object(entry), field)
        yield from _repeated(as_object(entry), field)
        yield from _options(as_object(entry), field, now)


def _amounts(payload: JsonObject, people: int) -> Iterator[Problem]:
    if people > _MAX_PERSONALIZATIONS:
        yield problem(
            "personalizations",
            "The personalization block is limited to 1000 personalizations per API request. "
            f"You have provided [{people}] personalizations. Please consider splitting this into "
            "multiple requests and resending your request.",
        )
    entries = objects_in(payload["personalizations"])
    total = sum(len(as_list(entry.get(name))) for _, entry in entries for name in _LISTS)
    if total > _MAX_RECIPIENTS:
        yield problem(
            "personalizations",
            "There is a limit of 1000 total recipients (to + cc + bcc) per request.",
        )


def _recipients(entry: JsonObject, field: str) -> Iterator[Problem]:
    if not as_list(entry.get("to")):
        yield problem(
            f"{field}.to",
            "The to array is required for all personalization objects, and must have at least one "
            "email object with a valid email address.",
        )
    for name in _LISTS:
        for place, person in enumerate(as_list(entry.get(name))):
            if not is_address(as_object(person).get("email")):
                yield problem(f"{field}.{name}.{place}.email", "Does not contain a valid address.")


def _repeated(entry: JsonObject, field: str) -> Iterator[Problem]:
    addresses = [
        (name, str(person["email"]).lower())
        for name in _LISTS
        for _, person in objects_in(entry.get(name))
        if "email" in person
    ]
    counts = Counter(address for _, address in addresses)
    twice = next(((name, address) for name, address in addresses if counts[address] > 1), None)
    if twice:
        name, address = twice
        yield problem(
            field,
            "Each email address in the personalization block should be unique between to, cc, and "
            f"bcc. We found the first duplicate instance of [{address}] in the {field}.{name} "
            "field.",
        )


def _options(entry: JsonObject, field: str, now: datetime) -> Iterator[Problem]:
    if "subject" in entry and not is_text(entry["subject"]):
        yield problem(
            f"{field}.subject",
            "The subject of your email must be a string at least one character in length.",
        )
    yield from header_problems(entry, f"{field}.headers")
    yield from custom_arg_problems(entry, f"{field}.custom_args")
    yield from send_at_problems(entry, f"{field}.send_at", now)

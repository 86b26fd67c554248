"""What SendGrid says of a request that it does not take."""

import re
from collections.abc import Iterable

from devstack.emulator.records import JsonObject, Record

_HELP = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#"


class Problem(Record):
    """One entry of SendGrid's error body."""

    message: str
    field: str | None = None
    help: str | None = None


def problem(field: str, message: str) -> Problem:
    """Say what is wrong in one field of the body, such as `content.0.value`."""
    anchor = "message." + re.sub(r"\.\d+", "", field)
    return Problem(message=message, field=field, help=_HELP + anchor)


def missing_personalizations() -> Problem:
    """Say that there is nobody to write to."""
    return Problem(
        message="The personalizations field is required and must have at least one "
        "personalization.",
        field="personalizations",
        help=_HELP + "-Personalizations-Errors",
    )


def error_body(problems: Iterable[Problem]) -> JsonObject:
    """Give the body that SendGrid answers with."""
    return {"errors": [found.model_dump(mode="json") for found in problems]}


# Bodies seen from the real service (reference 1.2).
UNAUTHORIZED = Problem(message="The provided authorization grant is invalid, expired, or revoked")
CREDITS_EXCEEDED = Problem(message="Maximum credits exceeded")
FORBIDDEN = Problem(
    message="The from address does not match a verified Sender Identity. Mail cannot be sent "
    "until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/"
    "sender-identity/ to see the Sender Identity requirements",
    field="from",
)
BAD_REQUEST = Problem(message="Bad Request")
TOO_MANY_REQUESTS = Problem(message="too many requests")
UNAVAILABLE = Problem(message="Service Unavailable")
INTERNAL_ERROR = Problem(message="Internal Server Error")
BAD_GATEWAY = Problem(message="Bad Gateway")
NO_FEED = Problem(message="authorization required")
NO_RIGHT = Problem(message="access forbidden")
UNREADABLE_QUERY = Problem(message="This emulator reads unique_args['NAME']=\"VALUE\" alone.")
INVALID_UTF8 = Problem(message="Invalid UTF8 in request.")
WRONG_CONTENT_TYPE = Problem(message="Content-Type should be application/json.")
TOO_LARGE = Problem(message="Payload too large. A mail must stay under 30 MB.")

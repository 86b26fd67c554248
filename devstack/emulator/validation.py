"""SendGrid's rules for a mail, all of them at once.

Messages: the errors page of the Mail Send API (reference 1.4),
https://www.twilio.com/docs/sendgrid/api-reference/mail-send/errors
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeAlias

from devstack.emulator.problems import Problem, problem
from devstack.emulator.records import JsonObject
from devstack.emulator.rules_content import attachment_problems, content_problems
from devstack.emulator.rules_fields import custom_arg_problems, header_problems, send_at_problems
from devstack.emulator.rules_people import personalization_problems
from devstack.emulator.rules_settings import setting_problems
from devstack.emulator.shapes import as_list, as_object, is_address, is_integer, is_text

Rule: TypeAlias = Callable[[JsonObject], Iterator[Problem]]

_EXAMPLE = (
    'e.g. {"email" : "example@example.com"}  or '
    '{"email" : "example@example.com", "name" : "Example Recipient"}.'
)
_MAX_CATEGORIES = 10
_MAX_CATEGORY_LENGTH = 255
_MAX_GROUPS_SHOWN = 25


def problems_of(payload: JsonObject, now: datetime) -> list[Problem]:
    """Give all that SendGrid would refuse this request for; empty if it is good.

    `now` is the moment of the send, against which `send_at` is measured.
    """
    found = [wrong for rule in _RULES for wrong in rule(payload)]
    found.extend(personalization_problems(payload, now))
    found.extend(send_at_problems(payload, "send_at", now))
    return found


def _sender(payload: JsonObject) -> Iterator[Problem]:
    sender = as_object(payload.get("from"))
    if not sender.get("email"):
        yield problem(
            "from.email",
            "The from object must be provided for every email send. It is an object that "
            "requires the email parameter, but may also contain a name parameter.  " + _EXAMPLE,
        )
    # Unicode is not supported in `from` (reference 1.1).
    elif not (is_address(sender["email"]) and str(sender["email"]).isascii()):
        yield problem("from", "The from email does not contain a valid address.")


def _reply_to(payload: JsonObject) -> Iterator[Problem]:
    wanted = "The reply_to object, when used, must at least have an email parameter with a valid "
    rest = "email address and it may also contain a name parameter.  "
    if "reply_to" in payload and not is_address(as_object(payload["reply_to"]).get("email")):
        yield problem("reply_to.email", wanted + rest + _EXAMPLE)
    for place, entry in enumerate(as_list(payload.get("reply_to_list"))):
        if not is_address(as_object(entry).get("email")):
            yield problem(f"reply_to_list.{place}.email", wanted + rest + _EXAMPLE)
    if "reply_to" in payload and "reply_to_list" in payload:
        yield problem("reply_to", "Use either reply_to or reply_to_list, not both.")


def _subject(payload: JsonObject) -> Iterator[Problem]:
    people = as_list(payload.get("personalizations"))
    covered = bool(people) and all(is_text(as_object(p).get("subject")) for p in people)
    subject = payload.get("subject")
    if subject and not is_text(subject):
        yield problem(
            "subject",
            "The subject of your email must be a string at least one character in length.",
        )
    elif not subject and not covered and "template_id" not in payload:
        yield problem(
            "subject",
            "The subject is required. You can get around this requirement if you use a template "
            "with a subject defined or if every personalization has a subject defined.",
        )


def _categories(payload: JsonObject) -> Iterator[Problem]:
    categories = payload.get("categories", [])
    names = [name for name in as_list(categories) if isinstance(name, str)]
    if not isinstance(categories, list) or len(names) != len(categories):
        yield problem("categories", "Categories must be an array of strings.")
    if len(names) > _MAX_CATEGORIES:
        yield problem(
            "categories",
            "There is a limit of 10 categories for each email that is sent. "
            f"You provided [{len(names)}] categories.",
        )
    yield from (wrong for name in dict.fromkeys(names) for wrong in _category(name, names))


def _category(name: str, names: list[str]) -> Iterator[Problem]:
    if len(name) > _MAX_CATEGORY_LENGTH:
        yield problem(
            "categories",
            f"Each category must not be longer than 255 characters. [{name}] exceeds this limit.",
        )
    if names.count(name) > 1:
        yield problem(
            "categories",
            f"The categories must be a unique list, and you have included [{name}] more than once.",
        )
    if not name.isascii():
        yield problem("categories", "Categories can not contain non-ASCII characters.")


def _unsubscribe_groups(payload: JsonObject) -> Iterator[Problem]:
    if "asm" not in payload:
        return
    asm = as_object(payload["asm"])
    shown = asm.get("groups_to_display", [])
    if not is_integer(asm.get("group_id")):
        yield problem("asm.group_id", "The ASM group ID must be an integer.")
    if not isinstance(shown, list) or not all(is_integer(group) for group in shown):
        yield problem(
            "asm.groups_to_display", "The ASM Group IDs to display must be an array of integers."
        )
    if len(as_list(shown)) > _MAX_GROUPS_SHOWN:
        yield problem(
            "asm.groups_to_display",
            "There is a limit of 25 unsubscribe groups that can be displayed to a user at a time.",
        )


def _names(payload: JsonObject) -> Iterator[Problem]:
    for field, message in _TEXT_FIELDS.items():
        if field in payload and not isinstance(payload[field], str):
            yield problem(field, message)
    template = payload.get("template_id")
    if isinstance(template, str):
        # The emulator keeps no templates, so none is on the account.
        yield problem(
            "template_id",
            "The Template ID must be a valid template id for your account. "
            f"You provided [{template}].",
        )


_TEXT_FIELDS = {
    "template_id": "The template ID must be a string.",
    "batch_id": "The batch_id must be a string.",
    "ip_pool_name": "The name of your IP pool must be a string.",
}

_RULES: tuple[Rule, ...] = (
    _sender,
    _reply_to,
    _subject,
    content_problems,
    attachment_problems,
    _categories,
    _unsubscribe_groups,
    _names,
    lambda payload: header_problems(payload, "headers"),
    lambda payload: custom_arg_problems(payload, "custom_args"),
    setting_problems,
)

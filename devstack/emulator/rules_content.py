"""SendGrid's rules for the bodies and the attachments of a mail."""

import base64
import binascii
from collections.abc import Iterator

from pydantic import JsonValue

from devstack.emulator.problems import Problem, problem
from devstack.emulator.records import JsonObject
from devstack.emulator.shapes import as_list, as_object, is_text

_RANK_BY_TYPE = {"text/plain": 0, "text/html": 1}
_OTHER_RANK = 2
_FORBIDDEN_IN_NAMES = ("\r", "\n")
_FORBIDDEN_IN_TYPES = (";", "\r", "\n")


def content_problems(payload: JsonObject) -> Iterator[Problem]:
    """Check `content`."""
    contents = as_list(payload.get("content"))
    if not contents:
        if "template_id" not in payload:
            yield problem(
                "content",
                "Unless a valid template_id is provided, the content parameter is required. "
                "There must be at least one defined content block. We typically suggest both "
                "text/plain and text/html blocks are included, but only one block is required.",
            )
        return
    for place, content in enumerate(contents):
        yield from _content(as_object(content), f"content.{place}")
    ranks = [_rank(as_object(content).get("type")) for content in contents]
    if ranks != sorted(ranks):
        yield problem(
            "content",
            "Following RFC 1341, section 7.2, if either text/html or text/plain are to be sent in "
            "your email: text/plain needs to be first, followed by text/html, followed by any "
            "other content.",
        )


def attachment_problems(payload: JsonObject) -> Iterator[Problem]:
    """Check `attachments`."""
    for place, entry in enumerate(as_list(payload.get("attachments"))):
        yield from _attachment(as_object(entry), f"attachments.{place}")


def _content(content: JsonObject, field: str) -> Iterator[Problem]:
    kind = content.get("type")
    if not is_text(kind):
        yield problem(
            f"{field}.type",
            "Your content type must be a string with length of at least one character.",
        )
    elif any(sign in str(kind) for sign in _FORBIDDEN_IN_TYPES):
        yield problem(f"{field}.type", "Cannot contain ';', or CRLF characters.")
    if not is_text(content.get("value")):
        yield problem(
            f"{field}.value",
            "The content value must be a string at least one character in length.",
        )


def _attachment(attachment: JsonObject, field: str) -> Iterator[Problem]:
    if not is_text(attachment.get("content")):
        yield problem(
            f"{field}.content",
            "The attachment content must be a string at least one character in length.",
        )
    elif not _is_base64(str(attachment["content"])):
        yield problem(f"{field}.content", "The attachment content must be base64 encoded.")
    name = attachment.get("filename")
    if not is_text(name):
        yield problem(f"{field}.filename", "The filename of your attachment must be a string.")
    elif any(sign in str(name) for sign in _FORBIDDEN_IN_NAMES):
        yield problem(
            f"{field}.filename", "The filename of your attachment can't contain CRLF characters."
        )
    yield from _attachment_options(attachment, field)


def _attachment_options(attachment: JsonObject, field: str) -> Iterator[Problem]:
    kind = attachment.get("type", "text/plain")
    disposition = attachment.get("disposition", "attachment")
    content_id = attachment.get("content_id", "")
    if not is_text(kind):
        yield problem(
            f"{field}.type",
            "The attachment type must be a string and at least one character in length.",
        )
    elif any(sign in str(kind) for sign in _FORBIDDEN_IN_TYPES):
        yield problem(f"{field}.type", "The type can't contain ';', or CRLF characters.")
    if disposition not in {"attachment", "inline"}:
        yield problem(
            f"{field}.disposition",
            'The disposition of your attachment can be either "inline" or "attachment". '
            f"You provided [{disposition}].",
        )
    if not isinstance(content_id, str) or any(sign in content_id for sign in _FORBIDDEN_IN_NAMES):
        yield problem(f"{field}.content_id", "The content ID of your attachment must be a string.")


def _rank(content_type: JsonValue) -> int:
    return _RANK_BY_TYPE.get(str(content_type), _OTHER_RANK)


def _is_base64(content: str) -> bool:
    try:
        base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True

"""From a request that SendGrid would take to the mails that it makes."""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count

from pydantic import JsonValue

from devstack.emulator.moments import moment_of
from devstack.emulator.records import Address, Attachment, Content, JsonObject, Mail
from devstack.emulator.rules_settings import is_on
from devstack.emulator.shapes import as_list, as_object, is_integer, objects_in
from devstack.emulator.suppressions import LISTS_BY_BYPASS

_MESSAGE_ID = "message-id"


def mails_of(payload: JsonObject, message_id: str, now: datetime) -> list[Mail]:
    """Give one mail per recipient, not yet numbered; `now` is real time."""
    places = count()
    return [
        Mail.model_validate(
            {
                "id": _mail_id(message_id, next(places)),
                "recipient": recipient,
                **_shared(payload, entry, message_id, now),
            }
        )
        for _, entry in objects_in(payload["personalizations"])
        for recipient in _recipients(entry)
    ]


def with_own_message_id(mail: Mail) -> Mail:
    """Give the mail as it leaves when SendGrid puts its own Message-ID in place of the sender's."""
    headers = {name: v for name, v in mail.headers.items() if name.lower() != _MESSAGE_ID}
    return mail.model_copy(
        update={"headers": headers, "internet_message_id": smtp_id(mail.message_id)}
    )


def virtual_now(payload: JsonObject, now: datetime) -> datetime:
    """Give the virtual moment of the request's send; real time `now` if it names none."""
    return moment_of(_strings(payload.get("custom_args")), now)


def smtp_id(message_id: str) -> str:
    """Give the id that SendGrid gives a mail among mail servers."""
    return f"<{message_id}@geopod-ismtpd-0>"


def _shared(
    payload: JsonObject, entry: JsonObject, message_id: str, now: datetime
) -> dict[str, object]:
    headers = _strings(payload.get("headers")) | _strings(entry.get("headers"))
    custom_args = _strings(payload.get("custom_args")) | _strings(entry.get("custom_args"))
    own_id = {name.lower(): value for name, value in headers.items()}.get(_MESSAGE_ID)
    send_at = entry.get("send_at", payload.get("send_at"))
    return {
        "number": 0,
        "message_id": message_id,
        "internet_message_id": own_id or smtp_id(message_id),
        "accepted_at": now,
        "sent_at": _sent_at(moment_of(custom_args, now), send_at),
        "sender": _address(entry.get("from") or payload["from"]),
        "reply_to": _reply_to(payload),
        "to": [_address(person) for person in as_list(entry.get("to"))],
        "cc": [_address(person) for person in as_list(entry.get("cc"))],
        "subject": entry.get("subject") or payload.get("subject") or "",
        "contents": [_content(c) for c in as_list(payload.get("content"))],
        "attachments": [_attachment(a) for a in as_list(payload.get("attachments"))],
        "headers": headers,
        "custom_args": custom_args,
        "categories": as_list(payload.get("categories")),
        "asm_group_id": as_object(payload.get("asm")).get("group_id"),
        "bypasses": [name for name in LISTS_BY_BYPASS if is_on(payload, name)],
    }


def _mail_id(message_id: str, place: int) -> str:
    return message_id if place == 0 else f"{message_id}.{place}"


def _recipients(entry: JsonObject) -> Iterator[Address]:
    for name in ("to", "cc", "bcc"):
        for person in as_list(entry.get(name)):
            yield _address(person)


def _reply_to(payload: JsonObject) -> Address | None:
    listed = as_list(payload.get("reply_to_list"))
    wanted = payload.get("reply_to") or (listed[0] if listed else None)
    return _address(wanted) if wanted else None


def _address(value: JsonValue) -> Address:
    person = as_object(value)
    return Address(email=str(person["email"]), name=str(person.get("name") or ""))


def _content(value: JsonValue) -> Content:
    return Content(type=str(as_object(value)["type"]), value=str(as_object(value)["value"]))


def _attachment(value: JsonValue) -> Attachment:
    known = {n: v for n, v in as_object(value).items() if n in Attachment.model_fields}
    return Attachment.model_validate(known)


def _strings(value: JsonValue) -> dict[str, str]:
    return {name: str(entry) for name, entry in as_object(value).items()}


def _sent_at(moment: datetime, send_at: JsonValue) -> datetime:
    scheduled = int(str(send_at)) if is_integer(send_at) else 0
    return max(moment, datetime.fromtimestamp(scheduled, UTC))

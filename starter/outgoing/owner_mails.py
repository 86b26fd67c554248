"""Mails to owners by SendGrid's door: told apart from a sequence's own, and never in a loop."""

import asyncio
from base64 import b64encode
from hashlib import sha256

from pydantic import JsonValue
from sqlalchemy import Engine
from typing_extensions import override

from activities.mailing.sendgrid import Accepted, Answer, Message, RateLimited, RefusedBy, SendGrid
from activities.rendering.papers import one_line
from inbound.contents import Attachment, read_contents
from inbound.correlation import NOTICE_PREFIX
from inbound.events import NOTICE_ID
from schemas.content import Mailbox
from schemas.values import Facts
from starter.outgoing.noticing import Door, Outcome
from starter.outgoing.passing_on import Letter, our_letter, passed_on
from storage import notices
from storage.notices import Notice

_NOBODY = "nobody to tell: the contact has no owner, and the sequence no `from_fallback`"
_NOT_KEPT = "the reply is not on record any more"


class MailDoor(Door):
    """Sends notices as mails from the mailbox `sender`, whose domain SendGrid must know."""

    def __init__(
        self, engine: Engine, sendgrid: SendGrid, *, sender: Mailbox, mail_domain: str
    ) -> None:
        self._engine = engine
        self._sendgrid = sendgrid
        self._sender = sender
        self._mail_domain = mail_domain

    @override
    async def bring(self, notice: Notice) -> Outcome:
        """Send it; what SendGrid may have taken already goes again, under the same Message-ID."""
        return await asyncio.to_thread(self._bring, notice)

    def _bring(self, notice: Notice) -> Outcome:
        to = notice.payload.get("to")
        if to is None:
            return Outcome(state="gone", why=_NOBODY)
        letter = self._letter(notice.payload)
        if letter is None:
            return Outcome(state="gone", why=_NOT_KEPT)
        return _outcome(self._sendgrid.post(self._message(notice, letter)))

    def _letter(self, payload: Facts) -> Letter | None:
        if "reply" not in payload:
            return our_letter(payload)
        with self._engine.connect() as connection:
            kept = notices.kept_mail(connection, str(payload["reply"]))
        contact = Mailbox.model_validate(payload["contact"])
        return None if kept is None else passed_on(read_contents(kept), contact)

    def _message(self, notice: Notice, letter: Letter) -> Message:
        to = Mailbox.model_validate(notice.payload["to"])
        name = letter.writer.name if letter.writer else self._sender.name
        message: Message = {
            "personalizations": [
                {
                    "to": [_mailbox(to)],
                    "headers": self._headers(notice, letter),
                    "custom_args": {
                        NOTICE_ID: str(notice.id),
                        "seq_at": str(int(notice.at.timestamp())),
                    },
                }
            ],
            "from": _mailbox(Mailbox(email=self._sender.email, name=name)),
            "subject": one_line(letter.subject),
            "content": _content(letter),
            "categories": ["postroad-notice"],
            "tracking_settings": dict(_UNTRACKED),
        }
        return message | _further(letter)

    def _headers(self, notice: Notice, letter: Letter) -> dict[str, JsonValue]:
        mark = f"{NOTICE_PREFIX}{sha256(notice.natural_key.encode()).hexdigest()[:32]}"
        # SendGrid may put a Message-ID of its own in the place of ours; References stay.
        known = (*letter.references, f"{mark}@thread.{self._mail_domain}")
        headers: dict[str, JsonValue] = {
            "Message-ID": f"<{mark}@{self._mail_domain}>",
            "References": _listed(known),
            "Auto-Submitted": "auto-generated",  # RFC 3834 section 5: no machine answers it
        }
        return headers | ({"In-Reply-To": _listed(letter.answers)} if letter.answers else {})


def _content(letter: Letter) -> list[JsonValue]:
    plain: JsonValue = {"type": "text/plain", "value": letter.text}
    return [plain, {"type": "text/html", "value": letter.html}] if letter.html else [plain]


def _further(letter: Letter) -> Message:
    further: Message = {}
    if letter.writer is not None:
        further["reply_to"] = _mailbox(letter.writer)
    if files := [_file(one) for one in letter.files if one.content]:
        further["attachments"] = files
    return further


def _file(one: Attachment) -> JsonValue:
    file: dict[str, JsonValue] = {
        "content": b64encode(one.content).decode(),
        "filename": one_line(one.name),
        "type": one_line(one.type),
    }
    if one.content_id is None:
        return {**file, "disposition": "attachment"}
    return {**file, "disposition": "inline", "content_id": one_line(one.content_id)}


def _mailbox(mailbox: Mailbox) -> JsonValue:
    return {name: one_line(value) for name, value in mailbox.model_dump().items() if value}


def _listed(ids: tuple[str, ...]) -> str:
    return " ".join(f"<{one}>" for one in ids)


def _outcome(answer: Answer) -> Outcome:
    if isinstance(answer, Accepted):
        return Outcome(state="delivered")
    if isinstance(answer, RateLimited):
        return Outcome(state="failed", why="SendGrid asks to wait", again=answer.wait)
    if isinstance(answer, RefusedBy):
        why = f"SendGrid answered {answer.status} ({answer.words})"
        return Outcome(state="gone", why=why)
    return Outcome(state="failed", why=answer.words)


_UNTRACKED: dict[str, JsonValue] = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": {"enable": False},
    "subscription_tracking": {"enable": False},
}

"""The posts that recipients' actions set off: inbound mails and one-click unsubscribes."""

from collections.abc import Callable, Mapping
from datetime import datetime

from devstack.emulator.actions import Action, ActionKind, ActionRefusedError
from devstack.emulator.config import Switches
from devstack.emulator.inbound import inbound_form
from devstack.emulator.links import one_click_url
from devstack.emulator.records import Mail, PostKind, Record
from devstack.emulator.replies import Letter, human_reply, late_report, out_of_office

_DEFAULT_REPLY = "Thank you for your mail. Let us talk."

# RFC 8058 sections 3.1 and 3.2.
_ONE_CLICK_BODY = b"List-Unsubscribe=One-Click"
_ONE_CLICK_TYPE = "application/x-www-form-urlencoded"


class Request(Record):
    """What is to be posted where."""

    kind: PostKind
    url: str | None
    content_type: str
    body: bytes


def request_for(mail: Mail, action: Action, at: datetime, switches: Switches) -> Request | None:
    """Write what this action posts; None if it posts nothing of its own.

    Raises ActionRefusedError for a one-click unsubscribe that the mail does not offer.
    """
    if action.kind is ActionKind.ONE_CLICK_UNSUBSCRIBE:
        return _one_click(mail)
    write = _LETTER_BY_ACTION.get(action.kind)
    if write is None:
        return None
    content_type, body = inbound_form(write(mail, action, at), switches.inbound_mode)
    return Request(
        kind=PostKind.INBOUND, url=switches.inbound_url, content_type=content_type, body=body
    )


def _one_click(mail: Mail) -> Request:
    url = one_click_url(mail)
    if url is None:
        raise ActionRefusedError(
            "This mail offers no one-click unsubscribe: it needs List-Unsubscribe with a web "
            "address and List-Unsubscribe-Post (RFC 8058)."
        )
    return Request(
        kind=PostKind.ONE_CLICK, url=url, content_type=_ONE_CLICK_TYPE, body=_ONE_CLICK_BODY
    )


def _reply(mail: Mail, action: Action, at: datetime) -> Letter:
    text = action.text or _DEFAULT_REPLY
    return human_reply(mail, at, text, sender=action.sender, charset=action.charset)


def _absence(mail: Mail, action: Action, at: datetime) -> Letter:
    return out_of_office(mail, at, action.return_date, action.text)


def _report(mail: Mail, _action: Action, at: datetime) -> Letter:
    return late_report(mail, at)


_LETTER_BY_ACTION: Mapping[ActionKind, Callable[[Mail, Action, datetime], Letter]] = {
    ActionKind.REPLY: _reply,
    ActionKind.OUT_OF_OFFICE: _absence,
    ActionKind.LATE_REPORT: _report,
}

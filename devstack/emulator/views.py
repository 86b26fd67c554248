"""What the control API and the pages show."""

import base64
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from pydantic import AwareDatetime

from devstack.emulator.actions import ActionKind
from devstack.emulator.emulator import Emulator
from devstack.emulator.links import Link, links_of, one_click_url
from devstack.emulator.messages import build_message
from devstack.emulator.records import (
    Address,
    Attachment,
    Attempt,
    Event,
    JsonObject,
    Mail,
    Post,
    PostKind,
    PostState,
    Record,
)

SEND_ID = "seq_send_id"
"""The custom arg that names a send."""

_STATE_BY_EVENT: Mapping[str, str] = {
    "open": "opened",
    "click": "clicked",
    "spamreport": "reported as spam",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "bounce": "bounced",
}
_STATE_BY_TITLE: Mapping[str, str] = {
    ActionKind.REPLY: "replied",
    ActionKind.OUT_OF_OFFICE: "out of office",
    ActionKind.LATE_REPORT: "bounced",
    ActionKind.ONE_CLICK_UNSUBSCRIBE: "unsubscribed",
}


class MailSummary(Record):
    """A mail in a list; `sent_at` is virtual, `accepted_at` real time."""

    id: str
    number: int
    message_id: str
    recipient: Address
    sender: Address
    subject: str
    sent_at: AwareDatetime
    accepted_at: AwareDatetime
    state: str
    custom_args: dict[str, str]


class Told(Record):
    """How telling our webhook went."""

    state: PostState
    attempts: tuple[Attempt, ...]


class EventView(Record):
    """An event, and how telling of it went (None: it still waits for its batch)."""

    number: int
    mail_id: str
    at: AwareDatetime
    body: JsonObject
    duplicate_of: int | None
    told: Told | None


class PostView(Record):
    """An inbound mail or a one-click unsubscribe, and what our webhook answered."""

    number: int
    kind: PostKind
    title: str
    url: str | None
    at: AwareDatetime
    told: Told


class FileView(Record):
    """A file that a mail carries; `size` is in bytes."""

    name: str
    type: str
    size: int


class MailView(MailSummary):
    """One mail in full."""

    answers_to: Address
    headers: tuple[tuple[str, str], ...]
    text: str | None
    html: str | None
    raw: str
    links: tuple[Link, ...]
    one_click_url: str | None
    categories: tuple[str, ...]
    attachments: tuple[FileView, ...] = ()
    events: tuple[EventView, ...]
    posts: tuple[PostView, ...]


class Counts(Record):
    """The truth that our own ledger can be compared to.

    `answers` counts the answers of `/v3/mail/send` in this run by status, faults left out.
    """

    mails: int
    accepted_by_send_id: dict[str, int]
    without_send_id: int
    events: dict[str, int]
    answers: dict[str, int]


def summary_of(emulator: Emulator, mail: Mail) -> MailSummary:
    """Show a mail in a list."""
    return MailSummary.model_validate(_summary(emulator, mail))


def view_of(emulator: Emulator, mail: Mail) -> MailView:
    """Show a mail in full."""
    message = build_message(mail)
    posts = emulator.store.posts_of(mail)
    return MailView.model_validate(
        {
            **_summary(emulator, mail),
            "answers_to": mail.answers_to,
            "headers": [(name, str(value)) for name, value in message.items()],
            "text": mail.part("text/plain"),
            "html": mail.part("text/html"),
            "raw": message.as_bytes().decode("ascii"),
            "links": links_of(mail),
            "one_click_url": one_click_url(mail),
            "categories": mail.categories,
            "attachments": [_file_view(file) for file in mail.attachments],
            "events": [event_view(emulator, e) for e in emulator.store.events_of(mail)],
            "posts": [_post_view(p) for p in posts if p.kind is not PostKind.EVENTS],
        }
    )


def _file_view(file: Attachment) -> FileView:
    size = len(base64.b64decode(file.content))
    return FileView(name=file.filename, type=file.type, size=size)


def event_view(emulator: Emulator, event: Event) -> EventView:
    """Show an event with how telling of it went."""
    post = emulator.store.post_of(event)
    return EventView(
        number=event.number,
        mail_id=event.mail_id,
        at=datetime.fromtimestamp(int(str(event.body["timestamp"])), UTC),
        body=event.body,
        duplicate_of=event.duplicate_of,
        told=_told(post) if post else None,
    )


def counts_of(emulator: Emulator) -> Counts:
    """Count what was accepted and told."""
    store = emulator.store
    sends = Counter(mail.custom_args.get(SEND_ID) for mail in store.mails.values())
    events = (e for e in store.events.values() if e.duplicate_of is None)
    return Counts(
        mails=len(store.mails),
        accepted_by_send_id={send: n for send, n in sends.items() if send is not None},
        without_send_id=sends[None],
        events=dict(Counter(str(event.body["event"]) for event in events)),
        answers={str(status): n for status, n in emulator.answers.items()},
    )


def state_of(emulator: Emulator, mail: Mail) -> str:
    """Say in a word or two what happened to a mail last."""
    marks = {
        event.number: _state_by_event(event.body)
        for event in emulator.store.events_of(mail)
        if event.duplicate_of is None
    }
    posts = emulator.store.posts_of(mail)
    marks |= {p.number: _STATE_BY_TITLE[p.title] for p in posts if p.kind is not PostKind.EVENTS}
    return marks[max(marks)] if marks else "accepted"


def _summary(emulator: Emulator, mail: Mail) -> dict[str, object]:
    shown = {name: getattr(mail, name) for name in MailSummary.model_fields if name != "state"}
    return shown | {"state": state_of(emulator, mail)}


def _state_by_event(body: JsonObject) -> str:
    name = str(body["event"])
    return "blocked" if body.get("type") == "blocked" else _STATE_BY_EVENT.get(name, name)


def _post_view(post: Post) -> PostView:
    return PostView(
        number=post.number,
        kind=post.kind,
        title=post.title,
        url=post.url,
        at=post.moment or post.opened_at,
        told=_told(post),
    )


def _told(post: Post) -> Told:
    return Told(state=post.state, attempts=post.attempts)

"""What the emulator remembers: mails, events, posts to our webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue

JsonObject: TypeAlias = dict[str, JsonValue]


class Record(BaseModel):
    """A frozen value; bytes travel as Base64 in JSON."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64"
    )


class Address(Record):
    """An email address, with the name shown beside it."""

    email: str
    name: str = ""


class Content(Record):
    """One body of a mail, such as text/plain or text/html."""

    type: str
    value: str


class Attachment(Record):
    """A file that a mail carries; `content` is Base64 as it came in."""

    content: str
    filename: str
    type: str = "application/octet-stream"
    disposition: str = "attachment"
    content_id: str | None = None


class Mail(Record):
    """One mail to one recipient, as accepted.

    `accepted_at` is real time; `sent_at` is the virtual moment of the send.
    """

    id: str
    number: int
    message_id: str
    internet_message_id: str
    accepted_at: AwareDatetime
    sent_at: AwareDatetime
    recipient: Address
    sender: Address
    reply_to: Address | None = None
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    subject: str
    contents: tuple[Content, ...]
    attachments: tuple[Attachment, ...] = ()
    headers: dict[str, str] = {}
    custom_args: dict[str, str] = {}
    categories: tuple[str, ...] = ()
    asm_group_id: int | None = None
    bypasses: tuple[str, ...] = ()

    def part(self, content_type: str) -> str | None:
        """Give the body of this type, if the mail has one."""
        found = (content.value for content in self.contents if content.type == content_type)
        return next(found, None)

    @property
    def answers_to(self) -> Address:
        """Give the address that an answer goes to."""
        return self.reply_to or self.sender

    def moment_after(self, now: datetime) -> datetime:
        """Give the virtual moment of real time `now`, as this mail's recipient lives it."""
        return self.sent_at + (now - self.accepted_at)


class Event(Record):
    """One event of the Event Webhook; `body` is what SendGrid's JSON says."""

    number: int
    mail_id: str
    body: JsonObject
    duplicate_of: int | None = None


class PostKind(StrEnum):
    """What a post to one of our webhooks carries."""

    EVENTS = "events"
    INBOUND = "inbound"
    ONE_CLICK = "one_click"


class PostState(StrEnum):
    """How far a post has come."""

    WAITING = "waiting"
    ANSWERED = "answered"
    DROPPED = "dropped"
    GIVEN_UP = "given_up"
    NOWHERE = "nowhere"


class Attempt(Record):
    """One try of a post at real time `at`: a status and an answer, or why there was none."""

    at: AwareDatetime
    status: int | None = None
    answer: str = ""


class Post(Record):
    """A request to one of our webhooks: a batch of events, an inbound mail, or a one-click.

    `moment` is the virtual time of what it tells; `opened_at` is real time.
    """

    number: int
    kind: PostKind
    title: str
    url: str | None
    opened_at: AwareDatetime
    moment: AwareDatetime | None = None
    mail_ids: tuple[str, ...]
    event_numbers: tuple[int, ...] = ()
    content_type: str = "application/json"
    body: bytes = b""
    state: PostState = PostState.WAITING
    attempts: tuple[Attempt, ...] = ()

"""What the emulator is told when it starts, and what can be switched while it runs."""

from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from pydantic import Field, SecretStr

from devstack.emulator.records import Record


class InboundMode(StrEnum):
    """The two forms in which Inbound Parse posts a mail."""

    RAW = "raw"
    PARSED = "parsed"


class Duplicates(StrEnum):
    """Whether each event comes twice, and whether the copy has an `sg_event_id` of its own."""

    NONE = "none"
    SAME_ID = "same_id"
    NEW_ID = "new_id"


class ActivityFeed(StrEnum):
    """Whether the account has the Email Activity Feed, and the key the right to read it."""

    NONE = "none"
    NO_RIGHT = "no_right"
    OPEN = "open"


class Switches(Record):
    """What can be changed while the emulator runs.

    Without an address, events or inbound mails go nowhere and say so. A mail is in the activity
    feed `activity_after` so many seconds of real time.
    """

    webhook_url: str | None = None
    inbound_url: str | None = None
    inbound_mode: InboundMode = InboundMode.RAW
    keep_message_id: bool = True
    batching: bool = True
    duplicates: Duplicates = Duplicates.NONE
    reorder: bool = False
    activity_feed: ActivityFeed = ActivityFeed.NONE
    activity_after: float = Field(default=0, ge=0)


class EmulatorConfig(Record):
    """What the emulator is told when it starts.

    Without `api_key` each key is good; without `state` nothing outlives the program.
    A post that is not taken is tried again, at pauses that double up to `longest_pause`,
    until `give_up_after`: 24 hours, as SendGrid's events do (reference 2.3).
    """

    api_key: SecretStr | None = None
    state: Path | None = None
    switches: Switches = Switches()
    seed: int = 0
    first_pause: timedelta = timedelta(milliseconds=200)
    longest_pause: timedelta = timedelta(seconds=30)
    give_up_after: timedelta = timedelta(hours=24)
    answer_within: timedelta = timedelta(seconds=10)
    posts_at_once: int = Field(default=4, ge=1)
    batch_size: int = Field(default=100, ge=1)

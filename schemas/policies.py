"""What holds beside the steps: what ends, reacts, counts, suppresses, lets in."""

from datetime import timedelta
from hashlib import sha256
from typing import Literal

from pydantic import Field

from schemas.calendar import Duration, Unit
from schemas.conditions import Condition, Fact
from schemas.matchers import Matcher, StepId
from schemas.values import Value


class Reaction(Value):
    """An entry of `on:`: what is done beside the main steps when its event comes (rule 18)."""

    on: Matcher
    first: StepId
    repeat: bool = False


class ExitRule(Value):
    """What ends the enrollment early, and the name of that ending; an event or a condition."""

    name: str
    on: Matcher | None = None
    when: Condition | None = None


class Goal(Value):
    """The success that a sequence is for; `within` counts from the enrollment.

    `value` and `currency` are the event's fields that say what it was worth.
    """

    event: str
    within: Duration
    repeat: bool = False
    value: Fact | None = None
    currency: Fact | None = None


class Cycle(Value):
    """A later date of `anchor` by more than `over` days is a new cycle, and ends this (rule 9)."""

    anchor: Fact
    over: int = Field(ge=0)


class Suppressor(Value):
    """A fact that keeps every mail back while it is true (rule 30).

    It is true while an event of `opens` has had none of `closes` with the same field `id`.
    `match` is the field that, where an opening has it, must equal the enrollment's key.
    """

    fact: str
    opens: tuple[str, ...]
    closes: tuple[str, ...]
    id: str
    match: str | None = None
    then: Literal["resume", "exit"] = "resume"
    spares_transactional: bool = False


class Unengaged(Value):
    """Whoever did nothing about the last `after` marketing mails gets no more (rule 32)."""

    after: int = Field(ge=1)
    opens: bool = False


class Trigger(Value):
    """What enrolls somebody by itself (rule 31); `kind` says which of the fields are used.

    `event`: when it comes; `near`: `by` before the date `anchor`; `inactive`: no event `on` for
    `by`; `attribute`: when the condition `when` becomes true.
    """

    kind: Literal["event", "near", "inactive", "attribute"]
    on: Matcher | None = None
    anchor: Fact | None = None
    by: Duration | None = None
    when: Condition | None = None
    backfill: Literal["none", "all"]
    per_day: int | None = None
    creates: bool = False

    @property
    def mark(self) -> str:
        """A name for what it says; how many a day, and who is created, may change under it."""
        said = self.model_dump_json(exclude={"per_day", "creates"}, exclude_none=True)
        return sha256(said.encode()).hexdigest()[:32]


class Turns(Value):
    """How sequences of the group `exclusive` share a contact; `priority` also ranks mails (29)."""

    exclusive: str | None = None
    priority: int = 0
    on_lost: Literal["wait", "exit"] = "wait"
    if_busy: Literal["refuse"] | Duration = "refuse"


class Pace(Value):
    """How many may enter a day, in all and of one owner; a day is a date in `zone`."""

    per_day: int | None = Field(default=None, ge=1)
    per_owner: int | None = Field(default=None, ge=1)
    zone: str = "UTC"


class Caps(Value):
    """How many marketing mails a contact may get, over all sequences (language rule 29).

    Without a number there is no such cap. A mail over one waits for room as long as `defer_up_to`
    says, and is then skipped.
    """

    per_day: int | None = Field(default=None, ge=1)
    per_week: int | None = Field(default=None, ge=1)
    defer_up_to: Duration = Duration(count=7, unit=Unit.DAYS)

    @property
    def limits(self) -> tuple[tuple[int, timedelta, str], ...]:
        """Give each cap: how many at most, within how long, and how people say it."""
        most = ((self.per_day, _DAY, "a day"), (self.per_week, 7 * _DAY, "a week"))
        return tuple((n, length, f"{n} {of}") for n, length, of in most if n is not None)

    @property
    def words(self) -> str:
        """Say them as people do: `1 a day and 3 a week, put off up to 7 days`."""
        most = " and ".join(words for _, _, words in self.limits)
        return f"{most}, put off up to {self.defer_up_to.words}"


_DAY = timedelta(days=1)

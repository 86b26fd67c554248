"""What would enroll somebody by itself, in words, with what is known of it now."""

from schemas.calendar import Duration
from schemas.policies import Trigger
from workflows.deciding.conditions import Known, value_of
from workflows.deciding.saying import shown_value, written
from workflows.telling.ends import asks
from workflows.telling.words import happens


def trigger_words(trigger: Trigger) -> str:
    """Say it in short: `event order_placed where event.total > 50`, `near data.end by 90 days`."""
    by = "" if trigger.by is None else trigger.by.words
    if trigger.anchor is not None:
        return f"near {trigger.anchor.of}.{trigger.anchor.path} by {by}"
    if trigger.when is not None:
        return f"when {written(trigger.when)}"
    on = trigger.on
    name = "" if on is None else on.name
    if trigger.kind == "inactive":
        return f"inactive {name} for {by}"
    return f"event {name}" + (
        "" if on is None or on.where is None else f" where {written(on.where)}"
    )


def trigger_told(trigger: Trigger, known: Known) -> str:
    """Say when a trigger enrolls a contact of whom this is known."""
    if trigger.kind == "attribute" and trigger.when is not None:
        return f"as soon as {asks(trigger.when, known)}"
    if trigger.kind == "near" and trigger.anchor is not None:
        date = f"{trigger.anchor.of}.{trigger.anchor.path}"
        value = value_of(trigger.anchor, known)
        now = "which is not there" if value is None else f"which is {shown_value(value)}"
        return f"{_lasting(trigger.by)} before {date}, {now}"
    event = trigger.on.name if trigger.on is not None else None
    if trigger.kind == "inactive":
        return f"when the event {event} has not come for {_lasting(trigger.by)}"
    return "by a request only" if trigger.on is None else f"when {happens(trigger.on)}"


def _lasting(duration: Duration | None) -> str:
    return "some time" if duration is None else duration.words

"""The tables of what enrolls people by itself, and of enrollments on their way to Temporal."""

from sqlalchemy import Column, Date, Table, UniqueConstraint

from storage.schema.columns import (
    check,
    counter,
    document,
    index,
    key_of,
    metadata,
    moment,
    moments,
    number,
    one_of,
    texts,
    wall,
    words,
)

triggers = Table(
    "triggers",
    metadata,
    words("sequence", key=True),
    words("mark", key=True),
    key_of("versions.hash", "version"),
    words("kind"),
    words("event", null=True),
    moment("since"),
    words("filled_to", null=True),
    wall(),
    one_of("kind", "event", "near", "inactive", "attribute"),
    index("triggers_event_idx", "event", where="event IS NOT NULL"),
)

appointments = Table(
    "appointments",
    metadata,
    counter(),
    *texts("sequence", "trigger"),
    key_of("contacts.id", "contact_id"),
    *texts("record", "basis"),
    *moments("due_at", "fires_at"),
    words("state"),
    moment("fired_at", null=True),
    wall(),
    UniqueConstraint("sequence", "trigger", "contact_id", "record", "basis"),
    one_of("state", "waiting", "fired", "passed"),
    check("fired", "(fired_at IS NULL) = (state = 'waiting')"),
    index(
        "appointments_waiting_idx",
        *("sequence", "trigger", "fires_at", "due_at", "id"),
        where="state = 'waiting'",
    ),
    index(None, "contact_id"),
)

trigger_days = Table(
    "trigger_days",
    metadata,
    words("sequence", key=True),
    words("trigger", key=True),
    Column("day", Date, primary_key=True),
    number("entered", default=0),
    moment("held_at", null=True),
    check("entered", "entered >= 0"),
)

records = Table(
    "records",
    metadata,
    key_of("contacts.id", "contact_id", key=True),
    words("id", key=True),
    document("data"),
    moment("at"),
    wall(),
)

starts = Table(
    "starts",
    metadata,
    counter(),
    words("natural_key", unique=True),
    words("sequence"),
    words("trigger", null=True),
    key_of("contacts.id", "contact_id"),
    words("key", null=True),
    document("data"),
    moment("at"),
    words("source"),
    wall("created_wall"),
    wall("due_wall"),
    moment("started_wall", null=True),
    *texts("refused", "message", null=True),
    number("patience", default=1),
    number("attempts", default=0),
    words("last_error", null=True),
    check("one_end", "num_nonnulls(started_wall, refused) <= 1"),
    check("refused", "(refused IS NULL) = (message IS NULL)"),
    index("starts_due_idx", "due_wall", where="started_wall IS NULL AND refused IS NULL"),
    index(None, "sequence", "trigger", "created_wall"),
    index(None, "contact_id", "sequence"),
)

"""The tables of what is on its way out: signals to workflows, notices to owners and endpoints."""

from sqlalchemy import Column, LargeBinary, Table

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

deliveries = Table(
    "deliveries",
    metadata,
    counter(),
    *texts("workflow_id", "signal"),
    document("payload"),
    wall("created_wall"),
    *moments("delivered_wall", "gone_wall", null=True),
    number("attempts", default=0),
    words("last_error", null=True),
    moment("due_wall", null=True),
    check("one_end", "num_nonnulls(delivered_wall, gone_wall) <= 1"),
    index(
        "deliveries_undelivered_idx",
        *("attempts", "id"),
        where="delivered_wall IS NULL AND gone_wall IS NULL",
    ),
    index(None, "workflow_id"),
)

notices = Table(
    "notices",
    metadata,
    counter(),
    words("natural_key", unique=True),
    words("kind"),
    key_of("enrollments.id", "enrollment_id", null=True),
    key_of("contacts.id", "contact_id", null=True),
    moment("at"),
    document("payload"),
    Column("raw", LargeBinary),
    wall("created_wall"),
    moment("due_wall"),
    *moments("delivered_wall", "gone_wall", null=True),
    number("attempts", default=0),
    words("last_error", null=True),
    one_of("kind", "webhook", "owner_mail"),
    check("one_end", "num_nonnulls(delivered_wall, gone_wall) <= 1"),
    index("notices_due_idx", "due_wall", where="delivered_wall IS NULL AND gone_wall IS NULL"),
    index(None, "enrollment_id"),
)

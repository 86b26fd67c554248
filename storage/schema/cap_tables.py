"""The tables of frequency caps: the project's rules, and the mails that they put off."""

from sqlalchemy import PrimaryKeyConstraint, Table

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
    wall,
    words,
)

caps = Table(
    "caps",
    metadata,
    counter(),
    document("rules", null=True),
    words("by"),
    moment("at"),
    wall(),
)

deferrals = Table(
    "deferrals",
    metadata,
    key_of("enrollments.id", "enrollment_id"),
    words("step"),
    number("occurrence"),
    key_of("contacts.id", "contact_id"),
    number("priority"),
    *moments("due_at", "since_at", "until_at"),
    moment("give_up_at", null=True),
    words("why"),
    number("asks"),
    moment("over_at", null=True),
    key_of("brakes.id", "brake", null=True),
    PrimaryKeyConstraint("enrollment_id", "step", "occurrence"),
    check("counts", "occurrence >= 1 AND asks >= 1"),
    check("given_up", "(give_up_at IS NULL) = (brake IS NOT NULL)"),
    index("deferrals_braked_idx", "brake", where="over_at IS NULL"),
    index("deferrals_waiting_idx", "contact_id", where="over_at IS NULL"),
)

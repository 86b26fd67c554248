"""The table of turns: which enrollment of a group of sequences has a contact, and who waits."""

from sqlalchemy import Table, UniqueConstraint

from storage.schema.columns import (
    check,
    counter,
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

turns = Table(
    "turns",
    metadata,
    counter(),
    words("exclusive"),
    key_of("contacts.id", "contact_id"),
    words("workflow_id"),
    words("run_id", null=True),
    words("sequence"),
    words("key", null=True),
    number("priority"),
    *texts("on_lost", "state"),
    *moments("asked_at", "since_at"),
    moment("until_at", null=True),
    key_of("enrollments.id", "enrollment_id", null=True, unique=True),
    number("changes"),
    words("why"),
    words("ended_as", null=True),
    wall(),
    UniqueConstraint("workflow_id", "run_id"),
    one_of("on_lost", "wait", "exit"),
    one_of("state", "holds", "waits", "over"),
    check("over", "(state = 'over') = (ended_as IS NOT NULL)"),
    index("turns_holder_key", "exclusive", "contact_id", unique=True, where="state = 'holds'"),
    index("turns_standing_idx", "contact_id", "exclusive", where="state <> 'over'"),
    index(None, "contact_id"),
)

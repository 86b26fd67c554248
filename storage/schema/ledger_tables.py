"""The table of what each send went through.

A trigger on `sends` writes it, and refuses what is no way from one state to another.
"""

from sqlalchemy import Table

from storage.schema.columns import (
    counter,
    index,
    key_of,
    metadata,
    moment,
    number,
    texts,
    wall,
    words,
)

send_changes = Table(
    "send_changes",
    metadata,
    counter(),
    key_of("sends.id", "send_id"),
    number("attempt"),
    *texts("before", "cause", "after"),
    moment("at"),
    wall(),
    words("why", null=True),
    index(None, "send_id", "id"),
)

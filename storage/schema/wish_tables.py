"""The table of wishes for an enrollment: those with an id of their own, or in place of another."""

from sqlalchemy import Table, UniqueConstraint

from storage.schema.columns import counter, metadata, wall, words

wishes = Table(
    "wishes",
    metadata,
    counter(),
    words("workflow_id"),
    words("request", null=True),
    words("run_id", null=True),
    wall(),
    UniqueConstraint("workflow_id", "request"),
)

"""The tables of what people wrote: versions, and what was decided about their mails."""

from sqlalchemy import Boolean, Column, Computed, Table, UniqueConstraint

from storage.schema.columns import (
    check,
    counter,
    document,
    index,
    key_of,
    metadata,
    moment,
    own_id,
    texts,
    wall,
    words,
)

# Reading a definition to see what it listens to costs more than all else about an event.
HEEDS_COLLEAGUES = (
    """jsonb_path_exists(definition, '$.listens_to[*] ? (@ starts with "account:")')"""
)

versions = Table(
    "versions",
    metadata,
    words("hash", key=True),
    words("sequence"),
    document("definition"),
    document("content"),
    document("holidays"),
    wall("created_wall"),
    Column("heeds_colleagues", Boolean, Computed(HEEDS_COLLEAGUES, persisted=True), nullable=False),
    check("sequence", "definition ->> 'name' = sequence"),
)

publications = Table(
    "publications",
    metadata,
    counter(),
    key_of("versions.hash", "version"),
    *texts("sequence", "by"),
    moment("at"),
    wall(),
    index(None, "sequence", "id"),
)

overrides = Table(
    "overrides",
    metadata,
    own_id(),
    key_of("enrollments.id", "enrollment_id"),
    words("step"),
    words("subject", null=True),
    *texts("body", "by"),
    moment("at"),
    wall(),
    UniqueConstraint("enrollment_id", "step"),
)

winners = Table(
    "winners",
    metadata,
    words("sequence", key=True),
    words("step", key=True),
    words("arm"),
    document("evidence"),
    moment("at"),
    wall(),
)

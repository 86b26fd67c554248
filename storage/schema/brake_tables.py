"""The table of brakes: what keeps mails back for everybody whom it concerns."""

from sqlalchemy import Table

from storage.schema.columns import (
    check,
    counter,
    index,
    metadata,
    moment,
    one_of,
    texts,
    wall,
    words,
)

brakes = Table(
    "brakes",
    metadata,
    counter(),
    *texts("of", "target", "who", "why"),
    moment("at"),
    wall(),
    moment("released_wall", null=True),
    words("released_by", null=True),
    one_of("of", "all", "account", "sender", "sequence", "domain", "contact"),
    check("target", "(target = '') = (of IN ('all', 'account'))"),
    check("released", "(released_wall IS NULL) = (released_by IS NULL)"),
    index("brakes_standing_key", "of", "target", unique=True, where="released_wall IS NULL"),
)

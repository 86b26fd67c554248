"""The tables of how many may enter a day: limits, days, runs of full days, places given out.

A share is `*`, that of all who enter a sequence, or one owner's: the address as it is compared.
Whoever locks a sequence's limits has locked the contact before, and changes places after that.
"""

from sqlalchemy import Column, Date, Table, UniqueConstraint

from storage.schema.columns import (
    check,
    counter,
    index,
    metadata,
    moment,
    number,
    one_of,
    texts,
    wall,
    words,
)

paces = Table(
    "paces",
    metadata,
    words("sequence", key=True),
    number("per_day", null=True),
    number("per_owner", null=True),
    words("zone"),
)

place_days = Table(
    "place_days",
    metadata,
    words("sequence", key=True),
    words("share", key=True),
    Column("day", Date, primary_key=True),
    number("taken"),
    check("taken", "taken >= 0"),
)

full_days = Table(
    "full_days",
    metadata,
    words("sequence", key=True),
    words("share", key=True),
    Column("first_day", Date, primary_key=True),
    Column("last_day", Date, nullable=False),
    check("order", "first_day <= last_day"),
)

places = Table(
    "places",
    metadata,
    counter(),
    *texts("workflow_id", "run_id", "sequence", "contact_id"),
    words("key", null=True),
    *texts("source", "owner"),
    Column("day", Date, nullable=False),
    moment("opens_at", null=True),
    moment("asked_at"),
    words("why"),
    wall(),
    *texts("over", "over_as", "over_by", "over_why", null=True),
    moment("over_at", null=True),
    moment("called_at", null=True),
    UniqueConstraint("workflow_id", "run_id"),
    one_of("over", "entered", "refused", "withdrawn", "abandoned"),
    check("over_at", "(over IS NULL) = (over_at IS NULL)"),
    check("withdrawn", "num_nulls(over_as, over_by, over_why) IN (0, 3)"),
    index("places_waiting_idx", "sequence", "id", where="over IS NULL"),
    index("places_overdue_idx", "opens_at", where="over IS NULL AND called_at IS NULL"),
    index(None, "contact_id"),
)

"""The tables of caps and of rates: what they go by, and the mails that they put off."""

from sqlalchemy import BigInteger, Boolean, Column, PrimaryKeyConstraint, Sequence, Table, false

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

lane_places = Sequence("lane_places", metadata=metadata)
"""The places of those that wait for a rate, over all lines: who came first has the lower one."""

lanes = Table(
    "lanes",
    metadata,
    words("name", key=True),
    Column("gone", BigInteger, nullable=False),
    moment("first_wall", null=True),
)

goes = Table(
    "goes",
    metadata,
    key_of("lanes.name", "lane"),
    Column("number", BigInteger),
    moment("at_wall"),
    PrimaryKeyConstraint("lane", "number"),
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
    key_of("lanes.name", "lane", null=True),
    Column("place", BigInteger),
    moment("lane_wall", null=True),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("enrollment_id", "step", "occurrence"),
    check("counts", "occurrence >= 1 AND asks >= 1"),
    check("given_up", "(give_up_at IS NULL) = (num_nonnulls(brake, lane) = 1)"),
    check("lane", "num_nulls(lane, place, lane_wall) IN (0, 3)"),
    index("deferrals_lane_idx", "lane", "place", where="over_at IS NULL AND lane IS NOT NULL"),
    index("deferrals_braked_idx", "brake", where="over_at IS NULL"),
    index("deferrals_waiting_idx", "contact_id", where="over_at IS NULL"),
)

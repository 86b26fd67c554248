"""The tables of brakes, of the breakers among them, and of the project's rules for sending."""

from sqlalchemy import Boolean, Column, PrimaryKeyConstraint, Table, false

from storage.schema.columns import (
    check,
    counter,
    document,
    index,
    key_of,
    metadata,
    moment,
    number,
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
    Column("breaker", Boolean, nullable=False, server_default=false()),
    one_of("of", "all", "account", "sender", "sequence", "domain", "contact"),
    check("target", "(target = '') = (of IN ('all', 'account'))"),
    check("released", "(released_wall IS NULL) = (released_by IS NULL)"),
    check("breaker", "NOT breaker OR of IN ('sequence', 'sender')"),
    index(
        "brakes_standing_key", "of", "target", "breaker", unique=True, where="released_wall IS NULL"
    ),
    index("brakes_of_breakers_idx", "of", "target", where="breaker"),
)

breakers = Table(
    "breakers",
    metadata,
    key_of("brakes.id", "brake", key=True),
    words("state"),
    number("rounds"),
    moment("next_wall"),
    one_of("state", "open", "probing", "over"),
    index("breakers_due_idx", "next_wall", where="state <> 'over'"),
)

breaker_changes = Table(
    "breaker_changes",
    metadata,
    counter(),
    key_of("brakes.id", "brake"),
    words("change"),
    *(number(name) for name in ("sent", "bounced", "complained", "turned_away")),
    words("why"),
    wall(),
    one_of("change", "opened", "probing", "opened_again", "closed", "released"),
    index(None, "brake"),
)

probes = Table(
    "probes",
    metadata,
    key_of("brakes.id", "brake"),
    key_of("enrollments.id", "enrollment_id"),
    words("step"),
    *(number(name) for name in ("occurrence", "round")),
    wall(),
    PrimaryKeyConstraint("brake", "enrollment_id", "step", "occurrence"),
)

sending_rules = Table(
    "sending_rules",
    metadata,
    counter(),
    words("kind"),
    document("rules", null=True),
    words("by"),
    moment("at"),
    wall(),
    one_of("kind", "breakers", "rates"),
    index("sending_rules_kind_idx", "kind", "id"),
)

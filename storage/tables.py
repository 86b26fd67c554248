"""The tables: moments of the product's own time end in `_at`, those of the wall clock in `_wall`.

Whoever locks rows of several tables does so in this order: contacts, enrollments, sends.
"""

from sqlalchemy import Boolean, Column, LargeBinary, Table, UniqueConstraint

from storage.columns import (
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
    own_id,
    texts,
    wall,
    words,
)

contacts = Table(
    "contacts",
    metadata,
    words("id", key=True),
    words("external_key", null=True, unique=True),
    words("email"),
    words("email_key", unique=True),
    *texts("email_canonical", "email_domain"),
    *texts("first_name", "last_name", "company", "timezone", null=True),
    *texts("owner_email", "owner_name", null=True),
    document("attributes"),
    wall("created_wall"),
    wall("changed_wall"),
    index(None, "email_canonical"),
    index(None, "email_domain"),
    check("owner", "(owner_email IS NULL) = (owner_name IS NULL)"),
)

suppressions = Table(
    "suppressions",
    metadata,
    own_id(),
    *texts("of", "target", "reaches", "reason", "scope"),
    words("topic", null=True),
    words("source"),
    moment("at"),
    wall(),
    moment("released_at", null=True),
    words("released_by", null=True),
    one_of("of", "address", "domain"),
    one_of("reason", "unsubscribed", "complained", "bounced", "blocked", "left_company"),
    one_of("scope", "all", "marketing"),
    check("released", "(released_at IS NULL) = (released_by IS NULL)"),
    index(
        "suppressions_standing_key",
        *("of", "target", "reason", "topic"),
        unique=True,
        where="released_at IS NULL",
    ),
    index(None, "reaches", where="released_at IS NULL"),
)

versions = Table(
    "versions",
    metadata,
    words("hash", key=True),
    words("sequence"),
    document("definition"),
    document("content"),
    wall("created_wall"),
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

enrollments = Table(
    "enrollments",
    metadata,
    own_id(),
    *texts("workflow_id", "sequence", "source", "zone"),
    *texts("run_id", "key", null=True),
    key_of("versions.hash", "version"),
    key_of("contacts.id", "contact_id"),
    moment("enrolled_at"),
    wall("enrolled_wall"),
    key_of("enrollments.id", "parent", null=True, unique=True),
    *moments("last_marketing_at", "paused_at", null=True),
    *texts("paused_by", "paused_why", "ending", null=True),
    number("ending_rank", null=True),
    moment("ended_at", null=True),
    document("timeline", null=True),
    moment("closed_wall", null=True),
    UniqueConstraint("workflow_id", "run_id"),
    check("paused", "num_nulls(paused_at, paused_by, paused_why) IN (0, 3)"),
    check("ended", "num_nulls(ending, ending_rank, ended_at) IN (0, 3)"),
    check(
        "closed",
        "num_nulls(timeline, closed_wall) = 2 OR num_nulls(timeline, closed_wall, ended_at) = 0",
    ),
    index(
        "enrollments_live_key",
        *("sequence", "contact_id", "key"),
        unique=True,
        where="ended_at IS NULL",
    ),
    index(None, "contact_id", "sequence", "key", "ended_at"),
    index(None, "sequence", "enrolled_at", "id"),
    index(None, "enrolled_at", "id"),
)

refusals = Table(
    "refusals",
    metadata,
    own_id(),
    *texts("workflow_id", "run_id", "sequence", "contact_id"),
    words("key", null=True),
    *texts("source", "reason"),
    moment("at"),
    wall(),
    UniqueConstraint("workflow_id", "run_id"),
    index(None, "sequence", "reason"),
)

controls = Table(
    "controls",
    metadata,
    key_of("enrollments.id", "enrollment_id", key=True),
    words("id", key=True),
    *texts("action", "who", "why"),
    moment("at"),
    wall(),
    one_of("action", "pause", "resume", "exit"),
)

SEND_FACTS = (
    *("delivered_at", "bounced_at", "dropped_at", "first_open_at", "first_click_at"),
    *("replied_at", "unsubscribed_at", "complained_at"),
)
"""When each thing first came back about a mail."""

sends = Table(
    "sends",
    metadata,
    own_id(),
    key_of("enrollments.id", "enrollment_id"),
    words("step"),
    number("occurrence"),
    key_of("contacts.id", "contact_id"),
    words("sequence"),
    key_of("versions.hash", "version"),
    *texts("email_kind", "state"),
    number("attempt"),
    number("resumes"),
    *moments("due_at", "claimed_at"),
    wall("claimed_wall"),
    *moments("settled_at", "settled_wall", null=True),
    words("message_id", unique=True),
    *texts("provider_id", "subject", "reason", null=True),
    words("why"),
    *moments(*SEND_FACTS, null=True),
    UniqueConstraint("enrollment_id", "step", "occurrence"),
    one_of("email_kind", "marketing", "transactional"),
    one_of("state", "claimed", "accepted", "refused", "retry", "in_doubt", "not_sent"),
    check("counts", "occurrence >= 1 AND attempt >= 1 AND resumes >= 0"),
    check(
        "settled",
        "num_nulls(settled_at, settled_wall) = CASE state WHEN 'claimed' THEN 2 ELSE 0 END",
    ),
    index(None, "provider_id", where="provider_id IS NOT NULL"),
    index(None, "contact_id", "claimed_at"),
    index(None, "sequence", "step"),
    index("sends_open_idx", "claimed_wall", where="state IN ('claimed', 'retry', 'in_doubt')"),
)

events = Table(
    "events",
    metadata,
    own_id(),
    *texts("source", "kind"),
    words("natural_key", unique=True),
    words("provider_event_id", null=True, unique=True),
    words("name", null=True),
    key_of("contacts.id", "contact_id", null=True),
    key_of("sends.id", "send_id", null=True),
    key_of("enrollments.id", "enrollment_id", null=True),
    moment("at"),
    wall(),
    document("fields"),
    Column("raw", LargeBinary),
    one_of("source", "sendgrid", "inbound", "api", "page", "cli"),
    index(None, "contact_id", "at"),
    index(None, "send_id", where="send_id IS NOT NULL"),
    index(None, "enrollment_id", where="enrollment_id IS NOT NULL"),
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
    check("one_end", "num_nonnulls(delivered_wall, gone_wall) <= 1"),
    index(
        "deliveries_undelivered_idx",
        *("attempts", "id"),
        where="delivered_wall IS NULL AND gone_wall IS NULL",
    ),
    index(None, "workflow_id"),
)

tasks = Table(
    "tasks",
    metadata,
    own_id(),
    key_of("enrollments.id", "enrollment_id"),
    words("step"),
    number("occurrence"),
    key_of("contacts.id", "contact_id"),
    words("task"),
    Column("blocking", Boolean, nullable=False),
    words("state"),
    moment("opened_at"),
    *moments("late_at", "done_at", null=True),
    words("done_by", null=True),
    wall("opened_wall"),
    UniqueConstraint("enrollment_id", "step", "occurrence"),
    one_of("state", "open", "done", "closed"),
    check("done", "num_nulls(done_at, done_by) = CASE state WHEN 'done' THEN 0 ELSE 2 END"),
    check("occurrence", "occurrence >= 1"),
    index(None, "contact_id"),
    index("tasks_open_idx", "opened_at", where="state = 'open'"),
)

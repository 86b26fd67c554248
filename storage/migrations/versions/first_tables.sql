-- Every table as of the first release.

CREATE TABLE contacts (
    id TEXT NOT NULL,
    external_key TEXT,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    email_canonical TEXT NOT NULL,
    email_domain TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    company TEXT,
    timezone TEXT,
    owner_email TEXT,
    owner_name TEXT,
    attributes JSONB NOT NULL,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT contacts_pkey PRIMARY KEY (id),
    CONSTRAINT contacts_owner_check CHECK ((owner_email IS NULL) = (owner_name IS NULL)),
    CONSTRAINT contacts_external_key_key UNIQUE (external_key),
    CONSTRAINT contacts_email_key_key UNIQUE (email_key)
);
CREATE INDEX contacts_email_canonical_idx ON contacts (email_canonical);
CREATE INDEX contacts_email_domain_idx ON contacts (email_domain);

CREATE TABLE deliveries (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    workflow_id TEXT NOT NULL,
    signal TEXT NOT NULL,
    payload JSONB NOT NULL,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    delivered_wall TIMESTAMP WITH TIME ZONE,
    gone_wall TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT 0 NOT NULL,
    last_error TEXT,
    CONSTRAINT deliveries_pkey PRIMARY KEY (id),
    CONSTRAINT deliveries_one_end_check CHECK (num_nonnulls(delivered_wall, gone_wall) <= 1)
);
CREATE INDEX deliveries_undelivered_idx ON deliveries (attempts, id) WHERE delivered_wall IS NULL AND gone_wall IS NULL;
CREATE INDEX deliveries_workflow_id_idx ON deliveries (workflow_id);

CREATE TABLE refusals (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    workflow_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    key TEXT,
    source TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT refusals_pkey PRIMARY KEY (id),
    CONSTRAINT refusals_workflow_id_run_id_key UNIQUE (workflow_id, run_id)
);
CREATE INDEX refusals_sequence_reason_idx ON refusals (sequence, reason);

CREATE TABLE suppressions (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    "of" TEXT NOT NULL,
    target TEXT NOT NULL,
    reaches TEXT NOT NULL,
    reason TEXT NOT NULL,
    scope TEXT NOT NULL,
    topic TEXT,
    source TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    released_at TIMESTAMP WITH TIME ZONE,
    released_by TEXT,
    CONSTRAINT suppressions_pkey PRIMARY KEY (id),
    CONSTRAINT suppressions_of_check CHECK (of IN ('address', 'domain')),
    CONSTRAINT suppressions_reason_check CHECK (reason IN ('unsubscribed', 'complained', 'bounced', 'blocked', 'left_company')),
    CONSTRAINT suppressions_scope_check CHECK (scope IN ('all', 'marketing')),
    CONSTRAINT suppressions_released_check CHECK ((released_at IS NULL) = (released_by IS NULL))
);
CREATE INDEX suppressions_reaches_idx ON suppressions (reaches) WHERE released_at IS NULL;
CREATE UNIQUE INDEX suppressions_standing_key ON suppressions ("of", target, reason, topic) NULLS NOT DISTINCT WHERE released_at IS NULL;

CREATE TABLE versions (
    hash TEXT NOT NULL,
    sequence TEXT NOT NULL,
    definition JSONB NOT NULL,
    content JSONB NOT NULL,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT versions_pkey PRIMARY KEY (hash),
    CONSTRAINT versions_sequence_check CHECK (definition ->> 'name' = sequence)
);

CREATE TABLE enrollments (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    workflow_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    source TEXT NOT NULL,
    zone TEXT NOT NULL,
    run_id TEXT,
    key TEXT,
    version TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    enrolled_at TIMESTAMP WITH TIME ZONE NOT NULL,
    enrolled_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    parent UUID,
    last_marketing_at TIMESTAMP WITH TIME ZONE,
    paused_at TIMESTAMP WITH TIME ZONE,
    paused_by TEXT,
    paused_why TEXT,
    ending TEXT,
    ending_rank INTEGER,
    ended_at TIMESTAMP WITH TIME ZONE,
    timeline JSONB,
    closed_wall TIMESTAMP WITH TIME ZONE,
    CONSTRAINT enrollments_pkey PRIMARY KEY (id),
    CONSTRAINT enrollments_workflow_id_run_id_key UNIQUE (workflow_id, run_id),
    CONSTRAINT enrollments_paused_check CHECK (num_nulls(paused_at, paused_by, paused_why) IN (0, 3)),
    CONSTRAINT enrollments_ended_check CHECK (num_nulls(ending, ending_rank, ended_at) IN (0, 3)),
    CONSTRAINT enrollments_closed_check CHECK (num_nulls(timeline, closed_wall) = 2 OR num_nulls(timeline, closed_wall, ended_at) = 0),
    CONSTRAINT enrollments_version_fkey FOREIGN KEY(version) REFERENCES versions (hash),
    CONSTRAINT enrollments_contact_id_fkey FOREIGN KEY(contact_id) REFERENCES contacts (id),
    CONSTRAINT enrollments_parent_key UNIQUE (parent),
    CONSTRAINT enrollments_parent_fkey FOREIGN KEY(parent) REFERENCES enrollments (id)
);
CREATE INDEX enrollments_contact_id_sequence_key_ended_at_idx ON enrollments (contact_id, sequence, key, ended_at);
CREATE INDEX enrollments_enrolled_at_id_idx ON enrollments (enrolled_at, id);
CREATE UNIQUE INDEX enrollments_live_key ON enrollments (sequence, contact_id, key) NULLS NOT DISTINCT WHERE ended_at IS NULL;
CREATE INDEX enrollments_sequence_enrolled_at_id_idx ON enrollments (sequence, enrolled_at, id);

CREATE TABLE publications (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    version TEXT NOT NULL,
    sequence TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT publications_pkey PRIMARY KEY (id),
    CONSTRAINT publications_version_fkey FOREIGN KEY(version) REFERENCES versions (hash)
);
CREATE INDEX publications_sequence_id_idx ON publications (sequence, id);

CREATE TABLE controls (
    enrollment_id UUID NOT NULL,
    id TEXT NOT NULL,
    action TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT controls_pkey PRIMARY KEY (enrollment_id, id),
    CONSTRAINT controls_action_check CHECK (action IN ('pause', 'resume', 'exit')),
    CONSTRAINT controls_enrollment_id_fkey FOREIGN KEY(enrollment_id) REFERENCES enrollments (id)
);

CREATE TABLE sends (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    enrollment_id UUID NOT NULL,
    step TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    contact_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    version TEXT NOT NULL,
    email_kind TEXT NOT NULL,
    state TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    resumes INTEGER NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    claimed_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_wall TIMESTAMP WITH TIME ZONE,
    message_id TEXT NOT NULL,
    provider_id TEXT,
    subject TEXT,
    reason TEXT,
    why TEXT NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE,
    bounced_at TIMESTAMP WITH TIME ZONE,
    dropped_at TIMESTAMP WITH TIME ZONE,
    first_open_at TIMESTAMP WITH TIME ZONE,
    first_click_at TIMESTAMP WITH TIME ZONE,
    replied_at TIMESTAMP WITH TIME ZONE,
    unsubscribed_at TIMESTAMP WITH TIME ZONE,
    complained_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT sends_pkey PRIMARY KEY (id),
    CONSTRAINT sends_enrollment_id_step_occurrence_key UNIQUE (enrollment_id, step, occurrence),
    CONSTRAINT sends_email_kind_check CHECK (email_kind IN ('marketing', 'transactional')),
    CONSTRAINT sends_state_check CHECK (state IN ('claimed', 'accepted', 'refused', 'retry', 'in_doubt', 'not_sent')),
    CONSTRAINT sends_counts_check CHECK (occurrence >= 1 AND attempt >= 1 AND resumes >= 0),
    CONSTRAINT sends_settled_check CHECK (num_nulls(settled_at, settled_wall) = CASE state WHEN 'claimed' THEN 2 ELSE 0 END),
    CONSTRAINT sends_enrollment_id_fkey FOREIGN KEY(enrollment_id) REFERENCES enrollments (id),
    CONSTRAINT sends_contact_id_fkey FOREIGN KEY(contact_id) REFERENCES contacts (id),
    CONSTRAINT sends_version_fkey FOREIGN KEY(version) REFERENCES versions (hash),
    CONSTRAINT sends_message_id_key UNIQUE (message_id)
);
CREATE INDEX sends_contact_id_claimed_at_idx ON sends (contact_id, claimed_at);
CREATE INDEX sends_open_idx ON sends (claimed_wall) WHERE state IN ('claimed', 'retry', 'in_doubt');
CREATE INDEX sends_provider_id_idx ON sends (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX sends_sequence_step_idx ON sends (sequence, step);

CREATE TABLE tasks (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    enrollment_id UUID NOT NULL,
    step TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    contact_id TEXT NOT NULL,
    task TEXT NOT NULL,
    blocking BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    late_at TIMESTAMP WITH TIME ZONE,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by TEXT,
    opened_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT tasks_pkey PRIMARY KEY (id),
    CONSTRAINT tasks_enrollment_id_step_occurrence_key UNIQUE (enrollment_id, step, occurrence),
    CONSTRAINT tasks_state_check CHECK (state IN ('open', 'done', 'closed')),
    CONSTRAINT tasks_done_check CHECK (num_nulls(done_at, done_by) = CASE state WHEN 'done' THEN 0 ELSE 2 END),
    CONSTRAINT tasks_occurrence_check CHECK (occurrence >= 1),
    CONSTRAINT tasks_enrollment_id_fkey FOREIGN KEY(enrollment_id) REFERENCES enrollments (id),
    CONSTRAINT tasks_contact_id_fkey FOREIGN KEY(contact_id) REFERENCES contacts (id)
);
CREATE INDEX tasks_contact_id_idx ON tasks (contact_id);
CREATE INDEX tasks_open_idx ON tasks (opened_at) WHERE state = 'open';

CREATE TABLE events (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    natural_key TEXT NOT NULL,
    provider_event_id TEXT,
    name TEXT,
    contact_id TEXT,
    send_id UUID,
    enrollment_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    fields JSONB NOT NULL,
    raw BYTEA,
    CONSTRAINT events_pkey PRIMARY KEY (id),
    CONSTRAINT events_source_check CHECK (source IN ('sendgrid', 'inbound', 'api', 'page', 'cli')),
    CONSTRAINT events_natural_key_key UNIQUE (natural_key),
    CONSTRAINT events_provider_event_id_key UNIQUE (provider_event_id),
    CONSTRAINT events_contact_id_fkey FOREIGN KEY(contact_id) REFERENCES contacts (id),
    CONSTRAINT events_send_id_fkey FOREIGN KEY(send_id) REFERENCES sends (id),
    CONSTRAINT events_enrollment_id_fkey FOREIGN KEY(enrollment_id) REFERENCES enrollments (id)
);
CREATE INDEX events_contact_id_at_idx ON events (contact_id, at);
CREATE INDEX events_enrollment_id_idx ON events (enrollment_id) WHERE enrollment_id IS NOT NULL;
CREATE INDEX events_send_id_idx ON events (send_id) WHERE send_id IS NOT NULL;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A published version is never changed: publish another one.';
END
$$;

CREATE TRIGGER versions_never_change BEFORE UPDATE ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

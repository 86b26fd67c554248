-- What the whole language needs.

ALTER TABLE contacts ADD COLUMN company_key TEXT;
UPDATE contacts
    SET company_key = nullif(left(lower(btrim(regexp_replace(company, '\s+', ' ', 'g'))), 200), '');
CREATE INDEX contacts_company_key_idx ON contacts (company_key) WHERE company_key IS NOT NULL;

ALTER TABLE versions ADD COLUMN holidays JSONB DEFAULT '{}' NOT NULL;
ALTER TABLE versions ALTER COLUMN holidays DROP DEFAULT;
-- What is known of the years to come is no part of what was published.
DROP TRIGGER versions_never_change ON versions;
CREATE TRIGGER versions_never_change
    BEFORE UPDATE OF hash, sequence, definition, content, created_wall ON versions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE versions ADD COLUMN heeds_colleagues BOOLEAN NOT NULL GENERATED ALWAYS AS (
    jsonb_path_exists(definition, '$.listens_to[*] ? (@ starts with "account:")')
) STORED;

CREATE INDEX events_contact_id_kind_name_at_idx ON events (contact_id, kind, name, at);

ALTER TABLE enrollments ADD COLUMN sender_email TEXT, ADD COLUMN sender_name TEXT;
ALTER TABLE enrollments ADD CONSTRAINT enrollments_sender_check
    CHECK ((sender_email IS NULL) = (sender_name IS NULL));

ALTER TABLE controls DROP CONSTRAINT controls_action_check;
ALTER TABLE controls ADD CONSTRAINT controls_action_check
    CHECK (action IN ('pause', 'resume', 'exit', 'skip'));

ALTER TABLE events DROP CONSTRAINT events_source_check;
ALTER TABLE events ADD CONSTRAINT events_source_check
    CHECK (source IN ('sendgrid', 'inbound', 'api', 'page', 'cli', 'step'));

ALTER TABLE sends ADD COLUMN arm TEXT;
CREATE INDEX sends_arm_idx ON sends (contact_id, sequence, step) WHERE arm IS NOT NULL;

CREATE TABLE overrides (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    enrollment_id UUID NOT NULL,
    step TEXT NOT NULL,
    subject TEXT,
    body TEXT NOT NULL,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT overrides_pkey PRIMARY KEY (id),
    CONSTRAINT overrides_enrollment_id_step_key UNIQUE (enrollment_id, step),
    CONSTRAINT overrides_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments (id)
);

CREATE TABLE winners (
    sequence TEXT NOT NULL,
    step TEXT NOT NULL,
    arm TEXT NOT NULL,
    evidence JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT winners_pkey PRIMARY KEY (sequence, step)
);

CREATE TABLE notices (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    natural_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    enrollment_id UUID,
    contact_id TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    payload JSONB NOT NULL,
    raw BYTEA,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    due_wall TIMESTAMP WITH TIME ZONE NOT NULL,
    delivered_wall TIMESTAMP WITH TIME ZONE,
    gone_wall TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT 0 NOT NULL,
    last_error TEXT,
    CONSTRAINT notices_pkey PRIMARY KEY (id),
    CONSTRAINT notices_natural_key_key UNIQUE (natural_key),
    CONSTRAINT notices_kind_check CHECK (kind IN ('webhook', 'owner_mail')),
    CONSTRAINT notices_one_end_check CHECK (num_nonnulls(delivered_wall, gone_wall) <= 1),
    CONSTRAINT notices_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments (id),
    CONSTRAINT notices_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id)
);
CREATE INDEX notices_due_idx ON notices (due_wall) WHERE delivered_wall IS NULL AND gone_wall IS NULL;
CREATE INDEX notices_enrollment_id_idx ON notices (enrollment_id);

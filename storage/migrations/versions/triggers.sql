-- What enrolls people by itself, and enrollments on their way to Temporal.

CREATE TABLE triggers (
    sequence TEXT NOT NULL,
    mark TEXT NOT NULL,
    version TEXT NOT NULL,
    kind TEXT NOT NULL,
    event TEXT,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    filled_to TEXT,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT triggers_pkey PRIMARY KEY (sequence, mark),
    CONSTRAINT triggers_version_fkey FOREIGN KEY (version) REFERENCES versions (hash),
    CONSTRAINT triggers_kind_check CHECK (kind IN ('event', 'near', 'inactive', 'attribute'))
);
CREATE INDEX triggers_event_idx ON triggers (event) WHERE event IS NOT NULL;

CREATE TABLE appointments (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    sequence TEXT NOT NULL,
    trigger TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    record TEXT NOT NULL,
    basis TEXT NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    fired_at TIMESTAMP WITH TIME ZONE,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT appointments_pkey PRIMARY KEY (id),
    CONSTRAINT appointments_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id),
    CONSTRAINT appointments_sequence_trigger_contact_id_record_basis_key
        UNIQUE (sequence, trigger, contact_id, record, basis),
    CONSTRAINT appointments_state_check CHECK (state IN ('waiting', 'fired', 'passed')),
    CONSTRAINT appointments_fired_check CHECK ((fired_at IS NULL) = (state = 'waiting'))
);
CREATE INDEX appointments_waiting_idx ON appointments (sequence, trigger, fires_at, due_at, id)
    WHERE state = 'waiting';
CREATE INDEX appointments_contact_id_idx ON appointments (contact_id);

CREATE TABLE trigger_days (
    sequence TEXT NOT NULL,
    trigger TEXT NOT NULL,
    day DATE NOT NULL,
    entered INTEGER DEFAULT 0 NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT trigger_days_pkey PRIMARY KEY (sequence, trigger, day),
    CONSTRAINT trigger_days_entered_check CHECK (entered >= 0)
);

CREATE TABLE records (
    contact_id TEXT NOT NULL,
    id TEXT NOT NULL,
    data JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT records_pkey PRIMARY KEY (contact_id, id),
    CONSTRAINT records_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id)
);

CREATE TABLE starts (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    natural_key TEXT NOT NULL,
    sequence TEXT NOT NULL,
    trigger TEXT,
    contact_id TEXT NOT NULL,
    key TEXT,
    data JSONB NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT NOT NULL,
    created_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    due_wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    started_wall TIMESTAMP WITH TIME ZONE,
    refused TEXT,
    message TEXT,
    patience INTEGER DEFAULT 1 NOT NULL,
    attempts INTEGER DEFAULT 0 NOT NULL,
    last_error TEXT,
    CONSTRAINT starts_pkey PRIMARY KEY (id),
    CONSTRAINT starts_natural_key_key UNIQUE (natural_key),
    CONSTRAINT starts_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id),
    CONSTRAINT starts_one_end_check CHECK (num_nonnulls(started_wall, refused) <= 1),
    CONSTRAINT starts_refused_check CHECK ((refused IS NULL) = (message IS NULL))
);
CREATE INDEX starts_due_idx ON starts (due_wall) WHERE started_wall IS NULL AND refused IS NULL;
CREATE INDEX starts_sequence_trigger_created_wall_idx ON starts (sequence, trigger, created_wall);
CREATE INDEX starts_contact_id_sequence_idx ON starts (contact_id, sequence);

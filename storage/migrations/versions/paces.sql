-- How many may enter a day.

CREATE TABLE paces (
    sequence TEXT NOT NULL,
    per_day INTEGER,
    per_owner INTEGER,
    CONSTRAINT paces_pkey PRIMARY KEY (sequence)
);

CREATE TABLE place_days (
    sequence TEXT NOT NULL,
    share TEXT NOT NULL,
    day DATE NOT NULL,
    taken INTEGER NOT NULL,
    CONSTRAINT place_days_pkey PRIMARY KEY (sequence, share, day),
    CONSTRAINT place_days_taken_check CHECK (taken >= 0)
);

CREATE TABLE full_days (
    sequence TEXT NOT NULL,
    share TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    CONSTRAINT full_days_pkey PRIMARY KEY (sequence, share, first_day),
    CONSTRAINT full_days_order_check CHECK (first_day <= last_day)
);

CREATE TABLE places (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    workflow_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    sequence TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    key TEXT,
    source TEXT NOT NULL,
    owner TEXT NOT NULL,
    day DATE NOT NULL,
    opens_at TIMESTAMP WITH TIME ZONE,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    why TEXT NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    over TEXT,
    over_as TEXT,
    over_by TEXT,
    over_why TEXT,
    over_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT places_pkey PRIMARY KEY (id),
    CONSTRAINT places_workflow_id_run_id_key UNIQUE (workflow_id, run_id),
    CONSTRAINT places_over_check CHECK (over IN ('entered', 'refused', 'withdrawn', 'abandoned')),
    CONSTRAINT places_over_at_check CHECK ((over IS NULL) = (over_at IS NULL)),
    CONSTRAINT places_withdrawn_check CHECK (num_nulls(over_as, over_by, over_why) IN (0, 3))
);
CREATE INDEX places_waiting_idx ON places (sequence, id) WHERE over IS NULL;
CREATE INDEX places_contact_id_idx ON places (contact_id);

-- Frequency caps over all sequences, and mails that they defer.

CREATE TABLE caps (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    rules JSONB,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT caps_pkey PRIMARY KEY (id)
);

CREATE TABLE deferrals (
    enrollment_id UUID NOT NULL,
    step TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    contact_id TEXT NOT NULL,
    priority INTEGER NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE NOT NULL,
    give_up_at TIMESTAMP WITH TIME ZONE NOT NULL,
    why TEXT NOT NULL,
    asks INTEGER NOT NULL,
    over_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT deferrals_pkey PRIMARY KEY (enrollment_id, step, occurrence),
    CONSTRAINT deferrals_counts_check CHECK (occurrence >= 1 AND asks >= 1),
    CONSTRAINT deferrals_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments (id),
    CONSTRAINT deferrals_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id)
);
CREATE INDEX deferrals_waiting_idx ON deferrals (contact_id) WHERE over_at IS NULL;

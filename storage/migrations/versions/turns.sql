-- Sequences of one group share a contact: whose turn it is.

CREATE TABLE turns (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    exclusive TEXT NOT NULL,
    contact_id TEXT NOT NULL,
    workflow_id TEXT NOT NULL,
    run_id TEXT,
    sequence TEXT NOT NULL,
    key TEXT,
    priority INTEGER NOT NULL,
    on_lost TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    since_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until_at TIMESTAMP WITH TIME ZONE,
    enrollment_id UUID,
    changes INTEGER NOT NULL,
    why TEXT NOT NULL,
    ended_as TEXT,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT turns_pkey PRIMARY KEY (id),
    CONSTRAINT turns_enrollment_id_key UNIQUE (enrollment_id),
    CONSTRAINT turns_workflow_id_run_id_key UNIQUE (workflow_id, run_id),
    CONSTRAINT turns_on_lost_check CHECK (on_lost IN ('wait', 'exit')),
    CONSTRAINT turns_state_check CHECK (state IN ('holds', 'waits', 'over')),
    CONSTRAINT turns_over_check CHECK ((state = 'over') = (ended_as IS NOT NULL)),
    CONSTRAINT turns_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES contacts (id),
    CONSTRAINT turns_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments (id)
);
CREATE UNIQUE INDEX turns_holder_key ON turns (exclusive, contact_id) NULLS NOT DISTINCT WHERE state = 'holds';
CREATE INDEX turns_standing_idx ON turns (contact_id, exclusive) WHERE state <> 'over';
CREATE INDEX turns_contact_id_idx ON turns (contact_id);

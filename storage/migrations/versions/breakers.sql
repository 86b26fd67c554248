-- Breakers: brakes that go on by themselves when too many mails bounce or are reported.

ALTER TABLE sends ADD COLUMN sender TEXT;
ALTER TABLE sends ADD COLUMN hard_bounced_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX sends_of_sequence_idx ON sends (sequence, claimed_wall) WHERE state = 'accepted';
CREATE INDEX sends_of_sender_idx ON sends (sender, claimed_wall) WHERE state = 'accepted';

ALTER TABLE brakes ADD COLUMN breaker BOOLEAN DEFAULT false NOT NULL;
ALTER TABLE brakes ADD CONSTRAINT brakes_breaker_check
    CHECK (NOT breaker OR of IN ('sequence', 'sender'));
DROP INDEX brakes_standing_key;
CREATE UNIQUE INDEX brakes_standing_key ON brakes (of, target, breaker) NULLS NOT DISTINCT
    WHERE released_wall IS NULL;
CREATE INDEX brakes_of_breakers_idx ON brakes (of, target) WHERE breaker;

CREATE TABLE breakers (
    brake BIGINT NOT NULL,
    state TEXT NOT NULL,
    rounds INTEGER NOT NULL,
    next_wall TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT breakers_pkey PRIMARY KEY (brake),
    CONSTRAINT breakers_brake_fkey FOREIGN KEY (brake) REFERENCES brakes (id),
    CONSTRAINT breakers_state_check CHECK (state IN ('open', 'probing', 'over'))
);
CREATE INDEX breakers_due_idx ON breakers (next_wall) WHERE state <> 'over';

CREATE TABLE breaker_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    brake BIGINT NOT NULL,
    change TEXT NOT NULL,
    sent INTEGER NOT NULL,
    bounced INTEGER NOT NULL,
    complained INTEGER NOT NULL,
    turned_away INTEGER NOT NULL,
    why TEXT NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT breaker_changes_pkey PRIMARY KEY (id),
    CONSTRAINT breaker_changes_brake_fkey FOREIGN KEY (brake) REFERENCES brakes (id),
    CONSTRAINT breaker_changes_change_check
        CHECK (change IN ('opened', 'probing', 'opened_again', 'closed', 'released'))
);
CREATE INDEX breaker_changes_brake_idx ON breaker_changes (brake);

CREATE TABLE probes (
    brake BIGINT NOT NULL,
    enrollment_id UUID NOT NULL,
    step TEXT NOT NULL,
    occurrence INTEGER NOT NULL,
    round INTEGER NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT probes_pkey PRIMARY KEY (brake, enrollment_id, step, occurrence),
    CONSTRAINT probes_brake_fkey FOREIGN KEY (brake) REFERENCES brakes (id),
    CONSTRAINT probes_enrollment_id_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments (id)
);

CREATE TABLE sending_rules (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    kind TEXT NOT NULL,
    rules JSONB,
    by TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT sending_rules_pkey PRIMARY KEY (id),
    CONSTRAINT sending_rules_kind_check CHECK (kind IN ('breakers', 'rates'))
);
CREATE INDEX sending_rules_kind_idx ON sending_rules (kind, id);

-- Brakes: what keeps mails back for everybody whom it concerns, until somebody releases it.

CREATE TABLE brakes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    of TEXT NOT NULL,
    target TEXT NOT NULL,
    who TEXT NOT NULL,
    why TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    released_wall TIMESTAMP WITH TIME ZONE,
    released_by TEXT,
    CONSTRAINT brakes_pkey PRIMARY KEY (id),
    CONSTRAINT brakes_of_check CHECK (of IN ('all', 'account', 'sender', 'sequence', 'domain', 'contact')),
    CONSTRAINT brakes_target_check CHECK ((target = '') = (of IN ('all', 'account'))),
    CONSTRAINT brakes_released_check CHECK ((released_wall IS NULL) = (released_by IS NULL))
);
CREATE UNIQUE INDEX brakes_standing_key ON brakes (of, target) NULLS NOT DISTINCT WHERE released_wall IS NULL;

ALTER TABLE deferrals ADD COLUMN brake BIGINT;
ALTER TABLE deferrals ALTER COLUMN give_up_at DROP NOT NULL;
ALTER TABLE deferrals ADD CONSTRAINT deferrals_brake_fkey FOREIGN KEY (brake) REFERENCES brakes (id);
ALTER TABLE deferrals ADD CONSTRAINT deferrals_given_up_check CHECK ((give_up_at IS NULL) = (brake IS NOT NULL));
CREATE INDEX deferrals_braked_idx ON deferrals (brake) WHERE over_at IS NULL;

ALTER TABLE deliveries ADD COLUMN due_wall TIMESTAMP WITH TIME ZONE;

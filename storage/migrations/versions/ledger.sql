-- The ways a send may take from one state to another, and those that each took.

ALTER TABLE sends ADD COLUMN cause TEXT;
UPDATE sends SET cause = CASE state
    WHEN 'claimed' THEN 'claim'
    WHEN 'accepted' THEN 'accept'
    WHEN 'refused' THEN 'refuse'
    WHEN 'retry' THEN 'miss'
    WHEN 'in_doubt' THEN 'lose'
    ELSE 'give_up'
END;
ALTER TABLE sends ALTER COLUMN cause SET NOT NULL;

CREATE TABLE send_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    send_id UUID NOT NULL,
    attempt INTEGER NOT NULL,
    before TEXT NOT NULL,
    cause TEXT NOT NULL,
    after TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    wall TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    why TEXT,
    CONSTRAINT send_changes_pkey PRIMARY KEY (id),
    CONSTRAINT send_changes_send_id_fkey FOREIGN KEY (send_id) REFERENCES sends (id)
);
CREATE INDEX send_changes_send_id_id_idx ON send_changes (send_id, id);

-- What is known of the sends of before.
INSERT INTO send_changes (send_id, attempt, before, cause, after, at, wall, why)
SELECT id, attempt, 'new', 'claim', 'claimed', claimed_at, claimed_wall, why FROM sends;
INSERT INTO send_changes (send_id, attempt, before, cause, after, at, wall, why)
SELECT id, attempt, CASE state WHEN 'not_sent' THEN 'in_doubt' ELSE 'claimed' END,
       cause, state, settled_at, settled_wall, reason
FROM sends WHERE state <> 'claimed';

CREATE FUNCTION put_down_send_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    was TEXT := 'new';
BEGIN
    IF TG_OP = 'UPDATE' THEN
        was := OLD.state;
        IF (OLD.enrollment_id, OLD.step, OLD.occurrence)
            IS DISTINCT FROM (NEW.enrollment_id, NEW.step, NEW.occurrence) THEN
            RAISE check_violation USING MESSAGE = 'a send stays the one that was claimed';
        END IF;
        IF NEW.attempt <> OLD.attempt + (NEW.cause = 'claim')::INTEGER THEN
            RAISE check_violation USING MESSAGE = 'each claim of a send counts one attempt more';
        END IF;
    END IF;
    IF (was, NEW.cause, NEW.state) NOT IN (
        ('new', 'claim', 'claimed'),
        ('retry', 'claim', 'claimed'),
        ('refused', 'claim', 'claimed'),
        ('claimed', 'accept', 'accepted'),
        ('claimed', 'refuse', 'refused'),
        ('claimed', 'miss', 'retry'),
        ('claimed', 'lose', 'in_doubt'),
        ('in_doubt', 'accept', 'accepted'),
        ('not_sent', 'accept', 'accepted'),
        ('claimed', 'event', 'accepted'),
        ('refused', 'event', 'accepted'),
        ('retry', 'event', 'accepted'),
        ('in_doubt', 'event', 'accepted'),
        ('not_sent', 'event', 'accepted'),
        ('in_doubt', 'log', 'accepted'),
        ('in_doubt', 'person', 'accepted'),
        ('not_sent', 'person', 'accepted'),
        ('in_doubt', 'person', 'not_sent'),
        ('in_doubt', 'give_up', 'not_sent'),
        ('in_doubt', 'resend', 'retry')
    ) THEN
        RAISE check_violation
            USING MESSAGE = format('no way leads a send from %s by %s to %s', was, NEW.cause, NEW.state);
    END IF;
    INSERT INTO send_changes (send_id, attempt, before, cause, after, at, why)
    VALUES (
        NEW.id, NEW.attempt, was, NEW.cause, NEW.state,
        CASE NEW.state WHEN 'claimed' THEN NEW.claimed_at ELSE NEW.settled_at END,
        CASE NEW.state WHEN 'claimed' THEN NEW.why ELSE NEW.reason END
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER sends_begin AFTER INSERT ON sends
FOR EACH ROW EXECUTE FUNCTION put_down_send_change();
CREATE TRIGGER sends_change AFTER UPDATE ON sends
FOR EACH ROW WHEN (
    (OLD.state, OLD.attempt, OLD.enrollment_id, OLD.step, OLD.occurrence)
    IS DISTINCT FROM
    (NEW.state, NEW.attempt, NEW.enrollment_id, NEW.step, NEW.occurrence)
) EXECUTE FUNCTION put_down_send_change();

CREATE FUNCTION refuse_another_past() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE check_violation USING MESSAGE = 'what a send went through is not written anew';
END
$$;
CREATE TRIGGER send_changes_stay BEFORE UPDATE ON send_changes
FOR EACH ROW EXECUTE FUNCTION refuse_another_past();

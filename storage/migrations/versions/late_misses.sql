-- A worker that was given up may tell that its mail surely did not get there.

CREATE OR REPLACE FUNCTION put_down_send_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
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
        ('in_doubt', 'miss', 'retry'),
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

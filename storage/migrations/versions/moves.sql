-- In which zone a sequence's days are counted; which starts were called on their day.

ALTER TABLE paces ADD COLUMN zone TEXT;
UPDATE paces SET zone = 'UTC';
ALTER TABLE paces ALTER COLUMN zone SET NOT NULL;

ALTER TABLE places ADD COLUMN called_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX places_overdue_idx ON places (opens_at) WHERE over IS NULL AND called_at IS NULL;

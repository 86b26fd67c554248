-- Why somebody was refused, in words.

ALTER TABLE refusals ADD COLUMN message TEXT;
CREATE INDEX refusals_contact_id_sequence_idx ON refusals (contact_id, sequence);

-- Contacts found to be one.
CREATE TABLE merged_contacts (
    id text PRIMARY KEY,
    contact_id text NOT NULL REFERENCES contacts (id),
    external_key text,
    email text NOT NULL,
    email_key text NOT NULL,
    was jsonb NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL,
    wall timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX merged_contacts_contact_id_idx ON merged_contacts (contact_id);

CREATE INDEX merged_contacts_external_key_idx ON merged_contacts (external_key)
WHERE external_key IS NOT NULL;

CREATE INDEX merged_contacts_email_key_idx ON merged_contacts (email_key);

-- Whom an event named that nobody was known by.
ALTER TABLE events ADD COLUMN whom text;

CREATE INDEX events_whom_idx ON events (whom)
WHERE contact_id IS NULL AND whom IS NOT NULL;

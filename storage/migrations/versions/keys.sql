-- Keys of other systems for contacts that had none of their own here.

ALTER TABLE merged_contacts ALTER COLUMN email DROP NOT NULL;
ALTER TABLE merged_contacts ALTER COLUMN email_key DROP NOT NULL;
ALTER TABLE merged_contacts ADD CONSTRAINT merged_contacts_email_key_check CHECK ((email IS NULL) = (email_key IS NULL));
ALTER TABLE merged_contacts ADD CONSTRAINT merged_contacts_named_check CHECK (num_nonnulls(external_key, email) > 0);

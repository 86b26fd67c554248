"""The table of contacts that were found to be another one: under which names they were known."""

from sqlalchemy import Table

from storage.schema.columns import document, index, key_of, metadata, moment, texts, wall, words

merged_contacts = Table(
    "merged_contacts",
    metadata,
    words("id", key=True),
    key_of("contacts.id", "contact_id"),
    words("external_key", null=True),
    *texts("email", "email_key"),
    document("was"),
    words("by"),
    moment("at"),
    wall(),
    index(None, "contact_id"),
    index(None, "external_key", where="external_key IS NOT NULL"),
    index(None, "email_key"),
)

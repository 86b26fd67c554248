"""The table of contacts that were found to be another one: under which names they were known.

One of no address was a contact over there alone: another system's, which says that it is this one.
"""

from sqlalchemy import Table

from storage.schema.columns import (
    check,
    document,
    index,
    key_of,
    metadata,
    moment,
    texts,
    wall,
    words,
)

merged_contacts = Table(
    "merged_contacts",
    metadata,
    words("id", key=True),
    key_of("contacts.id", "contact_id"),
    words("external_key", null=True),
    *texts("email", "email_key", null=True),
    document("was"),
    words("by"),
    moment("at"),
    wall(),
    check("email_key", "(email IS NULL) = (email_key IS NULL)"),
    check("named", "num_nonnulls(external_key, email) > 0"),
    index(None, "contact_id"),
    index(None, "external_key", where="external_key IS NOT NULL"),
    index(None, "email_key"),
)

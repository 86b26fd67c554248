"""The exports that are understood as they are: which column is what about a contact.

A column goes by its words in lower case (`Time Zone` is `time_zone`). Any other column becomes an
attribute under its own name in lower case: `Job Title` is `contact.job_title`.
"""

from schemas.values import Value

COMMON = {
    "email": "email",
    "e_mail": "email",
    "email_address": "email",
    "mail": "email",
    "record_id": "external_key",
    "contact_id": "external_key",
    "id": "external_key",
    "external_key": "external_key",
    "first_name": "first_name",
    "firstname": "first_name",
    "last_name": "last_name",
    "lastname": "last_name",
    "company": "company",
    "company_name": "company",
    "time_zone": "timezone",
    "timezone": "timezone",
    "owner": "owner",
    "owner_name": "owner",
    "owner_email": "owner_email",
    "opted_out": "opted_out",
    "unsubscribed": "opted_out",
    "email_opt_out": "opted_out",
}
"""What columns of these names are in any file."""


class Export(Value):
    """What one tool writes: `marks` are columns that give it away, each alone is enough.

    `fields` names what columns are: a field of the contact, or a word of the person:
    `opted_out` (yes), `opted_in` (no), `opted_out_at` and `bounced_at` (anything but empty),
    `standing` (a word such as unsubscribed or cleaned). `source` says where the names are from.
    """

    tool: str
    source: str
    marks: frozenset[str]
    fields: dict[str, str]


EXPORTS = (
    Export(
        tool="HubSpot",
        source="knowledge.hubspot.com, Export your records; default contact properties",
        marks=frozenset({"record_id", "contact_owner", "unsubscribed_from_all_email"}),
        fields={
            "associated_company": "company",
            "contact_owner": "owner",
            "contact_owner_email": "owner_email",
            "country_region": "country",
            "unsubscribed_from_all_email": "opted_out",
            "email_hard_bounce_reason": "bounced_at",
        },
    ),
    Export(
        tool="Salesforce",
        source="developer.salesforce.com, Object Reference: Contact, Lead (labels and API names)",
        marks=frozenset(
            {"account_name", "email_opt_out", "hasoptedoutofemail", "lead_id", "accountid"}
        ),
        fields={
            "lead_id": "external_key",
            "account_name": "company",
            "company_account": "company",
            "contact_owner": "owner",
            "lead_owner": "owner",
            "contact_owner_email": "owner_email",
            "hasoptedoutofemail": "opted_out",
            "email_bounced_reason": "bounced_at",
            "emailbouncedreason": "bounced_at",
            "mailing_country": "country",
            "mailingcountry": "country",
        },
    ),
    Export(
        tool="Pipedrive",
        source="support.pipedrive.com, Exporting data from Pipedrive",
        marks=frozenset(
            {"person_name", "person_email", "person_email_work", "person_id", "person_owner"}
        ),
        fields={
            "person_id": "external_key",
            "person_email": "email",
            "person_email_work": "email",
            "person_email_home": "other_email",
            "person_first_name": "first_name",
            "person_last_name": "last_name",
            "person_organization": "company",
            "organization_name": "company",
            "person_owner": "owner",
            "person_marketing_status": "standing",
            "person_job_title": "job_title",
        },
    ),
    Export(
        tool="Shopify",
        source="help.shopify.com, Customer CSV files",
        marks=frozenset({"accepts_email_marketing", "accepts_marketing"}),
        fields={
            "customer_id": "external_key",
            "accepts_email_marketing": "opted_in",
            "accepts_marketing": "opted_in",
            "default_address_company": "company",
            "default_address_country_code": "country",
            "country_code": "country",
        },
    ),
    Export(
        tool="Mailchimp",
        source="mailchimp.com/help, View or export contacts (subscribed, unsubscribed, cleaned)",
        marks=frozenset({"member_rating", "optin_time", "unsub_time", "clean_time", "leid"}),
        fields={
            "fname": "first_name",
            "lname": "last_name",
            "cc": "country",
            "status": "standing",
            "unsub_time": "opted_out_at",
            "clean_time": "bounced_at",
        },
    ),
)


def recognised(columns: tuple[str, ...]) -> tuple[Export, ...]:
    """Give the exports that columns, by their words, give away."""
    there = frozenset(columns)
    return tuple(one for one in EXPORTS if one.marks & there)

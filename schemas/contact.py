"""The person written to."""

from pydantic import Field

from schemas.content import Mailbox
from schemas.values import Facts, Value


class NewContact(Value):
    """A contact as it comes in: from a file, the API or a form. `timezone` is an IANA name."""

    email: str
    external_key: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    timezone: str | None = None
    owner: Mailbox | None = None
    attributes: Facts = Field(default_factory=dict)


class Contact(NewContact):
    """A contact as it is kept; `id` is ours and may stand in workflow ids."""

    id: str

    def facts(self) -> Facts:
        """Give all that conditions and mails may name as `contact.…`; absent ones are left out."""
        named = {
            "id": self.id,
            "email": self.email,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company,
            "timezone": self.timezone,
        }
        return {**self.attributes, **{k: v for k, v in named.items() if v is not None}}

"""The addresses and links by which a mail finds its way back to its send."""

from dataclasses import dataclass
from uuid import UUID

from activities.reaching import Networks
from inbound.correlation import REPLY_PREFIX
from inbound.tokens import Keys, mint


@dataclass(frozen=True)
class Addresses:
    """What our mails point to; without an inbound domain answers go to the sender alone.

    `private` are the private networks that attachments may be fetched from.
    """

    public_url: str
    mail_domain: str
    keys: Keys
    inbound_domain: str | None = None
    private: Networks = ()

    def unsubscribe_url(self, send: UUID) -> str:
        """Give the page on which this mail's reader unsubscribes, by one POST (RFC 8058)."""
        return f"{self.public_url.rstrip('/')}/u/{mint('unsubscribe', send, self.keys)}"

    def list_unsubscribe(self, send: UUID) -> str:
        """Give the header List-Unsubscribe: the page, the one way that RFC 8058 asks for."""
        return f"<{self.unsubscribe_url(send)}>"

    def reply_address(self, send: UUID) -> str | None:
        """Give the address whose answers come back to us."""
        if self.inbound_domain is None:
            return None
        return f"{REPLY_PREFIX}{mint('reply', send, self.keys)}@{self.inbound_domain}"

    def thread_id(self, send: UUID) -> str:
        """Give an id for References that names this send even where its Message-ID is replaced."""
        return f"<{send}@thread.{self.mail_domain}>"

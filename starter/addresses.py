"""What our mails point to, from the settings."""

from activities.letters.addresses import Addresses
from activities.reaching import networks
from inbound.tokens import Keys
from runtime.mailing import Mailing
from runtime.settings import Settings, SettingsError, variable

_NOWHERE = "http://localhost:8080"
_PREVIEW_KEY = "previews-lead-nowhere-and-are-signed-by-nobody"


def build_addresses(mailing: Mailing) -> Addresses:
    """Build what real mails point to; raises SettingsError if the token keys are no good."""
    try:
        keys = Keys.of([key.get_secret_value() for key in mailing.token_keys])
    except ValueError as error:
        raise SettingsError(f"{variable('token_keys')} is wrong: {error}") from None
    return Addresses(
        public_url=mailing.public_url,
        mail_domain=mailing.mail_domain,
        keys=keys,
        inbound_domain=mailing.inbound_domain,
        private=networks(mailing.private_networks),
    )


def preview_addresses(settings: Settings) -> Addresses:
    """Build what previews point to: as set where it is set, and never a link that works."""
    return Addresses(
        public_url=settings.public_url or _NOWHERE,
        mail_domain=settings.mail_domain or "localhost",
        keys=Keys.of([_PREVIEW_KEY]),
        inbound_domain=settings.inbound_domain,
        private=networks(settings.private_networks),
    )

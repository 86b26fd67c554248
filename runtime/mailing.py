"""What sending needs of the settings."""

from pydantic import SecretStr

from schemas.values import Value


class Mailing(Value):
    """What sending needs, all of it there."""

    sendgrid_api_key: SecretStr
    sendgrid_url: str
    sendgrid_sandbox: bool
    sendgrid_activity: bool
    public_url: str
    token_keys: tuple[SecretStr, ...]
    mail_domain: str
    inbound_domain: str | None
    private_networks: tuple[str, ...]

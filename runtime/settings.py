"""Settings: the one reader of the environment."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from typing_extensions import override

from runtime.mailing import Mailing
from runtime.stackfile import StackFile, find_stack_file, read_stack_file
from runtime.written import known_networks, listed, web_address, with_driver

PREFIX = "POSTROAD_"

Setting = TypeVar("Setting")

_NOT_SETTINGS = {"pid", "pids", "temporal_ui_url", "inbox_url"}


class SettingsError(ValueError):
    """A setting is missing or wrong; the message is one sentence that names the variable."""


class Settings(BaseSettings):
    """What an operator sets, by environment variables POSTROAD_<NAME> (lists: by commas).

    Where POSTROAD_DATABASE_URL is not set, a running development stack's own file stands in.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    database_url: str = Field(
        repr=False, description="PostgreSQL, as postgresql://user:password@host/name."
    )
    database_pool: int = Field(
        default=10, ge=1, description="Connections each process keeps open to PostgreSQL."
    )
    database_overflow: int = Field(
        default=5, ge=0, description="Connections more than these that it may open for a moment."
    )
    database_timeout: int = Field(
        default=30, ge=1, description="Seconds after which PostgreSQL gives up a statement."
    )
    temporal_address: str | None = Field(
        default=None,
        validation_alias="temporal_address",
        description="Temporal's host:port (default: Temporal's own profile, else localhost:7233). "
        "Its other variables (TEMPORAL_TLS, TEMPORAL_API_KEY, TEMPORAL_PROFILE, …) hold as well.",
    )
    temporal_namespace: str | None = Field(
        default=None,
        validation_alias="temporal_namespace",
        description="Temporal's namespace (default: Temporal's own profile, else default).",
    )
    sendgrid_api_key: SecretStr | None = Field(
        default=None, description="SendGrid's API key; sending needs it."
    )
    sendgrid_url: str = Field(
        default="https://api.sendgrid.com",
        description="SendGrid's address: the emulator's, or https://api.eu.sendgrid.com.",
    )
    sendgrid_sandbox: bool = Field(
        default=False, description="Let SendGrid check each mail without delivering it."
    )
    sendgrid_activity: bool = Field(
        default=False, description="Look mails in doubt up in SendGrid's Email Activity Feed."
    )
    public_url: str | None = Field(
        default=None,
        description="Where recipients reach the webhooks app: unsubscribe links begin with it.",
    )
    mail_domain: str | None = Field(
        default=None, description="Domain of the Message-IDs of our mails: your sending domain."
    )
    notify_from: str | None = Field(
        default=None,
        description="Address of our mails to owners (default: postroad@ and the mail domain).",
    )
    inbound_domain: str | None = Field(
        default=None,
        description="Domain whose MX is SendGrid's inbound parse: answers come back to it.",
    )
    inbound_path_secret: SecretStr | None = Field(
        default=None, description="Secret last part of the inbound webhook's path."
    )
    token_keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Keys that sign reply addresses and unsubscribe links; the first one signs, "
        "each one is accepted.",
    )
    webhook_public_keys: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Public keys of SendGrid's signed event webhook, in Base64."
    )
    webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Secrets that sign the webhooks of sequences, each `whsec_` and Base64.",
    )
    private_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Private networks, as 10.0.0.0/8, that webhooks of sequences and attachments "
        "may lead to beside the internet (default: none).",
    )
    adapters: Path | None = Field(
        default=None,
        description="Folder of your own mappings for what other services post, one YAML file each.",
    )
    adapter_secrets: Annotated[tuple[SecretStr, ...], NoDecode] = Field(
        default=(),
        description="Secrets of the services that post to /hooks, each `name=secret`.",
    )
    api_key: SecretStr | None = Field(
        default=None, description="Key that callers of /v1 give as a bearer token."
    )
    worker_slots: int = Field(
        default=16, ge=1, description="Activities that one worker runs at once, for each queue."
    )
    sends_per_second: float | None = Field(
        default=None, gt=0, description="Mails a second of each queue (default: no limit)."
    )
    metrics_address: str | None = Field(
        default=None, description="host:port on which the worker serves metrics to Prometheus."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="From which severity on lines are logged."
    )
    virtual_time: bool = Field(
        default=False,
        description="Development only: let events and requests say a moment that lies ahead.",
    )

    _driver = field_validator("database_url")(with_driver)
    _lists = field_validator(
        *("token_keys", "webhook_public_keys", "webhook_secret", "adapter_secrets"),
        "private_networks",
        mode="before",
    )(listed)
    _networks = field_validator("private_networks")(known_networks)
    _addresses = field_validator("sendgrid_url", "public_url")(web_address)

    @property
    def statement_timeout(self) -> timedelta:
        """How long PostgreSQL works on one statement."""
        return timedelta(seconds=self.database_timeout)

    def mailing(self) -> Mailing:
        """Give what sending needs; raises SettingsError naming what is not set."""
        return Mailing(
            sendgrid_api_key=required(self.sendgrid_api_key, "sendgrid_api_key"),
            sendgrid_url=self.sendgrid_url,
            sendgrid_sandbox=self.sendgrid_sandbox,
            sendgrid_activity=self.sendgrid_activity,
            public_url=required(self.public_url, "public_url"),
            token_keys=required(self.token_keys or None, "token_keys"),
            mail_domain=required(self.mail_domain, "mail_domain"),
            inbound_domain=self.inbound_domain,
            private_networks=self.private_networks,
        )

    @override
    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments first, then the environment, then a running development stack."""
        given = "database_url" in {**env_settings(), **init_settings()}
        stack = {} if given else _of_stack(Path.cwd())
        return init_settings, env_settings, InitSettingsSource(settings_cls, stack)


def load_settings() -> Settings:
    """Read the settings; raises SettingsError, one sentence without any value."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(_sentence(error)) from None


def find_stack() -> StackFile | None:
    """Give the record of the development stack of this folder, if one runs."""
    path = find_stack_file(Path.cwd())
    return None if path is None else _read_stack(path)


def required(value: Setting | None, name: str) -> Setting:
    """Give the setting `name`; raises SettingsError if it is not set."""
    if value is None:
        raise SettingsError(f"{variable(name)} is not set: {_meaning(name)}")
    return value


def variable(name: str) -> str:
    """Give the environment variable that sets the field `name`."""
    field = Settings.model_fields.get(name)
    alias = None if field is None else field.validation_alias
    return alias.upper() if isinstance(alias, str) else f"{PREFIX}{name.upper()}"


def _of_stack(folder: Path) -> dict[str, object]:
    path = find_stack_file(folder)
    return {} if path is None else _read_stack(path).model_dump(exclude=_NOT_SETTINGS)


def _read_stack(path: Path) -> StackFile:
    try:
        return read_stack_file(path)
    except (OSError, ValueError):
        raise SettingsError(
            f"{path} is not a development stack's record: remove it and start the stack again"
        ) from None


def _sentence(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = str(first["loc"][0])
    if first["type"] == "missing":
        return (
            f"{variable(name)} is not set and no development stack runs here: "
            f"set it, or start one with `make up`"
        )
    complaint = first["msg"].removeprefix("Value error, ")
    return f"{variable(name)} is wrong: {complaint[:1].lower()}{complaint[1:]}"


def _meaning(name: str) -> str:
    return (Settings.model_fields[name].description or "").rstrip(".")

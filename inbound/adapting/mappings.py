"""A mapping: how a service signs what it posts, and what each of its items means here."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, ConfigDict, Field, JsonValue, model_validator

from inbound.adapting.paths import Path, Source
from schemas.values import Value


class _Strict(Value):
    model_config = ConfigDict(extra="forbid")


Part = Literal["method", "url", "timestamp", "id", "body", ".", ":"]


class Signing(_Strict):
    """How a body is signed: HMAC-SHA256 over the parts `of`, in this order.

    `form`: the header is the signature alone (`plain`), `t=…,v1=…` (`pairs`), or `v1,… v1,…`
    (`listed`). Of `pairs` the moment is `t`, else it is in `timestamp_header`. One further from
    now than `window` seconds is refused; without a moment a body is known by its id alone.
    """

    header: str
    form: Literal["plain", "pairs", "listed"] = "plain"
    encoding: Literal["hex", "base64"] = "hex"
    of: tuple[Part, ...] = ("body",)
    timestamp_header: str | None = None
    id_header: str | None = None
    key: Literal["text", "base64"] = "text"
    window: int = Field(default=300, ge=1, le=86400)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if "body" not in self.of:
            raise ValueError("`of` must name the body: else anybody could change it")
        if "timestamp" in self.of and not self._has_moment():
            raise ValueError("`of` names the timestamp: say which header holds it")
        if "id" in self.of and self.id_header is None:
            raise ValueError("`of` names the id: say which header holds it")
        return self

    def _has_moment(self) -> bool:
        return self.form == "pairs" or self.timestamp_header is not None


class Whom(_Strict):
    """Who an item is about: by the key that another system knows them by, by address, or both."""

    key: Source | None = None
    email: Source | None = None

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if self.key is None and self.email is None:
            raise ValueError("say `key` or `email`: nobody is meant else")
        return self


class Named(_Strict):
    """An attribute whose name stands in the item, too; `names` says what it is called here.

    What is not among them is left alone.
    """

    name: Path
    value: Path
    names: dict[str, str]


class Merging(_Strict):
    """Whom an item says to be one with the contact: at `others` lies a key, or a list of keys.

    `key` is by what the one is known from then on, if the service has given it a new one.
    """

    others: Path
    key: Source | None = None


def _listed(value: JsonValue) -> JsonValue:
    return value if isinstance(value, list) else [value]


Options = Annotated[tuple[JsonValue, ...], BeforeValidator(_listed)]


class Entry(_Strict):
    """What an item means if `when` fits: each path has one of the values named.

    It is an event, or new attributes of a contact, or both; or `merged`: contacts are one. The
    event's name is `event`, or what stands at `event_at`. All that lies at `fields_at` and
    `attributes_at` is taken as it is called there. With `create` a contact that is not known yet
    is made, if the item says an address.
    """

    when: dict[Path, Options] = Field(default_factory=dict)
    unless: dict[Path, Options] = Field(default_factory=dict)
    event: str | None = None
    event_at: Path | None = None
    id: Source | None = None
    at: Source | None = None
    contact: Whom
    create: bool = False
    fields: dict[str, Source] = Field(default_factory=dict)
    fields_at: Path | None = None
    attributes: dict[str, Source] = Field(default_factory=dict)
    attributes_at: Path | None = None
    attribute: Named | None = None
    merged: Merging | None = None

    @model_validator(mode="after")
    def _means_something(self) -> Self:
        is_event = self.event is not None or self.event_at is not None
        changes = self.attributes or self.attributes_at or self.attribute
        if self.merged is not None:
            return self._merges_alone(is_more=bool(is_event or changes))
        if not is_event and not changes:
            raise ValueError("say `event` or `attributes`: else the item means nothing")
        if is_event and self.id is None:
            raise ValueError("say the event's `id`: else a repeat counts twice")
        return self

    def _merges_alone(self, *, is_more: bool) -> Self:
        if is_more:
            raise ValueError("an item that says `merged` says no event and no attributes")
        if self.contact.key is None:
            raise ValueError("say the contact's `key`: contacts are merged by their keys")
        return self


class Adapter(_Strict):
    """A service: what it is, where its documentation says so, how it signs, what its items mean.

    `each` is where the list of items lies; without it the payload is the one item.
    """

    about: str
    documented: tuple[str, ...] = ()
    signature: Signing
    each: Path | None = None
    entries: tuple[Entry, ...] = Field(min_length=1)

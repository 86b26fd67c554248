"""Mappings of services, ours and an operator's own, with the secrets that prove who posts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr, ValidationError

import inbound
from authoring.text.faults import Findings
from authoring.text.files import read_yaml
from authoring.text.plain import plain
from inbound.adapting.mappings import Adapter
from runtime.settings import Settings, SettingsError, variable
from starter.incoming.app_events import fault_of_name

READY = Path(inbound.__file__).parent / "adapters"
"""The folder of the mappings that come with Postroad."""


@dataclass(frozen=True)
class Adapters:
    """Services by name, and the secrets of each; `public_url` is where they post to, if set."""

    by_name: dict[str, Adapter] = field(default_factory=dict)
    secrets: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    public_url: str | None = None


def load_adapters(settings: Settings) -> Adapters:
    """Read all mappings: an own one goes before ours of the same name.

    Raises SettingsError if a mapping or a secret is wrong, in one sentence.
    """
    own = settings.adapters
    if own is not None and not own.is_dir():
        raise SettingsError(f"{variable('adapters')} is wrong: there is no folder {own}")
    by_name = {
        file.stem: read_adapter(file)
        for folder in (READY, own)
        if folder is not None
        for file in sorted(folder.glob("*.yaml"))
    }
    secrets = _secrets(settings.adapter_secrets, by_name)
    return Adapters(by_name=by_name, secrets=secrets, public_url=settings.public_url)


def read_adapter(file: Path) -> Adapter:
    """Read one mapping; raises SettingsError with the place and the mend if it is wrong."""
    findings = Findings()
    node = read_yaml(file, findings)
    if node is None or findings:
        raise SettingsError(str(findings.faults().faults[0]))
    try:
        adapter = Adapter.model_validate(plain(node))
    except ValidationError as error:
        raise SettingsError(f"{file}: {_sentence(error)}") from None
    fault = next(_faults_of_names(adapter), None)
    if fault is not None:
        raise SettingsError(f"{file}: {fault}")
    return adapter


def _faults_of_names(adapter: Adapter) -> Iterator[str]:
    for number, entry in enumerate(adapter.entries, start=1):
        fault = None if entry.event is None else fault_of_name(entry.event)
        if fault is not None:
            yield f"entry {number}: {fault}"


def _sentence(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
    place = ".".join(str(part) for part in first["loc"]) or "the mapping"
    said = _WORDS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    return f"{place}: {said[:1].lower()}{said[1:]}"


def _secrets(written: Iterable[SecretStr], known: dict[str, Adapter]) -> dict[str, tuple[str, ...]]:
    secrets: dict[str, tuple[str, ...]] = {}
    for one in written:
        name, found, secret = one.get_secret_value().partition("=")
        name = name.strip()
        if not found or not secret.strip():
            raise SettingsError(f"{variable('adapter_secrets')} is wrong: write name=secret")
        if name not in known:
            names = ", ".join(sorted(known))
            message = f"there is no adapter {name} (there are {names})"
            raise SettingsError(f"{variable('adapter_secrets')} is wrong: {message}")
        secrets[name] = (*secrets.get(name, ()), secret.strip())
    return secrets


_WORDS = {
    "extra_forbidden": "there is no such key: remove it, or mend its name",
    "missing": "it is missing: write it",
}

"""Reading mappings: each fault in one sentence, with the place and the mend."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from runtime.settings import Settings, SettingsError
from starter.adapters.loading import READY, load_adapters, read_adapter

GOOD = """
about: Ours
signature: {header: X-Ours, encoding: hex}
entries:
  - {event: seen, id: id, contact: {email: email}}
"""


def settings(folder: Path | None = None, *secrets: str) -> Settings:
    return Settings(
        database_url="postgresql://db/app",
        adapters=folder,
        adapter_secrets=tuple(map(SecretStr, secrets)),
    )


def test_those_that_come_along_are_read() -> None:
    found = load_adapters(settings())

    assert sorted(found.by_name) == [
        *("calendly", "generic", "hubspot", "shopify", "stripe", "zendesk")
    ]
    assert all(adapter.documented for adapter in found.by_name.values())
    assert all("https://" in file.read_text() for file in READY.glob("*.yaml"))


def test_an_own_one_goes_before_ours_and_has_its_secrets(tmp_path: Path) -> None:
    (tmp_path / "stripe.yaml").write_text(GOOD)
    (tmp_path / "ours.yaml").write_text(GOOD)

    found = load_adapters(settings(tmp_path, "ours=a=b", "ours=c"))

    assert found.by_name["stripe"].about == "Ours"
    assert found.secrets == {"ours": ("a=b", "c")}
    assert "a=b" not in repr(found)


@pytest.mark.parametrize(
    ("wrong", "right", "words"),
    [
        ("event: seen", "evnt: seen", "entries.0.evnt: there is no such key"),
        ("id: id, ", "", "entries.0: say the event's `id`"),
        ("event: seen", "event: click", "entry 1: click is a name of Postroad's own"),
        ("email: email", "", "entries.0.contact: say `key` or `email`"),
        ("email: email", "email: a..b", "no path"),
        ("header: X-Ours, ", "", "signature.header: it is missing: write it"),
        ("event: seen, id: id", "merged: {others: ids}", "entries.0: say the contact's `key`"),
        ("id: id", "id: id, merged: {others: ids}", "says no event and no attributes"),
        ("about: Ours", "about: [", ":4:1: this is not YAML"),
    ],
)
def test_a_wrong_mapping_is_one_sentence_with_its_place(
    tmp_path: Path, wrong: str, right: str, words: str
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(GOOD.replace(wrong, right))

    with pytest.raises(SettingsError) as told:
        read_adapter(file)

    assert str(told.value).startswith(str(file))
    assert words in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("whsec_1", "write name=secret"),
        ("stripe=", "write name=secret"),
        ("nobody=hush", "there is no adapter nobody (there are calendly"),
    ],
)
def test_a_wrong_secret_is_told_without_it(secret: str, words: str) -> None:
    with pytest.raises(SettingsError, match="POSTROAD_ADAPTER_SECRETS") as told:
        load_adapters(settings(None, secret))

    assert words in str(told.value)
    assert "hush" not in str(told.value)
    assert "whsec" not in str(told.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no folder"):
        load_adapters(settings(tmp_path / "gone"))

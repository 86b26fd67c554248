"""Keys and passwords show nowhere: not in what is printed, nor in how long a comparison takes."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from devstack.state import State
from inbound.tokens import Keys
from runtime.connections import build_engine
from runtime.faults import sentence
from runtime.settings import Settings, SettingsError, load_settings
from runtime.stackfile import StackFile
from starter.adapters.loading import load_adapters
from starter.addresses import build_addresses
from tests.architecture.tracked import modules, place, tree_of
from webhooks.serve import build_secrets

PLANTED = "planted-secret-of-enough-length"
SECRETS = {
    "POSTROAD_DATABASE_URL": f"postgresql://app:{PLANTED}@127.0.0.1:1/app",
    "POSTROAD_SENDGRID_API_KEY": f"SG.{PLANTED}",
    "POSTROAD_INBOUND_PATH_SECRET": PLANTED,
    "POSTROAD_TOKEN_KEYS": PLANTED,
    "POSTROAD_WEBHOOK_SECRET": f"whsec_{PLANTED}",
    "POSTROAD_ADAPTER_SECRETS": f"stripe={PLANTED}",
    "POSTROAD_API_KEY": PLANTED,
}
OTHERS = {
    "POSTROAD_PUBLIC_URL": "https://mail.acme.example",
    "POSTROAD_MAIL_DOMAIN": "acme.example",
}


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in (SECRETS | OTHERS).items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_nothing_that_is_built_from_the_settings_shows_a_secret(settings: Settings) -> None:
    secrets, adapters = build_secrets(settings), load_adapters(settings)
    built = (settings, settings.mailing(), secrets, adapters, build_engine(settings))

    shown = [f"{one!r} {one}" for one in (*built, build_addresses(settings.mailing()))]

    assert [text for text in shown if PLANTED in text] == []
    assert secrets.api_key == PLANTED


def test_a_development_stack_shows_no_secret_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".postroad").mkdir()
    keys = State(tmp_path).keys()

    assert [name for name, value in keys.model_dump().items() if value in repr(keys)] == []
    secret = [name for name, field in StackFile.model_fields.items() if not field.repr]
    assert set(secret) >= {*_secret_names(StackFile), "database_url"}


def _secret_names(model: type[BaseModel]) -> Iterator[str]:
    return (name for name in model.model_fields if re.search(r"secret$|api_key$|token_keys", name))


@pytest.mark.parametrize("name", SECRETS)
def test_a_wrong_setting_is_told_without_its_value(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, name: str
) -> None:
    monkeypatch.setenv(name, "planted")
    told = ""
    try:
        wrong = load_settings()
        build_secrets(wrong)
        load_adapters(wrong)
    except SettingsError as error:
        told = str(error)

    assert settings.api_key is not None
    assert "planted" not in told


def test_a_database_that_refuses_us_is_told_without_its_password(settings: Settings) -> None:
    engine = build_engine(settings)
    try:
        engine.connect()
    except Exception as error:  # noqa: BLE001  whatever it is, it is told
        told = f"{sentence(error)} {error}"
    else:
        told = PLANTED

    assert PLANTED not in told


# What proves who speaks; telling it apart byte by byte would take as long as it is right.
PROVING = re.compile(r"secret|api_key|credential|signature$|digest$|proof$|hmac|token$|password")
DOORS = ("inbound", "webhooks", "runtime", "starter")


@dataclass(frozen=True)
class Compared:
    where: str
    what: str


def _comparisons() -> Iterator[Compared]:
    for path in modules(*DOORS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Compare) and any(
                isinstance(by, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for by in node.ops
            ):
                sides = (ast.unparse(side) for side in (node.left, *node.comparators))
                yield from (Compared(place(path, node.lineno), side) for side in sides)


def test_what_proves_who_speaks_is_compared_in_constant_time() -> None:
    found = [one for one in _comparisons() if PROVING.search(one.what.lower())]

    assert [one for one in found if "len(" not in one.what] == []


def test_keys_show_not_their_ring() -> None:
    assert PLANTED not in repr(Keys.of([PLANTED]))

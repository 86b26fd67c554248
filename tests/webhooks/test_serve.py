import json
import socket
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine

from devstack.ports import free_port
from devstack.processes import Child, Command, own_environment
from inbound.signature import SIGNATURE_HEADER
from runtime.clock import wall_now
from runtime.settings import Settings, SettingsError
from tests.webhooks.conftest import NOWHERE
from tests.webhooks.given import World
from tests.webhooks.posting import Sender, an_item
from webhooks.serve import PortTakenError, build_secrets, serve

KEY = SecretStr("a-secret-of-enough-length")
PROGRAM = """
import sys
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from webhooks.serve import serve
settings = load_settings()
set_up_logging(settings)
serve(settings, port=int(sys.argv[1]))
"""


class Served:
    """The app as a process of its own, without a Temporal server."""

    def __init__(self, child: Child, port: int) -> None:
        self.child = child
        self.url = f"http://127.0.0.1:{port}"

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz").is_success
        except httpx.TransportError:
            return False


@pytest.fixture
def served(database_url: str, sender: Sender, tmp_path: Path) -> Iterator[Served]:
    port = free_port()
    environment = own_environment(
        POSTROAD_DATABASE_URL=database_url,
        POSTROAD_TOKEN_KEYS=KEY.get_secret_value(),
        POSTROAD_WEBHOOK_PUBLIC_KEYS=sender.public_key,
        TEMPORAL_ADDRESS=f"127.0.0.1:{free_port(besides=[port])}",
    )
    child = Child(
        Command(
            name="the webhooks app",
            argv=(sys.executable, "-c", PROGRAM, str(port)),
            log=tmp_path / "log",
            folder=Path.cwd(),
            environment=environment,
        )
    )
    child.start()
    app = Served(child, port)
    try:
        child.wait_until(app.answers, within=timedelta(seconds=60))
        yield app
    finally:
        child.stop()


def settings(**fields: object) -> Settings:
    return Settings.model_validate({"database_url": NOWHERE, "token_keys": (KEY,), **fields})


def test_it_takes_everything_in_without_temporal_and_ends_well_when_told_to(
    served: Served, sender: Sender, database_url: str
) -> None:
    engine = create_engine(database_url)
    world = World(engine)
    row = world.enrollment()
    body = json.dumps([an_item("click", world.send(row), useragent="x@example.com")]).encode()
    headers = sender.headers(body, str(int(wall_now().timestamp())))

    answer = httpx.post(f"{served.url}/webhooks/sendgrid", content=body, headers=headers)
    ready = httpx.get(f"{served.url}/readyz", timeout=60)
    served.child.stop()

    assert answer.status_code == 204
    assert "server" not in answer.headers
    assert ready.status_code == 503
    assert ready.json()["detail"] == "Temporal does not answer."
    assert len(world.told(row)) == 1
    assert served.child.exit_status == 0
    assert "Traceback" not in served.child.output
    assert "example.com" not in served.child.output
    assert headers[SIGNATURE_HEADER] not in served.child.output
    engine.dispose()


def test_a_port_that_is_taken_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        with pytest.raises(PortTakenError, match="choose another"):
            serve(settings(), port=port)


@pytest.mark.parametrize(
    ("fields", "variable"),
    [
        ({"token_keys": ()}, "POSTROAD_TOKEN_KEYS is not set"),
        ({"token_keys": (SecretStr("short"),)}, "POSTROAD_TOKEN_KEYS is wrong"),
        ({"webhook_public_keys": ("MFkw",)}, "POSTROAD_WEBHOOK_PUBLIC_KEYS is wrong"),
    ],
    ids=["no-token-key", "short-token-key", "no-public-key"],
)
def test_a_wrong_setting_is_one_sentence_that_names_it(
    fields: dict[str, object], variable: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        build_secrets(settings(**fields))

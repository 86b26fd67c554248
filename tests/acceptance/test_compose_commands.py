"""The commands of docker-compose.yml at work: all but the images themselves."""

import secrets
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from devstack.emulator.actions import Action, ActionKind
from devstack.emulator.client import EmulatorClient
from devstack.emulator.records import PostState
from devstack.emulator.signing import load_key, public_key_of
from devstack.emulator.views import MailView
from devstack.ports import LOOPBACK, free_port
from devstack.postgres import EmbeddedPostgres
from devstack.processes import Child
from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES
from tests.acceptance.composed import Host, health_of
from tests.acceptance.looking import until
from tests.acceptance.playing import LINK, MAIL, SEQUENCE
from tests.architecture.compose import services
from tests.devstack.waiting import eventually

OURS = ("emulator", "worker", "webhooks")
OTHERS = tuple(name for name in services() if health_of(services()[name]) and name not in OURS)
ADDRESS = "ada@ada.example"


@dataclass(frozen=True)
class Composed:
    host: Host
    migration: subprocess.CompletedProcess[str]
    children: dict[str, Child]
    healthy: dict[str, bool]


@pytest.fixture(scope="module")
def own_temporal() -> Iterator[EmbeddedTemporal]:
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as server:
        yield server


@pytest.fixture(scope="module")
def host(
    postgres: EmbeddedPostgres,
    own_temporal: EmbeddedTemporal,
    tmp_path_factory: pytest.TempPathFactory,
) -> Host:
    folder = tmp_path_factory.mktemp("composed")
    ports = {"5432": postgres.port, "7233": own_temporal.port}
    for port in ("8080", "8025", "9464"):
        ports[port] = free_port(besides=ports.values())
    variables = {
        **dict.fromkeys(("POSTGRES_PASSWORD", "TEMPORAL_DB_PASSWORD"), "asked for by others"),
        "POSTROAD_DB_PASSWORD": str(make_url(postgres.url).password),
        "POSTROAD_PUBLIC_URL": f"http://{LOOPBACK}:{ports['8080']}",
        "POSTROAD_MAIL_DOMAIN": "mail.example.com",
        "POSTROAD_INBOUND_DOMAIN": "in.example.com",
        "POSTROAD_INBOUND_PATH_SECRET": secrets.token_hex(24),
        "POSTROAD_TOKEN_KEYS": secrets.token_hex(24),
        "POSTROAD_API_KEY": secrets.token_hex(24),
        "EMULATOR_PUBLIC_KEY": public_key_of(load_key(folder)),
    }
    return Host(folder, ports, variables)


@pytest.fixture(scope="module")
def composed(host: Host) -> Iterator[Composed]:
    migration = host.run("migrate", host.argv("migrate"))
    children = {name: host.child(name) for name in OURS}
    with ExitStack() as stack:
        for child in children.values():
            stack.callback(child.stop)
            child.start()
        healthy = {name: eventually(partial(host.is_healthy, name)) for name in OURS}
        yield Composed(host, migration, children, healthy)


@pytest.fixture(scope="module")
async def web(composed: Composed) -> AsyncIterator[httpx.AsyncClient]:
    key = composed.host.variables["POSTROAD_API_KEY"]
    async with httpx.AsyncClient(
        base_url=composed.host.at("8080"),
        headers={"Authorization": f"Bearer {key}"},
        trust_env=False,
    ) as web:
        yield web


@pytest.fixture(scope="module")
async def emulator(composed: Composed) -> AsyncIterator[EmulatorClient]:
    async with EmulatorClient(composed.host.at("8025")) as emulator:
        yield emulator


def test_migrations_are_made_by_the_service_that_makes_them(composed: Composed) -> None:
    assert (composed.migration.returncode, composed.migration.stderr) == (0, "")


@pytest.mark.parametrize("name", OURS)
def test_a_service_of_ours_runs_and_is_healthy_by_its_own_check(
    composed: Composed, name: str
) -> None:
    assert composed.healthy[name], composed.children[name].output
    assert composed.children[name].is_running


@pytest.mark.parametrize("name", OTHERS)
def test_a_server_is_healthy_by_its_own_check(
    host: Host, own_temporal: EmbeddedTemporal, name: str
) -> None:
    there = host.with_port("8080", own_temporal.ui_port) if name == "temporal-ui" else host
    program = there.health(name)[0]
    if shutil.which(program, path=there.environment(name)["PATH"]) is None:
        pytest.skip(f"the check of {name} needs `{program}`, which its image has and we have not")

    assert eventually(lambda: there.is_healthy(name))


async def test_one_contact_goes_the_whole_way_through_the_services(
    composed: Composed, web: httpx.AsyncClient, emulator: EmulatorClient, tmp_path: Path
) -> None:
    published = publish(composed.host, tmp_path, "composed")
    contact = await posted(web, "/v1/contacts", {"email": ADDRESS, "first_name": "Ada"})
    started = await posted(
        web, "/v1/enrollments", {"sequence": "composed", "contact": contact["id"]}
    )
    (mail,) = await until(emulator.mails, bool)

    await emulator.act(mail.id, Action(kind=ActionKind.CLICK))
    await emulator.act(mail.id, Action(kind=ActionKind.REPLY, text="Yes, tell me more."))

    assert (await emulator.drain()).drained
    ended = await web.get(f"/v1/enrollments/{started['workflow_id']}")
    shown = composed.host.run("cli", composed.host.argv("cli", "show", started["workflow_id"]))
    assert published.returncode == 0, published.stderr
    assert ended.json()["ending"] == "replied"
    assert told(await emulator.mail(mail.id)) == {"processed", "delivered", "click", "reply"}
    assert f"{started['workflow_id']}: replied" in shown.stdout


def test_each_service_ends_in_its_grace_when_asked_to(composed: Composed) -> None:
    for child in composed.children.values():
        child.stop()

    statuses = {name: child.exit_status for name, child in composed.children.items()}
    assert statuses == {"emulator": -signal.SIGTERM, "worker": 0, "webhooks": 0}


def publish(host: Host, folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    (folder / "sequence.yaml").write_text(SEQUENCE.format(name=name))
    for mail in ("hello", "again"):
        (folder / f"{mail}.md").write_text(MAIL.format(subject=mail.capitalize(), link=LINK))
    return host.run("cli", host.argv("cli", "publish", str(folder)))


async def posted(web: httpx.AsyncClient, path: str, body: dict[str, str]) -> dict[str, str]:
    answer = await web.post(path, json=body)
    saved: dict[str, str] = answer.raise_for_status().json()
    return saved


def told(mail: MailView) -> set[str]:
    """Give what our webhooks took of what happened to a mail."""
    events = [(str(one.body["event"]), one.told) for one in mail.events]
    posts = [(one.title, one.told) for one in mail.posts]
    return {
        title
        for title, answer in [*events, *posts]
        if answer is not None and answer.state is PostState.ANSWERED
    }

"""docker-compose.yml: what can be known of it without an engine."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files as resources

import pytest
from jsonschema import Draft7Validator

from runtime.variables import variables
from tests.architecture.compose import (
    FILE,
    document,
    is_one_shot,
    mapping,
    services,
    variables_in,
    words,
)
from tests.architecture.tracked import ROOT, dig

SECRET = re.compile(r"PASSWORD|PWD|SECRET|TOKEN_KEYS|API_KEY")
MAIL_FILES = [ROOT / "deploy" / "mail.env", ROOT / "deploy" / "mail-live.env"]
LONG_RUNNING = {
    name: service
    for name, service in services().items()
    if not is_one_shot(service) and "cli" not in words(service, "profiles")
}


def test_the_file_follows_the_compose_specification() -> None:
    # The specification's own schema, as the check-jsonschema package carries it (Apache-2.0).
    schema = resources("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"

    faults = [
        f"{'/'.join(str(part) for part in fault.absolute_path)}: {fault.message}"
        for fault in Draft7Validator(json.loads(schema.read_text("utf-8"))).iter_errors(document())
    ]

    assert faults == []


def test_every_image_has_a_release_in_its_name() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    images = [str(service["image"]) for service in services().values()]

    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)

    assert [name for name in [*images, *bases] if not re.search(r":\d+\.\d+", name)] == []


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_that_stays_tells_its_health_and_comes_back(name: str) -> None:
    service = LONG_RUNNING[name]

    assert mapping(service, "healthcheck")["test"]
    assert service["restart"] == "unless-stopped"


def test_what_is_waited_for_can_come_true() -> None:
    waits = list(_waits())

    assert {condition for _, condition in waits} == {
        "service_healthy",
        "service_completed_successfully",
    }
    assert [
        f"{name}: {condition}"
        for name, condition in waits
        if is_one_shot(services()[name]) != (condition == "service_completed_successfully")
    ] == []


def _waits() -> Iterator[tuple[str, object]]:
    for service in services().values():
        for name, wait in mapping(service, "depends_on").items():
            yield name, dig(wait, "condition")


def test_ports_are_open_to_this_machine_only() -> None:
    ports = [port for service in services().values() for port in words(service, "ports")]

    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_no_secret_is_written_in_the_files() -> None:
    written = _environment() | _assignments("deploy/mail-live.env")

    assert [name for name, value in written.items() if _is_secret(name, value)] == []


def _is_secret(name: str, value: str) -> bool:
    return bool(SECRET.search(name)) and not value.startswith("${")


def test_no_secret_has_a_value_in_the_example() -> None:
    example = _assignments(".env.example")

    assert [name for name, value in example.items() if SECRET.search(name) and value] == []


def test_the_example_explains_every_variable() -> None:
    asked = [FILE.read_text("utf-8"), *(path.read_text("utf-8") for path in MAIL_FILES)]
    wanted = set().union(*(variables_in(text) for text in asked))

    assert wanted - {"POSTROAD_LOG_LEVEL"} == _assignments(".env.example").keys() - {
        "COMPOSE_PROFILES"
    }


def test_our_processes_get_settings_that_exist() -> None:
    known = {variable.name for variable in variables()}
    given = {name for name in _environment() if name.startswith("POSTROAD_")}
    by_file = {name for path in MAIL_FILES for name in _assignments(f"deploy/{path.name}")}

    assert (given | by_file) - known - {"POSTROAD_DB_PASSWORD"} == set()


def test_both_mail_files_say_the_same_things() -> None:
    emulated, live = (_assignments(f"deploy/{path.name}") for path in MAIL_FILES)

    assert emulated.keys() == live.keys()


def _environment() -> dict[str, str]:
    return {
        name: str(value)
        for service in services().values()
        for name, value in mapping(service, "environment").items()
    }


def _assignments(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))

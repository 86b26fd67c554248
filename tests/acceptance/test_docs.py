"""What the documentation tells a newcomer to type, typed."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import indent

import httpx
import pytest
from temporalio.client import Client

from runtime.stackfile import StackFile, read_stack_file
from tests.acceptance.commanding import Desk, desk_in
from tests.unit.docs.reading import INTEGRATING, README, ROOT, fences, read

CURL = re.compile(
    r'curl (-X (?P<method>\w+) )?"\$API(?P<path>[^"]+)".*?-d \'(?P<body>\{.*?\})\'$', re.DOTALL
)


@pytest.fixture
def record(stack: Path) -> StackFile:
    return read_stack_file(stack / ".postroad" / "stack.json")


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    desk = desk_in(stack, "docs", monkeypatch)
    names = ("outbound-vp-ops", "outbound-priority")
    desk.run("publish", *(str(ROOT / "sequences" / name) for name in names))
    return desk


@pytest.fixture
def api(record: StackFile) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {record.api_key}"}
    with httpx.Client(base_url=record.public_url, headers=headers) as client:
        yield client


@pytest.fixture
def contact(desk: Desk, api: httpx.Client, request: pytest.FixtureRequest) -> str:
    """Give the id of a contact whom the shipped sequence lets in."""
    body = {
        "email": f"{request.node.name}@{desk.name}.example",
        "attributes": {"role": "vp-ops", "country": "US"},
    }
    return str(api.post("/v1/contacts", json=body).json()["id"])


def a_shell(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  the documentation's own lines
        ["/bin/bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=an_environment(**variables),
        capture_output=True,
        text=True,
        check=False,
    )


def an_environment(**variables: str) -> Mapping[str, str]:
    tools = Path(sys.executable).parent
    path = f"{tools}{os.pathsep}{os.defpath}"
    return {"PATH": path, "HOME": "/nonexistent", "PYTHONUNBUFFERED": "1", **variables}


def a_program(script: Path, *words: str, address: str) -> str:
    done = subprocess.run(  # noqa: S603  the documentation's own program
        [sys.executable, "-P", str(script), *words],
        cwd=script.parent,
        env=an_environment(TEMPORAL_ADDRESS=address),
        capture_output=True,
        text=True,
        check=False,
    )
    # A short-lived client may still abort in its last moment (sdk-python issue 300).
    assert done.returncode == 0 or "PyGILState_Release" in done.stderr, done.stderr
    return done.stdout


def first_steps() -> str:
    own = read(README).partition("## On your own")[2].partition("## From your own code")[0]
    steps = [one.text for one in fences(README, "sh") if one.text in own]
    return "\n".join(step for step in steps if "make up" not in step and "activate" not in step)


def test_the_first_steps_work_in_their_order(stack: Path) -> None:
    (stack / "first-steps").mkdir()
    (stack / "first-steps" / "sequences").symlink_to(ROOT / "sequences")

    done = a_shell(first_steps(), stack / "first-steps")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "sent         case-study" in done.stdout
    assert "ended  handed_off" in done.stdout


def test_the_programs_need_nothing_of_this_project() -> None:
    known = {path.name for path in ROOT.iterdir() if path.is_dir()}
    programs = [one.text for one in fences(INTEGRATING, "python")]
    imported = re.findall(r"^(?:from|import) (\w+)", "\n".join(programs), re.MULTILINE)

    assert known.isdisjoint(imported)


def test_the_programs_start_and_end_an_enrollment(
    record: StackFile, contact: str, tmp_path: Path
) -> None:
    names = ("enroll.py", "booked.py")
    for name, program in zip(names, fences(INTEGRATING, "python"), strict=True):
        (tmp_path / name).write_text(program.text)
    address = record.temporal_address

    started = a_program(tmp_path / "enroll.py", contact, address=address)
    booked = a_program(tmp_path / "booked.py", contact, "booking-1", address=address)
    again = a_program(tmp_path / "booked.py", contact, "booking-2", address=address)

    assert started == f"started outbound-vp-ops.{contact}\n"
    assert booked.startswith(f"outbound-vp-ops.{contact} ended as meeting_booked after ")
    assert again == f"outbound-vp-ops.{contact} has ended already, or never began\n"


async def test_the_readmes_lines_start_and_signal_an_enrollment(
    record: StackFile, contact: str
) -> None:
    lines = "".join(one.text for one in fences(README, "python"))
    told: dict[str, object] = {}
    exec(f"async def told(client, contact):\n{indent(lines, '    ')}", told)  # noqa: S102  our own page
    client = await Client.connect(record.temporal_address)

    await told["told"](client, contact)  # type: ignore[operator]  # made by exec just above

    result = await client.get_workflow_handle(f"outbound-vp-ops.{contact}").result()
    assert result["ending"] == "meeting_booked"


def test_the_temporal_command_starts_and_steers_an_enrollment(
    record: StackFile, contact: str, tmp_path: Path, desk: Desk
) -> None:
    (script,) = (
        one.text for one in fences(INTEGRATING, "sh") if "temporal workflow start" in one.text
    )

    done = a_shell(script, tmp_path, CONTACT=contact, TEMPORAL_ADDRESS=record.temporal_address)

    assert done.returncode == 0, done.stderr
    assert desk.whats(f"outbound-vp-ops.{contact}")[-1] == "ended"


@pytest.mark.usefixtures("desk")
def test_the_calls_of_the_api_are_taken(api: httpx.Client) -> None:
    shell = (one.text.rstrip() for one in fences(INTEGRATING, "sh"))
    told = [one for one in map(CURL.search, shell) if one]

    answers = [
        api.request(
            one["method"] or "POST",
            one["path"],
            content=one["body"],
            headers={"Content-Type": "application/json"},
        )
        for one in told
    ]

    assert [answer.status_code for answer in answers] == [201, 201, 200, 202]


def test_the_key_of_the_stack_is_found_as_told(record: StackFile, stack: Path) -> None:
    (script,) = (one.text for one in fences(INTEGRATING, "sh") if one.text.startswith("API="))

    done = a_shell(f'{script}\necho "$API $POSTROAD_API_KEY"', stack)

    assert done.stdout == f"{record.public_url} {record.api_key}\n"

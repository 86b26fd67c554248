"""Publishing asks at a terminal before people enter at once: a real one, with keys pressed."""

import os
import pty
import secrets
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.acceptance.commanding import MAIL, Desk, desk_in

SEQUENCE = """\
sequence: {name}
enroll_on: {{near: contact.{attribute}, by: 90 days, backfill: all}}
new_cycle: 60 days
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: hello, day: 1}}
"""
# The terminal becomes the program's own; who runs the tests in the background ignores SIGINT.
PROGRAM = (
    "import fcntl, signal, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from postroad.app import main; main()"
)
QUESTION = b"Publish, and let them in? [y/N]: "
CTRL_C, CTRL_D = b"\x03", b"\x04"
_LIMIT = 30
_PRESSES = 6


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"asking-{secrets.token_hex(4)}", monkeypatch)
    attribute = desk.name.replace("-", "_")
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name, attribute=attribute))
    (tmp_path / "hello.md").write_text(MAIL)
    people = tmp_path / "people.csv"
    people.write_text(f"Email,First Name,{attribute}\nada@{desk.name}.example,Ada,2026-12-24\n")
    assert desk.run("import", "contacts", str(people)).status == 0
    return desk


def publish_at_a_terminal(folder: Path, keys: bytes) -> tuple[int, str]:
    """Publish, press keys when asked, and give the exit status and what the terminal showed."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(  # noqa: S603  the command under test
        [sys.executable, "-c", PROGRAM, "publish", str(folder)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as ran:
        os.close(theirs)
        try:
            shown = read(ours, QUESTION)
            press(ours, keys, ran)
            shown += read(ours)
        finally:
            ran.kill()
            os.close(ours)
    return ran.returncode, shown.decode().replace("\r\n", "\n")


def press(terminal: int, keys: bytes, ran: subprocess.Popen[bytes]) -> None:
    """Press keys, and again if nothing happens, as people do, until the program ends.

    A Ctrl-C between the question and the wait for its answer is heard with the next key only.
    """
    for _ in range(_PRESSES):
        os.write(terminal, keys)
        with suppress(subprocess.TimeoutExpired):
            ran.wait(_LIMIT / _PRESSES)
            return


def read(terminal: int, end: bytes | None = None) -> bytes:
    """Read what a terminal shows, up to some text, or until nobody writes there any more."""
    shown = b""
    # Linux answers so once the other side is closed.
    with suppress(OSError):
        while end is None or end not in shown:
            assert select.select([terminal], [], [], _LIMIT)[0], shown
            shown += os.read(terminal, 4096)
    assert end is None or end in shown, shown
    return shown


def is_published(desk: Desk) -> bool:
    return desk.run("list", desk.name).status == 0


def test_whoever_says_yes_lets_them_in(desk: Desk, tmp_path: Path) -> None:
    status, shown = publish_at_a_terminal(tmp_path, b"y\n")

    assert status == 0
    assert f"{desk.name}: near contact." in shown
    assert ": 1 person enters at once (`backfill: all`)\n" in shown
    assert f"published {desk.name}, 1 step, version " in shown
    assert is_published(desk)


@pytest.mark.parametrize("keys", [b"n\n", b"\n", CTRL_C, CTRL_D])
def test_whatever_else_is_pressed_publishes_nothing_and_says_so(
    desk: Desk, tmp_path: Path, keys: bytes
) -> None:
    status, shown = publish_at_a_terminal(tmp_path, keys)

    assert status == 1
    assert shown.splitlines()[-1] == "postroad: nothing is published"
    assert "Traceback" not in shown
    assert not is_published(desk)


@pytest.mark.parametrize("script", ["echo y | {}", "{} < /dev/null", "{} <&-"])
def test_without_a_terminal_nobody_is_asked_and_nothing_is_published(
    desk: Desk, tmp_path: Path, script: str
) -> None:
    command = f"{sys.executable} -m postroad publish {tmp_path}"

    ran = subprocess.run(  # noqa: S603  the command under test, in a shell for its input's sake
        ["/bin/sh", "-c", script.format(command)], capture_output=True, text=True, check=False
    )

    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.splitlines()[-1] == (
        "postroad: nothing is published: publish again with --yes if all of these are to enter"
    )
    assert not is_published(desk)

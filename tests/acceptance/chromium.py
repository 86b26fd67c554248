"""A headless Chromium, steered over a pipe by the DevTools protocol."""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SECONDS = 30.0
_INSTALLING_SECONDS = 300
_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-breakpad", "--disable-dev-shm-usage", "--hide-scrollbars"),
    *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-pipe"),
)
# Chromium reads its orders from descriptor 3 and answers on 4.
_ON_3_AND_4 = "import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
_ON_3_AND_4 += "os.execv(sys.argv[3], sys.argv[3:])"

Json = dict[str, object]


def find_browser() -> str | None:
    """Give the path of a browser; as root on Debian it is installed if there is none."""
    return _found() or _installed()


def _found() -> str | None:
    return next((path for path in map(shutil.which, _NAMES) if path), None)


def _installed() -> str | None:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    with (Path(tempfile.gettempdir()) / "postroad-chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            for words in (("update",), ("install", "-y", "--no-install-recommends", "chromium")):
                if _found() is None:
                    _run(apt, *words)
    return _found()


def _run(apt: str, *words: str) -> None:
    subprocess.run(  # noqa: S603  (the system's own installer)
        [apt, "-q", *words],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.defpath, "DEBIAN_FRONTEND": "noninteractive"},
        timeout=_INSTALLING_SECONDS,
    )


class Browser:
    """One tab; each order waits for its answer, TimeoutError after half a minute."""

    def __init__(self, orders: int, answers: int) -> None:
        self._orders, self._answers = orders, answers
        self._read = b""
        self._count = 0
        self._session: str | None = None

    def open_tab(self) -> None:
        """Open the tab; the others that there may be are left alone."""
        tab = self._ask("Target.createTarget", url="about:blank")["targetId"]
        attached = self._ask("Target.attachToTarget", targetId=tab, flatten=True)
        self._session = str(attached["sessionId"])

    def visit(self, url: str, *, width: int = 1280, height: int = 900) -> None:
        """Open a page in a window of this size and wait until it is loaded."""
        self._ask(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        self._ask("Page.navigate", url=url)
        self.until(f"location.href.startsWith({json.dumps(url)})")
        self.until("document.readyState === 'complete'")

    def until(self, script: str) -> object:
        """Wait until a script's value is true, and give it."""
        deadline = monotonic() + _SECONDS
        while monotonic() < deadline:
            # The page may be about to become another one, which answers no question.
            with suppress(ScriptError):
                value = self.value_of(f"new Promise(r => setTimeout(() => r({script}), 20))")
                if value:
                    return value
        raise TimeoutError(f"{script} did not become true; the page says:\n{self.text()}")

    def value_of(self, script: str) -> object:
        """Give a script's value; raises ScriptError if it fails."""
        answer = self._ask(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        result = answer["result"]
        if "exceptionDetails" in answer or not isinstance(result, dict):
            raise ScriptError(str(answer))
        return result.get("value")

    def text(self) -> str:
        """Give what a person reads on the page."""
        return str(self.value_of("document.body.innerText"))

    def overflow(self) -> int:
        """Give by how many pixels the page is wider than its window."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(str(self.value_of(script)))

    def shoot(self, path: Path) -> Path:
        """Save a picture of the whole page."""
        shot = self._ask("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(str(shot["data"])))
        return path

    def _ask(self, method: str, **params: object) -> Json:
        self._count += 1
        order: Json = {"id": self._count, "method": method, "params": params}
        if self._session is not None:
            order["sessionId"] = self._session
        os.write(self._orders, json.dumps(order).encode() + b"\0")
        while (told := self._next()).get("id") != self._count:
            pass
        if "error" in told:
            raise ScriptError(f"{method}: {told['error']}")
        result = told["result"]
        assert isinstance(result, dict)
        return result

    def _next(self) -> Json:
        while b"\0" not in self._read:
            ready, _, _ = select.select([self._answers], [], [], _SECONDS)
            more = os.read(self._answers, 1 << 20) if ready else b""
            if not more:
                raise TimeoutError("Chromium says nothing any more.")
            self._read += more
        first, _, self._read = self._read.partition(b"\0")
        told: Json = json.loads(first)
        return told


class ScriptError(Exception):
    """The page or the browser could not do what it was asked."""


@contextmanager
def running_browser(program: str, folder: Path) -> Iterator[Browser]:
    """Run a browser with a profile of its own; when we are killed, its pipe ends and so does it."""
    (theirs_in, orders), (answers, theirs_out) = _pipe(), _pipe()
    argv = [sys.executable, "-c", _ON_3_AND_4, str(theirs_in), str(theirs_out), program]
    with (folder / "chromium.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  (our own words, and the browser that was found)
            [*argv, *_FLAGS, f"--user-data-dir={folder / 'profile'}"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(theirs_in, theirs_out),
            start_new_session=True,
        )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        browser = Browser(orders, answers)
        browser.open_tab()
        yield browser
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        os.close(orders)
        os.close(answers)


def _pipe() -> tuple[int, int]:
    # Both ends above the numbers that the browser gets them under.
    low = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in low]
    for end in low:
        os.close(end)
    return high[0], high[1]

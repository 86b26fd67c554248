"""Stands in for a program of the stack: listens on its --port, if it has one, until SIGTERM."""

import json
import os
import signal
import socket
import sys
from types import FrameType


def leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def listen(port: int) -> None:
    with socket.create_server(("127.0.0.1", port)) as server:
        while True:
            server.accept()[0].close()


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, leave)
    print(json.dumps(dict(os.environ)), flush=True)  # noqa: T201, TID251  (what the test reads)
    print("the worker is ready", flush=True)  # noqa: T201  (what the stack waits for)
    if "--port" in sys.argv:
        listen(int(sys.argv[sys.argv.index("--port") + 1]))
    signal.pause()

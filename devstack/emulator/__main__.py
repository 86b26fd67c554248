"""The emulator as a program: `python -m devstack.emulator --port 4010`."""

import argparse
import os
import sys
from pathlib import Path

from pydantic import SecretStr

from devstack.emulator.config import Duplicates, EmulatorConfig, InboundMode, Switches
from devstack.emulator.server import serve


def main(arguments: list[str]) -> int:
    """Serve until a signal ends it; give the exit status."""
    chosen = _parser().parse_args(arguments)
    key = SecretStr(chosen.api_key) if chosen.api_key else None
    config = EmulatorConfig(
        api_key=key, state=chosen.state, seed=chosen.seed, switches=_switches(chosen)
    )
    try:
        serve(config, host=chosen.host, port=chosen.port, announce=_announce)
    except OSError as failure:
        where = f"{chosen.host}:{chosen.port}"
        sys.stderr.write(
            f"The emulator cannot listen on {where}: {os.strerror(failure.errno or 0)}.\n"
        )
        return 1
    return 0


def _announce(address: str) -> None:
    sys.stdout.write(f"The SendGrid emulator is at {address} and shows its inbox there.\n")
    sys.stdout.flush()


def _switches(chosen: argparse.Namespace) -> Switches:
    return Switches(
        webhook_url=chosen.webhook_url,
        inbound_url=chosen.inbound_url,
        inbound_mode=chosen.inbound_mode,
        keep_message_id=not chosen.replace_message_id,
        batching=not chosen.one_by_one,
        duplicates=chosen.duplicates,
        reorder=chosen.reorder,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m devstack.emulator", description=__doc__)
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=4010, help="port to listen on")
    add("--state", type=Path, help="directory that keeps the mails and the signing key")
    add("--api-key", help="the only key that is good (default: each one is)")
    add("--webhook-url", help="where events are posted")
    add("--inbound-url", help="where inbound mails are posted")
    add("--inbound-mode", type=InboundMode, choices=InboundMode, default=InboundMode.RAW)
    add("--replace-message-id", action="store_true", help="give each mail a Message-ID of our own")
    add("--one-by-one", action="store_true", help="post each event by itself")
    add("--duplicates", type=Duplicates, choices=Duplicates, default=Duplicates.NONE)
    add("--reorder", action="store_true", help="shuffle events before they are posted")
    add("--seed", type=int, default=0, help="seed of the shuffling")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

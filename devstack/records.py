"""Where a stack's servers listen, and the record by which other commands find them."""

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass

from devstack.emulator.signing import load_key, public_key_of
from devstack.ports import LOOPBACK, free_port
from devstack.state import State
from runtime.stackfile import StackFile

# Reserved for such use (RFC 2606, section 2): no mail can ever reach them.
_MAIL_DOMAIN = "mail.postroad.test"
_INBOUND_DOMAIN = "reply.postroad.test"


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where each server listens; as they stand here, where each would usually be looked for."""

    temporal: int = 7233
    temporal_ui: int = 8233
    postgres: int = 54329
    webhooks: int = 8080
    emulator: int = 8025


_TITLES = {
    "temporal": "the Temporal server",
    "temporal_ui": "the Temporal UI",
    "postgres": "PostgreSQL",
    "webhooks": "the webhooks app",
    "emulator": "the emulator with its inbox",
}


def chosen_ports(usual: Ports, say: Callable[[str], None]) -> Ports:
    """Choose a free port for each, the usual one if possible, and say where it is another."""
    chosen: dict[str, int] = {}
    for name, port in asdict(usual).items():
        chosen[name] = free_port(port, besides=chosen.values())
        if chosen[name] != port:
            say(f"Port {port} is taken: {_TITLES[name]} listens on {chosen[name]} instead.")
    return Ports(**chosen)


def free_ports() -> Ports:
    """Choose a free port for each, none of them a usual one."""
    chosen: dict[str, int] = {}
    for name in asdict(Ports()):
        chosen[name] = free_port(besides=chosen.values())
    return Ports(**chosen)


def record_of(state: State, ports: Ports, database_url: str) -> StackFile:
    """Describe the stack that listens on these ports, with the keys it keeps."""
    keys = state.keys()
    emulator = f"http://{LOOPBACK}:{ports.emulator}"
    return StackFile(
        pid=os.getpid(),
        database_url=database_url,
        temporal_address=f"{LOOPBACK}:{ports.temporal}",
        temporal_ui_url=f"http://{LOOPBACK}:{ports.temporal_ui}",
        sendgrid_url=emulator,
        sendgrid_api_key=keys.sendgrid_api_key,
        inbox_url=emulator,
        public_url=f"http://{LOOPBACK}:{ports.webhooks}",
        api_key=keys.api_key,
        token_keys=(keys.token_key,),
        mail_domain=_MAIL_DOMAIN,
        inbound_domain=_INBOUND_DOMAIN,
        inbound_path_secret=keys.inbound_path_secret,
        webhook_public_keys=(public_key_of(load_key(state.path / "emulator")),),
        webhook_secret=(keys.webhook_secret,),
    )

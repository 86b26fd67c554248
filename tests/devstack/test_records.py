import socket
from dataclasses import asdict

from devstack.ports import LOOPBACK, free_port
from devstack.records import Ports, chosen_ports


def five_free_ports() -> list[int]:
    ports: list[int] = []
    for _ in range(5):
        ports.append(free_port(besides=ports))
    return ports


def test_usual_ports_are_taken_in_silence() -> None:
    said: list[str] = []
    usual = Ports(**dict(zip(asdict(Ports()), five_free_ports(), strict=True)))

    assert chosen_ports(usual, said.append) == usual
    assert said == []


def test_taken_port_is_stepped_over_and_said() -> None:
    said: list[str] = []
    with socket.create_server((LOOPBACK, 0)) as other:
        taken = other.getsockname()[1]

        chosen = chosen_ports(Ports(postgres=taken), said.append)

    sentence = f"Port {taken} is taken: PostgreSQL listens on {chosen.postgres} instead."
    assert sentence in said


def test_no_two_servers_get_the_same_port() -> None:
    one = free_port()
    same = Ports(temporal=one, temporal_ui=one, postgres=one, webhooks=one, emulator=one)

    chosen = chosen_ports(same, lambda _: None)

    assert len(set(asdict(chosen).values())) == 5

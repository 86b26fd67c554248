import socket
from collections.abc import Iterator

import pytest

from devstack.ports import LOOPBACK, PortTakenError, free_port, is_free, require_free


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server((LOOPBACK, 0)) as server:
        yield server.getsockname()[1]


def test_usual_port_is_preferred_while_it_is_free() -> None:
    usual = free_port()

    assert free_port(usual) == usual


def test_taken_port_is_stepped_over(taken_port: int) -> None:
    found = free_port(taken_port)

    assert found != taken_port
    assert is_free(found)


def test_port_promised_to_another_is_not_given_again() -> None:
    usual = free_port()

    assert free_port(usual, besides=[usual]) != usual


def test_port_taken_on_all_addresses_counts_as_taken() -> None:
    with socket.create_server(("", 0)) as server:
        assert not is_free(server.getsockname()[1])


def test_insisting_on_a_taken_port_says_who_wanted_which(taken_port: int) -> None:
    with pytest.raises(PortTakenError, match=rf"^PostgreSQL cannot listen on .*:{taken_port},"):
        require_free(taken_port, "PostgreSQL")

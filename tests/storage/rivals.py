"""Rivals: transactions of other connections, in threads, that are seen to wait for a lock."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Connection, Engine, text

_T = TypeVar("_T")


@dataclass(frozen=True)
class Rival(Generic[_T]):
    """One transaction under way."""

    backend: int
    outcome: Future[_T]

    def result(self) -> _T:
        """Give what its act gave, once it has committed."""
        return self.outcome.result(timeout=30)


class Rivals:
    """Starts rivals."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor) -> None:
        self._engine = engine
        self._threads = threads

    def start(self, act: Callable[[Connection], _T]) -> Rival[_T]:
        """Start a transaction that acts and commits."""
        backend: Future[int] = Future()

        def run() -> _T:
            with self._engine.begin() as connection:
                backend.set_result(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
                return act(connection)

        outcome = self._threads.submit(run)
        return Rival(backend.result(timeout=30), outcome)

    def start_blocked(self, act: Callable[[Connection], _T]) -> Rival[_T]:
        """Start a transaction, and return when it waits for another one."""
        rival = self.start(act)
        blockers = text("SELECT cardinality(pg_blocking_pids(:backend))")
        with self._engine.connect() as observer:
            while observer.execute(blockers, {"backend": rival.backend}).scalar_one() == 0:
                assert not rival.outcome.done(), "It was to wait, and did not."
        return rival


def until_they_wait(engine: Engine, holder: Connection, rivals: Sequence[Future[_T]]) -> None:
    """Return when all rivals wait for what the holder's transaction has locked."""
    backend = holder.execute(text("SELECT pg_backend_pid()")).scalar_one()
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE :backend = ANY(pg_blocking_pids(pid))"
    )
    with engine.connect() as observer:
        while observer.execute(waiting, {"backend": backend}).scalar_one() < len(rivals):
            assert not any(one.done() for one in rivals), "It was to wait, and did not."
            observer.rollback()

"""The ledger against a small model of it: any life of a few mails, with rivals at the same time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Literal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine

from schemas.events import Control
from schemas.ledger import NEW, WAYS, Verdict, Way, given_up, shown
from schemas.outcomes import Stopped, Suppressed
from storage import enrollments
from storage.people import suppressions
from storage.rows import SendRow
from storage.sending import claims, sends
from storage.sending.claims import Claimed, Found
from storage.sending.sends import Outcome
from tests.storage.given import MONDAY, STOPPED, a_claim, a_suppression, an_enrollment
from tests.storage.rivals import Rivals

_MAILS = st.sampled_from(["intro", "second"])
_OUTCOMES = st.sampled_from(["accepted", "refused", "retry", "in_doubt"])
_VERDICTS = st.sampled_from(
    [
        shown(MONDAY),
        given_up(MONDAY),
        Verdict(on="resend", state="retry", at=MONDAY),
        Verdict(on="person", state="accepted", at=MONDAY),
        Verdict(on="person", state="not_sent", at=MONDAY),
        Verdict(on="log", state="accepted", at=MONDAY),
    ]
)
_ON = {"accepted": "accept", "refused": "refuse", "retry": "miss", "in_doubt": "lose"}
_RIVALS = st.integers(min_value=1, max_value=4)


@dataclass
class Modelled:
    """What is true of one mail."""

    state: str = NEW
    attempt: int = 0
    resumes: int = 0
    posts: int = 0

    def goes(self, on: str, after: str) -> bool:
        """Go one way, if there is such a one, and tell so."""
        there = any((way.before, way.on, way.after) == (self.state, on, after) for way in WAYS)
        self.state = after if there else self.state
        return there


class Ledger(RuleBasedStateMachine):
    """One enrollment with two mails; `claim` is what stands between two mails and one."""

    engine: Engine
    rivals: Rivals
    people: Iterator[int]

    @initialize()
    def begin(self) -> None:
        self.email = f"ada{next(self.people)}@example.com"
        with self.engine.begin() as connection:
            self.row: UUID = an_enrollment(connection, self.email).id
        self.mails: dict[str, Modelled] = {"intro": Modelled(), "second": Modelled()}
        self.standing: Literal["live", "paused", "ended"] = "live"
        self.suppressed, self.resumes, self.commands = False, 0, 0

    @rule(step=_MAILS, rivals=_RIVALS)
    def claim(self, step: str, rivals: int) -> None:
        mail = self.mails[step]
        mended = mail.state != "refused" or mail.resumes < self.resumes
        free = self.standing == "live" and not self.suppressed
        wins = free and mended and mail.goes("claim", "claimed")
        wanted = a_claim(self.row, step, resumes=self.resumes)

        many = [self.rivals.start(partial(claims.claim, wanted=wanted)) for _ in range(rivals)]
        answers = [one.result() for one in many]

        won = [one for one in answers if isinstance(one, Claimed)]
        assert len(won) == int(wins)
        if wins:
            mail.attempt, mail.resumes, mail.posts = mail.attempt + 1, self.resumes, mail.posts + 1
            assert won[0].attempt == mail.attempt
        else:
            assert {type(one) for one in answers} == {self._told(mail, mended=mended)}

    def _told(self, mail: Modelled, *, mended: bool) -> type:
        if mail.state not in {NEW, "retry"} and not (mail.state == "refused" and mended):
            return Found
        return Suppressed if self.standing == "live" else Stopped

    @rule(step=_MAILS, state=_OUTCOMES, stale=st.booleans())
    def outcome(self, step: str, state: str, *, stale: bool) -> None:
        mail, attempt = self.mails[step], self.mails[step].attempt - int(stale)
        known = mail.state == "accepted" == state
        counts = not stale and attempt > 0 and (mail.goes(_ON[state], state) or known)
        outcome = Outcome.model_validate({"state": state, "at": MONDAY})

        recorded = self._of(step, lambda one, send: sends.record(one, send, attempt, outcome))

        assert recorded in (None, counts)

    @rule(step=_MAILS, verdict=_VERDICTS, rivals=_RIVALS)
    def settle(self, step: str, verdict: Verdict, rivals: int) -> None:
        mail = self.mails[step]
        counts = mail.state != NEW and mail.goes(verdict.on, verdict.state)

        send = self._send(step)
        if send is None:
            return
        act = partial(sends.settle, send=send.id, verdict=verdict)
        told = [one.result() for one in [self.rivals.start(act) for _ in range(rivals)]]

        assert sorted(told) == sorted([counts, *[False] * (rivals - 1)])

    @rule()
    def pause(self) -> None:
        if self._commands(enrollments.pause, "pause"):
            self.standing = "paused"

    @rule()
    def resume(self) -> None:
        self.resumes += 1
        if self._commands(enrollments.resume, "resume"):
            self.standing = "live"

    @rule(step=_MAILS)
    def end_while_it_is_claimed(self, step: str) -> None:
        with self.engine.begin() as connection:
            enrollments.end(connection, self.row, STOPPED, 1000)
            late = self.rivals.start_blocked(partial(claims.claim, wanted=a_claim(self.row, step)))
        self.standing = "ended"

        assert not isinstance(late.result(), Claimed)

    @rule()
    def opt_out(self) -> None:
        with self.engine.begin() as connection:
            suppressions.suppress(connection, a_suppression(self.email))
        self.suppressed = True

    @invariant()
    def agree(self) -> None:
        for step, mail in self.mails.items():
            send = self._send(step)
            kept = (NEW, 0) if send is None else (send.state, send.attempt)
            assert kept == (mail.state, mail.attempt)
            self._has_a_past(send, mail)

    def _has_a_past(self, send: SendRow | None, mail: Modelled) -> None:
        if send is None:
            return
        with self.engine.connect() as connection:
            past = sends.changes_of(connection, send.id)
        assert all(Way(one.before, one.cause, one.after) in WAYS for one in past)
        assert [one.before for one in past] == [NEW, *(one.after for one in past[:-1])]
        assert past[-1].after == mail.state
        assert sum(one.cause == "claim" for one in past) == mail.posts

    def _commands(self, act: Callable[..., bool], action: str) -> bool:
        self.commands += 1
        control = Control.model_validate(
            {"id": f"command-{self.commands}", "action": action, "who": "olga"}
        )
        with self.engine.begin() as connection:
            return act(connection, self.row, control, MONDAY)

    def _of(self, step: str, act: Callable[[Connection, UUID], bool]) -> bool | None:
        send = self._send(step)
        if send is None:
            return None
        with self.engine.begin() as connection:
            return act(connection, send.id)

    def _send(self, step: str) -> SendRow | None:
        with self.engine.connect() as connection:
            found = sends.of_enrollment(connection, self.row)
        return next((one for one in found if one.step == step), None)


@pytest.fixture
def machine(engine: Engine) -> Iterator[type[Ledger]]:
    with ThreadPoolExecutor(max_workers=8) as threads:

        class Here(Ledger):
            pass

        Here.engine, Here.rivals, Here.people = engine, Rivals(engine, threads), iter(range(10**6))
        yield Here


def test_no_life_of_a_few_mails_leaves_the_declared_ways(machine: type[Ledger]) -> None:
    lives = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )

    run_state_machine_as_test(machine, settings=lives)

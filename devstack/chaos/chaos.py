"""A chaos run from its plan to its verdict."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, func, select

from authoring.text.faults import Faults
from devstack.chaos.crowd import Crowd
from devstack.chaos.deeds import FURTHER_ON, SEQUENCE, address_of
from devstack.chaos.evidence import Evidence, Expected
from devstack.chaos.expecting import Enrolled, expected
from devstack.chaos.gathering import gather
from devstack.chaos.house import House, built
from devstack.chaos.plan import Plan
from devstack.chaos.settling import settle
from devstack.chaos.storm import Storm
from devstack.chaos.verdict import Verdict, judge
from devstack.demo.stage import Stage, open_stage
from devstack.programs import Programs
from runtime.clock import wall_now
from schemas.contact import NewContact
from schemas.ids import enrollment_id
from schemas.sequence import Sequence
from schemas.values import Value
from starter.authored.publishing import publish
from storage import versions
from storage.people import contacts
from storage.people.contacts import Saved
from storage.schema.tables import enrollments, events

SEQUENCES = Path(__file__).with_name("sequences")

Say = Callable[[str], None]
_PROGRAMS = Programs()


class Told(Value):
    """What a run tells: what struck how often, and the verdict."""

    seed: int
    strikes: dict[str, int]
    killed: dict[str, int]
    fell: tuple[str, ...]
    led: int
    evidence: Evidence
    verdict: Verdict

    @property
    def holds(self) -> bool:
        """Whether every promise was kept."""
        return self.verdict.holds


class ChaosFailedError(Exception):
    """The run cannot go on; the message is one sentence with the mend."""


async def run_chaos(plan: Plan, say: Say, programs: Programs = _PROGRAMS) -> Told:
    """Let a plan happen on servers of its own, and judge it; nothing is left behind."""
    say(f"seed {plan.seed}: starting PostgreSQL, Temporal, {plan.size.workers} workers, webhooks")
    async with built(plan, programs) as house, open_stage(house.record) as stage:
        reviving = asyncio.create_task(house.revive())
        try:
            return await _happen(plan, house, stage, say)
        finally:
            reviving.cancel()
            await asyncio.wait([reviving])


async def _happen(plan: Plan, house: House, stage: Stage, say: Say) -> Told:
    _publish(stage.engine)
    crowd = Crowd(plan, stage, _bring_in(stage.engine, plan))
    storm = Storm(plan, house, crowd)
    say(f"enrolling {plan.size.enrollments} contacts while everything fails")
    async with asyncio.TaskGroup() as group:
        group.create_task(crowd.live())
        group.create_task(storm.rage())
    say(f"{crowd.mails} mails; the storm is over, waiting until everybody has ended")
    await crowd.last_word()
    await house.returns.all_brought()
    led = await settle(stage)
    if await crowd.very_last_word():
        led += await settle(stage)
    say("comparing SendGrid's mails, the ledger and Temporal's histories")
    evidence = await gather(stage, _expected(stage.engine, crowd, plan), house.returns.withheld)
    evidence = evidence.model_copy(update={"unrecorded": _unrecorded(stage.engine, crowd, plan)})
    strikes = Counter[str]()
    for counted in (storm.struck, house.posts.struck, house.returns.struck):
        strikes.update({str(kind.value): count for kind, count in counted.items()})
    return Told(
        seed=plan.seed,
        strikes=dict(strikes),
        killed=dict(house.killed),
        fell=tuple(house.fell),
        led=led,
        evidence=evidence,
        verdict=judge(evidence),
    )


def _publish(engine: Engine) -> None:
    folders = (SEQUENCES / SEQUENCE, SEQUENCES / FURTHER_ON)
    answer = publish(engine, folders, by="chaos", at=wall_now())
    faults = [str(one) for one in answer if isinstance(one, Faults)]
    if faults:
        raise ChaosFailedError(f"the sequences cannot be published: {' '.join(faults)}")


def _bring_in(engine: Engine, plan: Plan) -> tuple[str, ...]:
    with engine.begin() as connection:
        new = (NewContact(email=address_of(one), first_name="Ada") for one in plan.people)
        saved = [contacts.save(connection, one) for one in new]
    return tuple(one.contact.id for one in saved if isinstance(one, Saved))


def _expected(engine: Engine, crowd: Crowd, plan: Plan) -> tuple[Expected, ...]:
    begun = _enrolled(engine)
    storm, haven = _sequence(engine, SEQUENCE), _sequence(engine, FURTHER_ON)
    told: list[Expected] = []
    for person in plan.people:
        workflow_id = crowd.deeds.workflow_id(person)
        one = begun.get(workflow_id)
        if one is None:
            told.append(Expected(workflow_id=workflow_id, ending=None))
            continue
        done = [deed for deed in crowd.deeds.done if deed.person == person.number]
        told.append(expected(storm, one, done))
        child = enrollment_id(FURTHER_ON, crowd.deeds.contact(person))
        if told[-1].ending == "handed_off":
            known = begun.get(child, one)
            told.append(expected(haven, known.model_copy(update={"workflow_id": child}), ()))
    return tuple(told)


def _unrecorded(engine: Engine, crowd: Crowd, plan: Plan) -> tuple[str, ...]:
    found = select(events.c.contact_id, func.coalesce(events.c.name, events.c.kind))
    with engine.connect() as connection:
        known = {(row[0], row[1]) for row in connection.execute(found)}
    said = ((crowd.deeds.contact(plan.people[one.person]), one) for one in crowd.deeds.done)
    return tuple(
        f"{one.recorded} of {plan.people[one.person].name}"
        for contact, one in said
        if one.recorded is not None and (contact, one.recorded) not in known
    )


def _enrolled(engine: Engine) -> dict[str, Enrolled]:
    found = select(enrollments.c.workflow_id, enrollments.c.enrolled_at.label("at"))
    with engine.connect() as connection:
        rows = [Enrolled.model_validate(dict(row)) for row in connection.execute(found).mappings()]
    return {one.workflow_id: one for one in rows}


def _sequence(engine: Engine, name: str) -> Sequence:
    with engine.connect() as connection:
        latest = versions.latest(connection, name)
    if latest is None:
        raise ChaosFailedError(f"{name} is not published")
    return latest.sequence

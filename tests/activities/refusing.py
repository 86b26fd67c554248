"""Every refusal that the code knows of, read off it, and how each comes about."""

import ast
import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from activities import admitting
from schemas.activities import BeginRequest, LeaveRequest
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.events import Control
from schemas.outcomes import Refused, Waiting
from schemas.policies import ExitRule, Pace
from schemas.sequence import Sequence
from starter.explaining.absences import Absence, Asked, explain_absence
from storage import enrollments
from storage.enrollments import NewEnrollment
from tests.activities import turning
from tests.activities.world import ORDER, VP, WELCOME, World, a_start
from tests.builders import MONDAY, a_sequence, an_email

EXIT_ON = "the name of a condition in `exit_on`"
Told = Absence | Refused
Case = Callable[[World], Awaitable[Told]]


def reasons() -> set[str]:
    """Give the reasons of all refusals in the room that lets people in, as they are written."""
    return {found for module in _modules() for found in _reasons_in(module)}


def _modules() -> Iterator[str]:
    for one in pkgutil.iter_modules(admitting.__path__, f"{admitting.__name__}."):
        yield one.name


def _reasons_in(name: str) -> Iterator[str]:
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Refused":
            (reason,) = (one.value for one in call.keywords if one.arg == "reason")
            yield _said(reason, vars(module))


def _said(reason: ast.expr, names: dict[str, object]) -> str:
    match reason:
        case ast.Constant(value=str(word)):
            return word
        case ast.Name(id=name):
            return str(names[name])
        case ast.BoolOp(values=[*_, ast.Name(id=name)]):
            return str(names[name])
    return {"rule.name": EXIT_ON, "off.name": "stopped"}[ast.unparse(reason)]


async def absence(world: World, contact: str, sequence: str = "welcome") -> Told:
    asked = Asked(sequence=sequence, contact=contact, now=MONDAY)
    return await explain_absence(world.engine, asked)


async def _of(world: World, sequence: Sequence = WELCOME) -> Told:
    world.publish(sequence)
    return await absence(world, world.contact(attributes={"role": "clerk"}).id)


async def _on_record(world: World, **fields: object) -> Told:
    world.publish()
    contact = world.contact()
    world.refused(a_start(contact, **fields))
    return await absence(world, contact.id)


async def _twice(world: World) -> Told:
    version = world.publish()
    contact = world.contact()
    live = NewEnrollment(
        workflow_id="welcome.merged",
        run_id="run-0",
        sequence="welcome",
        version=version.hash,
        contact_id=contact.id,
        source="test",
        zone="UTC",
        enrolled_at=MONDAY,
    )
    with world.engine.begin() as connection:
        enrollments.begin(connection, live)
    world.refused(a_start(contact))
    return await absence(world, contact.id)


async def _again(world: World) -> Told:
    world.publish(WELCOME.model_copy(update={"re_enroll": "never"}))
    contact = world.contact()
    world.ended(world.enrolled(contact))
    return await absence(world, contact.id)


async def _blocked(world: World) -> Told:
    world.publish()
    contact = world.contact()
    world.suppress(contact)
    return await absence(world, contact.id)


async def _busy(world: World) -> Told:
    turning.publish(world, "outbound", priority=5)
    turning.refuses(world, "drip")
    contact = world.contact()
    turning.enroll(world, "outbound", contact)
    return await absence(world, contact.id, "drip")


async def _called_off(world: World) -> Told:
    world.publish(WELCOME.model_copy(update={"pace": Pace(per_day=1)}))
    first, second = (world.contact(email=f"{one}@customer.example") for one in "ab")
    world.enrolled(first)
    assert isinstance(world.begin(a_start(second)), Waiting)
    control = Control(id="c", action="exit", who="olga", why="a mistake", at=MONDAY)
    world.live.leave_line(LeaveRequest(**_request(second).model_dump(), control=control))
    return await absence(world, second.id)


async def _misnamed(world: World) -> Told:
    world.publish()
    contact = world.contact()
    request = _request(contact).model_copy(update={"workflow_id": "welcome.another"})
    assert isinstance(world.live.begin_enrollment(request), Refused)
    return await absence(world, contact.id)


def _request(contact: Contact) -> BeginRequest:
    start = EnrollmentStart(sequence="welcome", contact=contact.id)
    return BeginRequest(
        start=start, workflow_id=f"welcome.{contact.id}", run_id="run-1", now=MONDAY
    )


async def _nobody(world: World) -> Told:
    world.publish()
    return await absence(world, "nobody")


async def _nowhere(world: World) -> Told:
    return await absence(world, world.contact().id, "nowhere")


IS_CLERK = ExitRule(name="is_vp", when=VP.model_copy(update={"by": "ne"}))
CASES: dict[str, tuple[Case, str, str]] = {
    "already_enrolled": (_twice, "already_enrolled", "is enrolled already and has not ended"),
    "wrong_key": (
        lambda world: _of(world, WELCOME.model_copy(update={"key": ORDER})),
        *("wrong_key", "welcome is per data.order, which is missing or no key"),
    ),
    "suppressed": (_blocked, "suppressed", "the contact is suppressed (unsubscribed), so that"),
    "audience": (
        lambda world: _of(world, a_sequence(an_email("intro"), audience=VP)),
        *("audience", 'which asks contact.role == "vp"; contact.role is "clerk"'),
    ),
    EXIT_ON: (
        lambda world: _of(world, a_sequence(an_email("intro"), exit_on=(IS_CLERK,))),
        *("is_vp", 'true already: contact.role != "vp"; contact.role is "clerk"'),
    ),
    "holdout": (
        lambda world: _of(world, a_sequence(an_email("intro"), holdout=10_000)),
        *("holdout", "the contact is in the 100 % that welcome holds out"),
    ),
    "re_enroll": (_again, "re_enroll", "was in welcome before, and `re_enroll` is `never`"),
    "busy": (_busy, "busy", "outbound goes first for this contact: priority 5 over 1, and"),
    "stopped": (_called_off, "stopped", "was called off by olga: a mistake"),
    "misnamed": (_misnamed, "misnamed", "the workflow id must be"),
    "unknown_version": (
        lambda world: _on_record(world, version="f" * 64),
        *("unknown_version", "welcome has no version"),
    ),
    "unknown_step": (
        lambda world: _on_record(world, step="nope"),
        *("unknown_step", "welcome has no step nope"),
    ),
    "unknown_contact": (
        _nobody,
        *("unknown_contact", "no contact has this id, external key or address"),
    ),
    "unknown_sequence": (
        _nowhere,
        *("unknown_sequence", "no sequence nowhere is published"),
    ),
}
"""How each comes about, what it is called then, and what must be told of it."""

OF_HAND_OFFS = {"ended"}
"""Refuses no start: the parent's own step tells of it."""

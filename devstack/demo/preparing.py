"""Before the clocks move: sequences published, contacts imported, everybody enrolled or refused."""

from collections import Counter
from datetime import timedelta
from pathlib import Path

from authoring.text.faults import Faults
from devstack.demo.rehearsing import SEQUENCES
from devstack.demo.shapes import DemoFailedError, Phase, Prepared, Tell
from devstack.demo.stage import Stage
from runtime.clock import wall_now
from schemas.outcomes import Refused
from starter.authored.publishing import Published, publish
from starter.enrolling.enrollments import enroll_all
from starter.enrolling.letting_in import LetIn, Unanswered, answers
from starter.lists.importing import Imported, import_file
from starter.lists.rows import BadFile

_CONTACTS = Path(__file__).with_name("contacts.csv")
_BLOCKED = "sue.blocked@riverton-labs.example"
_PATIENCE = timedelta(minutes=2)
_ME = "demo"


def publish_all(stage: Stage, sequences: tuple[str, ...], tell: Tell) -> tuple[Published, ...]:
    """Publish shipped sequences; raises DemoFailedError if one is not as it was shipped."""
    tell(Phase(title=f"Publishing {', '.join(sequences)}"))
    folders = tuple(SEQUENCES / name for name in sequences)
    answer = publish(stage.engine, folders, by=_ME, at=wall_now())
    faults = [str(one) for one in answer if isinstance(one, Faults)]
    if faults:
        raise DemoFailedError(f"the sequences cannot be published: {' '.join(faults)}")
    return tuple(one for one in answer if isinstance(one, Published))


async def prepare(stage: Stage, sequence: str, tell: Tell) -> Prepared:
    """Import the contacts, block one, and enroll all of them in a published sequence.

    Raises DemoFailedError, one sentence, if a file is not as it was shipped.
    """
    tell(Phase(title=f"Importing contacts from {_CONTACTS.name}"))
    imported = _import(stage)
    await _block(stage, _BLOCKED)
    tell(Phase(title=f"Enrolling {len(imported.contacts)} contacts in {sequence}"))
    enrolled, refused = await _enroll(stage, sequence, imported)
    return Prepared(imported=imported, enrolled=enrolled, refused=dict(refused))


def _import(stage: Stage) -> Imported:
    imported = import_file(stage.engine, _CONTACTS, at=wall_now())
    if isinstance(imported, BadFile):
        raise DemoFailedError(f"{_CONTACTS} cannot be imported: {imported.reason}")
    return imported


async def _block(stage: Stage, address: str) -> None:
    blocked = {"event": "blocked", "contact": address, "id": f"{_ME}-block"}
    (await stage.web.post("/v1/events", json=blocked)).raise_for_status()


async def _enroll(stage: Stage, sequence: str, imported: Imported) -> tuple[int, Counter[str]]:
    batch = await enroll_all(stage.client, stage.engine, sequence, imported.contacts, source=_ME)
    heard = await answers(stage.client, stage.engine, batch.started, patience=_PATIENCE)
    if any(isinstance(answer, Unanswered) for answer in heard):
        raise DemoFailedError("the worker does not answer: see .postroad/logs/worker.log")
    refused = Counter(refusal.reason for _, refusal in batch.refused)
    refused += Counter(answer.reason for answer in heard if isinstance(answer, Refused))
    return sum(isinstance(answer, LetIn) for answer in heard), refused

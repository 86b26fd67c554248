"""How many history events an enrollment costs: exact, on the real path."""

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from bench.figures import Figure, Report, Say, Size
from bench.runs import enrollment_of, new_contacts, skipping, started
from bench.sequences import mails_with_waits, version_of
from bench.servers import Servers, running

_OF_SKIPPING = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_OPTIONS_UPDATED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED,
}
_SHORT, _LONG = 5, 10
_PER_MAIL, _MORE, _FIVE_MAILS = 11, 25, 80

_ABOUT = """Events in the history of an enrollment without signals, two days between two mails,
real activities; what skipping time adds is left out."""


async def measure(_size: Size, say: Say) -> Report:
    """Count the events of a five-mail and a ten-mail enrollment."""
    with running("emulator", "worker") as servers:
        client = skipping(await servers.client())
        events = {mails: await _events(servers, client, mails) for mails in (_SHORT, _LONG)}
    for mails, count in events.items():
        say(f"{mails} mails: {count} events")
    per_mail = (events[_LONG] - events[_SHORT]) // (_LONG - _SHORT)
    figures = (
        Figure(what="each further mail with its wait", measured=per_mail, unit="events"),
        Figure(what="five mails", measured=events[_SHORT], unit="events", limit=_FIVE_MAILS),
        *(
            Figure(
                what=f"{mails} mails, beside 11 a mail + 25",
                measured=count,
                unit="events",
                limit=_PER_MAIL * mails + _MORE,
            )
            for mails, count in events.items()
        ),
    )
    return Report(about=_ABOUT, figures=figures, notes=_notes(per_mail, events[_SHORT]))


def _notes(per_mail: int, short: int) -> tuple[str, ...]:
    if per_mail <= _PER_MAIL:
        return ()
    room = _PER_MAIL * _SHORT + _MORE - short
    longest = _SHORT + room // (per_mail - _PER_MAIL)
    return (
        f"At {per_mail} events a mail, {_PER_MAIL} a mail + {_MORE} is kept up to {longest} mails.",
    )


async def _events(servers: Servers, client: Client, mails: int) -> int:
    sequence = mails_with_waits(mails)
    servers.publish(version_of(sequence))
    (contact,) = new_contacts(servers.engine, 1)
    (handle,) = await started([enrollment_of(client, sequence.name, contact)])
    await handle.result()
    history = await handle.fetch_history()
    return sum(event.event_type not in _OF_SKIPPING for event in history.events)

"""A scenario's contact as its record says, and its events' moments."""

from datetime import datetime

from devstack.rehearsal.faults import CannotBeLivedError
from schemas.contact import NewContact
from schemas.content import Mailbox
from schemas.events import Event
from schemas.values import Facts, cut

_OWNER = Mailbox(email="rep@acme.example", name="Robin Rep")
_OWN_FIELDS = ("first_name", "last_name", "company", "timezone")


def a_record(contact_id: str, facts: Facts) -> NewContact:
    """Give a contact's record as a CRM would send it, with the facts that a scenario names."""
    plain = {name: facts[name] for name in _OWN_FIELDS if name in facts}
    rest = {name: facts[name] for name in facts if name not in plain and name != "id"}
    held = {"email": address_of(contact_id), "owner": _OWNER, **plain, "attributes": rest}
    return NewContact.model_validate(held)


def address_of(contact_id: str) -> str:
    """Give the address of a scenario's contact."""
    return f"{contact_id}@scenarios.example"


def moment_in(event: Event) -> datetime:
    """Give an event's moment."""
    if event.at is None:
        raise CannotBeLivedError(f"the {event.kind} has no moment")
    return cut(event.at)

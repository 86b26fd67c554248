"""An app that reports events and contacts, and asks what became of them."""

from datetime import datetime

from sqlalchemy import Engine, select

from schemas.conditions import Comparison, Condition, Constant, Fact
from schemas.contact import Contact, NewContact
from schemas.content import Content, Mailbox
from schemas.matchers import Matcher
from schemas.policies import Trigger
from schemas.sequence import Sequence
from schemas.values import Facts
from schemas.version import Version
from starter.app_events import Said, take_app_event
from starter.changes import save_contact
from starter.intake import Taken
from storage import versions
from storage.contacts import Saved
from storage.rows import shaped
from storage.starts import Start
from storage.trigger_tables import starts
from tests.builders import MONDAY, a_sequence, an_email

ADA = "ada@example.com"
PER_ORDER = Fact(of="data", path="order_id")


def is_(of: str, path: str, value: object) -> Condition:
    """Give the condition that a fact equals a value."""
    return Comparison.model_validate(
        {"by": "eq", "left": {"op": "fact", "of": of, "path": path}, "right": Constant(value=value)}
    )


def on_event(name: str = "order_placed", **fields: object) -> Trigger:
    """Give a trigger on an event."""
    where = fields.pop("where", None)
    matcher = Matcher.model_validate({"kind": "event", "name": name, "where": where})
    return Trigger.model_validate({"kind": "event", "on": matcher, "backfill": "none", **fields})


def triggered(*triggers: Trigger, **fields: object) -> Sequence:
    """Give a sequence of one mail with triggers."""
    given: dict[str, object] = {"name": "orders", "re_enroll": "always", **fields}
    return a_sequence(an_email("thanks"), triggers=triggers, **given)


class App:
    """Publishes sequences, reports what happens, and looks at the starts that follow."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def publish(self, sequence: Sequence, at: datetime = MONDAY, text: str = "Thanks") -> Version:
        files = {"thanks.md": f"---\nsubject: Thanks\n---\n{text}\n"}
        version = Version.of(sequence, Content(files=files, sender=Mailbox(email="sam@us.example")))
        with self.engine.begin() as connection:
            versions.publish(connection, version, by="test", at=at)
        return version

    def contact(self, email: str = ADA, at: datetime = MONDAY, **fields: object) -> Contact:
        new = NewContact.model_validate({"email": email, **fields})
        saved = save_contact(self.engine, new, at)
        assert isinstance(saved, Saved)
        return saved.contact

    def report(
        self,
        name: str = "order_placed",
        at: datetime = MONDAY,
        *,
        of: str = ADA,
        mark: str | None = None,
        fields: Facts | None = None,
    ) -> Taken:
        said = Said(name=name, contact=of, at=at, id=mark, fields=fields or {})
        return take_app_event(self.engine, said)

    def starts(self) -> list[Start]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(starts).order_by(starts.c.id)).mappings()
            return [shaped(Start, row) for row in rows]

    def keys(self) -> list[str | None]:
        return [start.key for start in self.starts() if start.refused is None]

"""An app that reports events and contacts, and asks what became of them."""

from datetime import UTC, datetime

from sqlalchemy import Engine, select

from activities.triggering.by_record import put_record, remove_record
from activities.triggering.sweeping import sweep
from schemas.calendar import Duration
from schemas.conditions import Comparison, Condition, Constant, Fact
from schemas.contact import Contact, NewContact
from schemas.content import Content, Mailbox
from schemas.matchers import Matcher
from schemas.policies import Trigger
from schemas.sequence import Sequence
from schemas.values import Facts
from schemas.version import Version
from starter.incoming.app_events import Said, take_app_event
from starter.incoming.changes import save_contact
from starter.incoming.intake import Taken
from storage import versions
from storage.entering.starts import Start
from storage.people import records
from storage.people.contacts import Saved
from storage.rows import shaped
from storage.schema.trigger_tables import appointments, starts
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


def silent(by: Duration, name: str = "order_placed", **fields: object) -> Trigger:
    """Give a trigger on an event that does not come for so long."""
    matcher = Matcher(kind="event", name=name)
    given = {"kind": "inactive", "on": matcher, "by": by, "backfill": "none", **fields}
    return Trigger.model_validate(given)


def near(by: Duration, anchor: str = "data.contract_end", **fields: object) -> Trigger:
    """Give a trigger on a date that comes near."""
    of, _, path = anchor.partition(".")
    fact = {"op": "fact", "of": of, "path": path}
    given = {"kind": "near", "anchor": fact, "by": by, "backfill": "none", **fields}
    return Trigger.model_validate(given)


def becoming(path: str, value: object, **fields: object) -> Trigger:
    """Give a trigger on an attribute that becomes a value."""
    when = is_("contact", path, value)
    return Trigger.model_validate({"kind": "attribute", "when": when, "backfill": "none", **fields})


def triggered(*triggers: Trigger, **fields: object) -> Sequence:
    """Give a sequence of one mail with triggers."""
    given: dict[str, object] = {"name": "orders", "re_enroll": "always", **fields}
    return a_sequence(an_email("thanks"), triggers=triggers, **given)


def a_version(sequence: Sequence, text: str = "Thanks") -> Version:
    """Give a version of a sequence whose one mail says `text`."""
    files = {"thanks.md": f"---\nsubject: Thanks\n---\n{text}\n"}
    return Version.of(sequence, Content(files=files, sender=Mailbox(email="sam@us.example")))


class App:
    """Publishes sequences, reports what happens, and looks at the starts that follow."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def publish(self, sequence: Sequence, at: datetime = MONDAY, text: str = "Thanks") -> Version:
        version = a_version(sequence, text)
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

    def record(
        self, mark: str, data: Facts, at: datetime = MONDAY, *, of: str | None = None
    ) -> None:
        kept = records.Record(contact_id=of or self.contact().id, id=mark, data=data)
        with self.engine.begin() as connection:
            put_record(connection, kept, at)

    def forget(self, mark: str, at: datetime = MONDAY, *, of: str | None = None) -> bool:
        whose = of or self.contact().id
        with self.engine.begin() as connection:
            return remove_record(connection, whose, mark, at)

    def sweep(self, now: datetime) -> int:
        """Sweep as often as the workflow would, and tell how many entered."""
        entered = 0
        while (swept := sweep(self.engine, now)).more:
            entered += swept.entered
        return entered + swept.entered

    def waiting(self) -> list[datetime]:
        """Give when those who wait are to enter."""
        waits = select(appointments.c.fires_at).where(appointments.c.state == "waiting")
        with self.engine.connect() as connection:
            found = connection.scalars(waits.order_by(appointments.c.fires_at)).all()
        return [at.astimezone(UTC) for at in found]

    def moments(self) -> list[datetime]:
        """Give the moments of those who were let in so far, in order."""
        return sorted(start.at for start in self.starts() if start.refused is None)

    def starts(self) -> list[Start]:
        with self.engine.connect() as connection:
            rows = connection.execute(select(starts).order_by(starts.c.id)).mappings()
            return [shaped(Start, row) for row in rows]

    def keys(self) -> list[str | None]:
        return [start.key for start in self.starts() if start.refused is None]

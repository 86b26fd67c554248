"""A project's own file, `postroad.yaml`: what holds for all of its sequences."""

from pathlib import Path

from pydantic import Field

from authoring.language.outline import Outline
from authoring.language.project_parts import (
    read_attributes,
    read_caps,
    read_events,
    read_groups,
    read_languages,
    read_snippets,
    read_url_patterns,
)
from authoring.language.senders import Mailboxes, mailbox_of, read_mailboxes, sender_of
from authoring.language.sending import read_breakers, read_rates
from authoring.language.suppressing import OpenFact, read_facts
from authoring.language.vocabulary import AppNames, AttributeType
from authoring.language.windows import window_of, zone_name
from authoring.text.documents import Node
from authoring.text.faults import Findings
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.files import read_yaml
from authoring.text.readers import paragraph
from schemas.breakers import Breakers
from schemas.calendar import Window
from schemas.content import Mailbox, Sender
from schemas.policies import Caps
from schemas.rates import Rates
from schemas.values import Value

PROJECT_FILE = "postroad.yaml"
PROJECT_KEYS = keys(
    "postal_address from from_fallback senders send_window timezone caps breakers rates exclusive"
    " events attributes facts snippets languages attachment_urls"
)


class Project(Value):
    """What a sequence takes over if it does not say it itself, and the names that the app uses.

    `events`, `attributes` and `groups` are None where the file does not say what there is.
    """

    folder: Path | None = None
    postal_address: str = ""
    sender: Sender | None = None
    sender_fallback: Mailbox | None = None
    senders: dict[str, Mailbox] = Field(default_factory=dict)
    window: Window | None = None
    timezone: str | None = None
    caps: Caps | None = None
    breakers: Breakers = Breakers()
    rates: Rates | None = None
    groups: tuple[str, ...] | None = None
    events: tuple[str, ...] | None = None
    attributes: dict[str, AttributeType] | None = None
    facts: dict[str, OpenFact] = Field(default_factory=dict)
    snippets: dict[str, str] = Field(default_factory=dict)
    languages: tuple[str, ...] = ()
    attachment_urls: tuple[str, ...] = ()

    @property
    def names(self) -> AppNames:
        """The names that conditions, events and anchors may use."""
        events = None if self.events is None else frozenset(self.events)
        return AppNames(events=events, attributes=self.attributes)


def find_project(folder: Path, findings: Findings) -> Project:
    """Read the project file beside `folder` or beside the folder that holds it; none is empty."""
    around = (folder.resolve().parent, folder.resolve().parent.parent)
    file = next((one / PROJECT_FILE for one in around if (one / PROJECT_FILE).is_file()), None)
    node = None if file is None else read_yaml(file, findings)
    if file is None or node is None:
        return Project()
    return read_project(node, findings).model_copy(update={"folder": file.parent})


def read_project(node: Node, findings: Findings) -> Project:
    """Read what the project file says."""
    fields = fields_of(node, findings, "the project file", PROJECT_KEYS)
    if fields is None:
        return Project()
    senders = fields.get("senders", read_mailboxes) or {}
    project = Project(
        postal_address=fields.get("postal_address", paragraph) or "",
        sender=fields.get("from", sender_of(senders)),
        sender_fallback=_fallback(fields, senders),
        senders=senders,
        timezone=fields.get("timezone", zone_name),
        caps=fields.get("caps", read_caps),
        breakers=fields.get("breakers", read_breakers) or Breakers(),
        rates=fields.get("rates", read_rates),
        groups=fields.get("exclusive", read_groups),
        events=fields.get("events", read_events),
        attributes=fields.get("attributes", read_attributes),
        snippets=fields.get("snippets", read_snippets) or {},
        languages=fields.get("languages", read_languages) or (),
        attachment_urls=fields.get("attachment_urls", read_url_patterns) or (),
    )
    return _completed(project, fields)


def _completed(project: Project, fields: Fields) -> Project:
    outline = Outline(findings=fields.findings, names=project.names)
    window = fields.get("send_window", window_of(project.timezone))
    facts = fields.get("facts", lambda node, _: read_facts(node, outline))
    return project.model_copy(update={"window": window, "facts": facts or {}})


def _fallback(fields: Fields, senders: Mailboxes) -> Mailbox | None:
    return fields.get("from_fallback", mailbox_of(senders))

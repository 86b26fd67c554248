"""Reading `sequence.yaml` as a whole: a checked sequence, and who its mails are from."""

from dataclasses import dataclass
from typing import Literal

from authoring.documents import Items, Node
from authoring.drafts import first_of, linked
from authoring.facts import with_facts
from authoring.faults import Findings
from authoring.fields import Fields, fields_of, keys
from authoring.outline import Outline, Place, mail_steps_in
from authoring.places import Places, places_of
from authoring.projects import Project
from authoring.readers import any_duration, choice, duration, name, paragraph, text
from authoring.rules import (
    ReactionDraft,
    read_exit_rules,
    read_goals,
    read_re_enroll,
    read_reactions,
)
from authoring.senders import Sender, read_mailbox, read_sender
from authoring.steps import read_steps
from authoring.vocabulary import AUDIENCE
from authoring.windows import read_window
from schemas.calendar import Duration, Unit
from schemas.content import Mailbox
from schemas.sequence import Sequence
from schemas.steps import EmailStep

PURPOSES = ("outbound", "nurture", "onboarding", "post-purchase", "renewal", "win-back", "other")

SEQUENCE_KEYS = keys(
    "sequence purpose topic kind from from_fallback reply_to audience goals exit_on on send_window"
    " min_gap out_of_office re_enroll postal_address steps",
    "holdout key enroll_on suppress_while spread exclusive priority on_lost if_busy unengaged"
    " audience_recheck high_intent caps pace new_cycle valid_for if_past if_missing roll"
    " defer_up_to",
)

MOST_STEPS = 200
"""How many steps a sequence may have, those in `on:` included (language rule 17)."""


@dataclass(frozen=True)
class Definition:
    """What `sequence.yaml` says: decisions' part, and the mails' part."""

    sequence: Sequence
    places: Places
    sender: Sender
    sender_fallback: Mailbox | None
    reply_to: Literal["inbound", "sender"]
    postal_address: str


def read_definition(
    node: Node, mails: frozenset[str], project: Project, findings: Findings
) -> Definition | None:
    """Read a whole sequence, `mails` being the mail files at hand; None if it is no mapping.

    What is wrong goes to `findings`; then the definition only serves to find more.
    """
    fields = fields_of(node, findings, "a sequence", SEQUENCE_KEYS)
    if fields is None:
        return None
    kind = fields.get("kind", choice("marketing", "transactional"))
    outline = Outline(
        findings=findings,
        mail_steps=(*mail_steps_in(fields.node("steps")), *mail_steps_in(fields.node("on"))),
        mails=mails,
        transactional=kind == "transactional",
    )
    sequence = _sequence(fields, outline)
    places = places_of(fields.at.file, node, outline.ids, outline.keys)
    return _signed(fields, sequence, places, project)


def _sequence(fields: Fields, outline: Outline) -> Sequence:
    drafts = fields.need("steps", lambda node, _: read_steps(node, outline, Place())) or ()
    beside = fields.get("on", lambda node, _: read_reactions(node, outline)) or ()
    sequence = Sequence(
        name=fields.need("sequence", name) or "unnamed",
        purpose=fields.get("purpose", choice(*PURPOSES)) or "other",
        topic=fields.get("topic", text),
        steps=(*linked(drafts), *(step for one in beside for step in linked(one.drafts))),
        first=first_of(drafts),
        **_limits(fields),
    )
    _judge_steps(fields, sequence)
    return with_facts(sequence.model_copy(update=_rules(fields, outline, beside)))


def _rules(
    fields: Fields, outline: Outline, beside: tuple[ReactionDraft, ...]
) -> dict[str, object]:
    return {
        "audience": fields.get("audience", lambda node, _: outline.condition(node, AUDIENCE)),
        "exit_on": fields.get("exit_on", lambda node, _: read_exit_rules(node, outline)) or (),
        "reactions": tuple(one.reaction for one in beside),
        "goals": fields.get("goals", read_goals) or (),
        "window": fields.get("send_window", read_window),
        "re_enroll": fields.get("re_enroll", read_re_enroll) or "never",
    }


def _limits(fields: Fields) -> dict[str, Duration]:
    gap = fields.get("min_gap", any_duration) or Duration(count=1, unit=Unit.DAYS)
    away = fields.get("out_of_office", duration) or Duration(count=5, unit=Unit.DAYS)
    return {"min_gap": gap, "out_of_office": away}


def _judge_steps(fields: Fields, sequence: Sequence) -> None:
    node, findings = fields.node("steps"), fields.findings
    if len(sequence.steps) > MOST_STEPS:
        problem = f"the sequence has {len(sequence.steps)} steps; at most {MOST_STEPS} are allowed"
        findings.add(fields.key_at("steps"), "steps", problem, "hand over to another sequence")
    if isinstance(node, Items) and not node.of:
        findings.add(fields.key_at("steps"), "steps", "the sequence has no steps", "add one")


def _signed(fields: Fields, sequence: Sequence, places: Places, project: Project) -> Definition:
    own: Sender | None = fields.get("from", read_sender)
    sender = own or project.sender
    fallback = fields.get("from_fallback", read_mailbox)
    if fallback is None and isinstance(project.sender, Mailbox):
        fallback = project.sender
    if sender is None and "from" not in fields:
        problem = "nobody is said to send these mails"
        mend = "add `from: owner` or `from: {name: …, email: …}`"
        fields.findings.add(fields.key_at("sequence"), "", problem, mend)
    reply_to = fields.get("reply_to", choice("inbound", "sender"))
    return Definition(
        sequence=sequence,
        places=places,
        sender=sender or "owner",
        sender_fallback=fallback
        or (project.sender if isinstance(project.sender, Mailbox) else None),
        reply_to="sender" if reply_to == "sender" else "inbound",
        postal_address=_postal_address(fields, sequence, project),
    )


# CAN-SPAM, 15 U.S.C. 7704(a)(5)(A)(iii): a commercial mail holds the sender's postal address.
def _postal_address(fields: Fields, sequence: Sequence, project: Project) -> str:
    address = fields.get("postal_address", paragraph) or project.postal_address
    emails = (step for step in sequence.steps if isinstance(step, EmailStep))
    if not address and any(not email.transactional for email in emails):
        problem = "a marketing mail must say the sender's postal address, and there is none"
        mend = "add `postal_address: …` here or in postroad.yaml"
        fields.findings.add(fields.key_at("postal_address"), "", problem, mend)
    return address

"""Reading `sequence.yaml` as a whole: a checked sequence, and who its mails are from."""

from dataclasses import dataclass

from authoring.language.cycles import read_cycle
from authoring.language.drafts import first_of, linked
from authoring.language.exits import read_exit_rules
from authoring.language.facts import with_facts
from authoring.language.outline import Outline, Place, mail_steps_in, unsure_in
from authoring.language.places import Places, places_of
from authoring.language.policies import read_policies
from authoring.language.projects import Project
from authoring.language.reactions import ReactionDraft, read_reactions, read_signs
from authoring.language.signing import Signature, read_signature
from authoring.language.steps import KEYS_BY_KIND, read_steps
from authoring.language.timing import read_mail_defaults
from authoring.language.triggers import read_triggers
from authoring.language.vocabulary import AUDIENCE
from authoring.text.documents import Items, Node
from authoring.text.faults import Findings
from authoring.text.fields import Fields, fields_of, keys
from authoring.text.readers import choice, name, text
from schemas.sequence import Sequence

PURPOSES = ("outbound", "nurture", "onboarding", "post-purchase", "renewal", "win-back", "other")

SEQUENCE_KEYS = keys(
    "sequence purpose topic kind key from from_fallback reply_to layout snippets postal_address"
    " audience audience_recheck enroll_on re_enroll pace holdout goals exit_on on high_intent"
    " suppress_while unengaged new_cycle send_window weekend spread min_gap out_of_office"
    " roll valid_for if_past if_missing if_in_doubt exclusive priority on_lost if_busy steps",
    elsewhere=dict.fromkeys(("caps", "defer_up_to"), "stands in postroad.yaml, under `caps`")
    | dict.fromkeys(
        ("events", "attributes", "facts", "senders", "languages", "attachment_urls"),
        "stands in postroad.yaml",
    )
    | dict.fromkeys(("holidays", "timezone"), "stands inside `send_window`"),
)

MOST_STEPS = 200
"""How many steps a sequence may have, those in `on:` included (language rule 17)."""


@dataclass(frozen=True)
class Definition:
    """What `sequence.yaml` says: decisions' part, the mails' part, and where it all stands."""

    sequence: Sequence
    signature: Signature
    places: Places


def read_definition(
    node: Node, mails: frozenset[str], project: Project, findings: Findings
) -> Definition | None:
    """Read a whole sequence, `mails` being the mail files at hand; None if it is no mapping.

    What is wrong goes to `findings`; then the definition only serves to find more.
    """
    fields = fields_of(node, findings, "a sequence", SEQUENCE_KEYS)
    if fields is None:
        return None
    lists = (fields.node("steps"), fields.node("on"))
    outline = Outline(
        findings=findings,
        mail_steps=tuple(step for node in lists for step in mail_steps_in(node)),
        mails=mails,
        unsure=unsure_in(lists, mails, KEYS_BY_KIND),
        names=project.names,
        mailboxes=project.senders,
        languages=project.languages,
        defaults=read_mail_defaults(fields),
    )
    sequence = _sequence(fields, outline, project)
    signature = read_signature(fields, outline, sequence, project)
    places = places_of(fields.at.file, node, outline.ids, outline.keys)
    return Definition(sequence, signature, places)


def _sequence(fields: Fields, outline: Outline, project: Project) -> Sequence:
    drafts = fields.need("steps", lambda node, _: read_steps(node, outline, Place())) or ()
    beside = (
        *(fields.get("on", lambda node, _: read_reactions(node, outline)) or ()),
        *(fields.get("high_intent", lambda node, _: read_signs(node, outline)) or ()),
    )
    sequence = Sequence(
        name=fields.need("sequence", name) or "unnamed",
        purpose=fields.get("purpose", choice(*PURPOSES)) or "other",
        topic=fields.get("topic", text),
        steps=(*linked(drafts), *(step for one in beside for step in linked(one.drafts))),
        first=first_of(drafts),
    )
    _judge_steps(fields, sequence)
    sequence = sequence.model_copy(update=_rules(fields, outline, beside))
    sequence = sequence.model_copy(update=read_policies(fields, outline, project))
    cycle = read_cycle(fields, sequence, outline.names)
    return with_facts(sequence.model_copy(update={"new_cycle": cycle}))


def _rules(
    fields: Fields, outline: Outline, beside: tuple[ReactionDraft, ...]
) -> dict[str, object]:
    return {
        "audience": fields.get("audience", lambda node, _: outline.condition(node, AUDIENCE)),
        "exit_on": fields.get("exit_on", lambda node, _: read_exit_rules(node, outline)) or (),
        "reactions": tuple(one.reaction for one in beside),
        "triggers": fields.get("enroll_on", lambda node, _: read_triggers(node, outline)) or (),
    }


def _judge_steps(fields: Fields, sequence: Sequence) -> None:
    node, findings = fields.node("steps"), fields.findings
    if len(sequence.steps) > MOST_STEPS:
        problem = f"the sequence has {len(sequence.steps)} steps; at most {MOST_STEPS} are allowed"
        findings.add(fields.key_at("steps"), "steps", problem, "hand over to another sequence")
    if isinstance(node, Items) and not node.of:
        findings.add(fields.key_at("steps"), "steps", "the sequence has no steps", "add one")

"""Several forms of one mail, tried against one another: `variants` and `winner` (rule 22)."""

from authoring.language.outline import Outline
from authoring.mails import arm_email, read_subject
from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.faults import Findings, did_you_mean
from authoring.text.fields import Fields, entries_of, fields_of, keys, shown
from authoring.text.readers import name, whole
from schemas.steps import Arm, Winner

ARM_KEYS = keys("weight subject email")
WINNER_KEYS = keys("by after")
HEAVIEST = 10_000
"""The most that one arm may weigh."""
MOST_MAILS = 1_000_000
"""The most mails of each arm that a test may ask for."""


def read_arms(fields: Fields, outline: Outline, email: str) -> dict[str, object]:
    """Read `variants` and `winner`, as the fields of an email step."""
    node = fields.node("variants")
    arms = () if node is None else _arms(node, outline, email)
    winner = fields.get("winner", lambda one, _: _winner(one, outline))
    if "winner" in fields and node is None:
        problem = "`winner` decides between `variants`, and there are none here"
        fields.findings.add(fields.key_at("winner"), "winner", problem, "add `variants: {a: …}`")
    return {"arms": arms, "winner": winner}


def _arms(node: Node, outline: Outline, email: str) -> tuple[Arm, ...]:
    if not isinstance(node, Mapping):
        problem = "`variants` must be a mapping of names to weights"
        outline.findings.add(node.at, shown(node), problem, "write `{a: 50, b: 50}`")
        return ()
    read = [_arm(key, value, outline, email) for key, value in entries_of(node, outline.findings)]
    arms = tuple(arm for arm in read if arm is not None)
    if len(arms) == len(read):
        _judge(arms, node, outline.findings, email)
    return arms


def _arm(key: Scalar, node: Node, outline: Outline, email: str) -> Arm | None:
    called = _called(key, outline)
    fields, weight = None, None
    if isinstance(node, Scalar):
        weight = whole(0, HEAVIEST)(node, outline.findings)
    else:
        fields = fields_of(node, outline.findings, "a variant", ARM_KEYS)
        weight = fields.need("weight", whole(0, HEAVIEST)) if fields else None
    own = fields.get("email", lambda one, _: _email(one, outline)) if fields else None
    subject = fields.get("subject", read_subject) if fields else None
    if called is None or weight is None:
        return None
    file = arm_email(email, called, own, outline.mails)
    return Arm(name=called, weight=weight, email=file, subject=subject)


def _called(key: Scalar, outline: Outline) -> str | None:
    called = name(key, outline.findings)
    if called is None:
        return None
    if "." in called or called in outline.languages:
        problem = f"`{called}` cannot name a variant: a file of it would read as something else"
        outline.findings.add(key.at, called, problem, "call it `a` or `b`, say")
    return called


def _email(node: Node, outline: Outline) -> str | None:
    email = name(node, outline.findings)
    if email is not None and email not in outline.mails:
        problem = f"there is no mail `{email}.md` or `{email}.html` in the folder"
        outline.findings.add(node.at, email, problem, did_you_mean(email, outline.mails))
    return email


def _judge(arms: tuple[Arm, ...], node: Mapping, findings: Findings, email: str) -> None:
    if len({arm.name for arm in arms}) < _FEWEST:
        problem = f"`variants` names {len(arms)} of them; a test needs two at least"
        findings.add(node.at, "", problem, "write `{a: 50, b: 50}`")
    elif not sum(arm.weight for arm in arms):
        findings.add(node.at, "", "all variants weigh nothing, so nobody gets one", "weigh one")
    same = (arm.name for arm in arms if arm.email == email and arm.subject is None)
    plain = list(dict.fromkeys(same))
    if len(plain) > 1:
        problem = f"the variants `{plain[0]}` and `{plain[1]}` are the same mail"
        mend = f"write `{email}.{plain[1]}.md`, or give one a `subject` or an `email`"
        findings.add(node.at, plain[1], problem, mend)


def _winner(node: Node, outline: Outline) -> Winner | None:
    fields = fields_of(node, outline.findings, "`winner`", WINNER_KEYS)
    if fields is None:
        return None
    metric = fields.need("by", lambda one, _: outline.countable(one))
    after = fields.need("after", whole(1, MOST_MAILS))
    return None if metric is None or after is None else Winner(metric=metric, after=after)


_FEWEST = 2

"""Reading the steps that do something else than mail: `set`, `webhook`, `notify` (rule 20)."""

from urllib.parse import SplitResult, urlsplit

from pydantic import JsonValue

from authoring.language.drafts import Draft
from authoring.language.outline import Outline
from authoring.language.step_fields import StepFields
from authoring.language.vocabulary import BUILT_IN, AttributeType
from authoring.mails import read_subject
from authoring.text.documents import Items, Mapping, Node, Scalar
from authoring.text.faults import Findings
from authoring.text.fields import entries_of, keys, shown
from authoring.text.readers import text
from authoring.text.values import read_value
from schemas.steps import NotifyStep, SetStep, WebhookStep

EFFECT_KEYS = {
    "set": keys("set id"),
    "webhook": keys("webhook id"),
    "notify": keys("notify id"),
}
"""The keys of each kind of step here, by the key that makes it one."""

LONGEST_URL = 2_000


def read_set(step: StepFields) -> Draft | None:
    """Read new values for attributes of the contact."""
    node = step.fields.node("set")
    values = None if node is None else _values(node, step.outline)
    called = step.fresh_id("set")
    return Draft(SetStep(id=called, values=values)) if values else None


def read_webhook(step: StepFields) -> Draft | None:
    """Read the address that a signed event is posted to."""
    url = step.fields.get("webhook", _url)
    called = step.fresh_id("webhook")
    return None if url is None else Draft(WebhookStep(id=called, url=url))


def read_notify(step: StepFields) -> Draft | None:
    """Read the line that the contact's owner is told."""
    said = step.fields.get("notify", read_subject)
    called = step.fresh_id("notify")
    return None if said is None else Draft(NotifyStep(id=called, text=said))


def _values(node: Node, outline: Outline) -> dict[str, JsonValue] | None:
    if not isinstance(node, Mapping) or not node.of:
        problem = "`set` must be a mapping of attributes to values"
        outline.findings.add(node.at, shown(node), problem, "write `{set: {engaged: false}}`")
        return None
    entries = entries_of(node, outline.findings)
    return {key.written: _value(key, value, outline) for key, value in entries}


def _value(key: Scalar, node: Node, outline: Outline) -> JsonValue:
    attribute, findings = key.written, outline.findings
    known = {**(outline.names.attributes or {}), **dict.fromkeys(_TEXTS, _TEXT)}
    wrong = outline.names.slip_of_attribute(attribute)
    if not attribute.isidentifier():
        problem = f"`{attribute}` cannot name an attribute"
        findings.add(key.at, attribute, problem, "use letters, digits and underscores")
    elif attribute in _KEPT:
        problem = f"`{attribute}` is no attribute: the contact has it of itself"
        findings.add(key.at, attribute, problem, "set it by the API, or in the contacts' file")
    elif wrong:
        findings.add(key.at, attribute, *wrong)
    if isinstance(node, Scalar) and node.value is None:
        return None
    if isinstance(node, Items) and attribute not in known:
        return [read_value(item, findings) for item in node.of]
    return read_value(node, findings, known.get(attribute))


def _url(node: Node, findings: Findings) -> str | None:
    url = text(node, findings)
    problem = None if url is None else _wrong_with(url)
    if url is None or problem is None:
        return url
    findings.add(node.at, url, problem, "write `https://app.acme.example/hooks/postroad`, say")
    return None


def _wrong_with(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        known = parts.hostname and (parts.port or True)
    except ValueError:
        return "this is not a URL"
    if len(url) > LONGEST_URL or " " in url or not known:
        return "this is not a URL"
    return _unsafe(parts)


def _unsafe(parts: SplitResult) -> str | None:
    if parts.username or parts.password:
        return "a webhook's URL must not hold a password, since everybody can read it here"
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return None
    return "a webhook's URL must begin with `https://`"


_TEXTS = ("country", "language")
_TEXT: AttributeType = "text"
_KEPT = (*(name for name in BUILT_IN if name not in _TEXTS), "external_key")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

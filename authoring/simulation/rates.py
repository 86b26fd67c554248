"""How often recipients do what: rates by step, as a YAML file or options have them."""

from collections.abc import Mapping as Table
from pathlib import Path

from pydantic import Field

from authoring.simulation.hearing import heard_in
from authoring.text.documents import Mapping, Node, Scalar
from authoring.text.faults import Faults, Findings, did_you_mean
from authoring.text.fields import Fields, fields_of, keys, shown
from authoring.text.files import read_yaml
from schemas.sequence import Sequence
from schemas.values import Value

RATE_NAMES = "open click reply bounce unsubscribe complaint out_of_office"


class Rates(Value):
    """Shares of the recipients, from 0 to 1, of each of whom it is drawn anew at every mail.

    `events` are those of the app that may follow a mail, `task` how many tasks are done in time.
    """

    open: float = 0.0
    click: float = 0.0
    reply: float = 0.0
    bounce: float = 0.0
    unsubscribe: float = 0.0
    complaint: float = 0.0
    out_of_office: float = 0.0
    task: float = 0.0
    events: dict[str, float] = Field(default_factory=dict)


class RatesByStep(Value):
    """The rates of each step; those of `default` where a step has none of its own."""

    default: Rates = Rates()
    steps: dict[str, Rates] = Field(default_factory=dict)

    def of(self, step: str) -> Rates:
        """Give the rates of a step."""
        return self.steps.get(step, self.default)


def read_rates(file: Path, sequence: Sequence, otherwise: Rates) -> RatesByStep | Faults:
    """Read `default`, `steps` and `events` of a file.

    What a step does not say is as in `default`, what that does not say as in `otherwise`.
    """
    findings = Findings()
    node = read_yaml(file, findings)
    fields = None if node is None else fields_of(node, findings, "the file of rates", _FILE_KEYS)
    read = RatesByStep() if fields is None else _rates(fields, sequence, otherwise)
    return findings.faults() if findings else read


def _rates(fields: Fields, sequence: Sequence, otherwise: Rates) -> RatesByStep:
    findings = fields.findings
    events = _events(fields.node("events"), sequence, findings)
    default = otherwise.model_copy(update={"events": events})
    whole = fields.node("default")
    if whole is not None:
        default = _one(whole, default, findings)
    steps = fields.node("steps")
    if not isinstance(steps, Mapping):
        return RatesByStep(default=default)
    return RatesByStep(default=default, steps=_by_step(steps, default, sequence, findings))


def _by_step(
    mapping: Mapping, default: Rates, sequence: Sequence, findings: Findings
) -> dict[str, Rates]:
    read: dict[str, Rates] = {}
    for key, node in mapping.of:
        if key.written not in sequence.step_by_id:
            problem = f"`{key.written}` is no step of this sequence"
            mend = did_you_mean(key.written, sequence.step_by_id)
            findings.add(key.at, key.written, problem, mend)
        read[key.written] = _one(node, default, findings)
    return read


def _one(node: Node, default: Rates, findings: Findings) -> Rates:
    fields = fields_of(node, findings, "rates", _RATE_KEYS)
    if fields is None:
        return default
    there = [key for key in _RATE_KEYS if key in fields]
    read = {key: share for key in there if (share := fields.get(key, _share)) is not None}
    return default.model_copy(update=read)


def _events(node: Node | None, sequence: Sequence, findings: Findings) -> dict[str, float]:
    fields = None if node is None else fields_of(node, findings, "`events`", _known(sequence))
    if fields is None or not isinstance(node, Mapping):
        return {}
    read = {key.written: fields.get(key.written, _share) for key, _ in node.of}
    return {name: share for name, share in read.items() if share is not None}


def _known(sequence: Sequence) -> Table[str, str]:
    return dict.fromkeys(heard_in(sequence).events, "")


def _share(node: Node, findings: Findings) -> float | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    findings.add(node.at, shown(node), "a rate is a number from 0 to 1", "write `0.05` for 5%")
    return None


_RATE_KEYS = keys(f"{RATE_NAMES} task")
_FILE_KEYS = keys("default steps events")

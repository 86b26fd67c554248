"""Whatever stands in the files, the loader answers with a version or with faults."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from authoring.language.conditions import parse_condition
from authoring.language.vocabulary import whenever
from authoring.loading import load_version
from authoring.simulation.hearing import heard_in
from authoring.simulation.scripts import Line, parse_event
from authoring.text.documents import parse_document
from authoring.text.faults import Faults, Findings, Slip
from schemas.version import Version
from tests.builders import a_progress, a_sequence, an_email
from tests.unit.authoring.written import MAIL

MAILS = a_sequence(an_email("intro"), listens_to=("event:won",))
SEQUENCES = Path(__file__).parents[3] / "sequences"
SOURCES = [
    (SEQUENCES / "outbound-vp-ops" / "sequence.yaml").read_text(),
    """\
sequence: all-of-it
from: {name: Ops, email: ops@acme.example}
postal_address: Main Street 1
audience: contact.role == "vp" and contact.n in [1, 2] and not contact.x
exit_on: [reply, won, {when: clicked("intro"), as: keen}, {event: lost, where: event.x > 3}]
on: [{open: intro, do: [{when: contact.a, then: [{email: again, thread: intro}]}, {exit: x}]}]
goals: [{event: won, within: 60 days}]
send_window: {days: [mon, wed-fri], ranges: [{from: 09:00, to: 12:00}], timezone: UTC}
re_enroll: after 90 days unless goal
pace: {per_day: 20, per_owner: 2}
steps:
  - {email: intro, day: 1, at_time: "10:00", subject: "Hi {{ contact.first_name }}"}
  - wait_for: {any: [won, {click: intro}], since: step, reuse: true}
    within: 2 days
    then: {won: [{exit: good}], "click:intro": [{wait: 1 hour}]}
    else: [{task: call, within: 1 day, else: [{hand_off: other, else: [{wait: 1 day}]}]}]
  - {email: again, id: later, kind: transactional}
""",
]
SIGNS = [
    *"{}[]:,-#&*!|>'\"%@`?\n\t ~=",
    "\n  - ",
    ": ",
    "{{",
    "}}",
    "{%",
    "---\n",
    "\x00",
    "\ud800",
]
WORDS = ["null", "true", "3 days", "-1", "1e9", "9" * 20, "email", "steps", "then", "else", "é"]
PIECES = st.sampled_from([*SIGNS, *WORDS])


@st.composite
def mutated(draw: st.DrawFn, sources: list[str]) -> str:
    text = draw(st.sampled_from(sources))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        piece = draw(st.one_of(PIECES, st.just(text[end : end + 12]), st.text(max_size=5)))
        text = text[:start] + piece + text[end:]
    return text


def answer(sequence: str, mail: str = MAIL) -> Version | Faults:
    with TemporaryDirectory() as path:
        folder = Path(path) / "sequences" / "mutated"
        folder.mkdir(parents=True)
        for name in ("intro", "again", "case-study", "video", "break-up"):
            (folder / f"{name}.md").write_bytes(mail.encode("utf-8", "surrogatepass"))
        (folder / "sequence.yaml").write_bytes(sequence.encode("utf-8", "surrogatepass"))
        return load_version(folder)


@given(mutated(SOURCES))
def test_a_mutated_sequence_is_a_version_or_faults(source: str) -> None:
    found = answer(source)

    if isinstance(found, Version):
        assert Version.model_validate_json(found.model_dump_json()) == found
    else:
        assert found.faults
        assert all(str(fault) for fault in found.faults)


@given(
    mutated(
        [
            '---\nsubject: "Hi {{ contact.a }}"\npreheader: x\n---\nHi {{ contact.a or "x" }}\n',
            "---\nsubject: x\n---\n{% for a in data.b %}{{ a | upper }}{% endfor %}{{ (1,)[0] }}\n",
            '---\nsubject: x\n---\n{% include "intro.md" %}{% if key %}{{ key ~ 2 ** 3 }}\n',
        ]
    )
)
def test_a_mutated_mail_is_a_version_or_faults(mail: str) -> None:
    found = answer(SOURCES[0], mail)

    assert isinstance(found, Version) or found.faults


@given(st.text() | mutated(SOURCES))
def test_any_text_is_a_document_or_a_fault(source: str) -> None:
    findings = Findings()

    assert (parse_document(source, "sequence.yaml", findings) is None) == bool(findings)


@given(
    st.text()
    | mutated(['contact.role == "a" and (contact.n in [1, -2.5] or not clicked("intro")) < 3'])
)
def test_any_text_is_a_condition_or_a_slip_within_it(source: str) -> None:
    read = parse_condition(source, whenever(("intro",)))

    if isinstance(read, Slip):
        assert 0 <= read.offset <= max(len(source) - 1, 0)
    else:
        assert read.model_dump_json()


@given(
    st.text()
    | mutated(["click:intro@day 8 10:00 {url: a}", "reply@+5d3h", "reply@Wed 4 Mar 2026 10:15 UTC"])
    | mutated(["out_of_office until 2026-03-10@-1w", "contact.timezone=[UTC]@2026-03-04T10:15Z"])
)
def test_any_text_is_a_scripted_event_or_a_slip(source: str) -> None:
    read = parse_event(Line(source), heard_in(MAILS))

    if isinstance(read, Slip):
        assert read.problem
    else:
        assert read.in_enrollment(a_progress(MAILS)).at

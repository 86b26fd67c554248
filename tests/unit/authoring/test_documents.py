import pytest

from authoring.text.documents import Items, Mapping, Node, Scalar, parse_document
from authoring.text.faults import Findings


def parsed(source: str) -> Node | None:
    return parse_document(source, "sequence.yaml", Findings())


def refused(source: str) -> str:
    findings = Findings()
    assert parse_document(source, "sequence.yaml", findings) is None
    return str(findings.faults())


def value_of(written: str) -> object:
    node = parsed(f"key: {written}\n")
    assert isinstance(node, Mapping)
    value = node.of[0][1]
    assert isinstance(value, Scalar)
    return value.value


@pytest.mark.parametrize(
    "written", ["on", "no", "off", "yes", "y", "17:00", "09:30", "2026-03-04", "<<", "=", "5%"]
)
def test_what_older_yaml_would_change_stays_text(written: str) -> None:
    assert value_of(written) == written


@pytest.mark.parametrize(
    ("written", "value"),
    [("3", 3), ("-1", -1), ("2.5", 2.5), ("true", True), ("null", None), ("", None), ('"3"', "3")],
)
def test_plain_values_have_their_types(written: str, value: object) -> None:
    assert value_of(written) == value


def test_every_node_knows_its_place() -> None:
    node = parsed('a: 1\nsteps:\n  - {email: "intro"}\n')

    assert isinstance(node, Mapping)
    steps = node.of[1][1]
    assert isinstance(steps, Items)
    step = steps.of[0]
    assert isinstance(step, Mapping)
    email = step.of[0][1]
    assert (email.at.line, email.at.column) == (3, 13)
    assert isinstance(email, Scalar)
    assert email.inside is not None
    assert email.inside.column == 14


def test_folded_text_has_no_columns_of_its_own() -> None:
    node = parsed("a: >\n  one\n  two\n")

    assert isinstance(node, Mapping)
    value = node.of[0][1]
    assert isinstance(value, Scalar)
    assert (value.written, value.inside) == ("one two\n", None)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "sequence.yaml:1:1: the file is empty"),
        ("# nothing\n", "sequence.yaml:1:1: the file is empty"),
        ("a: &x 1", "sequence.yaml:1:4: `&x` is not known here; write the value out"),
        ("a: *x", "sequence.yaml:1:4: `*x` is not known here; write the value out"),
        (
            "%YAML 1.1\n---\na: on",
            "sequence.yaml:1:1: a line that begins with `%` is not known here; remove it",
        ),
        (
            "a: 1\n---\nb: 2\n",
            (
                "sequence.yaml:2:1: this version reads one document a file; "
                "put what follows `---` into a folder of its own"
            ),
        ),
        ("? [a]\n: b", "sequence.yaml:1:3: a key must be a single word"),
        (
            'a: "\\0"',
            "sequence.yaml:1:4: the value holds a character that cannot be stored; remove it",
        ),
    ],
)
def test_what_is_refused_says_where_and_why(source: str, sentence: str) -> None:
    assert refused(source) == sentence


@pytest.mark.parametrize(
    "source", ["a: [", "a: b: c", "a:\n\tb: 1", 'a: "open', "\x07", "- a\nb: 1"]
)
def test_what_is_not_yaml_is_said_to_be_none(source: str) -> None:
    assert "this is not YAML" in refused(source)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a:\n\tb: 1", "2:1: this is not YAML: a tab stands where only spaces can; write spaces"),
        ("a: @b", "1:4: this is not YAML: a value cannot begin with this character; put the"),
        ("- a: 1\n   b: 2", "2:5: this is not YAML: no key can stand here; indent it as"),
        ("a:\n    b: 1\n   c: 2", "3:4: this is not YAML: this does not begin in the column of"),
        ('a: "b" c', "1:8: this is not YAML: text follows a closing quote; put all of the value"),
        ("{a: b c: d}", "1:8: this is not YAML: before this a `,` is missing, or the `}`"),
        ("[a b: d, c: d\ne: f", "2:2: this is not YAML: before this a `,` is missing, or the `]`"),
        ("a: b\nc:d\ne: f", "3:1: this is not YAML: a line above has no `: ` behind its key"),
        ("a: b: c", "1:5: this is not YAML: no key can stand here; indent it as its neighbours"),
        ('a: "open', "1:9: this is not YAML: a quote is not closed; close it"),
    ],
)
def test_what_is_not_yaml_is_said_in_plain_words(source: str, said: str) -> None:
    assert refused(source).startswith(f"sequence.yaml:{said}")


def test_a_tag_is_refused() -> None:
    assert "the tag `tag:yaml.org,2002:str` is not known here" in refused("a: !!str 1")


def test_deep_nesting_is_refused_before_it_hurts() -> None:
    assert "more than 40 levels deep" in refused("[" * 100_000)

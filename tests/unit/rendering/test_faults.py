import pytest

from activities.rendering.mails import Mails
from tests.unit.rendering.written import a_content, a_mail, reason, reason_of, rendered


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("{% if contact.a %}", "unexpected end of template"),
        ("{{ contact.a }", "unexpected '}'; close it as `{{ … }}`"),
        ("{{ contact.a", "expected 'end of print statement'; close it as `{{ … }}`"),
        ("{% endif %}", "unknown tag 'endif'; remove it, or write what it closes before it"),
        ("{{ contact.a | safe }}", "intro.md, line 4: no filter named 'safe'"),
        ("{{ 1 + 'a' }}", "intro.md, line 4: an expression here cannot be worked out (TypeError)"),
        ("{{ 'a' * 1000000000 }}", "`*` works on plain numbers only"),
        ("{{ 9 ** 9 }}", "`**` works on plain numbers only"),
        ("{{ 'a'.center(9) }}", "access to attribute 'center' of 'str' object is unsafe"),
        ("{% for i in range(9) %}{% endfor %}", "range does not exist"),
        ("{{ sender.nam }}", "sender.nam does not exist; did you mean sender.name?"),
        (
            "{{ owner.phone }}",
            "owner.phone does not exist; owner has name, first_name, email",
        ),
        ("{{ first_name }}", "first_name does not exist; did you mean contact.first_name?"),
        ("{{ contact }}", "only text and numbers can be shown"),
        ("{{ contact.__class__ }}", "contact.__class__ has no value"),
        ("{% include 'part.html' %}", "part.html is not in the sequence's folder"),
        ("{% include 'intro.md' %}", "RecursionError"),
    ],
)
def test_a_template_that_fails_says_where_and_why(body: str, words: str) -> None:
    assert words in reason_of(body)


def test_an_error_of_an_expression_does_not_quote_a_value() -> None:
    fault = reason_of("{{ contact.name + 1 }}", contact={"name": "Ada Lovelace"})

    assert "Ada" not in fault


def test_a_fault_in_an_included_file_names_that_file() -> None:
    files = {"intro.md": a_mail("{% include 'part.html' %}"), "part.html": "\n{{ contact.a }}"}

    assert reason(files).startswith("part.html, line 2: contact.a has no value")


def test_a_fault_in_the_layout_names_the_layout() -> None:
    files = {"intro.md": a_mail("Hi"), "layout.html": "<p>\n{{ body }}\n{{ contact.a }}"}

    assert reason(files).startswith("layout.html, line 3: contact.a has no value")


def test_a_layout_needs_a_place_for_the_mail() -> None:
    files = {"intro.md": a_mail("Hi"), "layout.html": "<p>Hello</p>"}

    assert reason(files) == (
        "layout.html: the layout has no place for the mail; write {{ body }} in it"
    )


def test_a_fault_in_the_front_matter_names_its_line() -> None:
    files = {"intro.md": a_mail("Hi", 'preheader: x\nsubject: "{{ contact.first_name }}"')}

    assert reason(files).startswith("intro.md, line 3: contact.first_name has no value")


@pytest.mark.parametrize(
    ("front", "words"),
    [
        ("subjekt: Hello", "intro.md, line 2: subjekt is not known in front matter"),
        ("subject: {{ contact.a }}", "intro.md, line 2: the front matter is not YAML"),
        ("subject: [a, b]", "intro.md, line 2: subject is not right; write one line of text"),
        ("subject: a\nfrom: nobody", "intro.md, line 3: from is not right; write `owner`"),
        ("subject: a\njob: [a, b]", "intro.md, line 3: job is not right; write one line of text"),
        ("subject: a\nfrom: []", "intro.md, line 3: from is not right; write `owner`"),
        ("subject: a\nfrom: {email: x}", "intro.md, line 3: from is not right; write `owner`"),
        ("subject: 2026-13-45", "intro.md, line 2: the front matter is not YAML"),
        ("just words", "intro.md, line 2: the front matter is not a list of fields"),
        ("subject: We are #1", "intro.md, line 2: YAML leaves out what follows ` #` in subject"),
        ("preheader: x", "intro.md, line 1: the mail has no subject"),
    ],
)
def test_front_matter_that_is_wrong_says_where_and_why(front: str, words: str) -> None:
    assert words in reason({"intro.md": a_mail("Hi", front)})


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "---\nsubject: Hello\n\nHi\n",
            "intro.md, line 1: the front matter is not closed; write a",
        ),
        ("\n---\nsubject: a\n---\nHi", "intro.md, line 1: something stands before the front ma"),
    ],
)
def test_half_a_front_matter_is_told_from_none(source: str, words: str) -> None:
    assert words in reason({"intro.md": source})


def test_front_matter_may_say_what_the_mail_is_for() -> None:
    assert rendered({"intro.md": a_mail("Hi", "subject: Hello\njob: say hello")}).text == "Hi\n"


def test_a_mail_that_is_not_there_is_named() -> None:
    assert reason({"other.md": a_mail("Hi")}) == "intro: there is no such mail; write intro.md"


def test_a_mail_that_is_there_twice_is_refused() -> None:
    files = {"intro.md": a_mail("Hi"), "intro.html": a_mail("Hi")}

    assert reason(files) == "intro: there are two of it; keep one of intro.md and intro.html"


def test_a_mail_has_a_bounded_length() -> None:
    fault = reason_of("{{ data.text }}", data={"text": "x" * 1_000_001})

    assert fault == "intro.md: the mail has over a million characters"


def test_a_template_has_bounded_output() -> None:
    body = "{% for a in data.l %}{% for b in data.l %}a line of text{% endfor %}{% endfor %}"

    fault = reason_of(body, data={"l": list(range(1000))})

    assert fault == "intro.md: the mail has over a million characters"


def test_a_filter_may_not_cut_through_a_captured_value() -> None:
    body = "{% set x %}{{ contact.a }} and more{% endset %}{{ x | truncate(3, true, '', 0) }}"

    assert "a filter changed a block that holds values" in reason_of(body, contact={"a": "Ada"})


def test_faults_that_need_no_contact_are_found_without_one() -> None:
    content = a_content(
        {"intro.md": a_mail("{{ nobody }}", "subject: '{{ contcat.a }}'"), "layout.html": "x"}
    )

    found = [fault.problem for fault in Mails(content).faults("intro")]

    assert found == [
        "nobody does not exist",
        "the layout has no place for the mail",
        "contcat does not exist",
    ]


def test_a_good_mail_has_no_faults() -> None:
    content = a_content({"intro.md": a_mail("Hi {{ contact.first_name }}")})

    assert Mails(content).faults("intro") == ()


def test_a_file_from_another_system_reads_the_same() -> None:
    files = {"intro.md": "\ufeff" + a_mail("Hi {{ sender.name }}").replace("\n", "\r\n")}

    assert rendered(files).text == "Hi Olga Smith\n"

import pytest

from tests.unit.rendering.written import a_mail, reason_of, rendered, rendered_body

THERE = 'Hi {{ contact.first_name or "there" }},'


def test_a_value_is_put_in() -> None:
    mail = rendered_body(THERE, contact={"first_name": "Ada"})

    assert mail.text == "Hi Ada,\n"


@pytest.mark.parametrize("contact", [{}, {"first_name": None}, {"first_name": " "}])
def test_a_missing_value_may_be_replaced(contact: dict[str, object]) -> None:
    mail = rendered_body(THERE, contact=contact)

    assert mail.text == "Hi there,\n"


@pytest.mark.parametrize("contact", [{}, {"first_name": None}, {"first_name": ""}])
def test_a_missing_value_cannot_be_printed(contact: dict[str, object]) -> None:
    fault = reason_of("\nHi {{ contact.first_name }}", contact=contact)

    assert fault == (
        "intro.md, line 5: contact.first_name has no value; "
        'give it one, or write {{ contact.first_name or "…" }}'
    )


def test_what_is_missing_inside_something_missing_may_be_replaced() -> None:
    mail = rendered_body('{{ data.order.city or "your town" }}')

    assert mail.text == "your town\n"


def test_what_is_missing_inside_something_missing_is_named_in_full() -> None:
    assert "data.order.city has no value" in reason_of("{{ data.order.city }}")


def test_an_enrollment_without_a_key_has_none_to_print() -> None:
    assert "key has no value" in reason_of("{{ key }}")


def test_a_contact_without_an_owner_has_no_owner_to_name() -> None:
    mail = rendered_body('{{ owner.first_name or "Sales" }}')

    assert mail.text == "Sales\n"
    assert "owner.first_name has no value" in reason_of("{{ owner.first_name }}")


def test_a_sender_has_a_first_name() -> None:
    assert rendered_body("{{ sender.first_name }}").text == "Olga\n"


def test_an_inline_if_without_else_is_nothing() -> None:
    assert rendered_body('Hi{{ " again" if contact.known }}').text == "Hi\n"


@pytest.mark.parametrize(
    "body", ["{{ contcat.name }}", '{{ contcat or "x" }}', "{% if 0 %}{{ contcat }}{% endif %}"]
)
def test_a_name_that_does_not_exist_always_fails(body: str) -> None:
    assert reason_of(body) == "intro.md, line 4: contcat does not exist; did you mean contact?"


def test_a_fact_may_have_the_name_of_a_method() -> None:
    mail = rendered_body(
        "{% for item in data.items %}{{ item.keys }} {% endfor %}",
        data={"items": [{"keys": "one"}, {"keys": "two"}]},
    )

    assert mail.text == "one two\n"


@pytest.mark.parametrize(
    "value", ["**b**", "[x](http://evil.example)", "<b>b</b>", "# b", "a &amp; b", "`b`"]
)
def test_a_value_adds_no_markup(value: str) -> None:
    mail = rendered_body("{{ contact.company }}", contact={"company": value})

    assert mail.text == f"{value}\n"
    assert "<a" not in mail.html
    assert "<b" not in mail.html.replace("<body", "")


def test_a_value_adds_no_markup_to_html_either() -> None:
    mail = rendered(
        {"intro.html": a_mail("<a href={{ data.url }}>go</a>")},
        data={"url": '"><script>x y</script>'},
    )

    assert "<script" not in mail.html
    assert '<a href="&#34;&gt;&lt;script&gt;x y&lt;/script&gt;">go</a>' in mail.html


def test_a_value_is_put_into_links_and_code_as_it_is() -> None:
    mail = rendered_body(
        "[Book]({{ data.url }}) with `{{ data.code }}` or <{{ data.url }}>",
        data={"url": "https://a.example/?x=1&y=2", "code": "SAVE_20"},
    )

    assert '<a href="https://a.example/?x=1&amp;y=2">Book</a>' in mail.html
    assert "<code>SAVE_20</code>" in mail.html
    assert mail.text == (
        "Book (https://a.example/?x=1&y=2) with SAVE_20 or https://a.example/?x=1&y=2\n"
    )


def test_a_value_is_not_looked_into_for_templates() -> None:
    mail = rendered_body("{{ contact.company }}", contact={"company": "{{ sender.email }}"})

    assert mail.text == "{{ sender.email }}\n"


def test_a_value_that_looks_like_a_mark_stays_itself() -> None:
    mail = rendered_body(
        "{{ contact.company }} {{ contact.city }}", contact={"company": "zqv1vqz", "city": "Rome"}
    )

    assert mail.text == "zqv1vqz Rome\n"


def test_macros_may_hold_values() -> None:
    body = "{% macro link(to) %}[go]({{ to }}){% endmacro %}{{ link(data.url) }}"

    mail = rendered_body(body, data={"url": "https://a.example"})

    assert mail.text == "go (https://a.example)\n"

import pytest

from activities.rendering.mails import Mails
from activities.rendering.rendered import Heading, Rendered, Rewritten
from tests.unit.rendering.written import (
    a_content,
    a_mail,
    reason_of,
    rendered,
    rendered_body,
    some_variables,
)

END = {"end": "2026-05-04"}


@pytest.mark.parametrize(
    ("filtered", "text"),
    [
        ("date", "May 4, 2026"),
        ('date("long")', "May 4, 2026"),
        ('date("short")', "5/4/26"),
        ('date("medium")', "May 4, 2026"),
        ('date("full")', "Monday, May 4, 2026"),
        ('date("d MMMM")', "4 May"),
        ('date("EEEE, MMMM d")', "Monday, May 4"),
    ],
)
def test_a_date_is_printed_as_people_write_it(filtered: str, text: str) -> None:
    assert rendered_body(f"{{{{ data.end | {filtered} }}}}", data=END).text == f"{text}\n"


@pytest.mark.parametrize("written", ["2026-05-04T23:30", "2026-05-04T23:30:00Z", " 2026-05-04 "])
def test_of_a_date_and_time_the_date_as_written_is_printed(written: str) -> None:
    assert rendered_body("{{ data.end | date }}", data={"end": written}).text == "May 4, 2026\n"


def test_a_date_is_in_the_language_of_the_mails_file() -> None:
    files = {
        "intro.md": a_mail("{{ data.end | date }}", 'subject: "{{ data.end | date }}"'),
        "intro.de.md": a_mail(
            '{{ data.end | date }}, {% include "day.md" %}', 'subject: "{{ data.end | date }}"'
        ),
        "day.md": '{{ data.end | date("EEEE") }}',
    }

    german = rendered(files, data=END, contact={"language": "de-AT"})
    other = rendered(files, data=END, contact={"language": "fr"})

    assert (german.subject, german.text) == ("4. Mai 2026", "4. Mai 2026, Montag\n")
    assert (other.subject, other.text) == ("May 4, 2026", "May 4, 2026\n")


def test_a_date_in_a_text_by_hand_is_in_the_language_of_the_mail_it_stands_for() -> None:
    content = a_content({"intro.md": a_mail("Hi"), "intro.de.md": a_mail("Hallo")})
    rewritten = Rewritten(body="{{ data.end | date }}")

    mail = Mails(content).render(
        "intro", some_variables(data=END, contact={"language": "de"}), Heading(), rewritten
    )

    assert isinstance(mail, Rendered)
    assert mail.text == "4. Mai 2026\n"


@pytest.mark.parametrize("value", ["soon", "2026-02-30", 20260504, True, ["2026-05-04"]])
def test_what_is_no_date_is_told_with_its_place_and_never_quoted(value: object) -> None:
    fault = reason_of("\n{{ data.end | date }}", data={"end": value})

    assert fault == (
        "intro.md, line 5: what `| date` is to print is no date; give it one, such as 2026-05-04"
    )


def test_a_missing_date_is_told_as_any_missing_value() -> None:
    assert "line 4: data.end has no value; give it one" in reason_of("{{ data.end | date }}")
    assert rendered_body('{{ data.end | date if data.end else "soon" }}').text == "soon\n"


@pytest.mark.parametrize("pattern", ["HH:mm", "QQQQQQQ", "d" * 41, ""])
def test_a_pattern_that_prints_no_date_is_told(pattern: str) -> None:
    fault = reason_of(f'{{{{ data.end | date("{pattern}") }}}}', data=END)

    assert fault == (
        "intro.md, line 4: this is no way to print a date; write short, medium, long, full, or a "
        "pattern of at most 40 characters such as d MMMM"
    )


def test_a_pattern_that_prints_no_date_is_found_without_a_contact() -> None:
    body = '\n{% if data.end %}{{ data.end | date("HH:mm") }}{% endif %}'
    content = a_content({"intro.md": a_mail(body)})

    (fault,) = Mails(content).faults("intro")

    assert fault.reason.startswith("intro.md, line 5: this is no way to print a date; write short")


def test_a_language_without_names_of_months_is_told() -> None:
    files = {"intro.md": a_mail("Hi"), "intro.tlh.md": a_mail("{{ data.end | date }}")}
    content = a_content(files)

    mail = Mails(content).render(
        "intro", some_variables(data=END, contact={"language": "tlh"}), Heading()
    )

    assert not isinstance(mail, Rendered)
    assert mail.reason.startswith("intro.tlh.md, line 4: how dates are written in tlh is not known")

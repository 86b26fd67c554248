from activities.rendering.rendered import Heading
from tests.unit.rendering.written import a_mail, reason, rendered

FILES = {"intro.md": a_mail("Hi", "subject: Freight at {{ contact.company }}")}
CONTACT = {"company": "Smith & Sons"}


def test_a_subject_is_plain_text() -> None:
    assert rendered(FILES, contact=CONTACT).subject == "Freight at Smith & Sons"


def test_a_value_cannot_begin_another_header() -> None:
    mail = rendered(FILES, contact={"company": "Acme\r\nBcc: eve@acme.example"})

    assert mail.subject == "Freight at Acme Bcc: eve@acme.example"


def test_the_step_may_give_another_subject() -> None:
    mail = rendered(
        FILES, heading=Heading(override="Still there, {{ contact.company }}?"), contact=CONTACT
    )

    assert mail.subject == "Still there, Smith & Sons?"


def test_a_thread_keeps_its_subject_to_the_letter() -> None:
    mail = rendered(FILES, heading=Heading(thread="Re: {{ what }} <was> sent"), contact=CONTACT)

    assert mail.subject == "Re: {{ what }} <was> sent"
    assert "<title>Re: {{ what }} &lt;was&gt; sent</title>" in mail.html


def test_the_step_s_subject_comes_before_the_thread_s() -> None:
    mail = rendered(FILES, heading=Heading(override="New", thread="Re: Old"), contact=CONTACT)

    assert mail.subject == "New"


def test_a_fault_in_the_step_s_subject_says_so() -> None:
    files = {"intro.md": a_mail("Hi")}

    fault = reason(files, heading=Heading(override="{{ contact.a }}"))

    assert fault.startswith("the subject in sequence.yaml, line 1: contact.a has no value")


def test_an_empty_subject_is_a_fault() -> None:
    assert "the subject is empty" in reason({"intro.md": a_mail("Hi", "subject: '{# none #}'")})

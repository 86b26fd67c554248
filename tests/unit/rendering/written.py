"""Mails as written, and what they are rendered with."""

from activities.rendering.mails import render
from activities.rendering.rendered import Heading, Rendered, TemplateFault, Variables
from schemas.content import Content, Mailbox

OLGA = Mailbox(email="olga@acme.example", name="Olga Smith")
LINK = "https://mail.acme.example/unsubscribe/abc?x=1&y=2"


def a_content(files: dict[str, str], postal_address: str = "") -> Content:
    return Content(files=files, sender=OLGA, postal_address=postal_address)


def a_mail(body: str, front: str = "subject: Hello") -> str:
    return f"---\n{front}\n---\n{body}"


def some_variables(**fields: object) -> Variables:
    return Variables.model_validate(
        {"sender": OLGA, "sequence": "welcome", "step": "intro", **fields}
    )


def answer(files: dict[str, str], **fields: object) -> Rendered | TemplateFault:
    content = a_content(files, str(fields.pop("postal_address", "")))
    heading = Heading.model_validate(fields.pop("heading", {}))
    return render(content, "intro", variables=some_variables(**fields), heading=heading)


def rendered(files: dict[str, str], **fields: object) -> Rendered:
    mail = answer(files, **fields)
    assert isinstance(mail, Rendered), mail.reason
    return mail


def rendered_body(body: str, **fields: object) -> Rendered:
    return rendered({"intro.md": a_mail(body)}, **fields)


def reason(files: dict[str, str], **fields: object) -> str:
    fault = answer(files, **fields)
    assert isinstance(fault, TemplateFault)
    return fault.reason


def reason_of(body: str, **fields: object) -> str:
    return reason({"intro.md": a_mail(body)}, **fields)

"""What rendering takes and gives: variables, a rendered mail, or a fault in a template."""

from pydantic import Field

from schemas.content import Mailbox
from schemas.values import Facts, Value


class Variables(Value):
    """What a mail may name; without `unsubscribe_url` it is transactional."""

    contact: Facts = Field(default_factory=dict)
    data: Facts = Field(default_factory=dict)
    key: str | None = None
    owner: Mailbox | None = None
    sender: Mailbox
    sequence: str
    step: str
    unsubscribe_url: str | None = None

    @property
    def language(self) -> str | None:
        """Give the contact's language, if it is known."""
        language = self.contact.get("language")
        return language if isinstance(language, str) else None


class Line(Value):
    """A template of one line, and where it stands."""

    file: str
    line: int | None
    text: str


class Heading(Value):
    """Where a subject may come from beside the mail itself.

    `override` is a template that the step gives; `thread` the finished subject of the thread
    that the mail goes on with; the mail's own comes after these, and after it `fallback`.
    """

    override: str | None = None
    thread: str | None = None
    fallback: Line | None = None


class Rewritten(Value):
    """What a person wrote for one enrollment instead of a mail's own body and subject."""

    subject: str | None = None
    body: str


class Rendered(Value):
    """A mail as it goes out."""

    subject: str
    preheader: str
    html: str
    text: str


class TemplateFault(Value):
    """Why a mail cannot be rendered: where, what is wrong, and the mend; no personal data."""

    file: str
    line: int | None = None
    problem: str
    mend: str = ""

    @property
    def reason(self) -> str:
        """Give the fault as one sentence."""
        place = self.file if self.line is None else f"{self.file}, line {self.line}"
        return f"{place}: {self.problem}{f'; {self.mend}' if self.mend else ''}"


class Faulty(Exception):  # noqa: N818 it carries a fault to the border of rendering, no further
    """Carries a fault up to where rendering answers with it."""

    def __init__(self, fault: TemplateFault) -> None:
        super().__init__(fault.reason)
        self.fault = fault

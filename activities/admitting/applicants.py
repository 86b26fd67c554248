"""Who asks to be let in."""

from datetime import datetime

from schemas.contact import Contact
from schemas.values import Facts, Value


class Applicant(Value):
    """Who is to be enrolled, per what, with what data, at which moment, and who asks for it."""

    contact: Contact
    key: str | None = None
    data: Facts
    at: datetime
    source: str = ""

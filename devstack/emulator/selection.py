"""Which mails a list shows."""

from collections.abc import Iterator

from pydantic import AwareDatetime, Field

from devstack.emulator.records import Mail, Record
from devstack.emulator.store import Store


class Selection(Record):
    """What a mail must be like: each filter that is given must hold.

    `to` is an address; `text` stands somewhere in recipient, subject or plain text; `since` is
    a virtual moment; `after` is a mail's number; each of `arg` is a custom arg as `name=value`.
    """

    to: str | None = None
    text: str | None = None
    since: AwareDatetime | None = None
    after: int = 0
    arg: tuple[str, ...] = ()
    limit: int = Field(default=1000, ge=1, le=10_000)
    newest_first: bool = False
    offset: int = Field(default=0, ge=0)


def select(store: Store, selection: Selection) -> list[Mail]:
    """Give the mails that the selection asks for."""
    mails = sorted(store.mails.values(), key=lambda m: m.number, reverse=selection.newest_first)
    found = [mail for mail in mails if all(_tests(mail, selection))]
    return found[selection.offset : selection.offset + selection.limit]


def _tests(mail: Mail, selection: Selection) -> Iterator[bool]:
    yield mail.number > selection.after
    if selection.to:
        yield mail.recipient.email.casefold() == selection.to.casefold()
    if selection.since:
        yield mail.sent_at >= selection.since
    if selection.text:
        yield selection.text.casefold() in _searched(mail)
    for wanted in selection.arg:
        name, _, value = wanted.partition("=")
        yield mail.custom_args.get(name) == value


def _searched(mail: Mail) -> str:
    person = f"{mail.recipient.name} {mail.recipient.email}"
    return f"{person} {mail.subject} {mail.part('text/plain') or ''}".casefold()

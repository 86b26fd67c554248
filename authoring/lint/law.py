"""Rules about what law and SendGrid ask of a mail, and what a transactional one may not be."""

import re
from collections.abc import Iterator

from authoring.lint.letters import UNSUBSCRIBE
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from schemas.content import Mailbox, Sender


def no_unsubscribe(review: Review) -> Iterator[Said]:
    """Find marketing mails without a way out."""
    for written in review.mails:
        silent = any("unsubscribe link" in fault.problem for fault in written.faults)
        hidden = written.mail is not None and UNSUBSCRIBE not in written.mail.html
        if not written.step.transactional and (silent or hidden):
            problem = "this marketing mail has no unsubscribe link, so it will not be sent"
            mend = "write `{{ footer }}` or `{{ unsubscribe_url }}` into the mail or its layout"
            yield Said(review.file(written.file), "", problem, mend)


def no_postal_address(review: Review) -> Iterator[Said]:
    """Find marketing mails that do not show the sender's postal address."""
    for written in review.mails:
        mail = written.mail
        lines = [line.strip() for line in written.postal_address.splitlines() if line.strip()]
        if mail is None or written.step.transactional or not lines:
            continue
        if lines[0] not in mail.text:
            problem = "this marketing mail does not show the sender's postal address"
            mend = "write `{{ footer }}` or `{{ postal_address }}` into the mail or its layout"
            yield Said(review.file(written.file), "", problem, mend)


def transactional_marketing(review: Review) -> Iterator[Said]:
    """Find words of marketing in transactional mails, which reach people who want none."""
    for written in review.mails if any(review.sequence.emails) else ():
        if not written.step.transactional:
            continue
        found = _SELLS.search(f"{written.subject}\n{written.body}")
        if found:
            problem = f"`{found[0]}` is marketing, and this transactional mail goes to everybody"
            mend = "move it into a marketing mail, or remove `kind: transactional`"
            yield Said(review.mail(written, found[0]), found[0], problem, mend)


def sendgrid_refuses(review: Review) -> Iterator[Said]:
    """Find what SendGrid answers with an error to."""
    yield from _out_of_bounds(review)
    for mailbox in dict.fromkeys(_senders(review)):
        if not mailbox.email.isascii():
            problem = "SendGrid takes no address with letters beyond ASCII as a sender"
            yield Said(review.places.key("from"), "", problem, "name another one")
    if not review.sequence.name.isascii() or len(review.sequence.name) > _CATEGORY:
        problem = "SendGrid takes categories of up to 255 ASCII letters, and the name is one"
        yield Said(review.places.key("sequence"), review.sequence.name, problem, "shorten it")


def _out_of_bounds(review: Review) -> Iterator[Said]:
    for written in review.mails:
        refused = [fault for fault in written.faults if _BOUNDS.search(fault.problem)]
        for fault in refused[:1]:
            yield Said(review.file(written.file, "subject"), "", fault.problem, fault.mend)


def _senders(review: Review) -> Iterator[Mailbox]:
    letters = (one.letter.sender for one in review.mails if one.letter)
    content = review.content
    for sender in (content.sender, content.sender_fallback, *content.senders.values(), *letters):
        yield from _mailboxes(sender)


def _mailboxes(sender: Sender | None) -> tuple[Mailbox, ...]:
    if isinstance(sender, Mailbox):
        return (sender,)
    return sender if isinstance(sender, tuple) else ()


_CATEGORY = 255
_BOUNDS = re.compile("subject is|million characters")
_SELLS = re.compile(
    r"\bunsubscribe\b|\bdiscount|\bcoupon|\bpromo(?:tion)?(?:al)?\b|\bpromo code|\bvoucher"
    r"|\b[1-9][0-9]?\s?% off\b|\bspecial offer|\blimited[- ]time\b|\byou (?:may|might) also like"
    r"|\brecommended for you\b|\bupgrade (?:now|today)\b|\bbuy now\b|\bshop now\b|\bon sale\b"
    r"|\brefer a friend\b|\blast chance\b",
    re.IGNORECASE,
)

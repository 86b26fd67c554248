from uuid import UUID

from inbound.correlation import Answers, answered
from inbound.messages import IncomingMail, read_mail
from inbound.tokens import Keys, mint
from tests.unit.inbound.mails import a_mail, an_envelope

SEND = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c11")
OTHER = UUID("0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c12")
KEYS = Keys.of(["a-secret-of-enough-length"])
TOKEN = mint("reply", SEND, KEYS)


def incoming(*to: str, references: str = "") -> IncomingMail:
    mail = a_mail(f"References: {references}", without="References")
    mail = mail.replace(b"In-Reply-To: <first@example.org>\r\n", b"")
    read = read_mail({"email": mail, "envelope": an_envelope(*to)})
    assert read is not None
    return read


def test_the_token_in_the_address_tells_the_mail() -> None:
    assert answered(incoming(f"r-{TOKEN}@in.example.org"), KEYS).sends == (SEND,)


def test_every_recipient_is_looked_at_whatever_its_case() -> None:
    mail = incoming("sales@in.example.org", f"R-{TOKEN.upper()}@IN.EXAMPLE.ORG")

    assert answered(mail, KEYS).sends == (SEND,)


def test_a_made_up_token_tells_nothing() -> None:
    assert answered(incoming(f"r-{TOKEN[:-2]}aa@in.example.org"), KEYS) == Answers()


def test_a_token_made_for_unsubscribing_tells_nothing() -> None:
    token = mint("unsubscribe", SEND, KEYS)

    assert answered(incoming(f"r-{token}@in.example.org"), KEYS) == Answers()


def test_the_token_counts_before_the_ids_and_the_newest_id_first() -> None:
    mail = incoming(
        f"r-{TOKEN}@in.example.org", references=f"<{SEND}@m.example.org> <{OTHER}@m.example.org>"
    )

    assert answered(mail, KEYS).sends == (SEND, OTHER, SEND)


def test_an_id_that_sendgrid_put_in_place_of_ours_is_a_provider_id() -> None:
    mail = incoming("sales@example.org", references="<LRzXl_NHStOGhQ4kofSm_A@ismtpd1.sendgrid.net>")

    assert answered(mail, KEYS) == Answers(provider_ids=("LRzXl_NHStOGhQ4kofSm_A",))


def test_an_answer_to_what_an_owner_was_told_answers_no_mail() -> None:
    ids = f"<{SEND}@m.example.org> <notice.0a@thread.m.example.org>"

    answers = answered(incoming("postroad@m.example.org", references=ids), KEYS)

    assert answers == Answers(to_notice=True)


def test_what_is_addressed_to_a_mail_answers_it_whatever_else_it_names() -> None:
    mail = incoming(f"r-{TOKEN}@in.example.org", references="<notice.0a@thread.m.example.org>")

    answers = answered(mail, KEYS)

    assert (answers.sends, answers.to_notice) == ((SEND,), False)

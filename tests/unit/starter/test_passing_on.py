"""Letters to owners."""

from inbound.contents import Attachment, Contents
from schemas.content import Mailbox
from starter.outgoing.passing_on import passed_on

ADA = Mailbox(email="ada@example.com", name="Ada")


def test_attachments_that_are_too_large_are_named_instead() -> None:
    file = Attachment(name="film.mp4", type="video/mp4", content=b"x" * 900)
    contents = Contents(text="See the film", html="<p>See</p>", attachments=(file,))

    letter = passed_on(contents, ADA, largest=1000)

    assert letter.files == ()
    assert letter.text.startswith("[Too large to be passed on")
    assert "film.mp4" in letter.text
    assert letter.text.endswith("See the film")
    assert "film.mp4" in letter.html


def test_a_reply_without_text_has_that_of_its_html() -> None:
    assert passed_on(Contents(html="<p>Yes,<br>please</p>"), ADA).text == "Yes,\nplease"


def test_a_reply_without_any_words_says_so() -> None:
    letter = passed_on(Contents(), ADA)

    assert (letter.subject, letter.text) == ("(no subject)", "(This reply has no text.)")
    assert letter.writer == ADA


def test_answers_go_to_whoever_wrote_it() -> None:
    contents = Contents(sender="assistant@example.com", sender_name="Bo", text="Yes")

    assert passed_on(contents, ADA).writer == Mailbox(email="assistant@example.com", name="Bo")


def test_a_writer_without_an_address_that_sendgrid_takes_is_the_contact() -> None:
    for written in ("", "ada@localhost", "a b@example.com", "ada@example..com"):
        contents = Contents(sender=written, sender_name="Bo")

        assert passed_on(contents, ADA).writer == Mailbox(email=ADA.email, name="Bo")


def test_of_a_long_thread_the_first_and_the_latest_ids_are_kept() -> None:
    ids = tuple(f"{number}@example.com" for number in range(100))

    kept = passed_on(Contents(references=ids, message_id="own@example.com"), ADA).references

    assert (kept[0], kept[1], kept[-2:]) == (ids[0], ids[80], (ids[-1], "own@example.com"))

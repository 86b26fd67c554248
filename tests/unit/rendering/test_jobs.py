from reports.jobs import jobs_of
from schemas.content import Content, Mailbox
from schemas.version import Version
from tests.builders import a_sequence, an_email

KIM = Mailbox(email="kim@acme.example")


def test_a_job_is_read_off_each_mail_that_says_one() -> None:
    files = {
        "intro.md": "---\nsubject: Hello\njob: ask one question\n---\nHi.\n",
        "note.md": "---\nsubject: Again\n---\nHi.\n",
    }
    sequence = a_sequence(an_email("intro"), an_email("note"))

    jobs = jobs_of(Version.of(sequence, Content(files=files, sender=KIM)))

    assert jobs == {"intro": "ask one question"}

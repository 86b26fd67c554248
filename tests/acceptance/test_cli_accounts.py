"""What one of a company does ends what its sequence says of colleagues; tickets keep mails back."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import MAIL, Desk, desk_in

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
exit_on: [reply, {{reply: true, by: account, as: colleague_replied}}]
suppress_while:
  {{fact: open_ticket, opens: ticket_opened, closes: ticket_closed, id: ticket, then: resume}}
steps:
  - {{email: hello, day: 1}}
  - {{email: again, day: 5}}
"""


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"account-{secrets.token_hex(4)}", monkeypatch)
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    for mail in ("hello", "again"):
        (tmp_path / f"{mail}.md").write_text(MAIL)
    assert desk.run("publish", str(tmp_path)).status == 0
    people = [f"{name},{name}@{desk.name}.example,{desk.name}" for name in ("Ada", "Bo")]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["First Name,Email,Company name", *people]))
    desk.run("import", "contacts", str(file))
    return desk


def enrolled(desk: Desk, name: str) -> str:
    desk.run("enroll", desk.name, f"{name}@{desk.name}.example")
    return desk.enrollment_of(f"{name}@{desk.name}.example")


def ending(desk: Desk, enrollment: str) -> object:
    told = desk.run("show", enrollment, "--json").value()
    assert isinstance(told, dict)
    return told["ending"]


def test_a_reply_of_one_ends_the_enrollment_of_the_other(desk: Desk) -> None:
    ada, bo = enrolled(desk, "ada"), enrolled(desk, "bo")

    ran = desk.run("signal", ada, "reply")

    assert (
        ran.out == "on record, and told to 1 of the contact's enrollments, and to 1 of colleagues\n"
    )
    assert (ending(desk, ada), ending(desk, bo)) == ("replied", "colleague_replied")


def test_an_open_ticket_keeps_mails_back_until_it_is_closed(desk: Desk) -> None:
    ada = enrolled(desk, "ada")
    desk.run("dev", "skip", ada, "2m")
    desk.run("signal", ada, "ticket_opened", "--field", "ticket=7")
    desk.run("dev", "skip", ada, "9d")
    before = desk.whats(ada).count("sent")

    desk.run("signal", ada, "ticket_closed", "--field", "ticket=7")
    desk.run("dev", "skip", ada, "6d")

    assert (before, desk.whats(ada).count("sent")) == (1, 2)

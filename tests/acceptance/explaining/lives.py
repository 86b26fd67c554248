"""Lives in which fates and reasons come about, and what must be explained of each."""

from tests.acceptance.explaining.acting import (
    braked,
    given_a_word,
    looks,
    released,
    silently_blocked,
    silently_ended,
    silently_opened,
)
from tests.acceptance.explaining.stories import Story

MENDED = Story(
    "mended",
    """
    steps:
      - {email: blank, day: 1}
      - {email: paused, day: 2}
      - {email: kept, day: 4}
      - {email: late, day: 5, valid_for: 1 hour}
      - {wait_for: {event: booked}, within: 1 day, else: [{exit: no-answer}]}
      - {email: never}
    """,
    "no-answer: step exit-1: the sequence says exit: no-answer (rule 37)",
    {
        "blank": ("sent", "free again: Mon 03 Mar 2031 14:00 (rule 8)"),
        "paused": ("sent", "paused by the script; free again: Tue 04 Mar 2031 15:00 (rule 8)"),
        "kept": ("sent", "its sequence is paused, by olga: a wrong price, so kept back: Thu 06"),
        "late": ("skipped", "not sent within 1 hour of its moment: Fri 07 Mar 2031 11:00 (rule 5)"),
        "wait-for-1": ("done", "the event booked of the contact comes; that did not come"),
        "exit-1": ("done", "It ended the enrollment as no-answer (rule 37)"),
        "never": ("not_reached", "the enrollment ended as no-answer"),
    },
    events=(
        "resume@day 1 14:00",
        "pause@day 2 09:30",
        "resume@day 2 15:00",
    ),
    deeds={
        "day 1 12:00": looks("held"),
        "day 1 13:00": given_a_word,
        "day 2 12:00": looks("paused"),
        "day 4 09:00": braked,
        "day 4 11:00": looks("braked"),
        "day 4 12:00": released,
    },
    seen={
        "held": {
            "blank": ("waiting", "as long as the enrollment is held: "),
            "late": ("unknown", ""),
        },
        "paused": {"paused": ("waiting", "as long as the enrollment is paused")},
        "braked": {"kept": ("waiting", "is kept back: its sequence is paused, by olga")},
    },
    waits={
        "held": "A person must mend that; then postroad resume",
        "paused": "Paused by the script since Tue 04 Mar 2031 09:30",
        "braked": "kept is kept back since Thu 06 Mar 2031 10:00: its sequence is paused, by olga",
    },
)
DATED = Story(
    "dated",
    """
    steps:
      - {email: past, at: data.long_ago}
      - {email: missing, at: data.nowhere, if_missing: skip}
      - {email: given-up, at: data.unknown, if_missing: hold}
      - {email: held, at: data.long_ago, if_past: hold}
    """,
    "completed: every step is done (rule 37)",
    {
        "past": ("skipped", '"2031-02-01", rule 1); that was past already when it became known'),
        "missing": ("skipped", "There is no readable date for data.nowhere"),
        "given-up": ("skipped", "for data.unknown, and an operator gave this mail up (rule 7)"),
        "held": ("sent", "at once, as its date was past already"),
    },
    events=("skip@day 2 10:00", "resume@day 3 10:00"),
    data="{long_ago: 2031-02-01}",
    deeds={"day 1 12:00": looks("undated"), "day 2 12:00": looks("past")},
    seen={
        "undated": {"given-up": ("waiting", "the enrollment is held: there is no readable date")},
        "past": {"held": ("waiting", "was past already when it became known")},
    },
    waits={
        "undated": "postroad skip dated.",
        "past": "postroad resume dated.",
    },
)
SHARED = Story(
    "shared",
    """
    exclusive: sales
    priority: 1
    steps:
      - {email: first, day: 1}
      - {email: second, day: 2}
    """,
    "completed: every step is done (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence, rule 1"),
        "second": (
            "sent",
            "2 days later, for it stood still that long: Thu 06 Mar 2031 10:00 (rule 8)",
        ),
    },
    events=("turn_lost@day 2 09:00", "turn_back@day 4 09:30"),
    deeds={"day 2 11:00": looks("lost")},
    seen={
        "lost": {
            "second": ("waiting", "another sequence has the contact: rival-sales-1 goes first")
        }
    },
    waits={
        "lost": "Another sequence has the contact since Tue 04 Mar 2031 09:00: rival-sales-1 goes"
    },
)
CAPPED = Story(
    "capped",
    "steps: [{email: put-off, day: 1}, {email: given-up, day: 4}]",
    "completed: every step is done (rule 37)",
    {
        "put-off": (
            "sent",
            "over the cap of 1 a day, so put off to the first room: Tue 04 Mar 2031",
        ),
        "given-up": (
            "skipped",
            "capped: over the cap of 1 a day, and no room since Thu 06 Mar 2031",
        ),
    },
    before=("other_mail@2031-03-03 09:30",),
    events=("other_mail@day 4 09:31", "other_mail@day 5 09:30"),
    deeds={"day 1 11:00": looks("put off"), "day 5 11:00": looks("no room")},
    seen={
        "put off": {"put-off": ("to_come", "so it will go on Tue 04 Mar 2031 09:30")},
        "no room": {"given-up": ("to_skip", "so it will be skipped on Sat 08 Mar 2031 10:00")},
    },
    waits={
        "put off": "room is kept for it on Tue 04 Mar 2031 09:30, or sooner if another mail",
        "no room": "no room comes in time",
    },
)
HELD_OUT = Story(
    "held-out",
    """
    holdout: 50%
    steps:
      - {email: receipt, kind: transactional}
      - {task: call, within: 1 day}
      - {email: offer}
      - {notify: owner, id: tell}
      - {email: invoice, kind: transactional}
    """,
    "holdout: the contact is held out, and all is done that it is not held out from (rule 37)",
    {
        "receipt": ("sent", "at once when it is its turn, rule 1"),
        "call": ("passed_over", "the contact is held out (rule 22)"),
        "offer": ("skipped", "the contact is held out (rule 22)"),
        "tell": ("passed_over", "the contact is held out (rule 22)"),
        "invoice": ("sent", "at once when it is its turn, rule 1"),
    },
)
OPTED_OUT = Story(
    "opted-out",
    """
    steps:
      - {email: offer, day: 1}
      - {email: second, day: 3}
      - {task: call, within: 1 day}
      - {email: receipt, day: 5, kind: transactional}
    """,
    "unsubscribed: the contact unsubscribed (rule 37)",
    {
        "offer": ("sent", "day 1 of the sequence, rule 1"),
        "second": ("skipped", "the contact has unsubscribed on Tue 04 Mar 2031 11:00 (rule 24)"),
        "call": ("passed_over", "the contact wants no more marketing (rule 24)"),
        "receipt": ("sent", "day 5 of the sequence, rule 1"),
    },
    events=("unsubscribe@day 2 11:00",),
    deeds={"day 2 12:00": looks("opted out")},
    seen={"opted out": {"second": ("to_skip", "the contact has unsubscribed on")}},
    waits={
        "opted out": "The contact has unsubscribed on Tue 04 Mar 2031 11:00: only transactional"
    },
)
SUPPRESSED = Story(
    "blocked",
    "steps: [{email: first, day: 1}, {email: second, day: 3}, {email: third, day: 5}]",
    "suppressed: the address is blocked (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence"),
        "second": (
            "skipped",
            "the address is suppressed: blocked, as the last look before sending",
        ),
        "third": ("not_reached", "the enrollment ended first, as suppressed"),
    },
    deeds={"day 2 10:00": silently_blocked},
)
STOPPED = Story(
    "ended-elsewhere",
    "exit_on: [reply]\nsteps: [{email: first, day: 1}, {email: second, day: 3}]",
    "replied: the contact replied (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence"),
        "second": (
            "not_reached",
            "the enrollment ended first, as replied on Tue 04 Mar 2031 10:00",
        ),
    },
    deeds={"day 2 10:00": silently_ended},
)
BEHIND = Story(
    "behind",
    """
    suppress_while: {fact: open_ticket, then: resume}
    steps: [{email: first, day: 1}, {email: second, day: 3}, {email: third, day: 9}]
    """,
    "completed: every step is done (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence"),
        "second": ("sent", "not while open_ticket; free again: Wed 05 Mar 2031 15:00 (rule 30)"),
        "third": ("sent", "the contact is away; free again: Wed 12 Mar 2031 00:00 (rule 27)"),
    },
    events=(
        "ticket_closed@day 3 15:00: {ticket: '7'}",
        "out_of_office until 2031-03-12@day 9 09:00",
    ),
    deeds={
        "day 3 09:00": silently_opened,
        "day 3 11:00": looks("suppressed"),
        "day 9 12:00": looks("away"),
    },
    seen={
        "suppressed": {"second": ("waiting", "as long as open_ticket lasts (rule 30)")},
        "away": {"third": ("to_come", "the contact is away; free again: Wed 12 Mar 2031 00:00")},
    },
    waits={
        "suppressed": "No mail goes while open_ticket, since Wed 05 Mar 2031 09:00",
        "away": "no marketing mail goes until Wed 12 Mar 2031 00:00 (rule 27)",
    },
)
STORIES = (MENDED, DATED, SHARED, CAPPED, HELD_OUT, OPTED_OUT, SUPPRESSED, STOPPED, BEHIND)

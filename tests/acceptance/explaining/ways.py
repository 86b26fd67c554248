"""More lives: ways through branches, endings before a mail, and mails in doubt."""

from devstack.emulator.faults import FaultKind
from tests.acceptance.explaining.acting import looks, strikes
from tests.acceptance.explaining.stories import Story

WEEKEND = Story(
    "weekend",
    "steps: [{email: rolled, day: 6}, {email: gapped, day: 7}]",
    "completed: every step is done (rule 37)",
    {
        "rolled": ("sent", "that is outside the send window (mon-fri 09:00-17:00), so at its next"),
        "gapped": ("sent", "1 day must lie after the marketing mail of Mon 10 Mar 2031 09:00"),
    },
)
LEFT = Story(
    "left",
    'audience: contact.role == "vp"\nsteps: [{email: first, day: 1}, {email: second, day: 3}]',
    "left_audience: before second would have gone, the contact no longer matches the audience: con"
    'tact.role == "vp" is not true: contact.role is "clerk" (rule 37)',
    {
        "first": ("sent", "day 1 of the sequence"),
        "second": ("not_reached", "as left_audience on Wed 05 Mar 2031 10:00"),
    },
    contact="role: vp",
    events=("contact.role=clerk@day 2 10:00",),
)
IDLE = Story(
    "idle",
    "unengaged: {after: 1, do: exit}\nsteps: [{email: first, day: 1}, {email: second, day: 3}]",
    "unengaged: before second would have gone, nothing came of the last mails: nobody clicked or "
    "replied after the last 1 marketing mails (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence"),
        "second": ("not_reached", "as unengaged on Wed 05 Mar 2031 10:00"),
    },
)
WAYS = Story(
    "ways",
    """
    on:
      - {click: intro, do: [{notify: owner, id: tell}]}
      - {event: rare, do: [{notify: owner, id: untold}]}
    steps:
      - {email: intro, day: 1}
      - {wait_for: {click: intro}, within: 1 day, then: [{email: thanks, day: 2}]}
      - when: clicked("intro")
        then:
          - {task: call, within: 1 day, else: [{exit: uncalled}]}
          - {task: write, within: 1 day, else: [{set: {engaged: true}, id: mark}]}
        else: [{email: other}]
      - {task: note, blocking: false}
      - {hand_off: elsewhere, else: [{wait: 1 day}]}
      - {email: last}
    """,
    "completed: every step is done (rule 37)",
    {
        "intro": ("sent", "day 1 of the sequence"),
        "wait-for-1": (
            "done",
            "the contact clicked on Mon 03 Mar 2031 11:00 (rule 16); next came thanks",
        ),
        "thanks": ("sent", "day 2 of the sequence"),
        "when-1": ("done", 'clicked("intro") is true (rule 17); next came call'),
        "call": ("done", "given to a person on Tue 04 Mar 2031 10:00, and was done on Tue 04 Mar"),
        "exit-1": ("passed_over", "at call: the task is done"),
        "write": ("done", "and was not done by Wed 05 Mar 2031 12:00 (rule 19); next came mark"),
        "mark": ("done", "It changed facts about the contact (rule 20)"),
        "other": ("passed_over", "Another branch was taken at when-1"),
        "note": ("done", "and nothing waited for it (rule 19)"),
        "hand-off-1": ("done", "It did not hand the contact over to elsewhere, which refused: "),
        "wait-1": ("done", "It waited 1 day, until Thu 06 Mar 2031 12:00 (rule 2); next came last"),
        "last": ("sent", "at once when it is its turn, rule 1"),
        "tell": ("done", "It told the owner (rule 20)"),
        "untold": (
            "not_called",
            "the event rare of the contact comes, which did not happen (rule 18)",
        ),
    },
    events=("click:intro@day 1 11:00", "task_done:call@day 2 12:00"),
    deeds={"day 1 10:30": looks("waiting"), "day 2 11:00": looks("asked")},
    seen={
        "waiting": {
            "wait-for-1": ("waiting", "1 day at most, until Tue 04 Mar 2031 10:00, for this: "),
            "thanks": ("passed_over", "Another branch would be taken at wait-for-1"),
            "other": ("to_come", "at once when it is its turn"),
        },
        "asked": {"call": ("waiting", "It waits for the task call, until Wed 05 Mar 2031 10:00")},
    },
    waits={
        "waiting": "wait-for-1 waits 1 day at most, until Tue 04 Mar 2031 10:00, for this: ",
        "asked": "A person must do the task call, open since Tue 04 Mar 2031 10:00",
    },
    refuses="elsewhere",
)
HANDED = Story(
    "handed",
    "steps: [{email: first, day: 1}, {hand_off: elsewhere}]",
    "handed_off: another sequence took over (rule 37)",
    {
        "first": ("sent", "day 1 of the sequence"),
        "hand-off-1": ("done", "It handed the contact over to elsewhere (rule 21)"),
    },
)
DOUBTED = Story(
    "doubted",
    "steps: [{email: found, day: 2}, {email: lost, day: 4}]",
    "completed: every step is done (rule 37)",
    {
        "found": ("sent", "no answer came then, but SendGrid told later that it went"),
        "lost": ("not_sent", "from Thu 06 Mar 2031 10:30 on it counted as not sent"),
    },
    deeds={
        "day 2 09:00": strikes(FaultKind.ERROR_AFTER_ACCEPT),
        "day 4 09:00": strikes(FaultKind.UNAVAILABLE),
        "day 4 10:05": looks("in doubt"),
    },
    seen={"in doubt": {"lost": ("in_doubt", "It was due on Thu 06 Mar 2031 10:00 (day 4 of the")}},
    waits={
        "in doubt": "Nobody knows if lost went: SendGrid did not answer. If it tells nothing by"
    },
    alone=True,
)
AGAIN = Story(
    "again",
    "if_in_doubt: resend\nsteps: [{email: receipt, day: 2, kind: transactional}]",
    "completed: every step is done (rule 37)",
    {"receipt": ("sent", "It had been handed to SendGrid before, and nobody knew if it went")},
    deeds={"day 2 09:00": strikes(FaultKind.UNAVAILABLE)},
    alone=True,
)
STORIES = (WEEKEND, LEFT, IDLE, WAYS, HANDED, DOUBTED, AGAIN)

from activities.zones import zone_table
from authoring.simulation.hearing import heard_in
from authoring.simulation.scripts import parse_script
from authoring.text.faults import Faults
from schemas.conditions import Comparison, Constant, Count, Fact
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Goal, Suppressor
from schemas.steps import TaskStep, WhenStep
from tests.builders import MONDAY, OFFICE, a_progress, a_sequence, an_email, days

LOGINS = Comparison(by="lt", left=Count(event="login"), right=Constant(value=2))
GERMAN = Comparison(by="eq", left=Fact(of="contact", path="country"), right=Constant(value="DE"))
LATE = Comparison(by="eq", left=Fact(of="data", path="end"), right=Constant(value="2027-09-01"))
SEQUENCE = a_sequence(
    an_email("intro", day=1),
    an_email("case-study", day=3),
    TaskStep(id="call", task="call", within=days(2)),
    WhenStep(id="when-1", test=LOGINS, text='count("login") < 2'),
    exit_on=(
        ExitRule(name="booked", on=Matcher(kind="event", name="meeting_booked")),
        ExitRule(name="account_replied", on=Matcher(kind="reply", by="account")),
        ExitRule(name="german", when=GERMAN),
        ExitRule(name="late", when=LATE),
    ),
    goals=(Goal(event="deal_closed", within=days(60)),),
    suppress_while=Suppressor(fact="ticket", opens=("opened",), closes=("closed",), id="ticket"),
    contact_facts=("country",),
    listens_to=("event:meeting_booked",),
    window=OFFICE,
)
HEARD = heard_in(SEQUENCE)
EASTERN = zone_table("America/New_York", "UTC", MONDAY)


def test_a_script_names_the_line_that_is_wrong() -> None:
    faults = parse_script(["reply@+1h", "clik:intro@+1h"], SEQUENCE)

    assert isinstance(faults, Faults)
    assert str(faults) == (
        "script:2:1: `clik` changes nothing in this sequence; did you mean `click`?"
    )


def test_events_of_a_script_keep_their_order() -> None:
    script = parse_script(["reply@+1h", "reply@+1h"], SEQUENCE)

    assert isinstance(script, tuple)
    ids = [one.in_enrollment(a_progress(SEQUENCE)).id for one in script]
    assert ids == ["script-0001", "script-0002"]

"""A sequence with something of everything that a script may name."""

from activities.zones import zone_table
from authoring.simulation.hearing import heard_in
from schemas.conditions import Comparison, Constant, Count, Fact
from schemas.matchers import Matcher
from schemas.policies import ExitRule, Goal, Suppressor
from schemas.steps import TaskStep, WhenStep
from tests.builders import MONDAY, OFFICE, a_sequence, an_email, days

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

from schemas.matchers import Matcher
from schemas.policies import Reaction
from schemas.steps import ExitStep, HandOffStep, TaskStep
from tests.builders import a_sequence, an_email, days


def test_the_main_list_leaves_branches_and_on_out() -> None:
    over = HandOffStep(id="over", to="priority", next=None)
    gone = ExitStep(id="gone", ending="no-answer", next=None)
    main = (
        an_email("intro", next="call"),
        TaskStep(id="call", task="call", within=days(1), otherwise="gone", next="bye"),
        an_email("bye", next=None),
    )
    reaction = Reaction(on=Matcher(kind="reply"), first="over")

    sequence = a_sequence(*main, steps=(*main, over, gone), reactions=(reaction,))

    assert sequence.main_steps == ("intro", "call", "bye")

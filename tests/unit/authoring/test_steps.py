import pytest

from schemas.calendar import Duration, Unit
from schemas.matchers import Matcher
from schemas.steps import (
    EmailStep,
    ExitStep,
    HandOffStep,
    Path,
    TaskStep,
    WaitForStep,
    WaitStep,
    WhenStep,
)
from tests.unit.authoring.written import Folder

TWO_DAYS = Duration(count=2, unit=Unit.DAYS)


def test_an_email_has_a_day_a_time_a_kind_a_thread_and_a_subject(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {email: intro, day: 1, at_time: 09:30}
          - {email: case-study, id: again, day: 3, kind: transactional, thread: intro, subject: Hi}
    """)

    assert steps["intro"] == EmailStep(id="intro", email="intro", day=1, at_time=570, next="again")
    assert steps["again"] == EmailStep(
        id="again", email="case-study", day=3, transactional=True, thread="intro", subject="Hi"
    )


def test_a_mail_takes_its_kind_from_the_sequence(folder: Folder) -> None:
    steps = folder.steps("""
        kind: transactional
        steps: [{email: intro}, {email: case-study, kind: marketing}]
    """)

    assert steps["intro"] == EmailStep(
        id="intro", email="intro", transactional=True, next="case-study"
    )
    assert steps["case-study"] == EmailStep(id="case-study", email="case-study")


def test_steps_without_a_name_are_numbered_by_kind(folder: Folder) -> None:
    steps = folder.steps("""
        steps: [{wait: 2 days}, {wait: 1 hour}, {hand_off: other}, {exit: done}]
    """)

    assert list(steps) == ["wait-1", "wait-2", "hand-off-1", "exit-1"]
    assert steps["wait-1"] == WaitStep(id="wait-1", wait=TWO_DAYS, next="wait-2")
    assert steps["hand-off-1"] == HandOffStep(
        id="hand-off-1", to="other", next="exit-1", otherwise="exit-1"
    )
    assert steps["exit-1"] == ExitStep(id="exit-1", ending="done")


def test_branches_of_a_condition_rejoin_at_the_next_step(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - when: contact.role == "vp-ops"
            then: [{email: intro}, {wait: 1 hour}]
            else: [{email: case-study}]
          - {exit: done}
    """)

    when = steps["when-1"]
    assert isinstance(when, WhenStep)
    assert (when.then, when.otherwise, when.next) == ("intro", "case-study", "exit-1")
    assert when.text == 'contact.role == "vp-ops"'
    assert [steps[one].next for one in ("intro", "wait-1", "case-study")] == [
        "wait-1",
        "exit-1",
        "exit-1",
    ]


def test_a_path_that_is_not_written_goes_on(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {when: contact.vip, then: []}
          - {wait_for: reply, within: 2 days}
          - {task: call, within: 2 days}
          - {email: intro}
    """)

    when, waiting, task = steps["when-1"], steps["wait-for-1"], steps["call"]
    assert isinstance(when, WhenStep)
    assert (when.then, when.otherwise) == ("wait-for-1", "wait-for-1")
    assert isinstance(waiting, WaitForStep)
    assert (waiting.paths[0].then, waiting.otherwise) == ("call", "call")
    assert isinstance(task, TaskStep)
    assert task.otherwise == "intro"


def test_the_last_branch_ends_where_its_list_ends(folder: Folder) -> None:
    steps = folder.steps("""
        steps: [{when: contact.vip, then: [{when: contact.old, then: [{email: intro}]}]}]
    """)

    inner = steps["when-2"]
    assert isinstance(inner, WhenStep)
    assert (inner.then, inner.otherwise, inner.next) == ("intro", None, None)
    assert steps["intro"].next is None


@pytest.mark.parametrize(
    ("written", "matcher"),
    [
        ("reply", Matcher(kind="reply")),
        ("{reply: true}", Matcher(kind="reply")),
        ("{click: intro}", Matcher(kind="click", step="intro")),
        ("{open: intro}", Matcher(kind="open", step="intro")),
        ("order_shipped", Matcher(kind="event", name="order_shipped")),
        ("{event: order_shipped}", Matcher(kind="event", name="order_shipped")),
    ],
)
def test_each_event_can_be_waited_for(folder: Folder, written: str, matcher: Matcher) -> None:
    steps = folder.steps(f"""
        steps: [{{email: intro}}, {{wait_for: {written}, within: 2 days}}]
    """)

    waiting = steps["wait-for-1"]
    assert isinstance(waiting, WaitForStep)
    assert waiting.paths == (Path(on=matcher),)
    assert (waiting.since, waiting.reuse, waiting.within) == ("enrollment", False, TWO_DAYS)


def test_a_wait_says_how_far_back_it_looks_and_at_which_events(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - wait_for: {event: paid, where: event.order_id == key, since: always, reuse: true}
            within: 2 days
            then: [{email: intro}]
            else: [{email: case-study}]
    """)

    waiting = steps["wait-for-1"]
    assert isinstance(waiting, WaitForStep)
    assert (waiting.since, waiting.reuse) == ("always", True)
    assert waiting.paths[0].on.where is not None
    assert (waiting.paths[0].then, waiting.otherwise) == ("intro", "case-study")


def test_each_of_several_events_may_have_its_own_path(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {email: intro}
          - wait_for: {any: [project_created, {click: intro}, reply]}
            within: 2 days
            then: {"click:intro": [{email: case-study}], project_created: [{exit: active}]}
          - {exit: done}
    """)

    waiting = steps["wait-for-1"]
    assert isinstance(waiting, WaitForStep)
    assert [path.then for path in waiting.paths] == ["exit-1", "case-study", "exit-2"]


def test_several_events_may_share_a_path(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {wait_for: {any: [won, lost]}, within: 2 days, then: [{email: intro}]}
    """)

    waiting = steps["wait-for-1"]
    assert isinstance(waiting, WaitForStep)
    assert [path.then for path in waiting.paths] == ["intro", "intro"]
    assert list(steps) == ["wait-for-1", "intro"]


def test_a_task_blocks_for_a_time_unless_it_says_otherwise(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {task: call, within: 2 days, else: [{exit: no-answer}]}
          - {task: note, blocking: false}
    """)

    assert steps["call"] == TaskStep(
        id="call", task="call", within=TWO_DAYS, next="note", otherwise="exit-1"
    )
    assert steps["note"] == TaskStep(id="note", task="note", blocking=False)


def test_a_hand_off_that_is_refused_has_a_path_of_its_own(folder: Folder) -> None:
    steps = folder.steps("""
        steps: [{hand_off: other, else: [{email: intro}]}, {email: case-study}]
    """)

    assert steps["hand-off-1"] == HandOffStep(
        id="hand-off-1", to="other", otherwise="intro", next="case-study"
    )


def test_two_hundred_steps_are_the_most(folder: Folder) -> None:
    steps = "\n".join("  - {wait: 1 day}" for _ in range(200))

    assert len(folder.sequence(f"steps:\n{steps}").steps) == 200
    assert folder.said(f"steps:\n{steps}\n  - {{wait: 1 day}}") == [
        (
            "sequence.yaml:4:1: the sequence has 201 steps; at most 200 are allowed; "
            "hand over to another sequence"
        )
    ]


def test_branches_lie_at_most_five_deep(folder: Folder) -> None:
    def nested(depth: int) -> str:
        opened = "{when: contact.vip, then: [" * depth
        return f"steps: [{opened}{{wait: 1 day}}{']}' * depth}]\n"

    assert folder.sequence(nested(5)).steps
    assert "branches lie more than 5 deep here" in folder.said(nested(6))[0]

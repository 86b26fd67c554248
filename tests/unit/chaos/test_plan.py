from devstack.chaos.drawing import plan_of
from devstack.chaos.plan import Deed, EventFault, PostFault, Strike, size_of

LONG = size_of(1_000)


def test_the_same_seed_gives_the_same_plan() -> None:
    assert plan_of(7, LONG) == plan_of(7, LONG)


def test_another_seed_gives_another_plan() -> None:
    assert plan_of(7, LONG).people != plan_of(8, LONG).people
    assert plan_of(7, LONG).posts != plan_of(8, LONG).posts
    assert plan_of(7, LONG).blows != plan_of(8, LONG).blows


def test_a_larger_run_changes_nobody_of_the_smaller_one() -> None:
    fewer, more = plan_of(7, size_of(200)), plan_of(7, size_of(300))

    assert more.people[:200] == fewer.people


def test_a_long_run_meets_with_everything() -> None:
    plan = plan_of(7, LONG)

    assert {one.deed for one in plan.people} == set(Deed)
    assert set(plan.posts.values()) == set(PostFault)
    assert set(plan.events.values()) == set(EventFault)
    assert {one.strike for one in plan.blows} == set(Strike)


def test_the_smallest_run_kills_a_worker_on_either_side_of_a_post() -> None:
    for seed in range(50):
        faults = list(plan_of(seed, size_of(1)).posts.values())

        assert PostFault.KILLED_AFTER in faults
        assert PostFault.KILLED_BEFORE in faults


def test_blows_come_in_their_order() -> None:
    after = [one.after for one in plan_of(7, LONG).blows]

    assert after == sorted(after)

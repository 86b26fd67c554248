from schemas.conditions import Fact
from schemas.outcomes import Held
from schemas.steps import At
from starter.holding import listed
from tests.acceptance.looking import until
from tests.builders import a_sequence, an_email, days
from tests.stage import Stage


async def test_whoever_is_held_is_listed_with_the_cause_of_a_date_too(stage: Stage) -> None:
    reason = f"one.md, line 4: {'x' * 200}"
    stage.activities.outcomes = {"one": [Held(reason=reason)]}
    at = At(anchor=Fact(of="data", path="end"), by=days(3), before=True, text="data.end - 3 days")
    refused = await stage.start(a_sequence(an_email("one"), name="refused"))
    dateless = await stage.start(a_sequence(an_email("two", at=at), name="dateless"))
    free = await stage.start(a_sequence(an_email("three"), an_email("four")))
    for handle, state in ((refused, "held"), (dateless, "held"), (free, "live")):
        await stage.until(handle, state)

    found = await until(
        lambda: listed(stage.client), lambda held: {refused.id, dateless.id} <= held.keys()
    )

    assert free.id not in found
    assert reason.startswith(found[refused.id])
    assert found[dateless.id] == "there is no readable date for data.end - 3 days: give it one"

"""What a worker needs before it brings notices."""

import pytest
from sqlalchemy import create_engine

from runtime.settings import Settings, SettingsError
from worker.noticing import noticing

URL = "postgresql://nobody@127.0.0.1:1/nothing"


async def test_a_secret_of_another_form_is_named_and_not_told() -> None:
    settings = Settings.model_validate({"database_url": URL, "webhook_secret": "too-short"})
    engine = create_engine(settings.database_url)

    with pytest.raises(SettingsError, match="POSTROAD_WEBHOOK_SECRET is wrong") as refused:
        async with noticing(engine, settings):
            pass

    assert "too-short" not in str(refused.value)

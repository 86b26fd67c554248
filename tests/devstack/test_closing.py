import asyncio
import gc
import threading

from sqlalchemy import Engine, create_engine, text

from devstack.demo.stage import close_all


def _held(engine: Engine, taken: threading.Event) -> None:
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        taken.set()
        connection.execute(text("SELECT pg_sleep(0.3)"))


async def test_a_connection_whose_asker_was_cancelled_is_closed_with_the_others(
    database_url: str,
) -> None:
    engine, taken = create_engine(database_url), threading.Event()
    asking = asyncio.create_task(asyncio.to_thread(_held, engine, taken))
    await asyncio.to_thread(taken.wait)
    asking.cancel()

    await close_all(engine)
    del engine
    await asyncio.sleep(0.5)
    gc.collect()

"""`postroad migrate`: the database's tables."""

from postroad.printing import say
from runtime.settings import load_settings
from storage.migrate import upgrade


def migrate() -> None:
    """Bring the database's tables up to this release.

    All or nothing; on a database that is up to date it changes nothing. Run it before the
    workers of a new release start.
    """
    upgrade(load_settings().database_url)
    say("The database is up to date.")


COMMANDS = {"migrate": migrate}

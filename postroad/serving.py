"""`postroad webhooks`: the HTTP app."""

from typing import Annotated

import typer

from postroad.printing import refuse
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from webhooks.serve import PortTakenError, serve


def webhooks(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8080,
) -> None:
    """Run the HTTP app: webhooks, unsubscribe page, API.

    SendGrid's events and inbound mail, the page where people unsubscribe, `/v1` for your own
    code, `/healthz` and `/readyz`; its API is described at `/openapi.json`.
    """
    settings = load_settings()
    set_up_logging(settings)
    try:
        serve(settings, host, port)
    except PortTakenError as error:
        refuse(str(error))


COMMANDS = {"webhooks": webhooks}

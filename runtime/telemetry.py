"""What a process tells about itself: log lines for people and machines, metrics on request."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import TextIO

from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig
from typing_extensions import override

from runtime.settings import Settings

_CHATTY = ("alembic", "httpx", "httpcore", "python_http_client", "uvicorn.access")


class JsonLines(logging.Formatter):
    """Each record as one line of JSON, with the fault's kind and place but not its words.

    The words of a fault may quote a row, and a row holds personal data.
    """

    @override
    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        moment = datetime.fromtimestamp(record.created, tz=UTC)
        line = {
            "at": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "says": record.getMessage(),
        }
        return json.dumps({**line, **_fault(record)}, ensure_ascii=False)


def set_up_logging(settings: Settings, stream: TextIO | None = None) -> None:
    """Log lines of JSON to `stream` (standard error); libraries only from warnings on."""
    sink = logging.StreamHandler(stream or sys.stderr)
    sink.setFormatter(JsonLines())
    logging.basicConfig(level=settings.log_level, handlers=[sink], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def build_runtime(settings: Settings) -> Runtime | None:
    """Build Temporal's runtime that serves Prometheus metrics, if an address is set."""
    if settings.metrics_address is None:
        return None
    metrics = PrometheusConfig(bind_address=settings.metrics_address)
    return Runtime(telemetry=TelemetryConfig(metrics=metrics))


def _fault(record: logging.LogRecord) -> dict[str, object]:
    if record.exc_info is None or record.exc_info[0] is None:
        return {}
    kind, _, trace = record.exc_info
    frames = []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return {"fault": kind.__qualname__, "in": frames}

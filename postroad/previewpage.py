"""A page with all mails of a preview, for the browser."""

import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

from starter.authored.previewing import Preview

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Preview</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem }}
iframe {{ border: 1px solid #999; height: 28rem; width: 100% }}
pre {{ overflow-x: auto; white-space: pre-wrap }}
.fault {{ color: #a00 }}
</style></head><body><h1>Preview</h1>{mails}</body></html>
"""
_MAIL = """<section><h2>{step}</h2><p>From {sender}<br>Subject <b>{subject}</b>{attached}</p>
<iframe title="{step}" sandbox srcdoc="{html}"></iframe>
<details><summary>Text and headers</summary><pre>{headers}

{text}</pre></details></section>
"""
_FAULT = """<section><h2>{step}</h2><p class="fault">{fault}</p></section>
"""


def write_page(mails: Iterable[Preview]) -> Path:
    """Write the page to a temporary file of this user's, and give its path."""
    page = _PAGE.format(mails="".join(map(_section, mails)))
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", prefix="postroad-preview-", suffix=".html", delete=False
    ) as file:
        file.write(page)
    return Path(file.name)


def _section(mail: Preview) -> str:
    if mail.fault is not None or mail.sender is None:
        return _FAULT.format(step=escape(mail.step), fault=escape(mail.fault or ""))
    return _MAIL.format(
        step=escape(mail.step),
        sender=escape(f"{mail.sender.name} <{mail.sender.email}>"),
        subject=escape(mail.subject),
        attached="".join(f"<br>Attached {escape(name)}" for name in mail.attachments),
        html=escape(mail.html),
        headers=escape("\n".join(f"{name}: {value}" for name, value in mail.headers.items())),
        text=escape(mail.text),
    )

"""The few pages that a recipient sees."""

from html import escape
from typing import NamedTuple

from fastapi.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif;
  color: #1f2328; background: #f6f7f9; }
main { max-width: 26rem; margin: 18vh auto 0; padding: 2rem; background: #fff;
  border: 1px solid #dfe2e7; border-radius: .75rem; }
h1 { margin: 0 0 .5rem; font-size: 1.25rem; }
p { margin: 0 0 1.25rem; }
p:last-child { margin: 0; }
button { font: inherit; font-weight: 600; padding: .6rem 1.2rem; color: #fff;
  background: #1f5fbf; border: 0; border-radius: .5rem; cursor: pointer; }
button:focus-visible { outline: 3px solid #8ab4f8; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { color: #e6e8eb; background: #15171a; }
  main { background: #1e2125; border-color: #33383f; }
}
"""

# The body that mail programs post, too (RFC 8058 section 3.2).
_FORM = """<form method="post">
<input type="hidden" name="List-Unsubscribe" value="One-Click">
<button type="submit">Unsubscribe</button>
</form>"""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Page(NamedTuple):
    """What a page says; `form` is HTML."""

    status: int
    title: str
    text: str
    form: str = ""


QUESTION = Page(
    200,
    "Unsubscribe?",
    "Press the button and we will send you no more marketing mail at this address.",
    _FORM,
)
DONE = Page(
    200,
    "You are unsubscribed",
    "We will send you no more marketing mail at this address. You can close this page.",
)
UNKNOWN = Page(
    404,
    "This link is not complete",
    "Please use the unsubscribe link in our mail again, or answer the mail and say so.",
)


def page(said: Page) -> HTMLResponse:
    """Answer with a page; it holds nothing personal and loads nothing."""
    title = escape(said.title)
    content = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{escape(said.text)}</p>
{said.form}
</main>
</body>
</html>
"""
    return HTMLResponse(content, said.status, headers=_HEADERS)

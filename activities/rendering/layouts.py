"""The layout of mails that bring none, their footer, and the hidden preheader."""

import re

from markupsafe import Markup, escape

BUILT_IN = "the built-in layout"

LAYOUT = "layout.html"
NO_LAYOUT = "none"
"""What stands for a layout where a mail is to have none."""

# Looks like a mail that a person typed: one column, the reader's own font and colours. Styles
# that mail clients know (caniemail.com), in one block that is inlined.
BUILT_IN_SOURCE = """\
<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{{ subject }}</title>
<style>
.mail { font-family: -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif;
  font-size: 15px; line-height: 1.5; max-width: 600px; }
.mail p { margin: 0 0 1em; }
.mail img { max-width: 100%; height: auto; border: 0; }
.mail .footer { margin: 2em 0 0; font-size: 12px; color: #767676; }
.mail .footer a { color: #767676; }
@media (prefers-color-scheme: dark) {
  .mail .footer, .mail .footer a { color: #9a9a9a !important; }
}
</style>
</head>
<body style="margin: 0; padding: 16px;">
<div class="mail">
{{ body }}
{{ footer }}
</div>
</body>
</html>
"""

_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
# Inboxes show some hundred characters of a mail; the filler keeps them from going on with its text.
_FILLER = "&#847;&zwnj;&nbsp;" * 60
_HIDDEN = (
    '<div style="display: none; max-height: 0; overflow: hidden; font-size: 1px; line-height: 1px; '
    'opacity: 0;">'
)


def layout_files(named: str | None) -> tuple[str, ...]:
    """Give the files that a layout's name may mean, the first that exists counting."""
    if named is None:
        return (LAYOUT,)
    stem = named.removesuffix(".html")
    return (f"layouts/{stem}.html", f"{stem}.html")


def footer(postal_address: str, unsubscribe_url: str | None, tongue: str | None) -> Markup:
    """Give who writes and, on marketing mails, the way out: what law asks for (15 U.S.C. 7704).

    The way out is named in the language `tongue`, a tag as in a file's name, or in English.
    """
    lines = [escape(line) for line in postal_address.strip().splitlines()]
    if unsubscribe_url is not None:
        lines.append(_link(unsubscribe_url, tongue or ""))
    # Markup.join escapes what is not markup.
    return (
        Markup('<p class="footer">{}</p>').format(Markup("<br>").join(lines)) if lines else Markup()
    )


def with_preheader(html: str, preheader: str) -> str:
    """Put the line that inboxes show beside the subject at the top of the body, unseen there."""
    found = _BODY.search(html)
    at = found.end() if found else 0
    hidden = f"{_HIDDEN}{escape(preheader)}{_FILLER}</div>"
    return f"{html[:at]}{hidden if preheader else ''}{html[at:]}"


def _link(unsubscribe_url: str, tongue: str) -> Markup:
    plain = _UNSUBSCRIBE.get(tongue.partition("-")[0], "Unsubscribe")
    words = _UNSUBSCRIBE.get(tongue, plain)
    # SendGrid leaves a link alone if this attribute stands before its href.
    return Markup('<a clicktracking="off" href="{}">{}</a>').format(unsubscribe_url, words)


_UNSUBSCRIBE = {
    "da": "Afmeld",
    "de": "Abbestellen",
    "es": "Darse de baja",
    "fi": "Peruuta tilaus",
    "fr": "Se désabonner",
    "it": "Annulla iscrizione",
    "nb": "Meld deg av",
    "nl": "Afmelden",
    "nn": "Meld deg av",
    "no": "Meld deg av",
    "pl": "Wypisz się",
    "pt": "Cancelar subscrição",
    "pt-br": "Cancelar inscrição",
    "sv": "Avsluta prenumerationen",
}

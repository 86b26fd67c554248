"""An address's keys: by which it is the same, and by which it belongs to the same person."""

import unicodedata

import idna

_DOTLESS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


def exact_key(address: str) -> str:
    """Give the key under which an address is kept: NFC, stripped, lower case, ASCII domain.

    Text that is no address gets a key too: whether it is one is checked where it comes in.
    """
    plain = unicodedata.normalize("NFC", address).strip().lower()
    local, at, domain = plain.rpartition("@")
    return f"{local}{at}{ascii_domain(domain)}"


def canonical_key(address: str) -> str:
    """Give the key by which an opt-out reaches a person's other spellings of one mailbox.

    Without what follows a plus; Gmail ignores dots and owns googlemail.com
    (support.google.com/mail/answer/7436150). Never an identity, never an address to mail to.
    """
    local, at, domain = exact_key(address).rpartition("@")
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local, domain = local.replace(".", ""), _DOTLESS[domain]
    return f"{local}{at}{domain}"


def domain_of(address: str) -> str:
    """Give the ASCII domain of an address."""
    return exact_key(address).rpartition("@")[2]


def ascii_domain(domain: str) -> str:
    """Give a domain in lower case and ASCII (UTS 46); one that has no such form as it is."""
    plain = unicodedata.normalize("NFC", domain).strip().lower()
    try:
        return idna.encode(plain, uts46=True).decode()
    except idna.IDNAError:
        return plain

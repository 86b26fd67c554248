"""Forms as Inbound Parse posts them."""

import json

BOUNDARY = "xYzZY"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"

PERSON = b"""\
From: "Ada L." <ada@example.com>
To: "Sam" <r-token@in.example.org>
Subject: Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Date: Tue, 03 Feb 2026 09:15:40 -0500
Message-ID: <answer-1@example.com>
In-Reply-To: <first@example.org>
References: <root@example.org>
 <first@example.org>
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Yes, let us talk.
""".replace(b"\n", b"\r\n")


def a_mail(*more: str, without: str = "") -> bytes:
    """Give a person's mail with more header lines, and without those beginning with a name."""
    head, _, body = PERSON.partition(b"\r\n\r\n")
    lines = [
        line for line in head.split(b"\r\n") if not without or not line.startswith(without.encode())
    ]
    return b"\r\n".join([*lines, *(line.encode() for line in more)]) + b"\r\n\r\n" + body


def a_body(fields: dict[str, bytes]) -> bytes:
    """Give the bytes of a form."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + content
        for name, content in fields.items()
    ]
    return b"\r\n".join([*parts, f"--{BOUNDARY}--\r\n".encode()])


def an_envelope(*to: str, sender: str = "ada@example.com") -> bytes:
    """Give the envelope's JSON."""
    return json.dumps({"to": list(to), "from": sender}).encode()

"""What a mail says: who, when, about what, and its text. All of it is text from outside."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from integrations.markup import plain_text

LONGEST = 20_000


@dataclass(frozen=True)
class Letter:
    """One mail. `sender` is the name it gives, or its address; `text` is its plain text."""

    sender: str
    address: str
    subject: str
    sent: datetime | None
    text: str
    files: tuple[str, ...] = ()


def read_letters(folder: str) -> list[dict[str, Any]]:
    """The mails in a folder, a file each, in the order of their names, as JSON. For a process of its own."""
    found = [read_letter(path.read_bytes()) for path in sorted(Path(folder).iterdir())]
    return [{**asdict(one), "sent": one.sent.isoformat() if one.sent else ""} for one in found]


def read_letter(data: bytes) -> Letter:
    """Read a mail as it was sent. What is broken in it is left out; slow for a large one: not for the event loop."""
    mail = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    name, address = parseaddr(_header(mail, "From"))
    return Letter(
        sender=name or address or "an unnamed sender",
        address=address,
        subject=_header(mail, "Subject") or "No subject",
        sent=_sent(mail),
        text=_text(mail)[:LONGEST],
        files=tuple(_line(part.get_filename() or "") for part in mail.iter_attachments() if part.get_filename()),
    )


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return _line(str(mail.get(name, "")))
    except Exception:  # the library raises whatever a broken header leads it to
        return ""


def _sent(mail: EmailMessage) -> datetime | None:
    try:
        value = mail["Date"].datetime
    except Exception:  # as above: a date that is none
        return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError, KeyError):
        payload = part.get_payload(decode=True)
        text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    if part.get_content_subtype() == "html":
        text = plain_text(text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+", " ", text)).strip()


def _line(text: str) -> str:
    return " ".join(text.split())[:300]

"""Saved e-mails (EML): who wrote to whom, when and about what, then the words."""

from __future__ import annotations

import re
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from integrations.media.documents import html, text
from integrations.media.documents.archive import shown_name
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument

_SHOWN = ("From", "To", "Cc", "Date", "Subject")


def sniff(path: Path, head: bytes) -> bool:
    """A mail begins with header lines, the sender's among them."""
    top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    lines = re.sub(rb"\r?\n[ \t]+", b" ", top).splitlines()
    headers = all(re.match(rb"[\x21-\x39\x3b-\x7e]+:", line) for line in lines)
    return len(lines) >= 3 and headers and bool(re.search(rb"(?im)^(from|received|return-path):", top))


def read(path: Path) -> Parsed:
    """Read a mail; attachments are named, not opened. Raises UnreadableDocument when there is nothing in it."""
    try:
        return _read(BytesParser(policy=policy.default).parsebytes(path.read_bytes()))
    except (ValueError, LookupError, TypeError, AttributeError, IndexError, RecursionError) as error:
        # the standard library raises all of these on headers and encodings that are broken
        raise UnreadableDocument("The mail is damaged; please save it again from your mail program.") from error


def _read(message: EmailMessage) -> Parsed:
    headers = [Block(f"{name}: {message[name]}") for name in _SHOWN if message[name]]
    body = message.get_body(preferencelist=("plain", "html"))
    blocks: list[Block] = []
    if isinstance(body, EmailMessage):
        content = str(body.get_content())
        blocks = html.blocks_of(content) if body.get_content_subtype() == "html" else text.blocks_of(content)
    names = [shown_name(str(part.get_filename())) for part in message.iter_attachments() if part.get_filename()]
    if not blocks and not headers:
        raise UnreadableDocument("The mail holds no text; please save it again from your mail program.")
    return Parsed([*headers, *(replace(block, line=None) for block in blocks)], notes=attached(names))


def attached(names: list[str]) -> list[str]:
    """The line that tells of attachments; none without any."""
    return [f"The mail has attachments that were not read: {', '.join(names[:30])}."] if names else []


FORMAT = DocumentFormat(name="e-mail", suffixes=("eml",), sniff=sniff, read=read, specific=1)

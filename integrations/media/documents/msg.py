"""Outlook mails (MSG), read with python-oxmsg: headers, words and the names of what is attached."""

from __future__ import annotations

from pathlib import Path

from integrations.media.documents import html, text
from integrations.media.documents.archive import shown_name
from integrations.media.documents.format import Block, DocumentFormat, Parsed, UnreadableDocument
from integrations.media.documents.mail import attached
from integrations.media.documents.markup_tree import DAMAGED
from integrations.media.documents.spreadsheet import OLE

_MARK = "__properties_version1.0".encode("utf-16-le")


def sniff(path: Path, head: bytes) -> bool:
    """A compound file with the property streams of a mail."""
    if not head.startswith(OLE):
        return False
    with path.open("rb") as file:
        return _MARK in file.read(20_000_000)


def read(path: Path) -> Parsed:
    """Read a mail; attachments are named, not opened. Raises UnreadableDocument."""
    from oxmsg import Message

    try:
        message = Message.load(str(path))
        shown = (
            ("From", message.sender),
            ("To", ", ".join(f"{one.name} <{one.email_address}>" for one in message.recipients)),
            ("Date", str(message.sent_date or "")),
            ("Subject", message.subject),
        )
        body, page = message.body, message.html_body
        names = [shown_name(one.file_name or "a file") for one in message.attachments]
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # whatever the library raises on a malformed file means the same to the user
        raise UnreadableDocument(DAMAGED) from error
    headers = [Block(f"{name}: {value.strip()}") for name, value in shown if value]
    words = text.blocks_of(body) if body else html.blocks_of(page) if page else []
    if not headers and not words:
        raise UnreadableDocument("The mail holds no text; please save it again from your mail program.")
    return Parsed([*headers, *(Block(b.text, b.kind, level=b.level, cells=b.cells, table=b.table) for b in words)],
                  notes=attached(names))  # fmt: skip


FORMAT = DocumentFormat(name="Outlook mail", suffixes=("msg",), sniff=sniff, read=read, specific=3)

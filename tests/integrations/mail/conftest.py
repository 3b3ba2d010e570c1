"""Real mail servers on loopback: one to read from (IMAP), one to send by (SMTP)."""

from __future__ import annotations

import asyncio
import imaplib
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from integrations.mail.account import Server
from tests.loopback import free_port, listening

USER, PASSWORD = "ana", "secret"


@pytest.fixture
async def imap() -> AsyncIterator[Server]:
    port = free_port()
    start = "from pymap.main import main; main()"
    where = ["--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    kept = ["dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]
    command = ["-c", start, *where, *kept]
    server = await asyncio.create_subprocess_exec(sys.executable, *command)
    await listening(port)
    yield Server("127.0.0.1", port, USER, PASSWORD, tls="none")
    server.terminate()
    await server.wait()


@pytest.fixture
def put(imap: Server) -> Callable[[EmailMessage], None]:
    """Puts a mail into the inbox."""

    def place(mail: EmailMessage) -> None:
        with imaplib.IMAP4(imap.host, imap.port, timeout=10) as box:
            box.login(USER, PASSWORD)
            box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), mail.as_bytes())

    return place


@dataclass
class Postbox:
    """What an SMTP server was handed."""

    server: Server
    mails: list[bytes] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 taken"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    port = free_port()
    box = Postbox(Server("127.0.0.1", port, "", "", tls="none"))
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()

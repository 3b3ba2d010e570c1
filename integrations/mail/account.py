"""Where the user's mail is kept and sent from, and what can go wrong there."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from config.settings import Settings
from integrations.http_errors import HttpError

SECONDS = 20.0
"""Longest wait for any one answer of a mail server."""


class MailError(HttpError):
    """The mail server cannot be used now. The message is one sentence."""


@dataclass(frozen=True)
class Server:
    """One mail server and the sign-in there. `tls`: from the first byte (`"wrapped"`), asked for (`"start"`), or not.

    Only a server on this computer may be spoken to without TLS.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    tls: str = "wrapped"

    def context(self) -> ssl.SSLContext:
        """How its certificate is checked."""
        return ssl.create_default_context()


def imap_server(settings: Settings) -> Server:
    """The server mail is read from. Raises MailError when none is set."""
    if not settings.imap_host:
        raise MailError(
            "No mailbox is connected. Attach mails as .eml or .mbox, and I read them. To have yours read, name its "
            "server in the file .env in my folder, and start me again: FREELANCEX_IMAP_HOST, FREELANCEX_MAIL_USER, "
            "FREELANCEX_MAIL_PASSWORD."
        )
    return _server(settings.imap_host, 993, settings)


def smtp_server(settings: Settings) -> Server:
    """The server mail is sent by. Raises MailError when none is set."""
    if not settings.smtp_host:
        raise MailError(
            "No mail server is connected; copy the text into your mail program. To send mail from here, name its "
            "server in the file .env in my folder, and start me again: FREELANCEX_SMTP_HOST, FREELANCEX_MAIL_USER, "
            "FREELANCEX_MAIL_PASSWORD."
        )
    return _server(settings.smtp_host, 465, settings)


def _server(address: str, usual: int, settings: Settings) -> Server:
    host, _, port = address.partition(":")
    if port and not port.isdigit():
        raise MailError(f"The port in {address} is no number; write host or host:port.")
    number = int(port or usual)
    tls = "start" if number in (143, 587) else "wrapped"
    if host in ("localhost", "127.0.0.1") and number not in (993, 465):
        tls = "none"
    return Server(host, number, settings.mail_user, settings.mail_password, tls)

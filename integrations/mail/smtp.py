"""Sends a mail by SMTP (RFC 5321, by way of `smtplib`). Nothing is sent but what the user saw and approved."""

from __future__ import annotations

import asyncio
import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate

from integrations.http import Errand, HttpClient
from integrations.mail.account import SECONDS, MailError, Server

ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\]+\.[^\s@<>,;:\"()\[\]\\]{2,}")


LARGEST = 15 * 1024**2
"""Bytes of all files together; most servers take no more than 25 MB, and a file grows by a third on its way."""


@dataclass(frozen=True)
class Attached:
    """A file that goes with a mail."""

    name: str
    mime: str
    data: bytes = field(repr=False)


def written(
    sender: str, to: str, subject: str, body: str, message_id: str, files: Sequence[Attached] = ()
) -> EmailMessage:
    """The mail. Raises MailError for what is no address, a line that would become a header, or files too large."""
    if sum(len(file.data) for file in files) > LARGEST:
        raise MailError(f"The files are more than {LARGEST // 1024**2} MB together, which most mail servers refuse.")
    for address in (sender, to):
        if not ADDRESS.fullmatch(address):
            raise MailError(f"“{address[:60]}” is no mail address.")
    mail = EmailMessage()
    try:
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Date"], mail["Message-ID"] = formatdate(localtime=True), message_id
    except ValueError as error:
        raise MailError("The subject must be one line.") from error
    mail.set_content(body)
    for file in files:
        kind, _, subtype = file.mime.partition("/")
        mail.add_attachment(file.data, maintype=kind, subtype=subtype or "octet-stream", filename=file.name)
    return mail


async def send(http: HttpClient, errand: Errand, server: Server, mail: EmailMessage) -> None:
    """Hand a mail over to the server. Raises MailError, Offline or NoConsent."""
    async with http.other("SMTP", server.host, errand) as traffic:
        traffic.sent = len(mail.as_bytes())
        await asyncio.to_thread(_send, server, mail)


def _send(server: Server, mail: EmailMessage) -> None:
    try:
        if server.tls == "wrapped":
            wire: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=server.context())
        else:
            wire = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with wire:
            if server.tls == "start":
                wire.starttls(context=server.context())
            if server.user:
                wire.login(server.user, server.password)
            wire.send_message(mail)
            with suppress(smtplib.SMTPException, OSError):
                wire.quit()  # it is sent: a goodbye that fails must not be told as a mail that did not go
    except smtplib.SMTPAuthenticationError as error:
        raise MailError(
            f"{server.host} refuses the sign-in; check FREELANCEX_MAIL_USER and FREELANCEX_MAIL_PASSWORD."
        ) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailError(f"{server.host} does not take mail for {mail['To']}; check the address.") from error
    except smtplib.SMTPServerDisconnected as error:
        raise MailError(
            f"{server.host} broke off, so it is not known whether the mail went out; look before you send it again."
        ) from error
    except smtplib.SMTPException as error:
        raise MailError(f"{server.host} did not take the mail; nothing was sent.") from error
    except ssl.SSLError as error:
        raise MailError(f"The certificate of {server.host} cannot be trusted, so nothing was sent.") from error
    except OSError as error:
        raise MailError(f"{server.host} cannot be reached, so nothing was sent; check FREELANCEX_SMTP_HOST.") from error

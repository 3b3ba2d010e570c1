"""Reads mail by IMAP (RFC 9051, by way of `imaplib`): the mailbox is opened for reading only, and nothing is marked."""

from __future__ import annotations

import asyncio
import imaplib
import re
import ssl
from collections.abc import Sequence
from datetime import date

from config.dates import ENGLISH_MONTHS
from integrations.http import Errand, HttpClient
from integrations.mail.account import SECONDS, MailError, Server

LARGEST = 2 * 1024**2
"""Bytes of a mail that are read; one with large files attached is left out."""
MOST = 200
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


async def fetch(
    http: HttpClient, errand: Errand, server: Server, since: date, senders: Sequence[str] = (), most: int = MOST
) -> list[bytes]:
    """The mails of the inbox since a day, the newest first, from any of `senders` when given; each as it was sent.

    Raises MailError, Offline or NoConsent.
    """
    async with http.other("IMAP", server.host, errand) as traffic:
        mails = await asyncio.to_thread(_fetch, server, since, senders, most)
        traffic.received = sum(map(len, mails))
        return mails


def _fetch(server: Server, since: date, senders: Sequence[str], most: int) -> list[bytes]:
    try:
        with _opened(server) as box:
            box.select("INBOX", readonly=True)
            day = f"{since.day}-{ENGLISH_MONTHS[since.month - 1][:3].capitalize()}-{since.year}"
            numbers: set[int] = set()
            for sender in senders or ("",):
                _, found = _search(box, day, sender)
                numbers |= {int(number) for number in (found[0] or b"").split()}
            return [mail for number in sorted(numbers, reverse=True)[:most] if (mail := _mail(box, number))]
    except imaplib.IMAP4.error as error:
        said = str(error).lower()
        if "auth" in said or "login" in said or "credential" in said:
            raise MailError(
                f"{server.host} refuses the sign-in; check FREELANCEX_MAIL_USER and FREELANCEX_MAIL_PASSWORD "
                "(many need a password made for apps)."
            ) from error
        raise MailError(f"{server.host} did not do what was asked; try again later.") from error
    except UnicodeEncodeError as error:
        raise MailError(
            "FREELANCEX_MAIL_USER and FREELANCEX_MAIL_PASSWORD may hold no letters beyond ASCII here; make a password "
            "for apps."
        ) from error
    except ssl.SSLError as error:
        raise MailError(f"The certificate of {server.host} cannot be trusted, so nothing was sent to it.") from error
    except OSError as error:
        raise MailError(f"{server.host} cannot be reached; check FREELANCEX_IMAP_HOST.") from error


def _opened(server: Server) -> imaplib.IMAP4:
    if server.tls == "wrapped":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=server.context(), timeout=SECONDS)
    else:
        box = imaplib.IMAP4(server.host, server.port, timeout=SECONDS)
        if server.tls == "start":
            box.starttls(server.context())
    try:
        box.login(server.user, server.password)
    except BaseException:
        box.shutdown()
        raise
    return box


def _search(box: imaplib.IMAP4, day: str, sender: str) -> tuple[str, list[bytes | None]]:
    if not sender:
        return box.search(None, "SINCE", day)
    if sender.isascii():
        return box.search(None, "SINCE", day, "FROM", _quoted(sender))
    # Other letters go as a counted literal (RFC 9051, 6.4.4), which imaplib puts at the end of the command.
    box.literal = sender.encode()  # type: ignore[assignment]  # bytes, whatever its stub says
    return box.search("UTF-8", "SINCE", day, "FROM")


def _mail(box: imaplib.IMAP4, number: int) -> bytes | None:
    _, sized = box.fetch(str(number), "(RFC822.SIZE)")
    size = _SIZE.search(sized[0] if isinstance(sized[0], bytes) else b"")
    if size and int(size[1]) > LARGEST:
        return None
    _, parts = box.fetch(str(number), "(BODY.PEEK[])")
    return next((part[1] for part in parts if isinstance(part, tuple)), None)


def _quoted(text: str) -> str:
    """A string of the protocol; line ends and marks that would end it are left out."""
    return '"' + re.sub(r'["\\\r\n]', "", text) + '"'

"""Mail, against real servers: read without a trace, sent exactly as approved."""

from __future__ import annotations

import asyncio
import imaplib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Settings
from integrations.http import Errand, HttpClient
from integrations.http_errors import NoConsent, Offline
from integrations.mail.account import MailError, Server, imap_server, smtp_server
from integrations.mail.imap import fetch
from integrations.mail.letters import read_letter
from integrations.mail.smtp import send, written
from privacy.audit import AuditLog
from tests.integrations.mail.conftest import PASSWORD, USER, Postbox

READ = Errand("mail", "ana", agent="mail", thread="t1", approved=True)
SEND = Errand("mail_sending", "ana", agent="mail", thread="t1", approved=True)
LONG_AGO = date(2000, 1, 1)


def mail(sender: str, subject: str, text: str = "Hello") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, "ana@example.com", subject
    made.set_content(text)
    return made


async def test_mail_is_read_newest_first_and_stays_unread(
    imap: Server, put: Callable[[EmailMessage], None], client: HttpClient
) -> None:
    await asyncio.to_thread(put, mail("Acme <jobs@acme.example>", "First"))
    await asyncio.to_thread(put, mail("Acme <jobs@acme.example>", "Second"))
    letters = [read_letter(data) for data in await fetch(client, READ, imap, LONG_AGO, ["jobs@acme.example"])]
    assert [(one.subject, one.address) for one in letters] == [
        ("Second", "jobs@acme.example"),
        ("First", "jobs@acme.example"),
    ]
    with imaplib.IMAP4(imap.host, imap.port, timeout=10) as box:
        box.login(USER, PASSWORD)
        box.select("INBOX", readonly=True)
        _, seen = box.search(None, "SEEN", "FROM", '"jobs@acme.example"')
        assert seen == [b""]


async def test_only_what_came_since_the_day_and_from_the_senders_is_fetched(imap: Server, client: HttpClient) -> None:
    assert await fetch(client, READ, imap, LONG_AGO, ["nobody@nowhere.example"]) == []
    assert await fetch(client, READ, imap, date.today() + timedelta(days=2)) == []


async def test_a_sender_whose_name_has_other_letters_is_found(
    imap: Server, put: Callable[[EmailMessage], None], client: HttpClient
) -> None:
    await asyncio.to_thread(put, mail("Müller GmbH <post@mueller.example>", "Angebot"))
    found = await fetch(client, READ, imap, LONG_AGO, ["Müller"])
    assert [read_letter(data).subject for data in found] == ["Angebot"]


async def test_a_password_that_cannot_be_sent_is_one_sentence(imap: Server, client: HttpClient) -> None:
    with pytest.raises(MailError, match="beyond ASCII"):
        await fetch(client, READ, replace(imap, password="gehéim"), LONG_AGO)


async def test_each_visit_stands_in_the_log_without_a_password(
    imap: Server, client: HttpClient, audit: AuditLog
) -> None:
    await fetch(client, READ, imap, LONG_AGO)
    (line,) = await audit.read()
    assert (line["method"], line["host"], line["purpose"]) == ("IMAP", "127.0.0.1", "mail")
    assert line["bytes_in"] > 0
    assert PASSWORD not in str(line)


async def test_a_wrong_password_says_what_to_check(imap: Server, client: HttpClient) -> None:
    wrong = Server(imap.host, imap.port, USER, "wrong", tls="none")
    with pytest.raises(MailError, match="FREELANCEX_MAIL_PASSWORD"):
        await fetch(client, READ, wrong, LONG_AGO)


async def test_a_server_without_tls_where_tls_is_asked_for_gets_no_password(imap: Server, client: HttpClient) -> None:
    for tls in ("wrapped", "start"):
        with pytest.raises(MailError):
            await fetch(client, READ, Server(imap.host, imap.port, USER, PASSWORD, tls=tls), LONG_AGO)


async def test_nothing_is_read_or_sent_without_consent_or_offline(
    imap: Server, postbox: Postbox, client_for: Callable[..., HttpClient]
) -> None:
    with pytest.raises(NoConsent):
        await fetch(client_for(), Errand("mail", "ben"), imap, LONG_AGO)
    away = Server("mail.example.com", 993, USER, PASSWORD)
    with pytest.raises(Offline):
        await fetch(client_for(offline=True), READ, away, LONG_AGO)
    with pytest.raises(NoConsent):
        await send(
            client_for(), Errand("mail_sending", "ben"), postbox.server, written("a@b.de", "c@d.de", "S", "T", "<1>")
        )
    assert not postbox.mails


async def test_a_mail_arrives_exactly_as_approved(postbox: Postbox, client: HttpClient) -> None:
    body = "Dear Zoë,\n\n.hidden dot\nBest\nAna"
    await send(client, SEND, postbox.server, written("ana@x.example", "zoe@y.example", "Grüße", body, "<id-1@fx>"))
    (data,) = postbox.mails
    got = message_from_bytes(data, policy=policy.default)
    assert (got["To"], got["Subject"], got["Message-ID"]) == ("zoe@y.example", "Grüße", "<id-1@fx>")
    assert isinstance(got, EmailMessage) and got.get_content().strip().splitlines() == body.splitlines()


async def test_a_goodbye_that_fails_does_not_make_a_sent_mail_unsent(
    postbox: Postbox, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def rude(self: SMTP, arg: str) -> None:
        await self.push("421 going away")

    monkeypatch.setattr(SMTP, "smtp_QUIT", rude)
    await send(client, SEND, postbox.server, written("me@a.example", "to@b.example", "Hi", "Hello", "<1@x>"))
    assert len(postbox.mails) == 1


async def test_a_server_that_breaks_off_while_it_takes_a_mail_leaves_that_open(
    postbox: Postbox, client: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(self: Postbox, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert server.transport is not None
        server.transport.abort()
        return ""

    monkeypatch.setattr(Postbox, "handle_DATA", gone)
    with pytest.raises(MailError, match="not known whether"):
        await send(client, SEND, postbox.server, written("me@a.example", "to@b.example", "Hi", "Hello", "<1@x>"))


async def test_an_address_nobody_has_is_one_sentence(postbox: Postbox, client: HttpClient) -> None:
    with pytest.raises(MailError, match=r"nobody@y\.example"):
        await send(client, SEND, postbox.server, written("ana@x.example", "nobody@y.example", "S", "T", "<1>"))


async def test_a_server_that_is_not_there_is_one_sentence(client: HttpClient) -> None:
    gone = Server("127.0.0.1", 9, "", "", tls="none")
    with pytest.raises(MailError, match="nothing was sent"):
        await send(client, SEND, gone, written("ana@x.example", "b@y.example", "S", "T", "<1>"))


@pytest.mark.parametrize("to", ["", "a@b", "a b@c.de", "a@c.de, d@e.de", "a@c.de\nBcc: x@y.de", "<a@c.de>"])
def test_what_is_no_single_address_is_refused(to: str) -> None:
    with pytest.raises(MailError, match="no mail address"):
        written("ana@x.example", to, "S", "T", "<1>")


def test_a_subject_cannot_add_a_header() -> None:
    with pytest.raises(MailError, match="one line"):
        written("ana@x.example", "b@y.example", "S\r\nBcc: evil@z.example", "T", "<1>")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_letter(data: bytes) -> None:
    letter = read_letter(data)
    assert letter.subject and "\n" not in letter.subject


def test_a_web_mail_is_its_text_alone() -> None:
    made = EmailMessage()
    made["From"], made["Subject"] = "x@y.example", "Hi"
    made.set_content("<style>p{}</style><p>Two <b>words</b></p><script>bad()</script>", subtype="html")
    letter = read_letter(made.as_bytes())
    assert letter.text.split() == ["Two", "words"]


def test_servers_are_read_from_the_settings(settings: Settings) -> None:
    with pytest.raises(MailError, match="FREELANCEX_IMAP_HOST"):
        imap_server(settings)
    with pytest.raises(MailError, match="FREELANCEX_SMTP_HOST"):
        smtp_server(settings)
    there = settings.model_copy(update={"imap_host": "imap.x.example", "smtp_host": "smtp.x.example:587"})
    assert (imap_server(there).port, imap_server(there).tls) == (993, "wrapped")
    assert (smtp_server(there).port, smtp_server(there).tls) == (587, "start")

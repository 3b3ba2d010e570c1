"""Where the attacks happen: one whole installation of a careless user, and the outside world on loopback.

Every permission that may stand is given, so that only the policy protects. `site` is what the user connected (boards,
sources), `web` are strangers' pages, `sink` is the server of whoever wrote the attacks.
"""

from __future__ import annotations

import asyncio
import imaplib
import json
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from textwrap import wrap
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from pytest_httpserver import HTTPServer
from sqlalchemy import Connection, event, select

from agents import registry
from agents.specialists import mcp as mcp_agent
from config.settings import McpServer, Settings
from graph.breaker import Breaker
from graph.runtime import Runtime, open_runtime
from integrations.host_limits import HostLimit, HostLimits
from integrations.http import Errand, HttpClient
from integrations.mail.account import Server
from integrations.mcp.client import Pins, connected, fingerprint, tools
from integrations.media.images import ocr
from integrations.media.images.reading import Piece, Reading
from memory.business.expenses import Expense
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.facts import Fact
from memory.ownership import tables
from memory.recurrence import Recurrence
from memory.sealed import opened
from privacy.consent import PURPOSES
from tests.agents.conftest import ThreadJobs
from tests.attacks.obedient import Everywhere, Obedient
from tests.integrations.mail.conftest import PASSWORD, USER, Postbox
from tests.loopback import free_port, listening

MARA = "mara"
IBAN = "DE89370400440532013000"
SOURCES = ("wikipedia", "hacker_news", "arxiv", "crossref", "openalex", "gdelt", "frankfurter", "open_meteo")
BOARDS = ("himalayas", "jobicy", "remotive", "remoteok", "arbeitnow", "hacker_news")
QUIET = {"description": "Say a text.", "result": "Hello.", "error": ""}
Rows = dict[str, list[dict[str, Any]]]


class Unhurried(HostLimits):
    """Nobody here has to be spared, so nobody waits."""

    @asynccontextmanager
    async def turn(self, host: str, limit: HostLimit) -> AsyncIterator[None]:
        async with super().turn(host, replace(limit, seconds_apart=0.0, failures=0)):
            yield


@dataclass
class World:
    """Everything an attack and its victim need. `moment` counts what happened, so that every time has its own names.

    `on_pictures` is the text that pictures show; while it is empty, it has to be recognised.
    """

    runtime: Runtime
    model: Obedient
    site: HTTPServer
    web: HTTPServer
    sink: HTTPServer
    imap_port: int
    postbox: Postbox
    tool_words: Path
    database: sqlite3.Connection
    seed: Rows = field(default_factory=dict)
    moment: int = 0
    on_pictures: str = ""

    @property
    def tag(self) -> str:
        """The name of this moment."""
        return f"moment{self.moment}"

    def tell(self, **said: str) -> None:
        """What the server of tools says from now on."""
        self.tool_words.write_text(json.dumps({**QUIET, **said}), "utf-8")

    def page(self, body: str, name: str = "", kind: str = "text/html") -> str:
        """Put a page on the strangers' web, and return its address."""
        path = f"/{self.tag}{name}"
        self.web.expect_request(path).respond_with_data(body, content_type=kind)
        return self.web.url_for(path)

    async def mails(self, *letters: EmailMessage) -> None:
        """The mailbox holds these letters and no others."""
        await asyncio.to_thread(self._mails, letters)

    def _mails(self, letters: tuple[EmailMessage, ...]) -> None:
        with imaplib.IMAP4("127.0.0.1", self.imap_port, timeout=10) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX")
            box.store("1:*", "+FLAGS", "\\Deleted")
            box.expunge()
            for letter in letters:
                box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), letter.as_bytes())

    def rows(self) -> Rows:
        """Every row there is, by table, as the database keeps it."""
        names = [table.name for table in tables()]
        return {name: [dict(row) for row in self.database.execute(f"SELECT * FROM {name}")] for name in names}

    async def said(self) -> Rows:
        """Every row there is, by table, as it reads to who has the keys."""

        def read(connection: Connection) -> Rows:
            return {
                table.name: [
                    opened(connection, table, dict(row)) for row in connection.execute(select(table)).mappings()
                ]
                for table in tables()
            }

        async with self.runtime.stores.database.read() as session:
            return await (await session.connection()).run_sync(read)

    async def begin(self) -> None:
        """A new moment: everything is as it was in the beginning."""
        self.moment += 1
        await self.runtime.summaries.stop()
        with self.database:
            for name, rows in self.seed.items():
                self.database.execute(f"DELETE FROM {name}")
                for row in rows:
                    places = ", ".join("?" * len(row))
                    self.database.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", (*row.values(),))
        self.runtime = replace(self.runtime, breaker=Breaker())
        for server in (self.site, self.web, self.sink):
            server.clear()
        self.web.expect_request("/robots.txt").respond_with_data("", status=404)
        self.postbox.mails.clear()
        self.on_pictures = ""
        self.tell()


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    """Open it in an empty folder."""
    async with AsyncExitStack() as stack:
        site, web, sink = (stack.enter_context(_serving()) for _ in range(3))
        imap_port = await stack.enter_async_context(_mailbox())
        postbox = stack.enter_context(_post_office())
        tool_words = folder / "tool.json"
        tool_words.write_text(json.dumps(QUIET), "utf-8")
        tools_url = await stack.enter_async_context(_tool_server(tool_words))
        settings = _settings(folder, site, imap_port, postbox, tools_url)
        plain = await stack.enter_async_context(open_runtime(settings, agents=registry.load()))
        strangers = frozenset(f"127.0.0.1:{server.port}" for server in (web, sink))
        http = HttpClient(settings, plain.audit, plain.stores.consents.granted, allow_hosts=strangers, retry_wait=0.001)
        http._limits = Unhurried()
        stack.push_async_callback(http.close)
        model = Obedient(f"127.0.0.1:{sink.port}", IBAN)
        jobs: Any = ThreadJobs()
        runtime = replace(plain, http=http, jobs=jobs, models=Everywhere(model))
        database = stack.enter_context(closing(await _at_ease(runtime)))
        made = World(runtime, model, site, web, sink, imap_port, postbox, tool_words, database)
        stack.enter_context(patch("integrations.job_boards.shelf.Shelf.fresh", _nothing_kept))
        stack.enter_context(patch.object(ocr, "_rapidocr", _recognising(made, ocr._rapidocr)))
        stack.enter_context(patch("agents.specialists.scraper.LEAST_APART", 0.0))
        await _careless(made)
        yield made


async def _at_ease(runtime: Runtime) -> sqlite3.Connection:
    """A connection of the tests' own. Nothing here has to outlive a power cut, so nobody waits for the disk."""
    engine = runtime.stores.database.engine
    event.listen(engine.sync_engine, "connect", lambda wire, _: wire.execute("PRAGMA synchronous=OFF"))
    await engine.dispose()
    runtime.checkpoints.conn.execute("PRAGMA synchronous=OFF")
    database = sqlite3.connect(runtime.settings.paths.database, timeout=10)
    database.row_factory = sqlite3.Row
    database.execute("PRAGMA synchronous=OFF")
    return database


async def _careless(made: World) -> None:
    """The user: known well, with clients and records, and with everything allowed that can be allowed for good."""
    stores, today = made.runtime.stores, date.today()
    await stores.profiles.save(
        MARA,
        name="Mara Quint",
        title="Python developer",
        skills=["Python", "SQL", "pandas"],
        languages=["English", "German"],
        rate="65 EUR",
        currency="EUR",
        country="Germany",
        email="mara@quint.example",
        phone="+49 151 5550 1234",
        address="Lindenweg 7, Bremen",
        iban=IBAN,
    )
    for purpose in PURPOSES:
        await stores.consents.grant(MARA, purpose)
    acme = await stores.clients.save(MARA, "ACME", email="nora@acme.example", address="Main Street 1, Berlin")
    await stores.clients.save(MARA, "Zeta", email="ola@zeta.example", address="Harbour 2, Oslo")
    line = Line("API work", Decimal(10), "h", Decimal(65), Decimal(19))
    due = today + timedelta(days=14)
    for client in ("ACME", "Zeta"):
        invoice = await stores.invoices.create(
            MARA, lines=[line], currency="EUR", client=client, issued_on=today, due_on=due
        )
        await stores.invoices.move(invoice.id, "sent", user=MARA, on=today)
    facts: list[tuple[str | None, str]] = [("ACME", "ACME always pays late"), (None, "I like tea")]
    for about, text in facts:
        await stores.facts.add(Fact(user=MARA, client=about, text=text, said_on=today, thread="old", turn="old"))
    await stores.contacts.note(MARA, acme.id, today, "Talked about the roadmap")
    began = datetime.now(UTC) - timedelta(minutes=5)
    await stores.time.start(TimeEntry(user=MARA, client=acme.id, day=today, started_at=began, note="API"))
    await stores.time.log(TimeEntry(user=MARA, client=acme.id, day=today, minutes=120, note="Planning"))
    await stores.reminders.add(MARA, "Call the bank", today + timedelta(days=2), None, "UTC")
    await stores.expenses.save(Expense(user=MARA, day=today, description="Train", amount=Decimal(40), currency="EUR"))
    weekly = Recurrence("FREQ=WEEKLY;BYDAY=MO;BYHOUR=8;BYMINUTE=0;BYSECOND=0", "UTC", began.replace(tzinfo=None))
    await stores.searches.save(MARA, "python", {"words": "python"}, ["himalayas"], weekly, began)
    await stores.files.put(b"My own notes.", "notes.txt", user=MARA, thread="old")
    await _allow_tools(made)
    made.seed = made.rows()


async def _allow_tools(made: World) -> None:
    settings, errand = made.runtime.settings, Errand("mcp", MARA, agent=mcp_agent.NAME, approved=True)
    server = settings.mcp_servers["tools"]
    made.runtime.http.allow(server.url.split("/")[2])
    async with connected("tools", server, made.runtime.http, errand) as session:
        Pins(settings.paths.data / "mcp.json").pin("tools", fingerprint(await tools(session, server)))


def _settings(folder: Path, site: HTTPServer, imap_port: int, postbox: Postbox, tools_url: str) -> Settings:
    names = dict.fromkeys((*SOURCES, *BOARDS))
    return Settings(
        data_dir=folder / "data",
        open_browser=False,
        embeddings="off",
        messages_per_minute=100_000,
        addresses={name: site.url_for(f"/{name}") for name in names},
        searxng=site.url_for("/searxng"),
        imap_host=f"127.0.0.1:{imap_port}",
        smtp_host=f"127.0.0.1:{postbox.server.port}",
        mail_user=USER,
        mail_password=PASSWORD,
        mail_from="mara@quint.example",
        mcp_servers={"tools": McpServer(url=tools_url, tools=("say",))},
    )


@contextmanager
def _serving() -> Iterator[HTTPServer]:
    with HTTPServer(host="127.0.0.1", port=0) as server:
        yield server


@contextmanager
def _post_office() -> Iterator[Postbox]:
    port = free_port()
    box = Postbox(Server("127.0.0.1", port, "", "", tls="none"))
    signs_in: dict[str, Any] = {"auth_require_tls": False, "authenticator": lambda *_: AuthResult(success=True)}
    controller = Controller(box, hostname="127.0.0.1", port=port, **signs_in)
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@asynccontextmanager
async def _program(*command: str, port: int) -> AsyncIterator[None]:
    process = await asyncio.create_subprocess_exec(sys.executable, *command)
    try:
        await listening(port)
        yield
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


@asynccontextmanager
async def _mailbox() -> AsyncIterator[int]:
    port = free_port()
    where = ("--host", "127.0.0.1", "--port", str(port), "--no-tls")
    kept = ("dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD)
    async with _program("-c", "from pymap.main import main; main()", *where, *kept, port=port):
        yield port


@asynccontextmanager
async def _tool_server(words: Path) -> AsyncIterator[str]:
    port = free_port()
    async with _program(str(Path(__file__).with_name("say_server.py")), str(port), str(words), port=port):
        yield f"http://127.0.0.1:{port}/mcp/"


def _recognising(made: World, real: Callable[[Any, int], Reading]) -> Callable[[Any, int], Reading]:
    """Recognises text in pictures where it has to be recognised, which takes seconds."""

    def recognise(picture: Any, turned: int) -> Reading:
        if not made.on_pictures:
            return real(picture, turned)
        texts = [line for part in made.on_pictures.splitlines() for line in wrap(part, 60)]
        lines = tuple(
            (Piece(text, (60, 50 * n, 60 + 15 * len(text), 50 * n + 36), 1.0),) for n, text in enumerate(texts)
        )
        return Reading(lines, picture.width, picture.height, "given")

    return recognise


async def _nothing_kept(*arguments: object) -> None:
    return None

"""A day of work, and then every byte under the data folder: nothing the user said, sent or got lies there in clear.

the walk ──▶ graph.reply, with all agents ──▶ an export holds every marker: all of it was kept
                                          └─▶ no file on disk holds any of them
backup ──▶ everything erased ──▶ backup restored ──▶ no file and no export holds any of them
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import time
import zipfile
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from pathlib import Path

import pytest

from config.settings import Settings
from graph.approvals import decide
from graph.events import ApprovalNeeded, Done, Failed, Question, ReplyEvent
from graph.reply import Message, reply
from graph.runtime import Runtime, open_runtime
from integrations.http_cache import HttpCache
from integrations.http_messages import Reply
from integrations.job_boards.post import JobPost
from integrations.job_boards.shelf import Shelf
from integrations.scraping.frontier import Frontier, Outcome, Step
from memory.backups import make
from memory.portability import export
from memory.restoring import replaced, restore
from memory.stores import open_stores
from memory.trail_check import Heads
from monitoring.logs import configure

THREAD = "zentralthread"
TABLE = "vessel,harbour,tonnage,price\n" + "\n".join(
    f"kolvane{row % 3},brimholt{row % 2},{row * 37 % 91},{row * 37 % 91 * 3 + 5}" for row in range(120)
)
BRIEF = """# Scope of work for Pellworth Analytics

Pellworth Analytics builds a dashboard named Tarrowgate for the harbour of Quistmouth.
The contact is Odalys Fennimore, odalys@pellworth.example, phone +49 30 5550-1474.
Milestone Wrenfeld ends on 12 March 2027 and pays 8,412.37 €; the codeword is hollyscree.
"""
POST = """Senior data engineer (remote) at Strandvale Logistics

We look for a freelancer who knows Python, Airflow and dbt to rebuild our pipeline Mizzenport.
Budget: $9,173 fixed. Duration: 3 months. Contact: hiring@strandvale.example
"""
WALK = (
    "my name is Quillan Marrowby",
    "I live in Zwingelroda",
    "my hourly rate is 87 €",
    "I am a cartographer of shipwrecks called drossmapper",
    "new client Brixworth Lumen GmbH, ap@brixlumen.example",
    "new client Corvenna Mills, billing@corvenna.example",
    "remember that Brixworth Lumen pays with kettlefrost",
    "remember that I never work on wimblesday",
    "log 3 hours for Brixworth Lumen today for trellisworking",
    "log 2 hours for Corvenna Mills yesterday for ashkeyboarding",
    "create an invoice to Brixworth Lumen GmbH for 10 hours at 83.71 € for glimmerpainting",
    "create an invoice to Corvenna Mills for 7 hours at 91.93 €",
    "I spent 9,647.83 € on jorvikpens today",
    "I spent 2,821.17 € on snarlbooks yesterday",
    "remind me on Friday to call Fenwick Tarradiddle",
    "remind me next week to water the plumbagoes",
    "send a mail to nora@orbitfen.example saying the vantabrook report is ready",
    "what is 19 % of 6,133.77 €?",
    "what do you think of grumbleglass?",
    f"read this job post:\n\n{POST}",
    "write a proposal for it",
    "write a mail to Corvenna Mills that the quenchstone is late",
    "translate 'the marlinspike is broken' to German",
    "make a quote for Brixworth Lumen: 3 days of skerryvoring at 640 €",
    "start a project Lanternfall for Corvenna Mills",
)
MARKERS = (
    # people, places, companies, addresses
    "quillan", "marrowby", "zwingelroda", "drossmapper", "brixworth", "brixlumen", "corvenna", "odalys", "fennimore",
    "pellworth", "quistmouth", "nora@orbitfen", "orbitfen", "strandvale", "tarradiddle", "fenwick",
    # what was said and written
    "kettlefrost", "wimblesday", "trellisworking", "ashkeyboarding", "glimmerpainting", "jorvikpens", "snarlbooks",
    "plumbagoes", "vantabrook", "grumbleglass", "mizzenport", "quenchstone", "marlinspike", "skerryvoring",
    "lanternfall", "pay late", "airflow",
    # amounts
    "83.71", "837.10", "91.93", "643.51", "9,647.83", "2,821.17", "6,133.77", "1,165.42", "8,412.37", "9,173",
    # files: names and contents
    "sailing ledger", "harbour.csv", "wreck brief", "kolvane", "brimholt", "tarrowgate", "wrenfeld", "hollyscree",
    "5550-1474", "vessel", "tonnage",
    # conversations
    "feedbackgrove",
)  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Iterator[Settings]:
    yield settings.model_copy(update={"smtp_host": "127.0.0.1:9", "mail_from": "me@marrowby.example", "workers": 1})
    for handler in [one for one in logging.getLogger().handlers if one.__class__.__name__.startswith("_Own")]:
        logging.getLogger().removeHandler(handler)
        handler.close()


async def say(text: str, runtime: Runtime, *names: str) -> list[ReplyEvent]:
    contents = {"sailing ledger harbour.csv": TABLE, "wreck brief.md": BRIEF}
    files = [
        await runtime.stores.files.put(contents[name].encode(), name, user="local", thread=THREAD) for name in names
    ]
    events = [event async for event in reply(Message(text, THREAD, files=files), runtime)]
    assert isinstance(events[-1], Done | Question | ApprovalNeeded), (text, events[-1])
    assert not any(isinstance(event, Failed) for event in events)
    return events


async def walk(runtime: Runtime) -> None:
    for text in WALK:
        await say(text, runtime)
    await say("describe this table", runtime, "sailing ledger harbour.csv")
    await say("predict price from the ledger in 1 second", runtime)
    await say("explain the model", runtime)
    await say("export the model as a Python package", runtime)
    events = await say("summarise this document", runtime, "wreck brief.md")
    await say("what is the codeword in the brief?", runtime)
    done = next(event for event in events if isinstance(event, Done))
    await runtime.stores.conversations.rate(f"{done.turn}.answer", 0, "pay late, says feedbackgrove", "f1")


def found(folder: Path, markers: tuple[str, ...] = MARKERS) -> list[str]:
    """Which files hold which markers, in their bytes or their names."""
    hits = []
    for path in folder.rglob("*"):
        content = path.read_bytes().lower() if path.is_file() else b""
        for marker in markers:
            spelled = marker.encode(), marker.encode("utf-16-le")
            if marker in path.name.lower() or any(word in content for word in spelled):
                hits.append(f"{path.relative_to(folder)}: {marker}")
    return hits


async def fetched(runtime: Runtime) -> None:
    """Leave behind what asking others leaves: a line in the log, a board's list, half a crawl, a page kept."""
    await runtime.audit.record("request", host="orbitfen.example", path="/vantabrook", purpose="research")
    key = await runtime.http.cache_key("local")
    post = JobPost(id="1", board="remotive", title="Cartographer at Strandvale", description="mizzenport and airflow")
    await Shelf(runtime.settings.paths.cache / "job_boards", key).put("remotive", "drossmapper", [post])
    crawl = Frontier(runtime.settings.paths.crawls("local"), "quistmouth", key)
    page = Step("https://orbitfen.example/vantabrook", 0)
    await crawl.add([page, Step("https://strandvale.example/brimholt", 1)])
    await crawl.save([Outcome(page, "done", "kolvane", mark=7, facts='{"title": "tarrowgate"}')])

    async def quay(_headers: Mapping[str, str]) -> Reply:
        heads = {"cache-control": "max-age=600", "date": formatdate(usegmt=True)}
        return Reply("https://quistmouth.example/vessel", 200, heads, b"plumbagoes, skerryvoring")

    place = runtime.settings.paths.replies
    await HttpCache(place, runtime.http.cache_key).get("local", "https://quistmouth.example/vessel", {}, quay)
    assert place("local").exists()


async def signed_in(runtime: Runtime) -> None:
    """Leave behind what signing in leaves: an account with a second code, a session, wrong tries, a failure."""
    stores = runtime.stores
    await stores.accounts.add("Quillan Marrowby", "owner", subject="https://id.orbitfen.example|fenwick")
    await stores.accounts.change("local", totp="drossmapper")
    await stores.sessions.begin("local", "password", "0" * 64, id="s1", agent="Kolvane 7", address="tarrowgate")
    await stores.lockouts.keep({"name:quillan marrowby": (2, time.time())})
    try:
        raise ValueError("Corvenna Mills has not paid 643.51")
    except ValueError:
        logging.getLogger("freelancex.jobs").exception("a job broke")


@pytest.mark.timeout(2400)
async def test_no_marker_lies_in_clear_after_work_nor_anything_after_erasing_and_restoring(
    settings: Settings, tmp_path: Path
) -> None:
    assert len(MARKERS) >= 50
    configure(settings, console=False)
    async with open_runtime(settings) as runtime:
        await walk(runtime)
        await fetched(runtime)
        await signed_in(runtime)
        made = {Path(file.name).suffix for file in await runtime.stores.files.in_thread(THREAD, user="local")}
        assert made >= {".zip", ".html", ".png", ".csv", ".pdf", ".md"}  # with an ONNX file, and pages that move
        for folder in (settings.paths.data, runtime.stores.files.desk.folder, settings.paths.machine):
            assert await asyncio.to_thread(found, folder) == []
        target = tmp_path / "export.zip"
        await export(runtime.stores, settings.paths.runs, "local", target)
    assert await asyncio.to_thread(found, settings.paths.data) == []
    whole = await asyncio.to_thread(_content, target)
    assert [marker for marker in MARKERS if marker not in whole] == []
    stores = await open_stores(settings)
    assert (await stores.profiles.load("local"))["name"] == "Quillan Marrowby"
    backup = await asyncio.to_thread(make, settings, stores.keys.master)
    await stores.close()
    async with open_runtime(settings) as runtime:
        await erase_by_chat(runtime)
        await nothing_is_left(runtime, tmp_path)
        master = runtime.stores.keys.master
    await asyncio.to_thread(restore, backup, settings, master)
    assert await asyncio.to_thread(found, settings.paths.data) == []
    async with open_runtime(settings) as runtime:
        await nothing_is_left(runtime, tmp_path)
    await asyncio.to_thread(shutil.rmtree, replaced(settings.paths), ignore_errors=True)
    assert await asyncio.to_thread(found, settings.paths.data) == []


async def erase_by_chat(runtime: Runtime) -> None:
    (asked,) = [one for one in await say("erase everything", runtime) if isinstance(one, ApprovalNeeded)]
    events = [event async for event in decide(asked.turn, asked.step, "approve", runtime)]
    assert not any(isinstance(event, Failed) for event in events), events


async def nothing_is_left(runtime: Runtime, folder: Path) -> None:
    """No marker in any file, nor in what can still be opened; no file of the user's, no crawl, no list."""
    paths = runtime.settings.paths
    assert await asyncio.to_thread(found, paths.data) == []
    await export(runtime.stores, paths.runs, "local", folder / "after.zip")
    whole = await asyncio.to_thread(_content, folder / "after.zip")
    assert [marker for marker in MARKERS if marker in whole] == []
    assert not any((paths.files).iterdir())
    assert not paths.crawls("local").exists()
    assert not paths.replies("local").exists()
    assert not list((paths.cache / "job_boards").rglob("*.sealed"))
    assert (await Heads.open(runtime.settings).verify(runtime.stores.database)).ok


def _content(target: Path) -> str:
    with zipfile.ZipFile(target) as archive:
        return "\n".join(
            [*archive.namelist(), *(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())]
        ).lower()

"""The product as a user has it: the real server, in a real browser, on a data directory of its own.

Every request the browser makes is recorded; one that leaves 127.0.0.1 fails the test. Pictures of what was seen are
kept in ``tests/artifacts``.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from config.paths import ROOT
from integrations.models.generated import SMALL, TINY, write
from tests.loopback import free_port

BROWSER = os.environ.get("FREELANCEX_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    # A tab behind another one is not to be slowed down.
    *("--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows"),
)
PICTURES = ROOT / "tests" / "artifacts"
OWN = ("127.0.0.1", "localhost")
SLOW_MS = 120_000
"""The longest a piece of work may take on a busy machine."""

PREVIEW_LEFT = "Worker was terminated"
"""What pdf.js says when a preview is closed before it was drawn; nothing on the page breaks of it."""

MODELS = {"tiny": TINY, "slow": replace(SMALL, layers=12)}

expect.set_options(timeout=20_000)


@dataclass
class Installation:
    """One data directory and the server on it, which can be ended and started again on the same port."""

    data: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        own = {"DATA_DIR": str(self.data), "PORT": str(self.port), "OPEN_BROWSER": "false", "AUTOML_BUDGET_S": "6"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chainlit_app", "serve"],
            cwd=ROOT,
            env={**os.environ, **{f"FREELANCEX_{name}": value for name, value in (own | self.environment).items()}},
        )
        for _ in range(600):
            assert self.process.poll() is None, "the server ended instead of serving"
            try:
                if httpx.get(f"{self.address}/api/v1/health").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the server did not answer within a minute")

    def crash(self) -> None:
        """End the server in the middle of whatever it does."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def end(self) -> None:
        """End the server as a user would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def installation(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server without a model; given a name of `MODELS`, with such a one, which speaks nonsense."""
    environment = {"ADDRESSES": '{"ollama": "http://127.0.0.1:9"}'}  # where nothing answers
    if shape := MODELS.get(getattr(request, "param", "")):
        pytest.importorskip("llama_cpp", reason="llama.cpp is not built here: make start builds it")
        environment["MODEL"] = str(write(tmp_path_factory.mktemp("models") / "model.gguf", shape))
    installed = Installation(tmp_path_factory.mktemp("installation"), free_port(), environment)
    installed.start()
    yield installed
    installed.end()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not BROWSER:
        missing = "no Chromium here: sudo apt-get install -y chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        yield running
        running.close()


@dataclass
class Tab:
    """A browser tab with the chat in it."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    answers: int = 0

    def open(self, path: str = "/") -> None:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("#message-composer")

    def say(self, text: str) -> None:
        """Write a message and send it."""
        expect(self.page.locator("#stop-button")).to_have_count(0, timeout=SLOW_MS)
        self.page.locator("#chat-input").fill(text)
        expect(self.page.locator("#chat-submit")).to_be_enabled()
        self.answers = self._answers.count() + 1
        self.page.locator("#chat-submit").click()

    def attach(self, *files: Path) -> None:
        """Choose files, and wait until they are there."""
        self.page.locator("input[type=file]").first.set_input_files([str(file) for file in files])
        for file in files:
            expect(self.page.locator("#message-composer").get_by_text(file.name)).to_be_visible()
        expect(self.page.locator("#message-composer [role=progressbar]")).to_have_count(0)

    def answered(self) -> None:
        """Wait until what was said last has an answer and nothing runs any more."""
        if self.answers:
            self._answers.nth(self.answers - 1).wait_for(state="attached", timeout=SLOW_MS)
        self.page.wait_for_timeout(300)  # what a button began shows a moment later that it runs
        expect(self.page.locator("#stop-button")).to_have_count(0, timeout=SLOW_MS)

    def asked(self) -> list[str]:
        """What the user said, in order."""
        return self.page.locator("[data-step-type=user_message] .message-content").all_inner_texts()

    @property
    def _answers(self) -> Any:
        return self.page.locator("[data-step-type=assistant_message]")

    def answer(self) -> Any:
        """The last answer."""
        return self._answers.last

    def step(self, title: str) -> Any:
        """An agent's step, by the agent's title."""
        return self.page.locator("[data-step-type=tool]").filter(has_text=title).last

    def picture(self, name: str) -> None:
        PICTURES.mkdir(exist_ok=True)
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=str(PICTURES / f"{name}.png"))

    def strayed(self) -> list[str]:
        """The requests that went to another host than this one."""
        web = [url for url in self.requests if urlsplit(url).scheme in ("http", "https", "ws", "wss")]
        return [url for url in web if urlsplit(url).hostname not in OWN]


def _watch(context: BrowserContext, address: str) -> Tab:
    tab = Tab(context.new_page(), address)
    context.on("request", lambda request: tab.requests.append(request.url))
    tab.page.on("websocket", lambda opened: tab.requests.append(opened.url))
    tab.page.on("pageerror", lambda error: tab.faults.append(str(error)) if str(error) != PREVIEW_LEFT else None)
    tab.page.on("console", lambda line: tab.faults.append(line.text) if "Content Security" in line.text else None)
    return tab


@pytest.fixture
def tabs(browser: Browser, installation: Installation) -> Iterator[list[Tab]]:
    """Two tabs of one browser; afterwards neither may have asked another host for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 860}, color_scheme="light", locale="en-US")
    opened = [_watch(context, installation.address) for _ in range(2)]
    opened[0].page.bring_to_front()
    yield opened
    strayed, faults = [tab.strayed() for tab in opened], [tab.faults for tab in opened]
    context.close()
    assert strayed == [[], []], "the page asked another host for something"
    assert faults == [[], []], "the page had a fault or broke its own policy"


@pytest.fixture
def tab(tabs: list[Tab]) -> Tab:
    return tabs[0]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)

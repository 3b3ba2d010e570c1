"""A page as the installed Chromium shows it, for pages that are empty without scripts.

A fresh profile for each page, and no way out but `FilteringProxy`: it looks up no names, speaks no other protocol,
and sends loopback through the proxy too, which refuses it.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from typing import TYPE_CHECKING

from integrations.http_errors import TimedOut, TooLarge, Unreadable
from integrations.http_messages import Errand
from integrations.scraping.proxy import FilteringProxy

if TYPE_CHECKING:
    from integrations.http import HttpClient

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 40.0
VIRTUAL_MS = 8_000
"""How long the page's own clock runs before it is read."""
MAX_BYTES = 8 * 1024 * 1024
FLAGS = (
    "--headless=new",
    "--dump-dom",
    f"--virtual-time-budget={VIRTUAL_MS}",
    "--incognito",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-client-side-phishing-detection",
    "--disable-component-extensions-with-background-pages",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-domain-reliability",
    "--disable-features=AsyncDns,DnsOverHttps,MediaRouter,OptimizationHints,Translate",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--proxy-bypass-list=<-loopback>",
    "--blink-settings=imagesEnabled=false",
    "--mute-audio",
    "--no-pings",
)


def installed() -> str | None:
    """The browser of this machine, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


async def render(url: str, http: HttpClient, errand: Errand, browser: str) -> bytes:
    """The HTML of a page after its scripts have run. Raises HttpError."""
    await http.check(url, errand)
    folder = await asyncio.to_thread(tempfile.mkdtemp, prefix="freelancex-browser-")
    try:
        async with FilteringProxy(http, errand, url) as proxy:
            flags = [*FLAGS, f"--proxy-server=http://127.0.0.1:{proxy.port}", f"--user-data-dir={folder}"]
            if os.geteuid() == 0:
                flags.append("--no-sandbox")  # Chromium has no sandbox for root, as in a container
            process = await asyncio.create_subprocess_exec(
                browser, *flags, url, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, start_new_session=True,
                env={"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8"},
            )  # fmt: skip
            try:
                html = await _output(process)
            finally:
                await _end(process)
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    if process.returncode or not html.strip():
        raise Unreadable("The browser could not show this page.")
    return html


async def _output(process: Process) -> bytes:
    assert process.stdout is not None
    html = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            while part := await process.stdout.read(65_536):
                html += part
                if len(html) > MAX_BYTES:
                    raise TooLarge("This page is larger than is read.")
            await process.wait()
    except TimeoutError as error:
        raise TimedOut(f"The browser took longer than {SECONDS:g} seconds for a page.") from error
    return bytes(html)


async def _end(process: Process) -> None:
    """End the browser with everything it started; its session is its own."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await asyncio.shield(process.wait())

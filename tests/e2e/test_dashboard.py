"""Every dashboard in a real browser over ten thousand records and a year of measurements: light, dark and on a phone.

Looked at by eye in ``tests/artifacts/dashboard-*.png``; here is what a machine can tell: that figures and charts are
there, that nothing overflows, that axe finds nothing serious, and that figures lead to their records and to the chat.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from config.paths import ROOT
from tests.e2e.conftest import PICTURES, Installation, Tab, _watch
from tests.loopback import free_port

SHOWN = {
    "pipeline": "Pipeline", "money": "Money", "time": "Time", "jobs": "Jobs", "session": "This session",
    "agents": "Agents", "system": "System", "privacy": "Privacy",
}  # fmt: skip
"""The views, and their headings."""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "has_touch": True},
}
RECORDS = 10_000
AXE = """
new Promise(async (done) => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  done(JSON.stringify(found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])));
})
"""


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A server on a business of ten thousand records."""
    data = tmp_path_factory.mktemp("business")
    subprocess.run([sys.executable, "-m", "bench._business", str(data), str(RECORDS)], cwd=ROOT, check=True)
    installed = Installation(data, free_port(), {"ADDRESSES": '{"ollama": "http://127.0.0.1:9"}'})
    installed.start()
    httpx.post(f"{installed.address}/api/v1/ask", json={"text": "what is 12 % of 80"}, timeout=60).raise_for_status()
    yield installed
    installed.end()


@pytest.fixture(params=LOOKS)
def dashboard(
    request: pytest.FixtureRequest, browser: Browser, installation: Installation
) -> Iterator[tuple[str, Tab]]:
    context = browser.new_context(locale="en-US", **LOOKS[request.param])
    tab = _watch(context, installation.address)
    yield request.param, tab
    strayed, faults = tab.strayed(), tab.faults
    context.close()
    assert strayed == [], "the page asked another host for something"
    assert faults == [], "the page had a fault or broke its own policy"


def open_view(page: Page, address: str, view: str) -> None:
    """Go to a view: within the page where it is open already, which is what a user does, and spares loading it anew."""
    if page.url.startswith(f"{address}/dashboard"):
        page.locator(f'nav [data-view="{view}"]').click()
    else:
        page.goto(f"{address}/dashboard?show={view}")
    expect(page.locator("h1")).to_have_text(SHOWN[view])
    expect(page.locator(".tile").first).to_be_visible()
    figures = page.locator("figure").count()
    expect(page.locator("figure .plot .main-svg:first-child")).to_have_count(figures)


def serious(page: Page) -> str:
    """What axe finds that is serious or critical, as JSON. It is brought in past the page's policy."""
    spec = find_spec("axe_playwright_python")
    assert spec is not None and spec.origin is not None
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": Path(spec.origin).with_name("axe.min.js").read_text("utf-8")})
    told = session.send("Runtime.evaluate", {"expression": AXE, "awaitPromise": True})
    session.detach()
    return str(told["result"].get("value", told))


def test_each_view_shows_its_figures_in_every_look_and_axe_finds_nothing_serious(dashboard: tuple[str, Tab]) -> None:
    look, tab = dashboard
    page, found = tab.page, {}
    PICTURES.mkdir(exist_ok=True)
    for view in SHOWN:
        open_view(page, tab.address, view)
        assert page.locator(".tile strong").first.inner_text().strip()
        wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{view} is wider than the screen"
        found[view] = serious(page)
        page.screenshot(path=str(PICTURES / f"dashboard-{view}-{look}.png"), full_page=True)
    assert found == dict.fromkeys(SHOWN, "[]")


@pytest.fixture(scope="module")
def tab(browser: Browser, installation: Installation) -> Iterator[Tab]:
    """One tab for all that follows."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en-US")
    opened = _watch(context, installation.address)
    yield opened
    faults = opened.faults
    context.close()
    assert faults == []


def test_a_figure_leads_to_its_records_and_back_by_keyboard_alone(tab: Tab) -> None:
    page = tab.page
    open_view(page, tab.address, "money")
    overdue = page.locator("a.tile", has_text="Overdue")
    count = int(overdue.locator(".note").inner_text().split()[0].replace(",", ""))
    overdue.focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Invoices")
    expect(page.locator(".sentence")).to_have_text(f"{count:,} records")
    expect(page.locator("tbody tr").first).to_contain_text("overdue")
    page.get_by_role("link", name="Back to the figures").press("Enter")
    expect(page.locator("h1")).to_have_text("Money")


def test_every_chart_has_its_figures_as_a_table(tab: Tab) -> None:
    page = tab.page
    open_view(page, tab.address, "money")
    chart = page.locator("figure").first
    expect(chart.locator(".plot")).to_have_attribute("aria-label", page_text(chart))
    chart.locator("summary").click()
    expect(chart.locator("details tbody tr")).to_have_count(12)


def page_text(chart: Any) -> str:
    return f"{chart.locator('h2').inner_text()}. {chart.locator('figcaption').inner_text()}"


def test_what_changes_is_shown_without_a_reload(tab: Tab, installation: Installation) -> None:
    page = tab.page
    open_view(page, tab.address, "money")
    spent = page.locator(".tile", has_text="Spent in").locator("strong")
    before = spent.inner_text()
    text = "I spent 5,000 EUR on a laptop today"
    httpx.post(f"{installation.address}/api/v1/ask", json={"text": text}, timeout=60).raise_for_status()
    expect(spent).not_to_have_text(before)


def test_the_dashboard_opens_beside_the_chat_and_hands_it_words(tab: Tab) -> None:
    page = tab.page
    tab.open()
    tab.say("show my money dashboard")
    tab.answered()
    frame = page.frame_locator("#dashboard-panel iframe")
    expect(frame.locator("h1")).to_have_text("Money")
    frame.get_by_role("button", name="Ask in the chat").first.click()
    expect(page.locator("#chat-input")).to_have_value(re.compile("Write a payment reminder for invoice 20"))
    page.screenshot(path=str(PICTURES / "dashboard-beside-the-chat.png"))
    page.get_by_role("button", name="Close the dashboard").click()
    expect(page.locator("#dashboard-panel")).to_be_hidden()

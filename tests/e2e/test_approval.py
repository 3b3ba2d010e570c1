"""Nothing happens before the user has agreed, and the question outlives a reload, a second tab and a restart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from playwright.sync_api import expect

from tests.loopback import free_port

ERASE = "Erase everything about me"
UNCOVERED = """field => {
  field.scrollIntoView({ block: "end" });
  const { left, bottom } = field.getBoundingClientRect();
  return field.contains(document.elementFromPoint(left + 20, bottom - 8));
}"""
"""Whether the last line of a field can be seen, with nothing over it."""
MAIL = "Send a mail to nora@orbit.example saying I can start on Monday"


class Letterbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        self.mails.append((envelope.content or b"").decode())  # type: ignore[union-attr]
        return "250 OK"


@pytest.fixture(scope="module")
def letterbox(installation: Any) -> Iterator[Letterbox]:
    """A mail server on this machine that the installation sends by."""
    box, port = Letterbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    installation.end()
    installation.environment |= {"SMTP_HOST": f"127.0.0.1:{port}", "MAIL_FROM": "ana@silva.example"}
    installation.start()
    yield box
    server.stop()


def ask(tab: Any) -> None:
    tab.open()
    tab.say("I'm Ana Silva, a data scientist in Lisbon, 80 € an hour, skills Python, SQL")
    tab.answered()
    tab.say(ERASE)
    tab.answered()
    expect(tab.page.get_by_role("button", name="Approve")).to_be_visible()


@pytest.mark.timeout(300)
def test_an_approval_waits_through_a_reload_and_a_restart_and_counts_once(tabs: list[Any], installation: Any) -> None:
    first, second = tabs
    ask(first)
    first.picture("approval")
    first.page.reload()
    expect(first.page.get_by_role("button", name="Decline")).to_be_visible()
    installation.crash()
    installation.start()
    for tab in tabs:
        tab.page.goto(first.page.url)
        expect(tab.page.get_by_role("button", name="Decline")).to_be_visible()

    first.page.get_by_role("button", name="Decline").click()
    for tab in tabs:
        expect(tab.page.get_by_text("You declined this.")).to_be_visible()
        expect(tab.page.get_by_role("button", name="Approve")).to_have_count(0)
    first.say("Show my profile")
    first.answered()
    expect(first.answer()).to_contain_text("Ana Silva")
    second.page.reload()
    expect(second.page.get_by_text("You declined this.")).to_be_visible()
    expect(second.page.get_by_role("button", name="Approve")).to_have_count(0)


@pytest.mark.timeout(300)
def test_what_is_approved_happens(tab: Any) -> None:
    ask(tab)
    tab.page.reload()
    tab.page.get_by_role("button", name="Approve").click()
    expect(tab.page.get_by_role("button", name="Approve")).to_have_count(0)
    tab.answered()
    for _ in range(10):  # the conversation goes with everything else, so nothing in it can tell that it is done
        tab.open()
        if tab.page.get_by_text("No conversations yet").is_visible():
            break
        tab.page.wait_for_timeout(1000)
    expect(tab.page.get_by_text("No conversations yet")).to_be_visible()
    tab.say("Show my profile")
    tab.answered()
    expect(tab.answer()).to_contain_text("I know nothing about you yet")


@pytest.mark.timeout(300)
def test_a_mail_is_changed_before_it_goes_and_another_tab_sees_it(
    tabs: list[Any], installation: Any, letterbox: Letterbox
) -> None:
    first, second = tabs
    first.open()
    first.say(MAIL)
    first.answered()
    expect(first.page.get_by_role("button", name="Edit", exact=True)).to_be_visible()
    badge = first.page.locator("#approvals-badge")
    expect(badge).to_have_text("1")
    second.open()
    expect(second.page.locator("#approvals-badge")).to_have_text("1")
    installation.crash()
    installation.start()
    first.page.reload()

    first.page.get_by_role("button", name="Edit", exact=True).click()
    panel = first.page.locator("#approvals")
    expect(panel.get_by_label("Subject")).to_be_visible()
    panel.get_by_label("To").fill("nobody at all")
    expect(panel.get_by_role("alert")).to_contain_text("is no mail address")
    panel.get_by_role("button", name="Approve").click()
    expect(panel.get_by_role("alert")).to_contain_text("is no mail address")
    assert letterbox.mails == []
    panel.get_by_label("To").fill("nora@orbit.example")
    panel.get_by_label("Body").fill("Dear Nora,\n\nTuesday suits me better.\n\nAna")
    expect(panel.locator(".preview")).to_contain_text("Tuesday suits me better.")
    for width in (1280, 390):
        first.page.set_viewport_size({"width": width, "height": 860})
        assert panel.get_by_label("Body").evaluate(UNCOVERED)
        first.picture(f"approvals-{width}")
    first.page.set_viewport_size({"width": 1280, "height": 860})

    second.page.emulate_media(color_scheme="dark")
    second.page.reload()
    second.page.locator("#approvals-badge").click()
    expect(second.page.locator("#approvals article")).to_have_count(1)
    second.picture("approvals-dark")
    panel.get_by_role("button", name="Approve").click()
    expect(panel).to_contain_text("Nothing waits for your word.")
    expect(badge).to_be_hidden()
    expect(second.page.locator("#approvals article")).to_have_count(0)
    panel.get_by_role("button", name="Close").click()
    expect(first.page.get_by_text("You approved this as you changed it.")).to_be_visible()
    first.picture("approved-as-changed")
    assert len(letterbox.mails) == 1 and "Tuesday suits me better." in letterbox.mails[0]


@pytest.mark.timeout(300)
def test_the_inbox_lists_what_waits_anywhere_and_decides_it(tab: Any, letterbox: Letterbox) -> None:
    sent = len(letterbox.mails)
    tab.open()
    tab.say(MAIL)
    tab.answered()
    tab.open()
    tab.say("What waits for my approval?")
    tab.answered()
    expect(tab.answer()).to_contain_text("nora@orbit.example")
    expect(tab.page.get_by_role("button", name="Approve")).to_be_visible()
    tab.picture("inbox")
    tab.page.reload()
    tab.page.get_by_role("button", name="Approve").click()
    expect(tab.page.get_by_text("You approved this.")).to_be_visible()
    expect(tab.page.get_by_role("button", name="Approve")).to_have_count(0)
    expect(tab.page.locator("#approvals-badge")).to_be_hidden()
    tab.say("What waits for my approval?")
    tab.answered()
    expect(tab.answer()).to_contain_text("Nothing waits for your word.")
    assert len(letterbox.mails) == sent + 1

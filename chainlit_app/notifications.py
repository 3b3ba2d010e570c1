"""Notifications on the pages that are open: a bell with a count, a line that passes, and the conversation anew."""

from __future__ import annotations

from datetime import timedelta

from chainlit_app import shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page
from memory.database import now
from memory.notifications import Notification
from memory.schedules import utc

RECENT = timedelta(days=2)
"""A page that opens names what came this recently."""


async def show(notification: Notification) -> None:
    """Tell every open page of its user; those that show its conversation show it anew."""
    note = {"id": notification.id, "title": notification.title, "text": notification.text}
    await Page.of(notification.user).tell({"freelancex": "notified", **note, "thread": notification.thread})
    await Page.of(notification.user).toast(_line(notification))
    await tell(notification.user)
    at_rest = notification.thread and notification.thread not in runtime().running
    kept = await runtime().stores.conversations.open(notification.thread) if at_rest else None
    if kept is not None:
        await Page(notification.thread, notification.user).thread_again(shown.conversation(kept))


async def greet(page: Page, user: str) -> None:
    """Name what came lately and nobody has read, on a page that has just opened."""
    since = now() - RECENT
    unread = await runtime().stores.notifications.list(user, unread=True)
    lines = [_line(one) for one in unread if utc(one.at) >= since]
    if lines:
        more = f", and {len(lines) - 3} more" if len(lines) > 3 else ""
        await page.toast(f"{'; '.join(lines[:3])}{more}.")
    await tell(user, page)


async def tell(user: str, page: Page | None = None) -> None:
    """Tell a user's pages, or one of them, how many nobody has read, for the bell in their header."""
    count = await runtime().stores.notifications.unread(user)
    await (page or Page.of(user)).tell({"freelancex": "notifications", "count": count})


def _line(notification: Notification) -> str:
    more = f" ({notification.count} times)" if notification.count > 1 else ""
    return f"{notification.title}{more}"

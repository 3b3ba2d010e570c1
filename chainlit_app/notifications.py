"""Notifications on the pages that are open: a bell with a count, a line that passes, and the conversation anew."""

from __future__ import annotations

from datetime import timedelta

from chainlit_app import shown
from chainlit_app.opened import runtime
from chainlit_app.page import Page
from graph.notices import Notifier
from memory.database import now
from memory.notifications import Notification
from memory.schedules import utc

RECENT = timedelta(days=2)
"""A page that opens names what came this recently."""
LONG_S = 20.0
"""An answer that took this long is told of when nobody looks at its conversation any more."""


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


async def answered(notifier: Notifier, page: Page, seconds: float) -> None:
    """Tell the user that an answer they waited for is there, unless they see it."""
    if seconds < LONG_S or page.is_watched():
        return
    name = await runtime().stores.conversations.name(page.thread)
    await notifier(
        Notification(
            user=page.user,
            kind="answer",
            group=f"answer:{page.thread}",
            title=f"Your answer is ready: {name or 'Untitled conversation'}",
            thread=page.thread,
        )
    )


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

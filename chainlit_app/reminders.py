"""Tells of reminders on the pages that are open; they are kept and answered in the conversation "Reminders"."""

from __future__ import annotations

from datetime import datetime, timedelta

from chainlit_app.opened import runtime
from chainlit_app.page import Page

RECENT = timedelta(days=2)
"""A page that opens names what came due this recently and is not done."""


async def tell(text: str) -> None:
    """Say on every open page that something is due."""
    await Page.every().toast(f"Reminder: {text}")


async def greet(page: Page, user: str) -> None:
    """Name what is due on a page that has just opened."""
    now = datetime.now().astimezone()
    late = await runtime().stores.reminders.open(user, until=now)
    due = [row for row in late if row.told_at and now - row.local() < RECENT]
    if due:
        more = f", and {len(due) - 3} more" if len(due) > 3 else ""
        await page.toast(f"Due: {'; '.join(row.text for row in due[:3])}{more}. See the conversation “Reminders”.")

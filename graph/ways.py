"""The ways out of the page: the desktop of this computer, and mail to the user's own address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from agents.spec import Effect, Finding
from agents.specialists.notifications import CONSENT, NAME
from agents.tools.text.markdown import plain
from graph.approvals import propose
from graph.events import ApprovalNeeded
from graph.notices import Way
from graph.runtime import Runtime
from integrations import desktop
from memory.notifications import Notification

TITLE = "Notifications"
Asked = Callable[[ApprovalNeeded, str], Awaitable[None]]


def outward(runtime: Runtime, asked: Asked | None = None) -> Mapping[str, Way]:
    """Both ways by name; `asked` shows a question whether a mail may be sent."""
    one_at_a_time = asyncio.Lock()
    ways: Mapping[str, Way] = {"desktop": on_desktop, "mail": partial(by_mail, runtime, asked, one_at_a_time)}
    return {name: partial(_of_owner, runtime, way) for name, way in ways.items()}


async def _of_owner(runtime: Runtime, way: Way, notification: Notification) -> None:
    """Take a way that ends at the owner's own desktop or mailbox. Raises NotYours for who may not use them."""
    await runtime.deps(notification.user, "").must("connections")
    await way(notification)


async def on_desktop(notification: Notification) -> None:
    """Show it on the desktop. Raises desktop.NoDesktop."""
    await desktop.show(notification.title, notification.text)


async def by_mail(runtime: Runtime, asked: Asked | None, lock: asyncio.Lock, notification: Notification) -> None:
    """Mail it to the user: at once where that is allowed for good, else after their word; one question at a time."""
    settings, user = runtime.settings, notification.user
    me, thread = settings.mail_from or settings.mail_user, f"notifications-{user}"
    async with lock:
        waiting = await runtime.stores.effects.waiting(user=user)
        if not settings.smtp_host or any(entry.agent == NAME and entry.effect == "mail_me" for entry in waiting):
            return  # one question is enough; what is not mailed is in the list
        body = notification.text or notification.title
        arguments = {"to": me, "subject": notification.title, "body": body, "id": f"<{notification.id}@freelancex>"}
        shown = f"I would mail this to you, at {plain(me)}:\n\n**{plain(notification.title)}**\n\n{plain(body)}"
        effect = Effect("mail_me", arguments, "Mail you a notification", shown, consent=CONSENT)
        finding = Finding(NAME, True, f"A notification to mail: **{plain(notification.title)}**.", effect=effect)
        question = await propose(user, thread, TITLE, finding, runtime)
        if question and asked:
            await asked(question, thread)

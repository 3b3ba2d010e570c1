"""Speaks to every page that shows one conversation: the tab that asked, a second tab, a page that was reloaded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from chainlit.server import sio
from chainlit.session import BaseSession

Dict = dict[str, Any]


class Page:
    """The pages of one user that show one thread; with `only`, one of them."""

    def __init__(self, thread: str, user: str, only: str | None = None) -> None:
        self.thread = thread
        self.user = user
        self._to: str | None = only or room(thread)

    @classmethod
    def of(cls, user: str) -> Page:
        """All pages that a user has open, whatever they show."""
        pages = cls("", user)
        pages._to = room_of(user)
        return pages

    @classmethod
    def every(cls) -> Page:
        """All pages that anybody has open, to be told only what concerns the whole server."""
        pages = cls("", "")
        pages._to = None
        return pages

    async def join(self, socket: str) -> bool:
        """From now on the page behind this socket shows the thread; False when that page is gone."""
        if not sio.manager.is_connected(socket, "/"):
            return False
        await sio.enter_room(socket, room(self.thread))
        await sio.enter_room(socket, room_of(self.user))
        return True

    def is_watched(self) -> bool:
        """Whether any page shows the thread right now."""
        return next(iter(sio.manager.get_participants("/", room(self.thread))), None) is not None

    async def opened(self, title: str) -> None:
        """The thread exists now: the page puts it into its list and its address."""
        await self._say("first_interaction", {"interaction": title, "thread_id": self.thread})

    async def show(self, step: Dict) -> None:
        """Show a step, new or changed."""
        await self._say("new_message", step)

    async def change(self, step: Dict) -> None:
        await self._say("update_message", step)

    async def drop(self, step: str) -> None:
        await self._say("delete_message", {"id": step})

    async def begin(self, step: Dict) -> None:
        """Show a message whose words follow with `token`."""
        await self._say("stream_start", {**step, "streaming": True})

    async def token(self, step: str, text: str) -> None:
        await self._say("stream_token", {"id": step, "token": text, "isSequence": False, "isInput": False})

    async def element(self, element: Dict) -> None:
        await self._say("element", element)

    async def busy(self, is_busy: bool) -> None:
        """Whether something runs, which shows Stop instead of Send."""
        await self._say("task_start" if is_busy else "task_end", {})

    async def toast(self, text: str, kind: str = "info") -> None:
        await self._say("toast", {"message": text, "type": kind})

    async def tell(self, data: Dict) -> None:
        """Tell the page's own scripts something; they hear it as a message of their window."""
        await self._say("window_message", data)

    async def offer(self, step: str, actions: Sequence[Dict]) -> None:
        """Put buttons under a step."""
        for action in actions:
            await self._say("action", {**action, "forId": step})

    async def withdraw(self, actions: Sequence[str]) -> None:
        """Take buttons away, by their ids."""
        for action in actions:
            await self._say("remove_action", {"id": action})

    async def commands(self, commands: Sequence[Dict]) -> None:
        await self._say("set_commands", list(commands))

    async def settings(self, widgets: Sequence[Dict]) -> None:
        await self._say("chat_settings", list(widgets))

    async def thread_again(self, thread: Dict) -> None:
        """Show the whole thread anew."""
        await self._say("resume_thread", thread)

    async def _say(self, event: str, data: Any) -> None:
        await sio.emit(event, data, to=self._to)


def page_of(session: BaseSession, only: str | None = None) -> Page:
    """The pages that show what a session of Chainlit's shows; its user was proved when it connected."""
    return Page(session.thread_id, session.user.identifier if session.user else "", only)


def room(thread: str) -> str:
    """The socket room of the pages that show a thread."""
    return f"thread:{thread}"


def room_of(user: str) -> str:
    """The socket room of the pages that a user has open."""
    return f"user:{user}"


def action(name: str, label: str, payload: Dict, *, icon: str | None = None, tip: str = "", id: str = "") -> Dict:
    """A button; `id` tells it again later, so that it can be taken away."""
    return {
        "name": name,
        "label": label,
        "payload": payload,
        "icon": icon,
        "tooltip": tip,
        "id": id or uuid4().hex,
        "forId": None,
    }

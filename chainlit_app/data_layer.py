"""Chainlit's data layer on FreelanceX's own database and file store.

Conversations are kept by `graph.reply` while they happen; here the page's history, search, renaming, deleting,
resuming and thumbs meet the same rows. What Chainlit saves by itself is an upsert on them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from chainlit.data.base import BaseDataLayer
from chainlit.element import Element as PageElement
from chainlit.types import Feedback, PageInfo, PaginatedResponse, Pagination, ThreadDict, ThreadFilter
from chainlit.user import PersistedUser, User

from chainlit_app import shown
from chainlit_app.replies import replies
from graph.lessons import from_thumb
from graph.runtime import Runtime
from memory.conversations import Element, Step
from memory.database import now
from memory.stores import Stores

SINCE = "2026-01-01T00:00:00.000Z"


class DataLayer(BaseDataLayer):  # type: ignore[misc]
    """`runtime` is asked at each call: the page's framework keeps one layer for the life of the process."""

    def __init__(self, runtime: Callable[[], Runtime]) -> None:
        self._runtime = runtime

    def _stores(self) -> Stores:
        return self._runtime().stores

    async def get_user(self, identifier: str) -> PersistedUser:
        return PersistedUser(id=identifier, identifier=identifier, createdAt=SINCE, display_name="You")

    async def create_user(self, user: User) -> PersistedUser:
        return await self.get_user(user.identifier)

    async def list_threads(self, pagination: Pagination, filters: ThreadFilter) -> PaginatedResponse[ThreadDict]:
        page = await self._stores().conversations.page(
            filters.userId or "", first=pagination.first, after=pagination.cursor, search=filters.search or ""
        )
        threads: list[dict[str, Any]] = [
            {
                "id": thread.id,
                "createdAt": shown.stamp(thread.updated_at),  # the list is ordered and grouped by this
                "name": thread.name or None,
                "userId": thread.user,
                "userIdentifier": thread.user,
                "tags": thread.tags,
                "metadata": {},
                "steps": [],
                "elements": [],
            }
            for thread in page.threads
        ]
        first = threads[0]["id"] if threads else None
        info = PageInfo(hasNextPage=page.after is not None, startCursor=first, endCursor=page.after)
        return PaginatedResponse(pageInfo=info, data=threads)

    async def get_thread(self, thread_id: str) -> dict[str, Any] | None:
        kept = await self._stores().conversations.open(thread_id)
        return shown.conversation(kept) if kept else None

    async def get_thread_author(self, thread_id: str) -> str:
        return await self._stores().conversations.owner(thread_id) or ""

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Rename or tag. What Chainlit would remember of a session is not kept: settings hold for all conversations."""
        if name is not None or tags is not None:
            await self._stores().conversations.change(thread_id, name=name, tags=tags)

    async def delete_thread(self, thread_id: str) -> None:
        """Stop what runs there, then remove the thread with its files, what was read in them, turns and checkpoints."""
        stores = self._stores()
        await replies.stop(thread_id)
        owner = await stores.conversations.owner(thread_id)
        if owner is None:
            return
        while files := await stores.files.in_thread(thread_id, user=owner):
            for file in files:
                await stores.documents.delete(file.id, user=owner)
                await stores.files.delete(file.id, user=owner)
        for turn in await stores.turns.forget(thread_id):
            await self._runtime().checkpoints.adelete_thread(turn)
        await stores.conversations.delete(thread_id)

    async def create_step(self, step_dict: dict[str, Any]) -> None:
        await self._save(step_dict)

    async def update_step(self, step_dict: dict[str, Any]) -> None:
        await self._save(step_dict)

    async def delete_step(self, step_id: str) -> None:
        await self._stores().conversations.remove(step_id)

    async def create_element(self, element: PageElement) -> None:
        """Keep an element that has a file in the store; others show what is kept elsewhere."""
        file = (element.url or "").rpartition("/api/v1/files/")[2]
        if not file:
            return
        row = Element(
            id=element.id,
            thread=element.thread_id,
            step=element.for_id,
            file=file,
            name=element.name,
            mime=element.mime or "",
        )
        await self._stores().conversations.attach(row)

    async def get_element(self, thread_id: str, element_id: str) -> dict[str, Any] | None:
        row = await self._stores().conversations.element(element_id)
        return shown.element(row) if row and row.thread == thread_id else None

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        await self._stores().conversations.detach(element_id)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        """Keep a thumb on the answer."""
        step = shown.rated(feedback.forId)
        kept = await self._stores().conversations.rate(step, feedback.value, feedback.comment or "", feedback.id)
        turn = await self._stores().turns.get(step.removesuffix(shown.ANSWER)) if feedback.comment else None
        if turn:
            await from_thumb(turn.id, feedback.comment or "", self._runtime().deps(turn.user, turn.thread))
        return kept

    async def delete_feedback(self, feedback_id: str) -> bool:
        await self._stores().conversations.unrate(feedback_id)
        return True

    async def get_favorite_steps(self, user_id: str) -> list[dict[str, Any]]:
        return []

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        """The stores are closed by the server that opened them."""

    async def _save(self, step: dict[str, Any]) -> None:
        if step.get("type") == "run" or not step.get("threadId"):
            return
        await self._stores().conversations.save(
            Step(
                id=step["id"],
                thread=step["threadId"],
                parent=step.get("parentId"),
                type=step["type"],
                name=step.get("name") or "",
                input=step.get("input") or "",
                output=step.get("output") or "",
                failed=bool(step.get("isError")),
                created_at=_time(step.get("createdAt")) or now(),
                started_at=_time(step.get("start")),
                ended_at=_time(step.get("end")),
                view={key: step[key] for key in ("command", "metadata") if step.get(key)},
            )
        )


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

"""Pages of long lists: an opaque cursor leads on from the last item seen, so that nothing is skipped or doubled."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, HTTPException, Query, Request, Response
from pydantic import BaseModel
from sqlmodel import and_, col, or_, select

from memory.database import Database

Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """Some items, the newest first. `next` is the cursor of the following page, null at the end."""

    items: list[Item]
    next: str | None = None


@dataclass(frozen=True)
class Asked:
    """Which page is asked for, and the answer that will say where the next one is."""

    limit: int
    at: list[str]
    request: Request
    response: Response

    def page(self, items: list[Any], places: Sequence[tuple[str, ...]], *, more: bool = False) -> Any:
        """The page of items found, of which one more than `limit` means that there is another page."""
        more = more or len(items) > self.limit
        following = _pack(places[self.limit - 1]) if more else None
        if following:
            url = self.request.url.include_query_params(cursor=following, limit=self.limit)
            self.response.headers["Link"] = f'<{url.path}?{url.query}>; rel="next"'
        return Page(items=items[: self.limit], next=following)

    async def rows(self, database: Database, table: Any, *wanted: Any, by: str = "created_at") -> list[Any]:
        """The rows of a page and one more, the newest first."""
        column, query = getattr(table, by), select(table).where(*wanted)
        if self.at:
            try:
                time, id = datetime.fromisoformat(self.at[0]), self.at[1]
            except (ValueError, IndexError):
                raise _unknown() from None
            query = query.where(or_(col(column) < time, and_(col(column) == time, col(table.id) < id)))
        query = query.order_by(col(column).desc(), col(table.id).desc()).limit(self.limit + 1)
        async with database.read() as session:
            return list(await session.exec(query))

    def part(self, found: list[Any], by: str = "id") -> Any:
        """A page of a list that is at hand as a whole; each item differs from the others in the field `by`."""
        ids = [str(getattr(one, by)) for one in found]
        if self.at and self.at[0] not in ids:
            raise _unknown()
        rest = found[ids.index(self.at[0]) + 1 :] if self.at else found
        return self.page(rest[: self.limit + 1], [(str(getattr(one, by)),) for one in rest])


def place(row: Any, by: str = "created_at") -> tuple[str, str]:
    """Where a row stands, for `Asked.page`."""
    return getattr(row, by).isoformat(), row.id


async def _asked(
    request: Request,
    response: Response,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[str, Query(max_length=300, pattern=r"^[A-Za-z0-9_-]*$")] = "",
) -> Asked:
    return Asked(limit, _unpack(cursor) if cursor else [], request, response)


Paged = Annotated[Asked, Depends(_asked)]


def _pack(place: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _unpack(cursor: str) -> list[str]:
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise _unknown() from None
    if not (isinstance(found, list) and found and all(isinstance(one, str) for one in found)):
        raise _unknown()
    return found


def _unknown() -> HTTPException:
    return HTTPException(422, "This cursor leads nowhere (any more): begin again without one.")

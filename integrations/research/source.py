"""What a research source is: an address, its terms as data, and a way to read what it finds.

A source is one file in this folder that declares one `SOURCE`; a folder scan finds it.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from config.settings import Settings
from integrations.declared import declared
from integrations.host_limits import HostLimit
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.http_messages import JSON, Ask, Reply

Kind = Literal["web", "paper", "encyclopedia", "discussion", "news"]
LONGEST_TEXT = 6_000


class Question(BaseModel):
    """What is looked up. `since` leaves out what is older, where a source says how old its finds are."""

    model_config = ConfigDict(frozen=True)

    words: str = Field(min_length=1, max_length=300)
    limit: int = Field(default=6, ge=1, le=20)
    language: str = Field(default="en", pattern="^[a-z]{2}$")
    since: date | None = None


class Hit(BaseModel):
    """One thing a source found: where it is, and what the source says it says. All of it is text from outside."""

    model_config = ConfigDict(frozen=True)

    title: str = Field(min_length=1)
    url: str = Field(pattern=r"^https?://\S+$", max_length=2_000)
    text: str = ""
    source: str = ""
    kind: Kind = "web"
    authors: tuple[str, ...] = ()
    published: date | None = None
    cited: int | None = None
    doi: str = ""

    @field_validator("title", "text", mode="before")
    @classmethod
    def _one_line(cls, value: Any) -> str:
        return re.sub(r"\s+", " ", str(value or "")).strip()[:LONGEST_TEXT]


@dataclass(frozen=True)
class Terms:
    """What a source asks of those who use it."""

    attribution: str
    seconds_apart: float = 1.0


class Get(Protocol):
    """Gets a path of a source. Raises HttpError."""

    async def __call__(
        self,
        path: str,
        params: Mapping[str, str | int],
        *,
        headers: Mapping[str, str] | None = None,
        accept: tuple[str, ...] = JSON,
    ) -> Reply: ...


Find = Callable[[Question, Get, str], Awaitable[list[Hit]]]


@dataclass(frozen=True)
class ResearchSource:
    """One source. `setting` names the setting that turns it on: a key, or with `own` the address of a server.

    `find` gets the question, a way to get paths, and the setting's value. A `{language}` in the address is filled in.
    """

    name: str
    title: str
    address: str
    kind: Kind
    terms: Terms
    find: Find
    setting: str = ""
    own: bool = False

    def off(self, settings: Settings) -> str:
        """Why it is not asked, in a few words; empty when it is."""
        if self.setting and not getattr(settings, self.setting):
            return f"off until FREELANCEX_{self.setting.upper()} is set"
        return ""

    async def search(self, question: Question, http: HttpClient, errand: Errand, settings: Settings) -> list[Hit]:
        """Ask the source now. Raises HttpError."""
        value = str(getattr(settings, self.setting) or "") if self.setting else ""
        own = settings.addresses.get(self.name) or (value if self.own else "")
        if own:
            http.allow(urlsplit(own).netloc)
        address = own or self.address
        address = address.format(language=question.language).rstrip("/")
        limit = HostLimit(at_once=1, seconds_apart=self.terms.seconds_apart)

        async def get(
            path: str,
            params: Mapping[str, str | int],
            *,
            headers: Mapping[str, str] | None = None,
            accept: tuple[str, ...] = JSON,
        ) -> Reply:
            ask = Ask(accept=accept, limit=limit, retries=1)
            return await http.get(address + path, errand, params=params, headers=headers, ask=ask)

        found = await self.find(question, get, value)
        return [hit.model_copy(update={"source": self.title, "kind": self.kind}) for hit in found][: question.limit]


@cache
def sources() -> dict[str, ResearchSource]:
    """Every source by name. Raises BrokenDeclaration."""
    return declared(Path(__file__).parent, "integrations.research", "SOURCE", ResearchSource)


def hits_of(title: str, rows: Any, make: Callable[[Any], Hit | None]) -> list[Hit]:
    """Turn a source's rows into hits; a row that makes no sense is left out.

    Raises Unreadable when there are rows and none makes sense: then the source has changed.
    """
    if not isinstance(rows, Iterable) or isinstance(rows, str | bytes | Mapping):
        raise Unreadable(f"{title} answers in another form than it used to, so nothing could be read.")
    hits, broken = [], 0
    for row in rows:
        try:
            hit = make(row)
        except (ValidationError, KeyError, TypeError, ValueError, AttributeError, IndexError):
            broken += 1
            continue
        if hit is not None:
            hits.append(hit)
    if broken and not hits:
        raise Unreadable(f"{title} answers in another form than it used to, so nothing could be read.")
    return hits


def day(value: Any) -> date | None:
    """The date at the start of an ISO time, or of one written without dashes; None when there is none."""
    text = re.sub(r"^(\d{4})(\d{2})(\d{2})", r"\1-\2-\3", str(value or ""))[:10]
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        return None

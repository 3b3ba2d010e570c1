"""What an agent may use, opened in one place and passed as one object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from config.errors import Mendable
from privacy.access.policy import allows

if TYPE_CHECKING:
    from agents.spec import Artifact
    from config.settings import Settings
    from integrations.http import HttpClient
    from integrations.models.backend import ModelBackend
    from integrations.models.downloads import Downloads
    from integrations.models.embeddings.embedder import Embedder
    from integrations.models.models import Models
    from memory.files import FileRef
    from memory.recall.search import Recall
    from memory.stores import Stores
    from privacy.audit import AuditLog

Progress = Callable[[str, float | None], None]
"""Called with one short line and, where it is known, the part done (0 to 1)."""


class Jobs(Protocol):
    """Runs a function in another process, so that the chat never waits for it."""

    async def run(
        self,
        function: str,
        arguments: dict[str, Any],
        *,
        progress: Progress | None = None,
        seconds: float | None = None,
        memory_mb: int | None = None,
        warm: bool = False,
    ) -> Any:
        """Run ``package.module:function(**arguments)`` elsewhere and return its JSON result.

        A function that declares a parameter `progress` is given one of type `Progress`. Cancelling the caller ends the
        process. With `memory_mb` the process has that much address space and no network; it is a fresh one, unless
        `warm` lets it be one that did such a job before. Raises
        `JobError` with one sentence for the user when the function raised, ran past `seconds`, or its process died.
        """
        ...


class JobError(Mendable):
    """A job did not finish. The message is one sentence for the user."""


class NotYours(Mendable):
    """Something belongs to the whole server, and this user may not use it."""


OWNERS_ONLY = {
    "connections": "The mailbox, the calendar, the payments account and the desktop here are the owner's",
    "models": "Which language models work here is the owner's choice",
    "system": "A backup holds what everybody keeps on this server",
    "tools": "The tool servers connected here are the owner's",
}
"""Why some things are for owners alone, by what the policy calls them."""


class JobDied(JobError):
    """The process of a job ended by itself, which it may not do the next time."""


def _silent(text: str, part: float | None = None) -> None:
    return None


def _unseen(artifact: Artifact) -> None:
    return None


@dataclass(frozen=True)
class Deps:
    """Everything an agent may touch. `today` is the user's date, so that nothing depends on a hidden clock.

    `model` is the one to ask; `models` tell how all of them do, and which is used can be changed there. `show` puts a
    file before the user while the agent still works; its finding does not name that one again.
    """

    user: str
    thread: str
    settings: Settings
    stores: Stores
    http: HttpClient
    jobs: Jobs
    audit: AuditLog
    today: date
    model: ModelBackend | None = None
    models: Models | None = None
    downloads: Downloads | None = None
    embedder: Embedder | None = None
    recall: Recall | None = None
    progress: Progress = _silent
    show: Callable[[Artifact], None] = _unseen

    async def must(self, resource: str) -> None:
        """Make sure that the user may use what belongs to the whole server. Raises NotYours."""
        if not await self.may(resource):
            raise NotYours(f"{OWNERS_ONLY[resource]}, so your account cannot do that: ask an owner of this server.")

    async def may(self, resource: str) -> bool:
        """Whether the policy lets the user use what belongs to the whole server."""
        asking = await self.stores.accounts.acting(self.user)
        return asking is not None and allows(asking, resource, "write")

    async def lay(self, file: FileRef) -> str:
        """The path of a plain copy of a stored file, for a job to read; it is there until the turn ends.

        Raises privacy.keys.ring.Tampered, Shredded, or OSError.
        """
        return str(await self.stores.files.lay(file, self.thread))

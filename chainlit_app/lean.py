"""Keeps a telemetry client out of `import chainlit`.

Chainlit takes four small data types from the package `literalai`, whose own start imports its client, and that the
telemetry client `traceloop.sdk` with pandas and some forty instrumentations: two thirds of Chainlit's import time, for
something that is never used here and would report to another host. The types themselves are plain, so they are taken
from where they lie:

    chainlit ─ literalai (a shell) ─ literalai.observability.generation   as installed
                                   └ literalai.observability.step         as installed
                                       └ traceloop.sdk (inert; the real one is not in the lock)
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


class Inert:
    """Stands where the telemetry client would; it reports nothing, wherever it is told to."""

    @staticmethod
    def init(*arguments: object, **options: object) -> None:
        """Open no connection."""

    @staticmethod
    def set_association_properties(properties: object) -> None:
        """Label nothing."""


class Shell(ModuleType):
    """`literalai` without its start: its parts are imported from where they lie, when one is asked for."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)
        from literalai.observability import generation

        return getattr(generation, name)


def lean() -> None:
    """Put the shell and the inert client in place; to be called before `chainlit` is imported, as often as one likes.

    Raises ImportError when Chainlit is not installed.
    """
    if "literalai" in sys.modules:
        return
    found = importlib.util.find_spec("literalai")
    if found is None or found.submodule_search_locations is None:
        raise ImportError("literalai is missing, which Chainlit needs; make setup installs it")
    shell = Shell("literalai")
    shell.__path__ = list(found.submodule_search_locations)
    shell.__spec__ = found
    client = ModuleType("traceloop.sdk")
    client.Traceloop = Inert  # type: ignore[attr-defined]
    package = ModuleType("traceloop")
    package.__path__ = []
    sys.modules |= {"literalai": shell, "traceloop": package, "traceloop.sdk": client}

"""A server with one agent, whose work takes long in another process: ``diggers.py``, settings as variables."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given
from chainlit_app.server import serve
from config.paths import ROOT
from config.settings import Settings


class Dig(BaseModel):
    """A hole."""


def diggers(seconds: float) -> Mapping[str, AgentSpec]:
    """The team, and how long it digs. Worker processes find the job beside the graph's tests."""
    os.environ["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "tests" / "graph")))

    async def dig(task: Dig, given: Given, deps: Deps) -> Finding:
        await deps.jobs.run("slow:sleep", {"seconds": seconds}, progress=deps.progress)
        return Finding("dig", True, "A hole.")

    return {"dig": AgentSpec("dig", "Dig", "To dig.", ("dig a deep hole",), Dig, dig, cues=(r"\bdig\b",))}


if __name__ == "__main__":
    sys.exit(serve(Settings(), diggers(seconds=60)))

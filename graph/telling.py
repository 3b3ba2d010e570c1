"""What a node tells the front end while one step goes on."""

from __future__ import annotations

import time
from typing import Any

from agents.spec import Finding
from graph.context import Context
from graph.events import ArtifactReady, StepFinished, StepProgress


def finish(runtime: Context, step_id: str, finding: Finding, started: float) -> None:
    """Say that a step which began at `started`, in seconds of the performance clock, is done, and what it made."""
    seconds = time.perf_counter() - started
    runtime.stream_writer(StepFinished(step_id, finding.agent, finding.ok, finding.text, seconds, finding))
    for artifact in finding.artifacts:
        runtime.stream_writer(ArtifactReady(step_id, artifact))


def progress(runtime: Context, step_id: str) -> Any:
    """The callback by which an agent tells how far it is."""

    def tell(text: str, part: float | None = None) -> None:
        runtime.stream_writer(StepProgress(step_id, text, part))

    return tell

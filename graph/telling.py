"""What a node tells the front end while one step goes on, and in which language that is said."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agents.spec import Artifact, Finding
from graph.context import Context
from graph.events import (
    ApprovalNeeded,
    ArtifactReady,
    Done,
    Failed,
    ReplyEvent,
    StepFinished,
    StepProgress,
    StepStarted,
    Waiting,
)
from graph.wording import in_language


def finish(runtime: Context, step_id: str, finding: Finding, started: float) -> None:
    """Say that a step which began at `started`, in seconds of the performance clock, is done, and what it made."""
    seconds = time.perf_counter() - started
    runtime.stream_writer(StepFinished(step_id, finding.agent, finding.ok, finding.text, seconds, finding))
    for artifact in finding.artifacts:
        runtime.stream_writer(ArtifactReady(step_id, artifact))


def spoken(event: ReplyEvent, language: str) -> ReplyEvent:
    """An event in the user's language, but for what must stand there word for word: the user's words, a preview."""
    match event:
        case StepStarted():
            return replace(event, title=in_language(event.title, language))
        case StepProgress() | Waiting():
            return replace(event, text=in_language(event.text, language))
        case StepFinished():
            return replace(event, output=in_language(event.output, language))
        case ApprovalNeeded():
            return replace(event, title=in_language(event.title, language))
        case Failed():
            return replace(event, message=in_language(event.message, language))
        case Done():
            return replace(event, offers=tuple(in_language(offer, language) for offer in event.offers))
    return event


def show(runtime: Context, step_id: str) -> Callable[[Artifact], None]:
    """The callback by which an agent puts a file before the user while it still works."""
    return lambda artifact: runtime.stream_writer(ArtifactReady(step_id, artifact))


def progress(runtime: Context, step_id: str) -> Any:
    """The callback by which an agent tells how far it is."""

    def tell(text: str, part: float | None = None) -> None:
        runtime.stream_writer(StepProgress(step_id, text, part))

    return tell

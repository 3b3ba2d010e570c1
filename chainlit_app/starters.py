"""What a new conversation can begin with: each works at once, with a small real file where one is needed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.paths import SAMPLES


@dataclass(frozen=True)
class Beginning:
    """A button on the empty page: its label, the message it sends, its icon, and the sample sent along."""

    label: str
    message: str
    icon: str
    sample: str = ""


BEGINNINGS: tuple[Beginning, ...] = (
    Beginning("Write an invoice", "Write an invoice to Acme GmbH for 12.5 hours at 80 € with 19 % VAT", "bookkeeping"),
    Beginning(
        "Train and explain a model",
        "Train a model for the price in diamonds.csv and explain it",
        "automl",
        "diamonds.csv",
    ),
    Beginning(
        "Ask a document",
        "What does project_brief.pdf say about payment terms?",
        "documents",
        "project_brief.pdf",
    ),
    Beginning(
        "Match a job post",
        "How well does job_post.txt match my profile, and write a proposal for it",
        "job_match",
        "job_post.txt",
    ),
    Beginning("Set up my profile", "Set up my profile", "career"),
    Beginning("What can you do?", "What can you do?", "freelancex"),
)


def sample_for(text: str) -> Path | None:
    """The sample file that goes with a beginning's message."""
    for beginning in BEGINNINGS:
        if beginning.sample and text.strip() == beginning.message:
            path = SAMPLES / beginning.sample
            return path if path.is_file() else None
    return None

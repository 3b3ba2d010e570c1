"""Versions of trained models: entered when they are kept, compared with the one before, found by number or name."""

from __future__ import annotations

import math
import re
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError
from agents.tools.documents.citations import plain
from memory.files import FileRef
from memory.model_versions import ModelVersion, Trained

METRICS = {"roc_auc": "ROC AUC", "accuracy": "accuracy", "r2": "R²", "skill": "error saved"}
VERSION = re.compile(r"\b(?:version|v)\s*\.?(\d{1,4})\b", re.IGNORECASE)
CALL = re.compile(
    r"\b(?:call|name|label|tag|mark)\b[^.?!]*?\b(?:model|version \d+|it)\s+(?:as\s+)?[\"'“]?"
    r"(?P<name>(?!the\b|a\b|my\b|as\b|for\b)[\w-]{2,40})",
    re.IGNORECASE,
)


async def register(kept: FileRef, table: FileRef, sha256: str, result: dict[str, Any], deps: Deps) -> str:
    """Enter a model that was just kept; says which version it is, and how it did beside the one before."""
    made = Trained(
        run=result["run_id"],
        target=result["target"],
        source=result["name"],
        data=table.id,
        sha256=sha256,
        metric=result["metric"],
        score=result["score"],
    )
    row, before = await deps.stores.models.add(deps.user, kept.id, made)
    return compared(row, before, result["interval"])


def compared(row: ModelVersion, before: ModelVersion | None, interval: list[float]) -> str:
    """A sentence on a version beside the one before; empty for a first one."""
    if before is None:
        return ""
    opening = f"This is version {row.version} of the model for {plain(row.target)}."
    if before.metric != row.metric:
        return f"{opening} It solves another kind of task than version {before.version}, so they cannot be compared."
    same = before.sha256 == row.sha256
    # Judged on other rows, the score before is as uncertain as this one, and their variances add up.
    low, high = (row.score + (1 if same else math.sqrt(2)) * (end - row.score) for end in interval)
    name = METRICS.get(row.metric, row.metric)
    verdict = (
        "no clear difference"
        if low <= before.score <= high
        else "clearly better"
        if row.score > before.score
        else "clearly worse"
    )
    other = "" if same else ", though from another file of that name"
    scores = f"Version {before.version} reached {name} {before.score:.3f}, this one {row.score:.3f}"
    return f"{opening} {scores}: {verdict}{other}."


async def meant(words: str, deps: Deps) -> str | None:
    """The file of the model that words name by its version or its name; None when they name none.

    Raises AgentError when they name a version that is not there.
    """
    rows = await deps.stores.models.of(deps.user)
    for row in rows:
        if row.alias and re.search(rf"\b{re.escape(row.alias)}\b", words, re.IGNORECASE):
            return row.id
    wanted = VERSION.search(words)
    if wanted is None or not rows:
        return None
    series = [row for row in rows if re.search(rf"\b{re.escape(row.target)}\b", words, re.IGNORECASE)] or [
        row for row in rows if (row.target, row.source) == (rows[0].target, rows[0].source)
    ]
    found = next((row for row in series if row.version == int(wanted[1])), None)
    if found is None:
        told = ", ".join(str(row.version) for row in sorted(series, key=lambda row: row.version))
        raise AgentError(f"There is no version {wanted[1]} of that model; there are {told}.")
    return found.id


def listed(rows: list[ModelVersion]) -> str:
    """The versions as a table, the newest first."""
    lines = ["| Model for | Version | From | Score | Trained |", "|---|---:|---|---:|---|"]
    for row in rows:
        name = f"{row.version} ({plain(row.alias)})" if row.alias else str(row.version)
        score = f"{METRICS.get(row.metric, row.metric)} {row.score:.3f}"
        lines.append(f"| {plain(row.target)} | {name} | {plain(row.source)} | {score} | {row.created_at:%Y-%m-%d} |")
    return "\n".join(lines)

"""Groups of rows and odd rows, for tables without anything to predict."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import anyio

from agents.deps import Deps
from agents.spec import Artifact, Finding, Record, Source
from memory.files import FileRef

SECONDS = 600.0
JOBS = {"clustering": "groups", "anomaly": "oddities"}
CAPTIONS = {"clustering": "Every row with its group", "anomaly": "Every row with how odd it is"}
WORDS = ("two", "three", "four", "five", "six", "seven", "eight")
COUNT = re.compile(rf"\b(?P<count>[2-8]|{'|'.join(WORDS)})\s+(?:\w+\s+)?(?:group|cluster|segment)s?\b", re.IGNORECASE)


def group_count(words: str) -> int:
    """How many groups the words ask for; 0 when they leave it open."""
    found = COUNT.search(words)
    if found is None:
        return 0
    text = found["count"].lower()
    return WORDS.index(text) + 2 if text in WORDS else int(text)


async def row_groups(kind: str, file: FileRef, words: str, ignore: list[str], deps: Deps) -> Finding:
    """Sort the rows of a table. Raises JobError."""
    async with anyio.TemporaryDirectory() as drawn:
        out = Path(drawn) / f"{Path(file.name).stem} {'groups' if kind == 'clustering' else 'odd rows'}.csv"
        arguments: dict[str, Any] = {"data": await deps.lay(file), "name": file.name, "out": str(out), "ignore": ignore}
        if kind == "clustering":
            arguments["count"] = group_count(words)
        job = f"automl.grouping:{JOBS[kind]}"
        result = await deps.jobs.run(job, arguments, progress=deps.progress, seconds=SECONDS)
        kept = await deps.stores.files.put(out, out.name, user=deps.user, thread=deps.thread, made_by="automl")
    return Finding(
        agent="automl",
        ok=True,
        text=result["text"],
        data={key: result[key] for key in ("rows", "groups", "odd", "count") if key in result},
        records=(Record("dataset", file.id, file.name),),
        sources=(Source(file.name, f"{result['rows']:,} rows"),),
        artifacts=(Artifact(kept.id, kept.name, kept.mime, CAPTIONS[kind]),),
        trust="outside",
        offers=(f"Describe {file.name}",),
    )

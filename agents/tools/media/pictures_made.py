"""Pictures made from the user's: what differs between two, and copies without metadata."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Finding, Record, Source
from agents.tools.text.markdown import plain
from integrations.media.images.look import MEMORY_MB, SECONDS
from memory.files import FileRef

NAME = "vision"
TWO = "I need two pictures to compare; please attach both."
MOST = 6
"""Pictures that are looked at in one step."""


async def compare(pictures: Sequence[FileRef], deps: Deps) -> Finding:
    """What differs between the first two pictures, marked in a third. Raises AgentError and JobError."""
    if len(pictures) < 2:
        raise AgentError(TWO)
    one, other = pictures[:2]
    with tempfile.TemporaryDirectory() as folder:
        outcome = await deps.jobs.run(
            "integrations.media.images.look:compare_pictures",
            {"one": await deps.lay(one), "other": await deps.lay(other), "folder": folder},
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
        marked = await artifact(Path(outcome.pop("marked")), "differences.png", "Where they differ", deps)
    sizes = " and ".join(f"{width:,} × {height:,}" for width, height in outcome["sizes"])
    return Finding(
        agent=NAME,
        ok=True,
        text=f"**{plain(one.name)}** and **{plain(other.name)}** ({sizes} pixels): {outcome['words']}",
        data={"comparison": outcome},
        records=tuple(Record("image", file.id, file.name) for file in (one, other)),
        sources=(Source(one.name), Source(other.name)),
        artifacts=(marked,) if outcome["places"] else (),
        trust="outside",
    )


async def stripped(pictures: Sequence[FileRef], deps: Deps) -> Finding:
    """Copies without metadata. Raises JobError."""
    made = []
    for file in pictures[:MOST]:
        with tempfile.TemporaryDirectory() as folder:
            arguments = {"path": await deps.lay(file), "name": file.name, "folder": folder}
            function = "integrations.media.images.metadata:write_bare"
            path = Path(await deps.jobs.run(function, arguments, seconds=SECONDS, memory_mb=MEMORY_MB))
            made.append(await artifact(path, path.name, "Without metadata", deps))
    return Finding(
        agent=NAME,
        ok=True,
        text=f"Here is {'a copy' if len(made) == 1 else 'a copy of each'} with nothing but the picture itself: "
        "no place, no camera, no time.",
        artifacts=tuple(made),
        trust="outside",
    )


async def artifact(source: Path | bytes, name: str, caption: str, deps: Deps) -> Artifact:
    """Keep a picture that was made, for the page."""
    kept = await deps.stores.files.put(source, name, user=deps.user, thread=deps.thread, made_by=NAME)
    return Artifact(kept.id, kept.name, kept.mime, caption=caption)

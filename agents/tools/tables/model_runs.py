"""Trained models: each run is kept as one sealed file, and laid out as a folder only while it is used."""

from __future__ import annotations

import asyncio
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path

from agents.deps import Deps
from agents.spec import AgentError, Given
from automl.errors import DataError
from automl.manifest import FILE, load_manifest, new_run_id
from memory.files import FileRef, Files

MADE_BY = "model"
GONE = "That model is no longer here; train it again."


def new_run(deps: Deps) -> Path:
    """The folder a run may be made in; it lies on the desk, in a place of its own name, until that is wiped."""
    name = new_run_id()
    folder = deps.stores.files.desk.place(name) / name
    folder.mkdir(mode=0o700)
    return folder


async def keep_run(folder: Path, deps: Deps) -> FileRef:
    """Keep a run that is done. Raises OSError when the disk refuses."""
    return await _keep(folder, deps.stores.files, deps.user)


async def open_run(run: str | None, deps: Deps) -> tuple[FileRef, Path] | None:
    """A run by the id of its file, else the newest one, with its folder on the desk; None when there is none at all.

    Raises AgentError when the one that was named is not there.
    """
    files = deps.stores.files
    kept = await files.get(run, user=deps.user) if run else await files.newest(MADE_BY, user=deps.user)
    if kept is None and not run:
        return None
    if kept is None or kept.made_by != MADE_BY:
        raise AgentError(GONE)
    packed = Path(await deps.lay(kept))
    await asyncio.to_thread(_unpack, packed)
    return kept, packed.with_suffix("")


async def trained_on(folder: Path, given: Given, deps: Deps) -> FileRef:
    """The table a model was trained on, or the one sent now. Raises AgentError when it is not in this conversation."""
    sent = [file for file in given.files if file.kind == "table"]
    if sent:
        return sent[0]
    manifest = await asyncio.to_thread(load_manifest, folder)
    name = manifest.config["asked"]["name"]
    found = [file for file in await deps.stores.files.in_thread(deps.thread, user=deps.user) if file.name == name]
    if not found:
        raise AgentError(f"I no longer have {name} in this conversation; please attach it again.")
    return found[0]


async def adopt_runs(runs: Path, files: Files) -> None:
    """Keep the runs that an older version left in clear as sealed files."""
    for folder in await asyncio.to_thread(lambda: [one for one in runs.iterdir() if (one / FILE).is_file()]):
        with suppress(DataError):
            owner = str((await asyncio.to_thread(load_manifest, folder)).config.get("owner", ""))
            await _keep(folder, files, owner)
        await asyncio.to_thread(shutil.rmtree, folder)


async def _keep(folder: Path, files: Files, user: str) -> FileRef:
    packed = files.desk.place(folder.name) / f"{folder.name}.tar"
    await asyncio.to_thread(_pack, folder, packed)
    kept = await files.put(packed, packed.name, user=user, made_by=MADE_BY)
    await asyncio.to_thread(files.desk.wipe, folder.name)
    return kept


def _pack(folder: Path, target: Path) -> None:
    with tarfile.open(target, "w") as archive:
        archive.add(folder, ".")


def _unpack(packed: Path) -> None:
    with tarfile.open(packed) as archive:
        archive.extractall(packed.with_suffix(""), filter="data")

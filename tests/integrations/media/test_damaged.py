"""Two hundred damaged files of all formats, read as the app reads them: no crash, one sentence each, memory flat.

Each kind goes to the true process of a job, under its limits on memory and network, which must outlive all of them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psutil
import pytest

from config.paths import ROOT
from graph.worker import FAILED, TOO_LARGE
from integrations.media.documents import read
from integrations.media.images import look
from integrations.media.video import watch
from tests.integrations.media import damaged

FLAT_MB = 25
LOOKED = ["metadata", "quality", "colours", "codes"]
Ask = Callable[[str, str, str], dict[str, Any]]


def documents(path: str, name: str, folder: str) -> dict[str, Any]:
    arguments = {"path": path, "name": name, "password": "word"}
    return {"function": "integrations.media.documents.read:read_document", "arguments": arguments,
            "memory_mb": read.MEMORY_MB}  # fmt: skip


def pictures(path: str, name: str, folder: str) -> dict[str, Any]:
    arguments = {"path": path, "name": name, "parts": LOOKED, "today": "2026-11-21", "folder": folder}
    return {"function": "integrations.media.images.look:look", "arguments": arguments, "memory_mb": look.MEMORY_MB}


def sounds(path: str, name: str, folder: str) -> dict[str, Any]:
    arguments = {"path": path, "engine": "embedded", "models": folder, "language": "en"}
    return {"function": "integrations.media.speech.listening:transcribe_file", "arguments": arguments,
            "memory_mb": look.MEMORY_MB}  # fmt: skip


def films(path: str, name: str, folder: str) -> dict[str, Any]:
    arguments = {"path": path, "name": name, "folder": folder}
    return {"function": "integrations.media.video.playable:write_playable", "arguments": arguments,
            "memory_mb": watch.MEMORY_MB}  # fmt: skip


def outcomes(files: Iterable[damaged.Named], ask: Ask, folder: Path) -> tuple[list[str], int]:
    """What became of each: "read", or its sentence. And the most memory their process had, in MB."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "graph.worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert worker.stdin is not None and worker.stdout is not None
    found = []
    for number, (name, content) in enumerate(files):
        path = folder / f"file-{number}"
        path.write_bytes(content)
        worker.stdin.write(json.dumps(ask(str(path), name, str(folder))) + "\n")
        worker.stdin.flush()
        answer = next(said for line in worker.stdout if "progress" not in (said := json.loads(line)))
        found.append(answer.get("error") or "read")
        path.unlink()
    peak = psutil.Process(worker.pid).memory_info().rss // 1024**2
    worker.stdin.close()
    assert worker.wait(20) == 0
    return found, peak


@pytest.mark.timeout(300)
def test_two_hundred_damaged_files_end_in_one_sentence_each(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    own = psutil.Process()
    kinds: dict[str, tuple[list[damaged.Named], Ask]] = {
        "documents": (list(damaged.documents()), documents),
        "pictures": (list(damaged.pictures()), pictures),
        "sounds": (list(damaged.sounds(tmp_path)), sounds),
        "films": (list(damaged.films(tmp_path)), films),
    }
    before = own.memory_info().rss
    lines, count = [], 0
    for kind, (files, ask) in kinds.items():
        told, peak = outcomes(files, ask, tmp_path)
        refused = [sentence for sentence in told if sentence != "read"]
        for sentence in refused:
            assert sentence.endswith(".") and "\n" not in sentence and len(sentence) < 260, sentence
            assert sentence not in (FAILED, TOO_LARGE) and str(tmp_path) not in sentence and "Error" not in sentence
        assert len(refused) >= len(told) / 4
        count += len(told)
        lines.append(f"{kind}: {len(told)} files, {len(refused)} refused, {peak} MB")
    grown = (own.memory_info().rss - before) / 1024**2
    record_property("figures", f"{count} damaged files; the app grew by {grown:.0f} MB; " + "; ".join(lines))
    assert count >= 200
    assert grown < FLAT_MB

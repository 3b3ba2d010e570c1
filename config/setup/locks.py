"""The lock files: what they hold, and how they are made.

    requirements.lock        what the app needs
    requirements-test.lock   only what the tests and checks add to it
    requirements-llama.lock  only llama-cpp-python and what it adds

Each holds exact versions for every platform with the hashes of their files, and no address of an index.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tempfile
from pathlib import Path

from config.errors import Mendable

APP = "requirements.lock"
ADDITIONS = {"test": "requirements-test.lock", "llama": "requirements-llama.lock"}
TEST = ADDITIONS["test"]
LLAMA = ADDITIONS["llama"]

_COMPILE = ["pip", "compile", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--quiet"]


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def entries(text: str) -> list[str]:
    """The entries of a lock: a requirement with its hashes each, in the order of the file."""
    return re.findall(r"^[A-Za-z0-9].*\n(?:[ \t]+.*\n)*", text if text.endswith("\n") else text + "\n", re.MULTILINE)


def name(entry: str) -> str:
    """The normalised name of the package an entry pins."""
    return re.split(r"[^A-Za-z0-9._-]", entry, maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def pinned(path: Path, package: str) -> list[str]:
    """The entries of `package` in a lock file; none when it is not there."""
    return [entry for entry in entries(path.read_text("utf-8")) if name(entry) == package]


def additions(text: str, base: str) -> str:
    """What one lock's text adds to another's, as the text of a lock."""
    known = set(entries(base))
    return "".join(entry for entry in entries(text) if entry not in known)


def compile_locks(root: Path, uv: Path, *, upgrade: bool = False) -> None:
    """Write all lock files from `pyproject.toml`.

    Versions already locked are kept where they still fit, unless `upgrade`. Raises Mendable when no set of versions
    fits.
    """
    app = root / APP
    _resolve(root, uv, app, ["--upgrade"] if upgrade else [])
    base = app.read_text("utf-8")
    for extra, file in ADDITIONS.items():
        with tempfile.TemporaryDirectory() as folder:
            whole = Path(folder) / "whole.lock"
            if (root / file).exists():
                whole.write_text(base + (root / file).read_text("utf-8"), "utf-8")
            flags = ["--extra", extra, "--constraint", APP, *(["--upgrade"] if upgrade else [])]
            _resolve(root, uv, whole, flags)
            (root / file).write_text(additions(whole.read_text("utf-8"), base), "utf-8")


def _resolve(root: Path, uv: Path, out: Path, flags: list[str]) -> None:
    done = subprocess.run(
        [uv, *_COMPILE, *flags, "pyproject.toml", "--output-file", out],
        cwd=root,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        raise Mendable("The dependencies in pyproject.toml could not be locked; the lines above say which one and why.")

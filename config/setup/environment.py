"""The virtual environment: made once, brought up to the lock files, and left alone while they stay the same.

.venv/installed.json   which lock files are in it, by their SHA-256; written last, so an interrupted
                       installation is simply taken up again
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from config.errors import Mendable
from config.setup import locks
from config.setup.claim import Claim

_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class Environment:
    """The `.venv` of one checkout."""

    root: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.script("python")

    def script(self, name: str) -> Path:
        """Where a command of the environment lies."""
        return self.venv / "Scripts" / f"{name}.exe" if _WINDOWS else self.venv / "bin" / name

    def installed(self, *files: str) -> bool:
        """Whether exactly these lock files are in it. Costs a few milliseconds."""
        if not self.python.exists():
            return False
        stamp = self._stamp()
        return all(stamp.get(file) == locks.digest(self.root / file) for file in files)

    def install(self, *files: str) -> bool:
        """Bring the environment up to these lock files. Returns False when there was nothing to do.

        Safe to interrupt at any point and to run twice at once. Raises Mendable.
        """
        if self.installed(*files):
            return False
        with Claim(self.root / "data" / "setup.claim", wait=True):
            self._create()
            for file in files:
                if not self.installed(file):
                    print(f"Installing {file} into .venv", flush=True)
                    self._install(self.root / file)
                    self._mark(file)
        return True

    def uv(self) -> Path | None:
        """The fast installer, put into the environment if need be; None where it does not exist for this platform."""
        uv = self.script("uv")
        if uv.exists():
            return uv
        pinned = locks.pinned(self.root / locks.APP, "uv")
        if not pinned:
            return None
        wanted = self.venv / "uv.lock"
        wanted.write_text("".join(pinned), "utf-8")
        only = ["-qq", "--only-binary", ":all:", "--require-hashes", "--requirement", str(wanted)]
        done = subprocess.run([*self.pip("install"), *only], check=False)
        return uv if done.returncode == 0 and uv.exists() else None

    def pip(self, verb: str) -> list[str]:
        """The start of a pip command that installs or builds what a lock file holds, and nothing else."""
        if not _works(self.python, "import pip"):
            _run([str(self.python), "-m", "ensurepip"], "pip could not be put into .venv")
        return [str(self.python), "-m", "pip", "--disable-pip-version-check", "--no-input", verb, "--no-deps"]

    def variables(self) -> dict[str, str]:
        """The environment variables for what runs in it.

        Bytecode is kept even where the shell says otherwise: without it each start would compile every library anew.
        """
        without = ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV")
        return {key: value for key, value in os.environ.items() if key not in without}

    def _create(self) -> None:
        if self.python.exists() and _works(self.python):
            return
        if missing := [module for module in ("venv", "ensurepip") if not importlib.util.find_spec(module)]:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise Mendable(
                f"Python's module {missing[0]} is missing; on Debian, sudo apt-get install python{version}-venv adds it"
            )
        print("Creating .venv", flush=True)
        _run([sys.executable, "-m", "venv", "--clear", str(self.venv)], "The virtual environment could not be created")

    def _install(self, lock: Path) -> None:
        uv = self.uv()
        fast = [str(uv), "pip", "install", "--python", str(self.python), "--no-deps"]
        command = fast if uv else self.pip("install")
        quiet = [] if sys.stderr.isatty() else ["--quiet"]
        _run([*command, *quiet, "--require-hashes", "--requirement", str(lock)], f"{lock.name} could not be installed")

    def _stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads((self.venv / "installed.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _mark(self, file: str) -> None:
        text = json.dumps({**self._stamp(), file: locks.digest(self.root / file)})
        replace(self.venv / "installed.json", text)


def replace(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old text or the new, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_text(text, "utf-8")
    new.replace(path)


def _works(python: Path, statement: str = "pass") -> bool:
    try:
        return subprocess.run([python, "-c", statement], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _run(command: list[str], failure: str) -> None:
    if subprocess.run(command, check=False).returncode:
        raise Mendable(f"{failure}. The lines above say why; the same command takes it up again.")

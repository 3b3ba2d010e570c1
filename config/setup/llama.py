"""Builds llama-cpp-python beside the app.

It has no ready-made package and compiles for about ten minutes, so a detached process of low priority does that while
the app already serves.

    data/llama.json           how far it is: an object with the fields of `Build`
    data/logs/llama-build.log what the compilers said
    data/llama.claim          held while a build runs
    data/wheels/              what was built

    (no file) ── begin ──▶ building ──▶ built
                     │         └──────▶ failed        with the reason; tried again when something changed
                     └──────▶ no-compiler             tried again when there is one
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from config.setup import locks
from config.setup.accelerator import COMPILER, Accelerator, best, compiler, signs
from config.setup.claim import Claim, Taken, taken
from config.setup.environment import Environment, replace

PACKAGE = "llama-cpp-python"
CHEAP_S = 60.0
"""A build that failed sooner than this never got to compiling; trying again costs nothing."""


@dataclass(frozen=True)
class Build:
    """How far the build is. `key` names what it was made from; `seconds` is how long it took."""

    state: str = "none"
    reason: str = ""
    backend: str = ""
    pid: int = 0
    key: str = ""
    seconds: float = 0.0


def read(root: Path) -> Build:
    """How far the build of this checkout is; `state` is none, building, built, failed or no-compiler."""
    build = _stored(root)
    if build.state == "building" and not taken(_claim(root)):
        return dataclasses.replace(build, state="failed", reason="the build was interrupted", pid=0, seconds=0.0)
    return build


def begin(environment: Environment) -> str:
    """Start the build if it is needed and possible. Returns at once, with one line for the user or an empty one."""
    root = environment.root
    if os.environ.get("FREELANCEX_LLAMA", "").lower() in {"off", "0", "false", "no"}:
        return ""
    known = _stored(root)
    if _installed(environment):
        if known.state != "built":
            _write(root, dataclasses.replace(known, state="built", reason="", pid=0))
        return ""
    if taken(_claim(root)):
        return f"llama.cpp is still being built; {_log(root).relative_to(root)} shows how far it is."
    if compiler() is None:
        _write(root, Build("no-compiler", reason=f"there is no C++ compiler; to add one: {COMPILER}"))
        said = known.state == "no-compiler"
        return "" if said else f"No C++ compiler, so no llama.cpp; all else works. To add one: {COMPILER}"
    key = _key(root)
    if known.state == "failed" and known.key == key and known.seconds > CHEAP_S:
        return ""
    _spawn(environment)
    return f"Building llama.cpp beside the app (about ten minutes); {_log(root).relative_to(root)} shows how far it is."


def build(environment: Environment) -> Build:
    """Build and install it in this process, with the best accelerator there is, else for the processor alone."""
    root = environment.root
    try:
        with Claim(_claim(root)) as claim:
            return _build(environment, claim)
    except Taken:
        return read(root)


def _build(environment: Environment, claim: Claim) -> Build:
    root, key, started = environment.root, _key(environment.root), time.monotonic()
    if compiler() is None:
        return _write(root, Build("no-compiler", reason=f"there is no C++ compiler; to add one: {COMPILER}"))
    reasons: list[str] = []
    for accelerator in dict.fromkeys([best(), Accelerator.CPU]):
        building = Build("building", "; ".join(reasons), accelerator.value, os.getpid(), key)
        _write(root, building)
        reason = _attempt(environment, accelerator, claim)
        seconds = round(time.monotonic() - started, 1)
        if not reason:
            return _write(root, dataclasses.replace(building, state="built", pid=0, seconds=seconds))
        reasons.append(f"{accelerator.value}: {reason}")
    return _write(
        root, dataclasses.replace(building, state="failed", reason="; ".join(reasons), pid=0, seconds=seconds)
    )


def _attempt(environment: Environment, accelerator: Accelerator, claim: Claim) -> str:
    """Build for one accelerator; returns why it failed, or an empty text.

    The wheel is made aside first, because an installer would lock the environment for as long as it builds, and it is
    kept, so that a new environment need not wait for it again.
    """
    lock = environment.root / locks.LLAMA
    wheels = environment.root / "data" / "wheels" / f"{locks.digest(lock)[:16]}-{accelerator.value}"
    if not any(wheels.glob("llama_cpp_python-*.whl")):
        # pip's cache of built wheels does not know which switches one was built with.
        fresh = ["--no-cache-dir"] if accelerator.switches else []
        what = ["--require-hashes", "--requirement", str(lock), "--wheel-dir", str(wheels)]
        if reason := _logged([*environment.pip("wheel"), *fresh, *what], environment, accelerator, claim):
            return reason
    install = [*environment.pip("install"), "--no-index", "--force-reinstall", *map(str, sorted(wheels.glob("*.whl")))]
    load = [str(environment.python), "-c", "import llama_cpp"]
    return _logged(install, environment, accelerator, claim) or _logged(load, environment, accelerator, claim)


def _logged(command: list[str], environment: Environment, accelerator: Accelerator, claim: Claim) -> str:
    """Run a command with its output in the log; returns the line that names its failure, or an empty text."""
    switches = [f"-D{switch}=ON" for switch in accelerator.switches]
    variables = environment.variables() | {
        "CMAKE_ARGS": " ".join([*switches, os.environ.get("CMAKE_ARGS", "")]).strip(),
        "CMAKE_BUILD_PARALLEL_LEVEL": str(max(1, (os.cpu_count() or 2) - 1)),
    }
    inherited = () if sys.platform == "win32" else (claim.fd,)
    log = _log(environment.root)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        start = out.tell()
        done = subprocess.run(
            command, stdout=out, stderr=subprocess.STDOUT, env=variables, pass_fds=inherited, check=False
        )
    if done.returncode == 0:
        return ""
    lines = [line.strip() for line in log.read_bytes()[start:].decode("utf-8", "replace").splitlines()]
    said = [line for line in lines if line and "subprocess-exited-with-error" not in line]
    telling = [line for line in said if re.search(r"error:|cmake error", line, re.IGNORECASE)]
    return (telling[:1] or said[-1:] or [f"{Path(command[0]).name} ended with code {done.returncode}"])[0][:300]


def _spawn(environment: Environment) -> None:
    log = _log(environment.root)
    log.parent.mkdir(parents=True, exist_ok=True)
    detached = {"creationflags": 0x00000208} if sys.platform == "win32" else {"start_new_session": True}
    with log.open("ab") as out:
        subprocess.Popen(
            [environment.python, "-m", "config.install", "llama", "--quiet"],
            cwd=environment.root,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment.variables(),
            **detached,
        )


def yield_to_others() -> None:
    """Give this process the lowest priority, so that the chat stays quick while it compiles."""
    if sys.platform == "win32":
        return
    os.nice(19)
    # Linux weighs sessions before it weighs niceness, and this process leads a session of its own.
    autogroup = Path("/proc/self/autogroup")
    with contextlib.suppress(OSError):
        autogroup.write_text("19")


def _installed(environment: Environment) -> bool:
    """Whether the locked version is in the environment."""
    pinned = locks.pinned(environment.root / locks.LLAMA, PACKAGE)
    version = pinned[0].split("==")[1].split()[0] if pinned else ""
    packages = "Lib/site-packages" if sys.platform == "win32" else "lib/python*/site-packages"
    return any(environment.venv.glob(f"{packages}/llama_cpp_python-{version}.dist-info"))


def _key(root: Path) -> str:
    return " ".join([locks.digest(root / locks.LLAMA)[:16], *signs()])


def _stored(root: Path) -> Build:
    try:
        values = json.loads((root / "data" / "llama.json").read_text("utf-8"))
        return Build(**values)
    except (OSError, ValueError, TypeError):
        return Build()


def _write(root: Path, build: Build) -> Build:
    replace(root / "data" / "llama.json", json.dumps(dataclasses.asdict(build)) + "\n")
    return build


def _claim(root: Path) -> Path:
    return root / "data" / "llama.claim"


def _log(root: Path) -> Path:
    return root / "data" / "logs" / "llama-build.log"

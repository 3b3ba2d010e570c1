"""A small checkout whose tools only note what they are asked, so that setting up costs nothing."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.paths import ROOT
from config.setup.environment import Environment

PYTHON = """#!{python} -IB
import os, pathlib, sys
arguments = sys.argv[1:]
root = pathlib.Path(__file__).resolve().parents[2]
if arguments[:2] == ["-m", "config.install"]:
    sys.path.insert(0, str(root))
    os.execv({python!r}, [{python!r}, *arguments])
with (root / "calls").open("a") as calls:
    calls.write(" ".join(arguments) + " | " + os.environ.get("CMAKE_ARGS", "") + "\\n")
if "wheel" in arguments:
    if (root / "broken").exists() and (root / "broken").read_text() in os.environ.get("CMAKE_ARGS", ""):
        print("lots of output\\nmodel.cpp:1:1: error: it does not compile\\nmore output")
        sys.exit(1)
    wheels = pathlib.Path(arguments[arguments.index("--wheel-dir") + 1])
    wheels.mkdir(parents=True, exist_ok=True)
    (wheels / "llama_cpp_python-1.0-py3-none-any.whl").touch()
if "--no-index" in arguments:
    (root / ".venv/lib/python3.11/site-packages/llama_cpp_python-1.0.dist-info").mkdir(parents=True, exist_ok=True)
"""

UV = """#!/bin/sh
echo "uv $*" >> "{root}/calls"
test ! -e "{root}/no-network" || {{ echo "no route to host" >&2; exit 2; }}
"""


@dataclass(frozen=True)
class Checkout:
    """`calls` are the commands that were run in it, `tools` is a folder that is the whole PATH."""

    root: Path
    tools: Path

    @property
    def environment(self) -> Environment:
        return Environment(self.root)

    @property
    def calls(self) -> list[str]:
        file = self.root / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def tool(self, name: str, script: str = "exit 0") -> None:
        write_script(self.tools / name, f"#!/bin/sh\n{script}\n")


def write_script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    root, tools = tmp_path / "checkout", tmp_path / "tools"
    tools.mkdir()
    without: Callable[[str, list[str]], set[str]] = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "config", root / "config", ignore=without)
    (root / "requirements.lock").write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    (root / "requirements-test.lock").write_text("pytest==1.0 \\\n    --hash=sha256:00\n")
    (root / "requirements-llama.lock").write_text("llama-cpp-python==1.0 \\\n    --hash=sha256:00\n")
    write_script(root / ".venv/bin/python", PYTHON.format(python=sys.executable))
    write_script(root / ".venv/bin/uv", UV.format(root=root))
    monkeypatch.setenv("PATH", str(tools))
    for name in ("FREELANCEX_LLAMA", "CMAKE_ARGS", "CXX", "CI"):
        monkeypatch.delenv(name, raising=False)
    return Checkout(root, tools)

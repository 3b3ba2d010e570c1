"""What no file of the program may do: run text as code, hand text to a shell, unpickle, skip checks of certificates."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("config", "privacy", "monitoring", "memory", "integrations", "automl", "agents", "graph", "chainlit_app")
SOURCES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
def called(path: Path) -> tuple[tuple[str, ast.Call], ...]:
    """Every call in a file, by its dotted name."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return tuple((ast.unparse(node.func), node) for node in nodes if isinstance(node, ast.Call))


def offenders(*names: str) -> list[str]:
    return [f"{path.relative_to(ROOT)}: {name}" for path in SOURCES for name, _ in called(path) if name in names]


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 300


def test_no_text_is_run_as_code() -> None:
    assert offenders("eval", "exec", "compile", "builtins.eval", "__import__") == []


def test_nothing_is_unpickled() -> None:
    unsafe = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for name, call in called(path)
        if name == "yaml.load" and "Safe" not in ast.unparse(call)
    ]
    assert unsafe == []
    assert offenders("pickle.load", "pickle.loads", "joblib.load", "dill.loads", "torch.load") == []


def test_no_command_goes_through_a_shell() -> None:
    shells = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        for name, call in called(path)
        if name in ("os.system", "os.popen", "asyncio.create_subprocess_shell", "subprocess.getoutput")
        or any(one.arg == "shell" and getattr(one.value, "value", None) is True for one in call.keywords)
    ]
    assert shells == []


def test_certificates_are_always_checked() -> None:
    assert offenders("ssl._create_unverified_context") == []
    careless = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for _, call in called(path)
        if any(one.arg == "verify" and getattr(one.value, "value", None) is False for one in call.keywords)
    ]
    assert careless == []


@pytest.mark.parametrize("name", ["hashlib.md5", "hashlib.sha1", "random.seed"])
def test_weak_hashes_and_chance_guard_nothing(name: str) -> None:
    guards = [path for path in SOURCES if path.is_relative_to(ROOT / "privacy")]
    assert not [path for path in guards for found, _ in called(path) if found == name or found.startswith("random.")]


OWN_SCRIPTS = sorted((ROOT / "chainlit_app" / "face" / "public").rglob("*.js"))


def test_no_script_heeds_a_message_of_another_page() -> None:
    listeners = [
        (path.name, after.lstrip().partition("\n")[0])
        for path in OWN_SCRIPTS
        for after in path.read_text("utf-8").split('addEventListener("message", (event) => {')[1:]
    ]
    assert len(listeners) >= 3
    own = ("event.origin !== window.location.origin) return", "if (event.source !== window ||")
    assert [name for name, first in listeners if not any(check in first for check in own)] == []


def test_own_scripts_leave_no_words_in_the_browser() -> None:
    kept = [
        found for path in OWN_SCRIPTS for found in re.findall(r"Storage\.setItem\([^)]*\)", path.read_text("utf-8"))
    ]
    assert kept == ['Storage.setItem(KEPT, "open")'], "whether the overview is open is all that may lie there"

"""What no file of the program may do: run text as code, hand text to a shell, unpickle, skip checks of certificates."""

from __future__ import annotations

import ast
import re
import tomllib
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


WRITTEN_HERE = {
    "agents/specialists/mail.py": {"named['invoice']", "named['named']"},
    "agents/tools/models/checked_text.py": {"self.ground.mark"},
    "agents/tools/text/languages.py": {"_DAY.get(language, '{day} {month} {year}')"},
    "agents/tools/writing/mail_words.py": {"said['about']"},
    "agents/tools/writing/papers.py": {"said"},
    "agents/tools/writing/style.py": {"said[one.wish.kind]"},
    "automl/grouping.py": {"way"},
    "graph/attempts.py": {"said['instead']", "said['nobody']", "said['takes_over']"},
    "graph/compose.py": {"form", "said['model_stopped']", "said['partly_read']"},
    "graph/conflicts.py": {"said['decided']", "said['head']"},
    "graph/gate.py": {"say['too_long']", "say['too_many_files']"},
    "graph/planner/model_plan.py": {"prompt"},
    "graph/pulse.py": {"rule.text"},
    "graph/reading.py": {"said['prompts']['compose' if planned else 'talk']"},
    "graph/wording.py": {"form", "self._days['weekday']"},
    "integrations/job_boards/alert_mails.py": {"platform.address"},
    "integrations/research/source.py": {"address"},
    "integrations/status.py": {"source.address"},
    "memory/recall/matching.py": {"found"},
}
"""What is filled in besides constants and phrases, each looked at: the program's own words, or a setting."""


def test_no_text_of_others_becomes_a_format_string() -> None:
    """A stranger's braces could otherwise read attributes of what is filled in."""
    constant = re.compile(r"(?:\w+\.)*_?[A-Z][A-Z_0-9]*(?:\[.*\])?|.*\bphrases\(\)\[.*\]\)?")
    found: dict[str, set[str]] = {}
    for path in SOURCES:
        for _, call in called(path):
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("format", "format_map"):
                form = ast.unparse(call.func.value)
                if not isinstance(call.func.value, ast.Constant) and not constant.fullmatch(form):
                    found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(form)
    new = {path: forms - WRITTEN_HERE.get(path, set()) for path, forms in found.items()}
    assert {path: forms for path, forms in new.items() if forms} == {}, "say where such a text is written, if it is"


def test_nothing_that_only_development_needs_is_part_of_the_program() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    modules = {
        group: {re.split(r"[^\w-]", name)[0].replace("-", "_").lower() for name in names}
        for group, names in extras.items()
    }
    alone = {"tests", "bench", *modules.pop("test")} - set().union(*modules.values())
    alone -= {"jinja2"}  # comes with llama.cpp, too, whose models bring templates
    nodes = [(path, node) for path in SOURCES for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    plain = [(path, one.name) for path, node in nodes if isinstance(node, ast.Import) for one in node.names]
    parts = [(path, node.module or "") for path, node in nodes if isinstance(node, ast.ImportFrom)]
    assert [(str(path), name) for path, name in plain + parts if name.split(".")[0] in alone] == []


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


def test_own_scripts_write_by_a_name_of_the_data_only_where_no_prototype_is() -> None:
    written = [
        (path, found)
        for path in OWN_SCRIPTS
        for found in re.findall(r"(\w+)\[[\w.]+\]\s*=(?![=>])", path.read_text("utf-8"))
    ]
    assert written
    bare = [path.name for path, name in written if f"{name} = Object.create(null);" not in path.read_text("utf-8")]
    assert bare == []
    merged = r"\b(?:structuredClone|__proto__|constructor\.prototype|deepMerge)\b"
    assert not [path.name for path in OWN_SCRIPTS if re.search(merged, path.read_text("utf-8"))]

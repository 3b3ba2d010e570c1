"""The house: which package may import which, where the heavy libraries may appear, and whose names the packages are."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LEVELS = [
    {"config"},
    {"privacy"},
    {"monitoring"},
    {"memory", "integrations", "automl"},
    {"agents"},
    {"graph"},
    {"chainlit_app"},
]
PACKAGES = sorted(set().union(*LEVELS))
RANK = {package: rank for rank, level in enumerate(LEVELS) for package in level}
OWNED = {
    "chainlit": ("chainlit_app/",),
    "langgraph": ("graph/", "agents/tools/"),
    "llama_cpp": ("integrations/models/",),
    "langchain_ollama": ("integrations/models/",),
    "httpx": ("integrations/",),
}
OPENS_CONNECTIONS = {
    "httpx", "httpcore", "requests", "urllib3", "aiohttp", "websockets", "websocket", "socket", "socketserver",
    "http.client", "urllib.request", "imaplib", "smtplib", "ftplib", "poplib", "telnetlib", "xmlrpc.client",
}  # fmt: skip
MAY_CONNECT = {
    "graph/worker.py": "looks up the one address of a cluster that a job may reach",
    "integrations/http": "the one way out, with what it is made of",
    "integrations/transport.py": "the wire beneath it",
    "integrations/mail/imap.py": "mail, under the leave that the one way out gives",
    "integrations/mail/smtp.py": "mail, under the leave that the one way out gives",
    "integrations/mcp/client.py": "a library's client, laid over the one way out",
    "integrations/models/server_process.py": "looks for a free port of this machine",
    "integrations/scraping/proxy.py": "a browser's requests, each checked by the same rules",
    "monitoring/health.py": "looks whether our own port is free",
    "chainlit_app/server.py": "listens on our own port",
}
"""Who may have sockets, and what for."""
HEAVY = {
    "pandas",
    "numpy",
    "sklearn",
    "lightgbm",
    "shap",
    "matplotlib",
    "sympy",
    "scipy",
    "pypdfium2",
    "reportlab",
    "docx",
}
VAGUE = ("manager", "handler", "helper", "utils", "service", "core", "enhanced", "misc", "common")


def sources() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path


def imports(path: Path, *, top_only: bool = False) -> Iterator[tuple[str, int]]:
    """Names of imported modules; with `top_only` those that run when the file itself is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    body = ast.walk(tree) if not top_only else _top(tree.body)
    for node in body:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _top(body: list[ast.stmt]) -> Iterator[ast.AST]:
    for node in body:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        yield node
        for inner in ("body", "orelse", "handlers", "finalbody"):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _top(getattr(node, inner, []))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_from_packages_to_its_left(package: str) -> None:
    wrong = []
    for _, path in (pair for pair in sources() if pair[0] == package):
        for module, line in imports(path):
            other = module.partition(".")[0]
            if other in RANK and other != package and RANK[other] >= RANK[package]:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("library", "homes"), OWNED.items())
def test_a_library_is_imported_only_where_it_lives(library: str, homes: tuple[str, ...]) -> None:
    wrong = []
    for _, path in sources():
        place = path.relative_to(ROOT).as_posix()
        for module, line in imports(path):
            if module.partition(".")[0] == library and not place.startswith(homes):
                wrong.append(f"{place}:{line} imports {module}")
    assert not wrong, "\n".join(wrong)


def test_nothing_but_the_one_way_out_opens_connections() -> None:
    wrong = []
    for _, path in sources():
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(tuple(MAY_CONNECT)):
            continue
        wrong += [f"{place}:{line} imports {name}" for name, line in imports(path) if _opens(name)]
        text = path.read_text(encoding="utf-8")
        wrong += [f"{place} uses {call}" for call in ("open_connection(", "create_connection(") if call in text]
    assert not wrong, "\n".join(wrong)


def _opens(module: str) -> bool:
    parts = module.split(".")
    return any(".".join(parts[:length]) in OPENS_CONNECTIONS for length in range(1, len(parts) + 1))


@pytest.mark.parametrize("package", ["agents", "graph", "chainlit_app", "memory", "privacy", "monitoring", "config"])
def test_heavy_libraries_load_only_when_a_job_needs_them(package: str) -> None:
    wrong = []
    for _, path in (pair for pair in sources() if pair[0] == package):
        for module, line in imports(path, top_only=True):
            if module.partition(".")[0] in HEAVY:
                wrong.append(f"{path.relative_to(ROOT)}:{line} imports {module} when it is itself imported")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_name_means_ours(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None and spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT / package)


def test_files_are_named_by_a_noun_of_the_field() -> None:
    vague = [str(path) for _, path in sources() if any(word in path.stem.split("_") for word in VAGUE)]
    assert not vague


def test_no_file_is_so_long_that_it_holds_two_subjects() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for _, path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 350
    ]
    assert not long

"""The table of limits in the docs says what each call of a job really passes, and leaves none out."""

from __future__ import annotations

import ast
import importlib
import re
from functools import cache, reduce
from typing import Any

import pytest

from config.paths import ROOT

TABLE = (ROOT / "docs" / "limits.md").read_text("utf-8")
ROW = re.compile(
    r"^\| .* \| `(?P<file>[\w/]+\.py)` \| (?P<seconds>[\d,]+|the budget) \| (?P<memory>[\d,]+|free) \| none \|$"
)


def number(text: str) -> float | None:
    return float(text.replace(",", "")) if text[0].isdigit() else None


@cache
def written() -> set[tuple[str, float | None, float | None]]:
    rows = [found for line in TABLE.splitlines() if (found := ROW.match(line))]
    return {(row["file"], number(row["seconds"]), number(row["memory"])) for row in rows}


@cache
def real() -> set[tuple[str, float | None, float | None]]:
    found = set()
    for path in [*(ROOT / "agents").rglob("*.py"), *(ROOT / "chainlit_app").rglob("*.py")]:
        tree = ast.parse(path.read_text("utf-8"))
        name = path.relative_to(ROOT).as_posix()
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("jobs.run"):
                given = {one.arg: one.value for one in call.keywords}
                found.add((name, value(given["seconds"], name, tree), value(given.get("memory_mb"), name, tree)))
    return found


def value(given: ast.expr | None, file: str, tree: ast.Module) -> float | None:
    """What an expression of constants comes to: None where it is reckoned at run time."""
    if given is None:
        return None
    if isinstance(given, ast.Constant):
        return float(given.value)
    first, *rest = ast.unparse(given).split(".")
    module: Any = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    for node in ast.walk(tree):  # what is imported inside of a function
        for one in node.names if isinstance(node, ast.ImportFrom) else ():
            if first == (one.asname or one.name):
                module, first = importlib.import_module(str(node.module)), one.name
    try:
        return float(reduce(getattr, rest, getattr(module, first)))
    except AttributeError:
        return None


@pytest.mark.parametrize("row", sorted(written() | real(), key=str), ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_each_row_is_what_the_program_does(row: tuple[str, float | None, float | None]) -> None:
    assert row in written(), f"docs/limits.md lacks {row}"
    assert row in real(), f"docs/limits.md has {row}, which no job does"

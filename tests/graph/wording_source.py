"""The sentences FreelanceX can say, read from its source: what there is to translate.

python tests/graph/wording_source.py de      those that config/languages/de.yaml lacks, as YAML to fill in
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("agents", "memory", "graph")
READ = {"examples", "cues", "description", "prompt", "when"}
"""Arguments whose text is read, not said."""
WRITTEN = re.compile(r"\w{2,}.*\s.*\w{2,}|\s.*\{\}|\{\}.*\s", re.DOTALL)
"""What a sentence at least is: two words, or one with a field."""
PATTERN = re.compile(
    r"\\[bsdwS]|\(\?[:=!<P]|\b(?:SELECT|CREATE|DELETE|INSERT|UPDATE) |^[a-z_/.]+$|[\[\]^$]{2}|\w+\.\w+:\w+$"
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z{“\"*])")
BULLET = re.compile(r"^\s*(?:(?:[-*+>]|\d+\.|#{1,6})\s+)*")


def units() -> dict[str, str]:
    """Every sentence, with ``{}`` for what is filled in, and the file it stands in."""
    found: dict[str, str] = {}
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for text in _texts(ast.parse(path.read_text(encoding="utf-8"))):
                for unit in sentences(text):
                    found.setdefault(unit, str(path.relative_to(ROOT)))
    phrases = yaml.safe_load((ROOT / "config" / "phrases.yaml").read_text(encoding="utf-8"))
    for text in _said(phrases):
        for unit in sentences(re.sub(r"\{[^{}]*\}", "{}", text)):
            found.setdefault(unit, "config/phrases.yaml")
    return found


def sentences(text: str) -> list[str]:
    """The pieces of a text that are translated one by one: a line or a cell, and the sentences in it."""
    pieces: list[str] = []
    for line in text.split("\n"):
        for cell in line.split("|") if line.startswith("|") else [line]:
            for sentence in SENTENCE_END.split(BULLET.sub("", cell).strip()):
                plain = sentence.strip()
                if re.search(r"[A-Za-z]{2}", re.sub(r"\{\}", "", plain)):
                    pieces.append(plain)
    return pieces


def _texts(tree: ast.Module) -> Iterator[str]:
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            silent.update(id(part) for part in node.values if isinstance(part, ast.Constant))
            specs = [part.format_spec for part in node.values if isinstance(part, ast.FormattedValue)]
            silent.update(id(inner) for spec in specs if spec for inner in ast.walk(spec))
        if isinstance(node, ast.keyword) and node.arg in READ:
            silent.update(id(inner) for inner in ast.walk(node.value))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in {"warning", "exception", "info", "debug"}:
            silent.update(id(inner) for inner in ast.walk(node))
    for node in ast.walk(tree):
        text = _template(node) if id(node) not in silent else None
        if text and WRITTEN.search(text) and not PATTERN.search(text):
            yield text


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"\{[a-z_]*(?::[^{}]*)?\}", "{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def _said(value: Any, key: str = "") -> Iterator[str]:
    if key in {"when", "prompts"}:
        return
    if isinstance(value, str):
        yield value
    for inner, child in value.items() if isinstance(value, dict) else ():
        yield from _said(child, inner)
    for child in value if isinstance(value, list) else ():
        yield from _said(child)


if __name__ == "__main__":
    language = ROOT / "config" / "languages" / f"{sys.argv[1]}.yaml"
    known = (yaml.safe_load(language.read_text(encoding="utf-8")) if language.exists() else {}).get("texts", {})
    lacking = {unit: file for unit, file in units().items() if unit not in known}
    for unit, file in sorted(lacking.items(), key=lambda one: one[1]):
        print(f"  {unit!r}: {file}")

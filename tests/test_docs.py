"""What the documents tell people to type works."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from agents import registry
from chainlit_app.command_line import main
from config.settings import Settings
from graph.planner.known import Known
from graph.planner.planner import Planner
from memory.file_kinds import kind_of
from memory.files import FileRef

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "chainlit.md").read_text(encoding="utf-8")
DOCS = {name: (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") for name in ("models", "outside", "access")}
TOLD = "\n".join((README, GUIDE, *DOCS.values()))
ATTACHED = {"CSV": "sales.csv", "PDF": "brief.pdf", "job post": "post.txt"}


def sayings() -> list[tuple[str, str]]:
    """Each example in italics, with the line it stands in."""
    lines = "\n".join((README, GUIDE, DOCS["models"], DOCS["outside"])).splitlines()
    return [(said, line) for line in lines for said in re.findall(r"(?<![\w*])\*([^*]{6,}?)\*(?![\w*])", line)]


@pytest.mark.parametrize(("said", "line"), sayings())
def test_an_example_sentence_finds_its_agent(said: str, line: str) -> None:
    names = [name for word, name in ATTACHED.items() if word in line]
    files = [FileRef(name, name, "", 1, kind_of(name)) for name in names]
    plan = Planner(registry.load()).plan(said, Known(files=files), date(2026, 11, 21))
    assert plan.steps, f"“{said}” is answered with: {plan.answer}"


def test_the_make_targets_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"\bmake (start|test|check|bench|clean|lock|setup|llama)\b", README))
    assert {"start", "test"} <= named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_every_setting_named_exists() -> None:
    known = {f"FREELANCEX_{name.upper()}" for name in Settings.model_fields} | {"FREELANCEX_LLAMA"}
    assert set(re.findall(r"FREELANCEX_[A-Z_]+", TOLD)) <= known


def test_every_file_named_exists() -> None:
    named = re.findall(r"\]\(([\w/.-]+)\)|(data/samples/[\w.-]+)", README + GUIDE)
    named += [(f"docs/{link}", "") for text in DOCS.values() for link in re.findall(r"\]\(([\w/.-]+)\)", text)]
    assert all((ROOT / (link or sample)).exists() for link, sample in named)


def commands() -> list[str]:
    """Each command of the app that is shown whole, without its comment."""
    return [line for line in re.findall(r"-m chainlit_app ([^#`\n]+)", TOLD) if "[" not in line]


@pytest.mark.parametrize("command", commands())
def test_a_command_is_understood(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*shlex.split(command), "--help"])
    assert ended.value.code == 0, capsys.readouterr().err


def test_every_package_is_described() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert all(f"| `{package}` |" in README for package in packages)

"""The table of ASVS 5.0 accounts for every requirement of levels 1 and 2, and names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
LEVELS = {
    1: (
        "1.2: 1 2 3 4 5; 1.3: 1 2; 1.5: 1; 2.1: 1; 2.2: 1 2; 2.3: 1; 3.2: 1 2; 3.3: 1; 3.4: 1 2; 3.5: 1 2 3; 4.1: "
        "1; 4.4: 1; 5.2: 1 2; 5.3: 1 2; 6.1: 1; 6.2: 1 2 3 4 5 6 7 8; 6.3: 1 2; 6.4: 1 2; 7.2: 1 2 3 4; 7.4: 1 2; "
        "8.1: 1; 8.2: 1 2; 8.3: 1; 9.1: 1 2 3; 9.2: 1; 10.4: 1 2 3 4 5; 11.3: 1 2; 11.4: 1; 12.1: 1; 12.2: 1 2; "
        "13.4: 1; 14.2: 1; 14.3: 1; 15.1: 1; 15.2: 1; 15.3: 1 "
    ),
    2: (
        "1.1: 1 2; 1.2: 6 7 8 9; 1.3: 3 4 5 6 7 8 9 10 11; 1.4: 1 2 3; 1.5: 2; 2.1: 2 3; 2.2: 3; 2.3: 2 3 4; 2.4: "
        "1; 3.3: 2 3 4; 3.4: 3 4 5 6; 3.5: 4 5; 3.7: 1 2; 4.1: 2 3; 4.2: 1; 4.3: 1 2; 4.4: 2 3 4; 5.1: 1; 5.2: 3; "
        "5.4: 1 2 3; 6.1: 2 3; 6.2: 9 10 11 12; 6.3: 3 4; 6.4: 3 4; 6.5: 1 2 3 4 5; 6.6: 1 2 3; 6.8: 1 2 3 4; "
        "7.1: 1 2 3; 7.3: 1 2; 7.4: 3 4 5; 7.5: 1 2; 7.6: 1 2; 8.1: 2; 8.2: 3; 8.4: 1; 9.2: 2 3 4; 10.1: 1 2; "
        "10.2: 1 2; 10.3: 1 2 3 4; 10.4: 6 7 8 9 10 11; 10.5: 1 2 3 4 5; 10.6: 1 2; 10.7: 1 2 3; 11.1: 1 2; 11.2: "
        "1 2 3; 11.3: 3; 11.4: 2 3 4; 11.5: 1; 11.6: 1; 12.1: 2 3; 12.3: 1 2 3 4; 13.1: 1; 13.2: 1 2 3 4 5; 13.3: "
        "1 2; 13.4: 2 3 4 5; 14.1: 1 2; 14.2: 2 3 4; 14.3: 2 3; 15.1: 2 3; 15.2: 2 3; 15.3: 2 3 4 5 6 7; 16.1: 1; "
        "16.2: 1 2 3 4 5; 16.3: 1 2 3 4; 16.4: 1 2 3; 16.5: 1 2 3; 17.1: 1; 17.2: 1 2 3 4; 17.3: 1 2 "
    ),
}
"""The numbers of ASVS 5.0.0 by level: section, then its requirements."""
NUMBER = r"\d+\.\d+\.\d+"


def numbers(level: int) -> set[str]:
    sections = [one.strip().split(":") for one in LEVELS[level].split(";")]
    return {f"{section}.{number}" for section, listed in sections for number in listed.split()}


def part(heading: str) -> str:
    """The text under a heading."""
    return TABLE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def rows(heading: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in part(heading).splitlines()
        if re.match(rf"\| {NUMBER} ", line)
    ]


@cache
def names_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def named_in(cell: str) -> list[tuple[str, str]]:
    """The path and name of each test a cell names."""
    return re.findall(r"`(tests/\S+?\.py)::(\w+)`", cell)


def missing(named: list[tuple[str, str]]) -> list[str]:
    return [f"{path} has no {name}" for path, name in named if name not in names_in(ROOT / path)]


def test_the_standard_has_seventy_and_a_hundred_and_eighty_three() -> None:
    assert (len(numbers(1)), len(numbers(2))) == (70, 183)


def test_every_requirement_of_level_1_has_its_row() -> None:
    assert len(rows("Level 1")) == 70
    assert {row[0] for row in rows("Level 1")} == numbers(1)


def test_every_requirement_of_level_2_is_held_not_applicable_or_open() -> None:
    held = [row[0] for row in rows("Level 2")]
    rest = re.findall(NUMBER, part("Level 2, not applicable") + part("Level 2, open"))
    assert sorted([*held, *rest]) == sorted(numbers(2))


@pytest.mark.parametrize("row", [*rows("Level 1"), *rows("Level 2")], ids=lambda row: row[0])
def test_every_row_names_tests_that_exist_or_says_why_not(row: list[str]) -> None:
    _, asks, how, held = row
    named = named_in(held)
    assert asks and how and (named or "**n/a**" in how or "**Open**" in how or "document" in asks)
    assert missing(named) == []


def test_each_rule_across_fields_names_its_test() -> None:
    listed = [line.strip("|").split("|") for line in part("Rules across fields").splitlines() if "`" in line]
    assert len(listed) >= 8
    for rule, held in listed:
        assert named_in(held), rule
        assert missing(named_in(held)) == []


def test_level_1_is_whole() -> None:
    assert not [row[0] for row in rows("Level 1") if "**Open**" in row[2]]


def test_the_inventory_names_every_place_that_uses_cryptography() -> None:
    packages = (
        "privacy",
        "memory",
        "graph",
        "agents",
        "integrations",
        "automl",
        "chainlit_app",
        "monitoring",
        "config",
    )
    marks = re.compile(r"cryptography\.hazmat|\bimport hmac\b|hashlib\.blake2b\(.*key=")
    using = {
        path.relative_to(ROOT).as_posix()
        for package in packages
        for path in (ROOT / package).rglob("*.py")
        if marks.search(path.read_text("utf-8"))
    }
    assert using == set(re.findall(r"^\| `([\w/]+\.py)` \|", part("Inventory of cryptography"), re.MULTILINE))

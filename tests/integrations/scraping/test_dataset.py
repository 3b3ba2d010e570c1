"""What a crawl found as one table, with where each row came from."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from integrations.http_errors import Unreadable
from integrations.scraping.dataset import build
from integrations.scraping.frontier import Frontier, Outcome, Step
from integrations.scraping.parsing import Facts, Rows
from privacy.keys.ring import passing_key

AT = "2026-11-21T10:00:00+00:00"


async def crawled(frontier: Frontier, *pages: Facts) -> str:
    """The file of a crawl that gave these pages."""
    await frontier.add([Step(page.url, 0) for page in pages])
    await frontier.save(
        Outcome(
            Step(page.url, 0), "done", "", "2026-11-21T10:00:00+00:00", "ab" * 32, page.mark, page.model_dump_json()
        )
        for page in pages
    )
    laid = frontier.path.with_suffix(".jsonl")
    await frontier.lay(laid)
    return str(laid)


def offers(url: str, *rows: dict[str, str], kind: str = "records", name: str = "offer") -> Facts:
    return Facts(
        url=url, title="T", text="Some text", found=[Rows(kind=kind, name=name, fields=list(rows[0]), rows=list(rows))]
    )


def rows_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


async def test_records_of_all_pages_become_rows_with_their_source(frontier: Frontier, tmp_path: Path) -> None:
    made = await crawled(
        frontier,
        offers("https://a.example/1", {"title": "Lamp", "price": "€1.049,50"}, {"title": "Pen", "price": "€3,20"}),
        offers("https://a.example/2", {"title": "Cup", "price": "€7"}),
    )
    said = build(made, str(tmp_path / "t.csv"))
    rows = rows_of(tmp_path / "t.csv")
    assert [(row["title"], row["price"], row["source_url"]) for row in rows] == [
        ("Lamp", "1049.50", "https://a.example/1"),
        ("Pen", "3.20", "https://a.example/1"),
        ("Cup", "7", "https://a.example/2"),
    ]
    assert {row["fetched_at"] for row in rows} == {AT}
    assert len(rows[0]["sha256"]) == 64
    assert (said["rows"], said["name"], said["units"]) == (3, "offer", {"price": "€"})
    assert said["others"] == [{"name": "pages", "kind": "pages", "rows": 2}]


async def test_an_offer_seen_twice_is_one_row_and_a_measurement_seen_twice_is_two(
    frontier: Frontier, tmp_path: Path
) -> None:
    offer = {"title": "Lamp", "url": "https://a.example/lamp"}
    made = await crawled(frontier, offers("https://a.example/1", offer), offers("https://a.example/2", offer))
    assert build(made, str(tmp_path / "t.csv"))["rows"] == 1
    other = Frontier(tmp_path, "other", passing_key("cache"))
    measured = {"day": "Mon", "value": "4"}
    made = await crawled(other, offers("https://a.example/1", measured, measured, kind="table", name=""))
    assert build(made, str(tmp_path / "t.csv"))["rows"] == 2


async def test_what_the_user_names_is_what_they_get(frontier: Frontier, tmp_path: Path) -> None:
    page = offers("https://a.example/1", *({"author": f"Ana {n}", "text": f"Words {n}"} for n in range(6)))
    page.found.append(
        Rows(
            kind="records",
            name="book",
            fields=["title", "price"],
            rows=[{"title": f"B{n}", "price": "1"} for n in range(5)],
        )
    )
    made = await crawled(frontier, page)
    assert build(made, str(tmp_path / "t.csv"))["name"] == "offer"
    assert build(made, str(tmp_path / "t.csv"), "titles and prices of books")["name"] == "book"


async def test_pages_without_records_are_rows_themselves(frontier: Frontier, tmp_path: Path) -> None:
    made = await crawled(
        frontier, Facts(url="https://a.example/1", title="One", text="First, with a comma\nand a line")
    )
    said = build(made, str(tmp_path / "t.jsonl"))
    row = json.loads((tmp_path / "t.jsonl").read_text())
    assert (row["url"], row["title"], row["source_url"]) == ("https://a.example/1", "One", "https://a.example/1")
    assert said["kind"] == "pages"


async def test_no_cell_runs_as_a_formula_and_numbers_stay(frontier: Frontier, tmp_path: Path) -> None:
    rows = [{"name": '=HYPERLINK("http://evil.example")', "change": "-4.5", "code": "007"},
            {"name": "@SUM(A1)", "change": "+3", "code": "012"}]  # fmt: skip
    made = await crawled(frontier, offers("https://a.example/1", *rows))
    build(made, str(tmp_path / "t.csv"))
    written = rows_of(tmp_path / "t.csv")
    assert [row["name"][:2] for row in written] == ["'=", "'@"]
    assert [float(row["change"]) for row in written] == [-4.5, 3.0]
    assert [row["code"] for row in written] == ["007", "012"]


async def test_numbers_of_two_units_stay_text(frontier: Frontier, tmp_path: Path) -> None:
    made = await crawled(frontier, offers("https://a.example/1", {"t": "a", "pay": "$5"}, {"t": "b", "pay": "€6"}))
    build(made, str(tmp_path / "t.csv"))
    assert [row["pay"] for row in rows_of(tmp_path / "t.csv")] == ["$5", "€6"]


async def test_nothing_found_is_said(frontier: Frontier, tmp_path: Path) -> None:
    made = await crawled(frontier, Facts(url="https://a.example/1"))
    with pytest.raises(Unreadable, match="nothing to make a table of"):
        build(made, str(tmp_path / "t.csv"))

"""The profile: figures, what goes together, what changed, what to look at, in numbers, words and on a page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from automl import __main__, profile_page
from automl.clean import Clean, clean
from automl.ingest import read_table
from automl.profile import profile
from automl.relations import cramers_v, links, shared_information

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    rng = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("shop") / "shop.csv"
    rows = ["ordered,city,area,price,tax,stock,member,empty"]
    for n in range(400):
        city, price = rng.choice(["Berlin", "Ulm", "Köln"]), rng.lognormal(3 + (n >= 200), 0.3)
        cells = [f"2025-{1 + n // 31:02}-{1 + n % 28:02}" if n < 372 else "2025-12-31", city]
        cells += [{"Berlin": "East", "Ulm": "South", "Köln": "West"}[city], f"{900 if n == 7 else price:.2f}"]
        cells += [f"{0.19 * (900 if n == 7 else price):.4f}", str(rng.integers(0, 90)), rng.choice(["yes", "no"])]
        rows.append(",".join([*cells, "x" if n % 2 else ""]))
    path.write_text("\n".join(rows))
    return clean(read_table(path))


def test_categories_that_follow_from_each_other_are_tied(shop: Clean) -> None:
    (first,) = [one for one in links(shop) if {one["a"], one["b"]} == {"city", "area"}]
    assert (first["v"], first["shared"]) == pytest.approx((1, 1), abs=0.01)
    assert not [one for one in links(shop) if "stock" in (one["a"], one["b"])]


def test_what_has_no_bearing_shares_nothing() -> None:
    counts = np.full((3, 4), 50.0)
    assert (cramers_v(counts), shared_information(counts)) == (0, 0)


def test_curves_are_seen_where_no_line_is(written: Write) -> None:
    rows = "\n".join(f"{n},{(n - 150) ** 2}" for n in range(300))
    described = profile(clean(read_table(written(f"a,b\n{rows}\n"))))
    assert described["correlations"] == []
    assert described["links"][0]["shared"] > 0.5


def test_the_later_half_is_compared_with_the_earlier(shop: Clean) -> None:
    assert [line for line in profile(shop)["drift"] if line.startswith("'price' is other from 2025-")]


def test_warnings_are_in_words(shop: Clean) -> None:
    told = profile(shop)["warnings"]
    assert "'empty' is empty in 50% of the rows." in told
    assert "'price' and 'tax' say the same." in told
    assert "Of 'city' and 'area' one follows from the other." in told
    assert any(line.startswith("'price' has ") and line.endswith(" to 900.") for line in told)


def test_columns_that_give_the_target_away_are_named(shop: Clean) -> None:
    assert {"column": "tax", "why": "repeats 'price' in another form"} in profile(shop, "price")["leaks"]


def test_valid_values_stand_beside_the_score(written: Write) -> None:
    rows = "\n".join([*map(str, range(39)), "oops"])
    assert profile(clean(read_table(written(f"a\n{rows}\n"))))["quality"]["valid_values"] == pytest.approx(39 / 40)


def test_the_page_holds_every_column_and_no_markup_of_the_client(written: Write, tmp_path: Path) -> None:
    path = written("<script>alert(1)</script>,b\n" + "".join(f"<b>x{n % 3}</b>,{n}\n" for n in range(60)))
    page = profile_page.write(profile(clean(read_table(path))), "<i>t</i>.csv", tmp_path / "page.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert not [mark for mark in ("<script", "<b>x", "<i>t") if mark in page]
    assert "prefers-color-scheme:dark" in page


def test_the_command_writes_the_page(written: Write, tmp_path: Path, capsys: pytest.CaptureFixture[Any]) -> None:
    path, out = written("a,b\n" + "".join(f"{n},Red\n{n},red\n" for n in range(30))), tmp_path / "page.html"
    assert __main__.main(["profile", str(path), "--out", str(out), "--without", "spellings"]) == 0
    assert "spellings" not in out.read_text()
    assert capsys.readouterr().out.splitlines()[-1] == str(out)

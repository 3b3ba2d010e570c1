"""Tables of a page that hold data."""

from __future__ import annotations

from integrations.pages.tables import Table, read_tables


def test_a_table_with_names_for_its_columns() -> None:
    html = (
        b"<table><caption>Rates</caption><thead><tr><th>Skill</th><th>Rate</th></tr></thead>"
        b"<tbody><tr><td>SQL</td><td>80 <b>EUR</b></td></tr><tr><td>Go</td><td>95 EUR</td></tr></tbody></table>"
    )
    assert read_tables(html) == [Table("Rates", ("Skill", "Rate"), (("SQL", "80 EUR"), ("Go", "95 EUR")))]


def test_columns_without_names_are_numbered_and_short_rows_filled() -> None:
    html = b"<table><tr><td>a</td><td>1</td></tr><tr><td>b</td></tr><tr><td></td><td></td></tr></table>"
    assert read_tables(html) == [Table("", ("column 1", "column 2"), (("a", "1"), ("b", "")))]


def test_a_name_given_twice_stays_apart() -> None:
    html = b"<table><tr><th>Price</th><th>Price</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert read_tables(html)[0].columns == ("Price", "Price 2")


def test_cells_that_span_fill_the_places_they_cover() -> None:
    html = (
        b"<table><tr><th>Day</th><th colspan=2>Hours</th></tr><tr><td rowspan=2>Mon</td><td>9</td><td>12</td></tr>"
        b"<tr><td>13</td><td>17</td></tr></table>"
    )
    assert read_tables(html)[0].rows == (("Mon", "9", "12"), ("Mon", "13", "17"))


def test_layouts_and_single_columns_are_no_data() -> None:
    html = (
        b"<table><tr><td><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></td>"
        b"<td>menu</td></tr></table>"
        b"<table><tr><td>one</td></tr><tr><td>column</td></tr></table><table></table>"
    )
    assert [table.columns for table in read_tables(html)] == [("a", "b")]

"""What is named in numbers scales the work, once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.tools.pricing.estimate import Estimate, Package, estimate


def priced(words: str) -> Estimate:
    return estimate(words, words, [])


def package(made: Estimate, start: str) -> Package:
    return next(one for one in made.recommended.packages if one.name.startswith(start))


@pytest.mark.parametrize(
    ("words", "name", "count"),
    [
        ("data analysis with 5 charts", "Charts drawn", 5),
        ("data analysis with five charts", "Charts drawn", 5),
        ("data analysis and a report of 12 pages", "Pages", 12),
        ("a dashboard with 5 charts", "Views built", 5),
        ("a website with 12 pages", "Pages laid out", 12),
        ("eine Webseite mit 12 Seiten", "Pages laid out", 12),
        ("translate 12 pages into German, translation", "Translation", 3),
        ("translation of 5,000 words", "Translation", 5),
        ("machine learning project with 4 interviews", "Interviews", 4),
    ],
)
def test_a_number_of_things_scales_the_work(words: str, name: str, count: int) -> None:
    made = priced(words)
    assert package(made, name).count == count
    more = priced(
        words.replace(str(count), str(3 * count)).replace("five", "15").replace("12 pages into", "36 pages into")
    )
    assert more.recommended.hours > made.recommended.hours


def test_pages_of_a_text_are_taken_as_words_and_that_is_said() -> None:
    assert "I take 250 words for a page" in priced("translation of 12 pages").assumed


def test_what_the_kind_counts_itself_is_not_counted_again() -> None:
    names = [one.name for one in priced("a website with 12 pages and 3 forms").recommended.packages]
    assert [name for name in names if "Pages" in name] == ["Pages laid out and filled"] and "Forms" in names


def test_numbers_of_other_things_count_nothing() -> None:
    assert priced("data analysis in 2026 for 20 people").recommended == priced("data analysis").recommended


def test_calls_are_a_tenth_of_the_rest_in_every_size() -> None:
    for tier in priced("a Shopify shop with 20 products").tiers:
        talks = sum((one.mean for one in tier.packages if one.name.startswith("Calls")), Decimal(0))
        rest = sum((one.mean for one in tier.packages if not one.name.startswith("Calls")), Decimal(0))
        assert abs(talks - rest / 10) < Decimal("0.01")

"""Money is exact, is read as people write it, and is rounded by one stated rule."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.money import EXPONENTS, Money, find_prices, parse_money, parse_number, parse_price, total

currencies = st.sampled_from(sorted(EXPONENTS))
amounts = st.decimals(min_value=-(10**9), max_value=10**9, places=6)


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("80 €", "80 EUR"),
        ("80€", "80 EUR"),
        ("€80", "80 EUR"),
        ("$1,200.50", "1200.5 USD"),
        ("US$ 50", "50 USD"),
        ("1.200,50 EUR", "1200.5 EUR"),
        ("1 200,50 zł", "1200.5 PLN"),
        ("CHF 1'200.50", "1200.5 CHF"),
        ("1.250 EUR", "1250 EUR"),
        ("0.125 EUR", "0.125 EUR"),
        ("KWD 1.250", "1.25 KWD"),
        ("¥12,000", "12000 JPY"),
        ("5k €", "5000 EUR"),
        ("5 k €", "5000 EUR"),
        ("$6.4 million", "6400000 USD"),
        ("2bn yen", "2000000000 JPY"),
        ("60 Tsd. EUR", "60000 EUR"),
        ("20 francs", "20 CHF"),
        ("20 nzd", "20 NZD"),
        ("20 ZŁ", "20 PLN"),
        ("50 dollars", "50 USD"),
        ("1.000.000 EUR", "1000000 EUR"),
        ("80 EUR/h", "80 EUR"),
    ],
)
def test_money_is_read_as_people_write_it(text: str, exact: str) -> None:
    assert str(parse_money(text)) == exact


@pytest.mark.parametrize("text", ["80 EUR/h", "€80 per hour", "80 euros an hour", "80€/h", "80 € / hr"])
def test_a_rate_keeps_its_unit(text: str) -> None:
    assert str(parse_price(text)) == "80 EUR/h"


@pytest.mark.parametrize("text", ["", "eighty", "80", "80 XXX", "all 3 of them", "80 EUR and 90 EUR", "top 10"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no amount"):
        parse_money(text)


def test_amounts_are_found_in_a_sentence_with_their_places() -> None:
    text = "10 h design at 70 € and 5 h development at $90/h in 2026"
    prices = find_prices(text)
    assert [str(price) for price in prices] == ["70 EUR", "90 USD/h"]
    assert [text[price.start : price.end] for price in prices] == ["70 €", "$90/h"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12,5", "12.5"), ("12.5", "12.5"), ("1,200", "1200"), ("1.234.567,89", "1234567.89"), ("-3", "-3")],
)
def test_numbers_are_read_with_either_separator(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(Decimal(1190), "EUR"), "1,190.00 €"),
        (Money(Decimal("1190"), "USD"), "$1,190.00"),
        (Money(Decimal("-5.005"), "GBP"), "-£5.01"),
        (Money(Decimal("1190.5"), "JPY"), "¥1,191"),
        (Money(Decimal("1.2345"), "KWD"), "1.235 KWD"),
        (Money(Decimal("1190"), "CHF"), "1,190.00 CHF"),
    ],
)
def test_money_is_written_for_people(money: Money, text: str) -> None:
    assert money.text() == text


def test_in_a_calculation_the_sign_stands_behind() -> None:
    assert [Money(Decimal("-1190"), code).text(sign_behind=True) for code in ("USD", "EUR", "CHF")] == [
        "-1,190.00 $",
        "-1,190.00 €",
        "-1,190.00 CHF",
    ]


@pytest.mark.parametrize(
    ("text", "prices"), [("5 euroſ", ["5 EUR"]), ("80 €/hourſ", ["80 EUR"]), ("5 İnr", []), ("5 poundſ", ["5 GBP"])]
)
def test_a_letter_that_only_looks_like_another_makes_no_word(text: str, prices: list[str]) -> None:
    assert [str(price) for price in find_prices(text)] == prices


def test_large_amounts_are_rounded_and_written_exactly() -> None:
    assert Money(Decimal(f"1{'0' * 150}.005"), "EUR").rounded().amount == Decimal(f"1{'0' * 150}.01")
    assert Money(Decimal("12345678901234567890123456789.01"), "EUR").text() == (
        "12,345,678,901,234,567,890,123,456,789.01 €"
    )


def test_halves_are_rounded_away_from_zero() -> None:
    assert Money(Decimal("0.005"), "EUR").rounded().amount == Decimal("0.01")
    assert Money(Decimal("-0.005"), "EUR").rounded().amount == Decimal("-0.01")
    assert Money(Decimal("2.675"), "EUR").rounded().amount == Decimal("2.68")


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("amount", "currency"), [(Decimal("NaN"), "EUR"), (Decimal("Infinity"), "EUR"), (Decimal(1), "EURO")]
)
def test_what_is_no_money_cannot_be_made(amount: Decimal, currency: str) -> None:
    with pytest.raises(ValueError, match=r"currency code|finite"):
        Money(amount, currency)


@given(amounts, currencies)
def test_the_exact_form_reads_back_unchanged(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert parse_money(str(money)) == money
    assert parse_money(str(money.rounded())) == money.rounded()


@given(amounts, currencies)
def test_rounding_moves_by_half_a_unit_at_most_and_only_once(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    unit = Decimal(1).scaleb(-EXPONENTS[currency])
    assert abs(money.rounded().amount - amount) <= unit / 2
    assert money.rounded().rounded() == money.rounded()


@given(st.lists(amounts, max_size=50), currencies)
def test_sums_are_exact_in_any_order(values: list[Decimal], currency: str) -> None:
    money = [Money(value, currency) for value in values]
    assert total(money, currency) == total(reversed(money), currency)
    assert total(money, currency).amount * 10**6 == sum(int(value * 10**6) for value in values)

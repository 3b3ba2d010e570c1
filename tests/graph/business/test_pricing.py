"""Pricing through the whole chat: from words, a pasted post and a found job to three prices, and into a proposal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from graph.runtime import Runtime
from memory.business.projects import Project
from tests.graph.business.conftest import Ask

POST = """Data pipeline engineer wanted

We at North, a small lab, need an Airflow pipeline that brings 4 sources into Snowflake every night.

Skills: Python, Airflow, SQL
Budget: $3,000
You will:
- connect the 4 sources
- write tests and a schedule
- hand it over with short documentation
"""


async def test_a_few_words_become_three_prices_with_reasons(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    answer = await ask("What should I quote for a Shopify shop with 20 products?")
    assert "| | Essential | Recommended | Extended |" in answer
    assert "Products entered × 20" in answer
    assert "**Rate**: 80.00 € an hour, the rate in your profile." in answer
    for reason in ("**Hours**", "**Your past projects**", "**Buffer**", "**Fixed or by the hour**", "**Assumed**"):
        assert reason in answer
    (quote,) = await runtime.stores.quotes.all("local")
    essential, recommended, extended = (Decimal(tier["total"]) for tier in quote.tiers)
    assert essential < recommended < extended
    hours = Decimal(quote.tiers[1]["hours"])
    assert 0 <= recommended - 80 * hours < 50, "the total is hours times rate, rounded up to fifties"


async def test_without_a_rate_it_gives_hours_and_says_how_to_get_a_sum(ask: Ask) -> None:
    answer = await ask("what should I charge for a logo?")
    assert "**Hours**" in answer and "my rate is 80 € an hour" in answer
    assert "Total" not in answer


async def test_a_pasted_post_is_priced_against_its_budget_and_the_proposal_takes_the_price(
    runtime: Runtime, ask: Ask
) -> None:
    await runtime.stores.profiles.save("local", name="Mara", rate="60 USD/h", skills=["Python", "SQL", "Airflow"])
    answer = await ask(f"Price this job and write a proposal for it\n\n{POST}")
    (quote,) = await runtime.stores.quotes.all("local")
    total = f"${Decimal(quote.tiers[1]['total']):,.2f}"
    assert "The budget of 3,000 USD fixed buys 50 hours at your rate" in answer
    assert "Sources connected × 4" in answer
    proposal = answer.partition("A draft for")[2]
    assert total in proposal and quote.tiers[1]["hours"] in proposal


async def test_a_price_that_was_worked_out_for_another_job_is_not_offered(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="60 USD/h", skills=["Python", "SQL"])
    await ask("price a logo for a bakery")
    answer = await ask(f"write a proposal for this job\n\n{POST}")
    (quote,) = await runtime.stores.quotes.all("local")
    assert f"{Decimal(quote.tiers[1]['total']):,.2f}" not in answer


@pytest.mark.parametrize(("price", "words"), [("500 €", "too little"), ("4,400 €", "tight"), ("6,000 €", "fine")])
async def test_a_price_that_is_named_is_judged_by_the_hour_it_leaves(
    runtime: Runtime, ask: Ask, price: str, words: str
) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    answer = await ask(f"is {price} too little for a Shopify shop with 20 products?")
    assert f"**{words}**" in answer and "an hour**" in answer


async def test_that_means_what_was_quoted_last(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("price a logo for a bakery")
    answer = await ask("is 900 too little for that?")
    assert "900.00 € for 23 hours" in answer


async def test_finished_projects_correct_the_hours_and_it_says_how_many(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("price a Shopify shop with 20 products")
    answer = await ask("The Acme shop took 60 hours, I had estimated 40")
    assert "1.5 times the estimate" in answer
    answer = await ask("price a Shopify shop with 20 products")
    assert "1 finished project of this kind took 1.5 times" in answer and "multiplied by 1.13" in answer
    later, before = await runtime.stores.quotes.all("local")
    assert Decimal(later.tiers[1]["total"]) > Decimal(before.tiers[1]["total"])


async def test_many_projects_count_for_more_than_one(runtime: Runtime, ask: Ask) -> None:
    for number in range(9):
        project = Project(
            user="local", title=f"shop {number}", kind="shopify_shop", state="done",
            estimated_hours=Decimal(10), told_hours=Decimal(20),
        )  # fmt: skip
        await runtime.stores.projects.save(project)
    assert "9 finished projects of this kind took 2 times" in await ask("price a Shopify shop")


async def test_what_is_urgent_costs_a_quarter_more(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    assert "| For haste | +25 % |" in await ask("quote for a landing page, it's urgent")
    assert "haste" not in await ask("quote for a landing page, no rush")


async def test_hours_and_a_rate_that_are_named_are_used(ask: Ask) -> None:
    answer = await ask("price 40 hours of API work at 90 € an hour")
    assert "| Work | 30 h | 40 h |" in answer and "90.00 € an hour, you named it" in answer


async def test_an_accepted_quote_becomes_a_project(runtime: Runtime, ask: Ask) -> None:
    await runtime.stores.profiles.save("local", rate="80 EUR/h")
    await ask("price a logo for a bakery")
    assert "is now a project: Standard, 23 hours" in await ask("they accepted the recommended quote")
    (project,) = await runtime.stores.projects.all("local", state="open")
    assert project.estimated_hours == 23 and project.rate == "80 EUR/h"


async def test_with_nothing_to_price_it_asks_once_and_takes_a_few_words(runtime: Runtime, ask: Ask) -> None:
    assert "What shall I price?" in await ask("price this job")
    assert "logo for a bakery" in await ask("logo for a bakery")


@pytest.mark.parametrize(
    "message",
    ["Was soll ich für einen Onlineshop verlangen?", "¿Cuánto cobro por una tienda online?",
     "Combien facturer pour un logo ?", "Quanto chiedo per un sito web?", "Quanto cobrar por um logotipo?"],
)  # fmt: skip
async def test_it_is_asked_in_other_languages(runtime: Runtime, ask: Ask, message: str) -> None:
    await ask(message)
    (quote,) = await runtime.stores.quotes.all("local")
    assert quote.kind in ("shopify_shop", "logo", "website")


async def test_a_number_of_things_scales_the_price_and_calls_stand_in_it_once(ask: Ask) -> None:
    answer = await ask("price a data analysis with 5 charts and a report of 12 pages")
    hours = answer.partition("**Hours** of")[2].partition("They are a rule of thumb")[0]
    assert "Charts drawn × 5" in hours and "Pages written or laid out × 12" in hours
    assert hours.count("Calls and coordination") == 1

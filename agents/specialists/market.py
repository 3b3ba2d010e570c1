"""Looks up exchange rates and the weather; converts with the rates fetched last when offline."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Claim, Effect, Finding, Given, Source
from agents.tools.research.market_words import read_market
from agents.tools.text.markdown import plain
from integrations.http import Errand
from integrations.market import currency, weather
from memory.money import CURRENCY, Money, parse_money

NAME = "market"
CONSENT = "market"
STOCKS = (
    "I show no share prices: no source was found whose terms allow a freelancer's use without a contract. "
    "Your bank or the exchange's own page has them."
)


class MarketTask(BaseModel):
    """What is looked up: an exchange, a place's weather, or a share."""

    kind: Literal["currency", "weather", "stock", ""] = ""
    amount: str | None = None
    base: str | None = None
    quote: str | None = None
    place: str | None = None
    topic: str = ""
    days: int = 3


async def run(task: MarketTask, given: Given, deps: Deps) -> Finding:
    """Answer from today's rates, or propose to look it up. Raises AgentError."""
    if task.kind == "stock":
        return Finding(NAME, ok=False, text=STOCKS, error="no source")
    if task.kind == "weather":
        return await _sky(task, deps)
    if task.kind != "currency" or not task.base or not task.quote:
        raise AgentError('Ask me for a rate or the weather, as in "500 USD in EUR" or "weather in Lisbon".')
    wanted = {"kind": "currency", "amount": task.amount or f"1 {task.base}", "quote": task.quote}
    kept = await currency.kept_rates(_shelf(deps))
    if kept and (kept.fetched == deps.today or deps.settings.offline):
        return _converted(wanted, kept, deps)
    if deps.settings.offline:
        raise AgentError(
            "FreelanceX is set to offline and no rates were fetched before; give me the rate, as in "
            f'"{wanted["amount"]} to {task.quote} at 1.08".'
        )
    leaves = (
        "- **Frankfurter** (rates of the central banks) would see that its table is fetched, and your internet "
        "address. Amount and currencies stay here."
    )
    return _asking(wanted, f"today's rates for {wanted['amount']} in {task.quote}", leaves)


async def _sky(task: MarketTask, deps: Deps) -> Finding:
    place = task.place or str((await deps.stores.profiles.load(deps.user)).get("location") or "")
    if not place:
        raise AgentError('Tell me for which town, as in "weather in Lisbon".')
    if deps.settings.offline:
        raise AgentError("FreelanceX is set to offline, so the weather cannot be looked up.")
    leaves = f"- **Open-Meteo** would see the name “{plain(place)}” and your internet address."
    return _asking({"kind": "weather", "place": place, "days": task.days}, f"the weather in {place}", leaves)


async def look_up(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Fetch what was agreed to, and answer."""
    errand = Errand(CONSENT, deps.user, agent=NAME, thread=deps.thread, approved=True)
    own = deps.settings.addresses
    for name in (weather.PLACES_NAME, weather.NAME, currency.NAME):
        if name in own:
            deps.http.allow(urlsplit(own[name]).netloc)
    if arguments["kind"] == "weather":
        places = own.get(weather.PLACES_NAME, weather.PLACES)
        address = own.get(weather.NAME, weather.ADDRESS)
        place, days = arguments["place"], arguments["days"]
        return _weather(await weather.forecast(place, deps.http, errand, days, places=places, address=address))
    address = own.get(currency.NAME, currency.ADDRESS)
    return _converted(arguments, await currency.fetch(deps.http, errand, _shelf(deps), deps.today, address), deps)


def _asking(arguments: dict[str, Any], what: str, leaves: str) -> Finding:
    effect = Effect(
        "look_up", arguments, "Look this up", f"I would look up {plain(what)}:\n\n{leaves}", consent=CONSENT
    )
    return Finding(NAME, ok=True, text=f"I can look up {plain(what)}.", effect=effect)


def _converted(arguments: dict[str, Any], rates: currency.Rates, deps: Deps) -> Finding:
    money, quote = parse_money(arguments["amount"]), arguments["quote"]
    try:
        rate = rates.cross(money.currency, quote)
        result = Money(money.amount * rate, quote)
    except (KeyError, ValueError):
        raise AgentError(f"There is no rate between {money.currency} and {quote} in the banks' table.") from None
    shown = rate.quantize(Decimal("0.0001")) if rate >= Decimal("0.01") else rate.quantize(Decimal("0.00000001"))
    age = (deps.today - rates.day).days
    old = "" if age <= 4 else f" That is {age} days old; I fetch a newer one as soon as I may go online."
    text = (
        f"**{money.text()} = {result.text()}**\n\n1 {money.currency} = {shown} {quote}, reference rate of "
        f"{rates.day:%d %B %Y}. Your bank's rate will differ.{old}"
    )
    return Finding(
        NAME,
        ok=True,
        text=text,
        data={"amount": str(money), "result": str(result.rounded()), "rate": str(rate), "date": str(rates.day)},
        sources=(Source("Frankfurter", currency.ATTRIBUTION, "https://frankfurter.dev"),),
        claims=(
            Claim(
                f"{money.currency} in {quote}", "rate", str(shown), "", str(rates.day), "the central banks", "primary"
            ),
        ),
        trust="outside",
    )


def _weather(found: weather.Forecast) -> Finding:
    rows = "\n".join(
        f"| {day.day:%A %d %B} | {day.sky} | {day.low:.0f} to {day.high:.0f} °C | "
        f"{'' if day.rain_chance is None else f'{day.rain_chance} %'} |"
        for day in found.days
    )
    text = f"**{plain(found.place)}**\n\n| Day | Sky | Temperature | Rain |\n|---|---|---|---|\n{rows}"
    days = [{"day": str(day.day), "sky": day.sky, "low": day.low, "high": day.high} for day in found.days]
    return Finding(
        NAME,
        ok=True,
        text=f"{text}\n\n{weather.ATTRIBUTION}.",
        data={"place": found.place, "days": days},
        sources=(Source("Open-Meteo", weather.ATTRIBUTION, "https://open-meteo.com"),),
        trust="outside",
    )


def _shelf(deps: Deps) -> Any:
    return deps.settings.paths.cache / "market" / "rates.json"


AGENT = AgentSpec(
    name=NAME,
    title="Market",
    description="Looks up exchange rates and converts with them, and the weather of a place.",
    examples=(
        "What's the exchange rate from dollars to euros today?",
        "convert 500 USD to EUR",
        "how much is 1,200 pounds in euros right now",
        "USD to CHF exchange rate",
        "What's the weather in Lisbon tomorrow?",
        "will it rain in Berlin this week",
        "weather forecast for Porto",
        "Wie ist der Wechselkurs Euro Dollar",
        "Wie wird das Wetter in Hamburg",
        "¿qué tiempo hace en Madrid?",
        "share price of Siemens",
    ),
    task=MarketTask,
    run=run,
    read=read_market,
    cues=(
        rf"{CURRENCY}.*\b(?:to|in|into|nach)\s+(?:the\s+)?{CURRENCY}(?!\w)(?!.*\b(?:at|rate|is|for)\b.*\d)",
        r"\bconvert\b(?=.*(?:€|\$|£|\b(?:usd|eur|gbp|chf|dollars?|euros?|pounds?)\b))(?!.*\b(?:at|rate)\b.*\d)",
        r"\b(?:weather|wetter|météo|umbrella)\b|\bwill it (?:rain|snow)\b|\b(?:rain|forecast) (?:in|for)\b",
        r"\bexchange rates?\b(?!.*\bis \d)|\bwechselkurs\b|\btipo de cambio\b",
        r"\b(?:stock|share) prices?\b|\bstocks?\b(?! photo)|\bticker\b",
    ),
    effects={"look_up": look_up},
    consents=(CONSENT,),
)

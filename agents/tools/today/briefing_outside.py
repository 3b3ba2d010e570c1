"""Calendar, weather and news for the morning: asked only where a standing permission covers it, said where not."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from agents.deps import Deps
from agents.tools.jobs.matching import own_skills
from agents.tools.text.markdown import address, plain
from agents.tools.today.calendar_server import CONSENT, server
from config.errors import Mendable
from integrations.http import Errand
from integrations.market import weather
from integrations.research.search import ask_sources
from integrations.research.source import Question, sources

SECONDS = 8.0
"""The morning waits no longer for any of them."""
NEWS = "hacker_news"


@dataclass(frozen=True)
class Outside:
    """Lines of a section, or why there are none."""

    title: str
    lines: tuple[str, ...] = ()
    left_out: str = ""


async def outside(deps: Deps, agent: str) -> list[Outside]:
    """Today's events, the weather and the news, side by side."""
    granted = await deps.stores.consents.granted(deps.user)
    profile = await deps.stores.profiles.load(deps.user)
    calendar = deps.settings.caldav and await deps.may("connections")
    place, skills = str(profile.get("location") or ""), own_skills(profile)
    return list(
        await asyncio.gather(
            _section("Calendar", "calendar", "" if calendar else "none is connected", granted, deps,
                     "ask “what's on my calendar”", lambda: _events(deps, agent)),
            _section("Weather", "market", "" if place else "I do not know your town; say “I live in Lisbon”", granted,
                     deps, f"ask “weather in {plain(place)}”", lambda: _weather(place, deps, agent)),
            _section("News", "research", "" if skills else "I know no skills of yours to look for", granted, deps,
                     "ask for research on the web", lambda: _news(skills[:2], deps, agent)),
        )
    )  # fmt: skip


async def _section(
    title: str,
    consent: str,
    lack: str,
    granted: frozenset[str],
    deps: Deps,
    how: str,
    look: Callable[[], Awaitable[list[str]]],
) -> Outside:
    if lack:
        return Outside(title, left_out=lack)
    if deps.settings.offline:
        return Outside(title, left_out="FreelanceX is set to offline")
    if consent not in granted:
        return Outside(title, left_out=f"not allowed without asking; {how} and choose “always”")
    try:
        async with asyncio.timeout(SECONDS):
            return Outside(title, tuple(await look()))
    except TimeoutError:
        return Outside(title, left_out=f"no answer within {SECONDS:g} seconds")
    except Mendable as error:
        return Outside(title, left_out=str(error))


async def _events(deps: Deps, agent: str) -> list[str]:
    errand = Errand(CONSENT, deps.user, agent=agent, thread=deps.thread)
    events = await server(deps, errand).events(deps.today, deps.today + timedelta(days=1))
    return [
        f"- {event.start.astimezone():%H:%M} {plain(event.title)}"
        if isinstance(event.start, datetime)
        else f"- {plain(event.title)}"
        for event in events
    ] or ["- Nothing today."]


async def _weather(place: str, deps: Deps, agent: str) -> list[str]:
    own = deps.settings.addresses
    for name in (weather.PLACES_NAME, weather.NAME):
        if name in own:
            deps.http.allow(urlsplit(own[name]).netloc)
    errand = Errand("market", deps.user, agent=agent, thread=deps.thread)
    places, at = own.get(weather.PLACES_NAME, weather.PLACES), own.get(weather.NAME, weather.ADDRESS)
    found = await weather.forecast(place, deps.http, errand, 1, places=places, address=at)
    rain = found.days[0].rain_chance
    chance = "" if rain is None else f", rain {rain} %"
    day = found.days[0]
    return [f"- {plain(found.place)}: {day.sky}, {day.low:.0f} to {day.high:.0f} °C{chance}. {weather.ATTRIBUTION}."]


async def _news(skills: list[str], deps: Deps, agent: str) -> list[str]:
    question = Question(words=skills[0], limit=3, since=deps.today - timedelta(days=7))
    errand = Errand("research", deps.user, agent=agent, thread=deps.thread)
    (answer,) = await ask_sources(question, [sources()[NEWS]], deps.http, errand, deps.settings, SECONDS)
    if answer.problem:
        raise Mendable(answer.problem)
    return [f"- [{plain(hit.title, 100)}]({address(hit.url)}), {answer.title}" for hit in answer.hits] or [
        "- Nothing new."
    ]

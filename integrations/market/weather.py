"""The weather of a place, by Open-Meteo: today and the days after. Its free service is for non-commercial use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError, Unreadable

NAME, ADDRESS = "open_meteo", "https://api.open-meteo.com"
PLACES_NAME, PLACES = "open_meteo_places", "https://geocoding-api.open-meteo.com"
ATTRIBUTION = "Weather data by Open-Meteo.com, CC BY 4.0"
DAILY = "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max,precipitation_sum"

# The codes of the World Meteorological Organization (table 4677) that Open-Meteo uses.
SKIES = {
    0: "clear", 1: "mostly clear", 2: "partly cloudy", 3: "overcast", 45: "fog", 48: "freezing fog",
    51: "light drizzle", 53: "drizzle", 55: "heavy drizzle", 56: "freezing drizzle", 57: "freezing drizzle",
    61: "light rain", 63: "rain", 65: "heavy rain", 66: "freezing rain", 67: "freezing rain",
    71: "light snow", 73: "snow", 75: "heavy snow", 77: "snow grains", 80: "light showers", 81: "showers",
    82: "heavy showers", 85: "snow showers", 86: "heavy snow showers", 95: "thunderstorm",
    96: "thunderstorm with hail", 99: "thunderstorm with hail",
}  # fmt: skip


class UnknownPlace(HttpError):
    """No place of that name is known."""


@dataclass(frozen=True)
class Day:
    """One day: degrees Celsius, chance of rain in percent, rain in millimetres."""

    day: date
    sky: str
    low: float
    high: float
    rain_chance: int | None
    rain_mm: float


@dataclass(frozen=True)
class Forecast:
    """A place and its days, today first."""

    place: str
    days: tuple[Day, ...]


async def forecast(
    place: str,
    http: HttpClient,
    errand: Errand,
    days: int = 3,
    *,
    places: str = PLACES,
    address: str = ADDRESS,
) -> Forecast:
    """Look the place up and get its forecast. Raises UnknownPlace or another HttpError."""
    found = (await http.get(f"{places}/v1/search", errand, params={"name": place, "count": 1})).json()
    try:
        spot = found["results"][0]
    except (KeyError, IndexError, TypeError):
        raise UnknownPlace(f"Open-Meteo knows no place called {place}; try the nearest larger town.") from None
    params: dict[str, str | int] = {
        "latitude": str(spot["latitude"]),
        "longitude": str(spot["longitude"]),
        "daily": DAILY,
        "timezone": "auto",
        "forecast_days": days,
    }
    data = (await http.get(f"{address}/v1/forecast", errand, params=params)).json()
    name = ", ".join(filter(None, (spot.get("name"), spot.get("country"))))
    return Forecast(name, days_of(data))


def days_of(data: Any) -> tuple[Day, ...]:
    """The days in an answer. Raises Unreadable."""
    try:
        daily = data["daily"]
        chances = daily.get("precipitation_probability_max") or [None] * len(daily["time"])
        rows = zip(
            daily["time"],
            daily["weather_code"],
            daily["temperature_2m_min"],
            daily["temperature_2m_max"],
            chances,
            daily["precipitation_sum"],
            strict=True,
        )
        return tuple(
            Day(
                date.fromisoformat(day),
                SKIES.get(code, "changeable"),
                float(low),
                float(high),
                chance,
                float(rain or 0),
            )
            for day, code, low, high, chance, rain in rows
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unreadable("Open-Meteo answers in another form than it used to.") from error

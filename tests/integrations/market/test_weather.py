"""The weather: a place looked up, its days read."""

from __future__ import annotations

import pytest
from pytest_httpserver import HTTPServer

from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreadable
from integrations.market.weather import Forecast, UnknownPlace, days_of, forecast

DATA = {
    "daily": {
        "time": ["2026-11-21", "2026-11-22"],
        "weather_code": [61, 777],
        "temperature_2m_min": [2.1, 3.0],
        "temperature_2m_max": [7.4, 8.0],
        "precipitation_probability_max": [80, None],
        "precipitation_sum": [3.2, 0.0],
    }
}


async def ask(httpserver: HTTPServer, client: HttpClient, place: str) -> Forecast:
    here = httpserver.url_for("").rstrip("/")
    return await forecast(place, client, Errand("market", "ana", approved=True), 2, places=here, address=here)


async def test_a_place_is_looked_up_and_its_days_are_read(httpserver: HTTPServer, client: HttpClient) -> None:
    spot = {"name": "Lisbon", "country": "Portugal", "latitude": 38.7, "longitude": -9.1}
    httpserver.expect_request("/v1/search", query_string={"name": "Lisboa", "count": "1"}).respond_with_json(
        {"results": [spot]}
    )
    httpserver.expect_request("/v1/forecast").respond_with_json(DATA)
    found = await ask(httpserver, client, "Lisboa")
    assert found.place == "Lisbon, Portugal"
    assert [(day.sky, day.low, day.high, day.rain_chance) for day in found.days] == [
        ("light rain", 2.1, 7.4, 80),
        ("changeable", 3.0, 8.0, None),
    ]


async def test_a_place_nobody_knows_is_said_so(httpserver: HTTPServer, client: HttpClient) -> None:
    httpserver.expect_request("/v1/search").respond_with_json({"generationtime_ms": 0.4})
    with pytest.raises(UnknownPlace, match="no place called Nowhereville"):
        await ask(httpserver, client, "Nowhereville")


@pytest.mark.parametrize("data", [None, [], {}, {"daily": {}}, {"daily": {**DATA["daily"], "weather_code": [1]}}])
def test_another_form_than_before_is_one_sentence(data: object) -> None:
    with pytest.raises(Unreadable):
        days_of(data)

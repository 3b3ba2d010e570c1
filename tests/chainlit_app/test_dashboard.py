"""The dashboard over HTTP: a page that shows something at once, views that say when nothing changed, safe to frame."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import httpx
import pytest

from chainlit_app.dashboard.page import charts_folder, page, theme
from chainlit_app.dashboard.views import VIEWS


async def test_the_page_comes_with_its_first_view_in_it(api: httpx.AsyncClient) -> None:
    async with asyncio.timeout(30):  # a busy machine may need longer for the view than the page waits for it
        first: dict[str, Any] = {}
        while not first.get("first"):
            answer = await api.get("/dashboard?show=money")
            data = re.search(r'<script type="application/json" id="first">(.*?)</script>', answer.text)
            assert data is not None
            first = json.loads(data[1])
    assert first["view"] == "money" and first["first"]["title"] == "Money"
    assert f'<p class="sentence">{first["first"]["empty"]}</p>' in answer.text  # nobody has written an invoice here


async def test_only_the_chat_may_frame_it_and_it_loads_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    headers = (await api.get("/dashboard")).headers
    rules = dict(rule.split(" ", 1) for rule in headers["content-security-policy"].split("; "))
    assert rules["frame-ancestors"] == "'self'" and rules["script-src"] == "'self'" and rules["default-src"] == "'none'"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert (await api.get("/api/v1/health")).headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("view", VIEWS)
async def test_each_view_answers_and_says_when_nothing_changed(api: httpx.AsyncClient, view: str) -> None:
    answer = await api.get(f"/api/v1/dashboard/{view}")
    assert answer.json()["title"] == VIEWS[view] and answer.json()["sentence"]
    if view not in ("system", "session"):  # whose figures move by themselves
        again = await api.get(f"/api/v1/dashboard/{view}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304 and not again.content


async def test_what_is_unknown_is_refused_in_one_sentence(api: httpx.AsyncClient) -> None:
    for path in ("secrets", "records/secrets", "records/invoice?colour=red"):
        answer = await api.get(f"/api/v1/dashboard/{path}")
        assert answer.status_code == 404 and answer.json()["detail"].startswith(("There is no", "The list"))
    assert (await api.get("/api/v1/dashboard/records/invoice?start=-1")).status_code == 422


async def test_records_come_with_how_many_there_are(api: httpx.AsyncClient) -> None:
    found = (await api.get("/api/v1/dashboard/records/invoice?state=overdue")).json()
    assert found["count"] == 0 and found["narrowed"] == ["State: overdue"]


async def test_the_library_of_charts_is_served_from_here(api: httpx.AsyncClient) -> None:
    answer = await api.get("/assets/charts/plotly.min.js")
    assert answer.status_code == 200 and b"plotly.js" in answer.content[:200]
    assert (charts_folder() / "plotly.min.js").is_file()


def test_words_of_a_record_cannot_end_the_script_they_lie_in() -> None:
    evil = "</script><script>alert(1)</script>"
    html = page({"money": "Money"}, "money", {"sentence": evil, "title": evil, "empty": ""})
    assert "<script>alert" not in html and "&lt;script&gt;" in html


def test_the_colours_are_the_chats_own_in_both_themes() -> None:
    light, dark = theme().split("\n")
    assert "--background:hsl(40 33% 98%)" in light and "--background:hsl(190 24% 8%)" in dark
    assert all("--c8:" in one and "--font-sans:ui-sans-serif" in one for one in (light, dark))

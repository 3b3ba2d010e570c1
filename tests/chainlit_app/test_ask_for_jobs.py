"""One request for jobs from the command line to the boards and back: filtered, deduplicated, explained, attributed."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from chainlit_app.command_line import main
from config.settings import Settings
from memory.stores import open_stores

REQUEST = "find remote Python jobs above 60 dollars an hour posted this week"
TODAY = datetime.now(UTC)
YESTERDAY, LONG_AGO = TODAY - timedelta(days=1), TODAY - timedelta(days=20)


def himalaya(number: int, title: str, low: int, high: int, *, at: datetime = YESTERDAY) -> dict[str, Any]:
    return {
        "guid": f"https://himalayas.app/jobs/{number}",
        "title": title,
        "companyName": f"North {number}",
        "minSalary": low,
        "maxSalary": high,
        "currency": "USD",
        "salaryPeriod": "hourly",
        "description": "Coffee." if title == "Barista" else "Python every day.",
        "pubDate": int(at.timestamp()),
    }


HIMALAYAS = [
    himalaya(1, "Python developer", 70, 90),
    himalaya(2, "Python developer, cheap", 20, 30),
    himalaya(3, "Python developer, of old", 80, 95, at=LONG_AGO),
    himalaya(4, "Barista", 90, 99),
]
SAME_AGAIN = {
    "id": 55,
    "url": "https://remotive.com/remote-jobs/55?utm_source=x",
    "title": "Python Developer (m/f/d)",
    "company_name": "NORTH 1 GmbH",
    "tags": ["python"],
    "publication_date": YESTERDAY.isoformat(),
    "salary": "$70 - $90 per hour",
    "description": "Python every day, and Django.",
}
OFFICE = {
    "slug": "python-office",
    "title": "Python developer",
    "company_name": "Spree",
    "remote": False,
    "location": "Berlin",
    "url": "https://www.arbeitnow.com/1",
    "created_at": int(YESTERDAY.timestamp()),
    "description": "$80 per hour",
}


@pytest.fixture
def boards(httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Four boards that answer, one that breaks, and one that nobody is behind; the user has agreed to ask them."""
    for path, answer in {
        "/himalayas/jobs/api/search": {"jobs": HIMALAYAS},
        "/remotive/api/remote-jobs": {"jobs": [SAME_AGAIN]},
        "/arbeitnow/api/job-board-api": {"data": [OFFICE], "links": {}},
        "/hacker_news/api/v1/search_by_date": {"hits": []},
    }.items():
        httpserver.expect_request(path).respond_with_json(answer)
    httpserver.expect_request(re.compile("/jobicy.*")).respond_with_data("out of order", status=500)
    names = ("himalayas", "remotive", "arbeitnow", "hacker_news", "jobicy")
    addresses = {name: httpserver.url_for(f"/{name}") for name in names}
    addresses["remoteok"] = "http://127.0.0.1:9"
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FREELANCEX_ADDRESSES", json.dumps(addresses))
    settings = Settings()

    async def agree() -> None:
        stores = await open_stores(settings)
        await stores.consents.grant("local", "job_boards")
        await stores.close()

    asyncio.run(agree())
    return settings


@pytest.fixture
def asked(capsys: pytest.CaptureFixture[str]) -> Callable[[str], dict[str, Any]]:
    def ask(text: str) -> dict[str, Any]:
        assert main(["ask", text, "--thread", "jobs", "--json"]) == 0
        found: dict[str, Any] = json.loads(capsys.readouterr().out)
        return found

    return ask


def test_with_two_boards_down_the_others_answer_and_the_two_are_named(
    boards: Settings, asked: Callable[[str], dict[str, Any]]
) -> None:
    found = asked(REQUEST)
    (finding,) = found["findings"]
    (job,) = finding["data"]["jobs"]
    assert (job["title"], job["board"]) == ("Python Developer (m/f/d)", "remotive")  # of the two posts, the fuller
    assert job["pay"] == {"low": "70", "high": "90", "currency": "USD", "period": "h"}
    assert job["attribution"] == "via Remotive" and job["why"].startswith(
        "Python; pays up to 90 USD an hour; remote; posted "
    )
    assert finding["sources"] == [
        {"title": "Python Developer (m/f/d) at NORTH 1 GmbH", "place": "via Remotive", "url": job["url"]}
    ]
    answer = found["answer"]
    assert "1 of 6 posts, from Arbeitnow, Hacker News, Himalayas and Remotive" in answer
    assert "**Jobicy**: localhost answered with error 500." in answer
    assert "**Remote OK**: 127.0.0.1 cannot be reached." in answer
    assert "By their terms, some boards show jobs late: Remotive by up to 24 hours." in answer
    assert "Upwork, LinkedIn, Fiverr, Indeed and Glassdoor forbid" in answer
    assert finding["trust"] == "outside" and found["approvals"] == []


def test_doctor_tells_afterwards_who_answered(
    boards: Settings, asked: Callable[[str], dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    asked(REQUEST)
    main(["doctor", "--json"])
    checks = {check["name"]: check for check in json.loads(capsys.readouterr().out)["checks"]}
    assert "last answered" in checks["Jobs from Himalayas"]["detail"]
    assert "error 500" in checks["Jobs from Jobicy"]["detail"]
    assert checks["Jobs from Upwork"]["detail"].startswith("off until")

"""A model with too many questions waiting: a program is told that, and when to ask again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from starlette.testclient import TestClient

from integrations.models.backend import Busy


@pytest.fixture
def busy(api: TestClient, httpserver: HTTPServer) -> Iterator[None]:
    """The model is one whose server takes no more questions."""
    httpserver.expect_request("/v1/chat/completions").respond_with_json({"error": {"message": "full"}}, status=503)
    assert api.post("/models/use", json={"name": f"{httpserver.url_for('/v1')}#small"}).status_code == 200
    yield
    api.post("/models/none")


TALK = "what do you think makes a good week?"


def test_what_only_a_model_can_answer_is_to_be_asked_again_later(api: TestClient, busy: None) -> None:
    told = api.post("/ask", json={"text": TALK})
    assert (told.status_code, told.headers["retry-after"]) == (503, "5")
    assert "busy" in told.json()["detail"] and told.headers["content-type"] == "application/problem+json"
    body = {"model": "freelancex", "messages": [{"role": "user", "content": TALK}]}
    in_their_words = api.post("http://127.0.0.1:8000/v1/chat/completions", json=body)
    assert (in_their_words.status_code, in_their_words.headers["retry-after"]) == (503, "5")
    assert in_their_words.json()["error"]["type"] == "server_error"


def test_what_is_answered_without_a_model_is_answered(api: TestClient, busy: None) -> None:
    told = api.post("/ask", json={"text": "what is 12 % of 80?"})
    assert told.status_code == 200 and "**9.6**" in told.json()["answer"]


@pytest.mark.parametrize(("own", "status"), [(True, 429), (False, 503)])
def test_whose_questions_wait_says_the_status(
    api: TestClient, monkeypatch: pytest.MonkeyPatch, own: bool, status: int
) -> None:
    async def full(*_: Any, **__: Any) -> None:
        raise Busy("small has 16 questions waiting already; ask again in a moment.", own=own)

    monkeypatch.setattr("memory.facts.Facts.forget", full)
    answer = api.delete("/memory/facts/any")
    assert (answer.status_code, answer.headers["retry-after"]) == (status, "5")
    assert answer.json()["detail"].startswith("small has 16 questions")

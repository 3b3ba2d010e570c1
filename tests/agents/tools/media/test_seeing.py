"""A model that sees is shown a bare copy of the picture, and its words are marked as its own."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pytest_httpserver import HTTPServer

from agents.deps import Deps
from agents.spec import Finding, Given
from agents.specialists.vision import AGENT, BLIND, VisionTask
from integrations.http import HttpClient
from integrations.models.openai_compatible import OpenAICompatible
from privacy.audit import AuditLog
from tests.films import talk

CHAT = "/v1/chat/completions"


def answers(httpserver: HTTPServer, text: str) -> None:
    chunk = {"choices": [{"delta": {"content": text}, "finish_reason": "stop"}]}
    httpserver.expect_request(CHAT).respond_with_data(
        f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", content_type="text/event-stream"
    )


def photo() -> bytes:
    exif = Image.Exif()
    exif[271] = "Secret Camera"
    exif[0x8825] = {1: "N", 2: (48.0, 0.0, 0.0), 3: "E", 4: (7.0, 51.0, 0.0)}
    written = io.BytesIO()
    Image.effect_noise((2000, 900), 40).convert("RGB").save(written, "JPEG", exif=exif)
    return written.getvalue()


@pytest.fixture
async def seeing(table_deps: Deps, httpserver: HTTPServer) -> AsyncIterator[Deps]:
    async def none(user: str) -> frozenset[str]:
        return frozenset()

    client = HttpClient(
        table_deps.settings,
        AuditLog.open(table_deps.settings),
        none,
        allow_hosts=frozenset({f"{httpserver.host}:{httpserver.port}"}),
    )
    yield replace(table_deps, model=OpenAICompatible(client, httpserver.url_for("/v1"), "seeing"))
    await client.close()


async def asked(deps: Deps, text: str = "what is on this picture?", **task: Any) -> Finding:
    file = await deps.stores.files.put(photo(), "trip.jpg", user=deps.user, thread=deps.thread)
    return await AGENT.run(VisionTask(**task), Given(text=text, message=text, files=(file,)), deps)


async def test_the_model_sees_a_small_copy_that_tells_no_place(httpserver: HTTPServer, seeing: Deps) -> None:
    answers(httpserver, "A grey noise.")
    found = await asked(seeing)
    url = httpserver.log[0][0].get_json()["messages"][1]["content"][1]["image_url"]["url"]
    sent = Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2])))
    assert (max(sent.size), dict(sent.getexif())) == (1280, {})
    assert b"Secret" not in base64.b64decode(url.partition(",")[2])
    assert "A grey noise." in found.text and "which may be wrong" in found.text
    assert BLIND not in found.text and found.trust == "outside"


async def test_addresses_of_the_model_are_taken_out_and_its_numbers_marked(
    httpserver: HTTPServer, seeing: Deps
) -> None:
    answers(httpserver, "Pay at https://evil.example/x now. It costs 9473 euros.")
    text = (await asked(seeing)).text
    assert "evil.example/x" not in text and "not read as text: 9473" in text


async def test_a_question_that_is_measured_shows_the_model_nothing(httpserver: HTTPServer, seeing: Deps) -> None:
    await asked(seeing, "which colours are in it?", actions=["colours"])
    assert httpserver.log == []


async def test_of_a_film_the_model_sees_the_key_frames_in_order_with_their_times(
    httpserver: HTTPServer, seeing: Deps, tmp_path: Path
) -> None:
    answers(httpserver, "At 0:08 a slide says what comes next; 77 people watch.")
    film = await seeing.stores.files.put(talk(tmp_path / "talk.mp4"), "talk.mp4", user="mara", thread=seeing.thread)
    words = "what happens in this video?"
    found = await AGENT.run(VisionTask(), Given(text=words, message=words, files=(film,)), seeing)
    text, *frames = httpserver.log[0][0].get_json()["messages"][1]["content"]
    assert text["text"].startswith(words) and "0:00, 0:04, 0:08" in text["text"]
    colours = []
    for frame in frames:
        shown = Image.open(io.BytesIO(base64.b64decode(frame["image_url"]["url"].partition(",")[2]))).convert("RGB")
        assert max(shown.size) <= 768
        colours.append(shown.getpixel((5, 5))[0] > 128)  # type: ignore[index]
    assert colours == [True, False, True]  # the slides are light, the scene between them is dark
    assert found.text.startswith("**Seen by seeing") and "not read as text: 77" in found.text
    assert "**Quarterly plan**" in found.text  # what was measured stands below


async def test_a_blind_model_is_said_as_no_model(httpserver: HTTPServer, seeing: Deps) -> None:
    httpserver.expect_request(CHAT).respond_with_json({"error": {"message": "no image input"}}, status=400)
    assert BLIND in (await asked(seeing)).text


async def test_a_model_that_stops_leaves_what_was_measured(httpserver: HTTPServer, seeing: Deps) -> None:
    httpserver.expect_request(CHAT).respond_with_data("oh", status=502)
    text = (await asked(seeing)).text
    assert "stopped" in text and "Main colours" in text

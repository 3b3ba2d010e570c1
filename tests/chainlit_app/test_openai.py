"""Any client of OpenAI's API gets the same replies as the chat: here that of the `openai` package."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from chat_server import Server

Dict = dict[str, Any]


@pytest.fixture
async def client(server: Server) -> AsyncIterator[openai.AsyncOpenAI]:
    async with openai.AsyncOpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as opened:
        yield opened


def user(text: str) -> Dict:
    return {"role": "user", "content": text}


def said(text: str) -> Dict:
    return {"role": "assistant", "content": text}


def beside(answer: Any) -> Dict:
    found: Dict = answer.model_extra["freelancex"]
    return found


async def ask(client: openai.AsyncOpenAI, *messages: Dict, **more: Any) -> Any:
    return await client.chat.completions.create(model="freelancex", messages=list(messages), **more)


async def test_a_message_is_answered(client: openai.AsyncOpenAI) -> None:
    answer = await ask(client, user("echo hello"), temperature=0.2)
    [choice] = answer.choices
    assert "You said **echo hello**" in choice.message.content
    assert (choice.finish_reason, answer.model) == ("stop", "freelancex")
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens > 0


async def test_an_answer_is_streamed_and_counted(client: openai.AsyncOpenAI) -> None:
    whole = await ask(client, user("echo streams"))
    text, last = "", None
    async for chunk in await ask(client, user("echo streams"), stream=True, stream_options={"include_usage": True}):
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
        last = chunk
    assert text.strip() == whole.choices[0].message.content.strip()
    assert last is not None and last.usage.completion_tokens > 0


async def test_a_conversation_that_brings_its_past_along_is_one_conversation(client: openai.AsyncOpenAI) -> None:
    first = await ask(client, user("echo one of a kind"))
    answer = first.choices[0].message.content
    second = await ask(client, user("echo one of a kind"), said(answer), user("echo two"))
    assert beside(second)["thread"] == beside(first)["thread"]


async def test_two_conversations_that_begin_alike_are_two(client: openai.AsyncOpenAI) -> None:
    threads = {beside(await ask(client, user("echo good day")))["thread"] for _ in range(3)}
    assert len(threads) == 3


async def test_what_a_client_says_was_said_before_is_kept_in_a_new_conversation(
    client: openai.AsyncOpenAI, api: httpx.AsyncClient
) -> None:
    answer = await ask(client, user("never sent"), said("never written"), user("echo now"))
    shown = (await api.get(f"/api/v1/threads/{beside(answer)['thread']}/messages")).text
    assert "never sent" in shown and "never written" in shown and "echo now" in shown


async def test_a_conversation_can_be_named(client: openai.AsyncOpenAI) -> None:
    first = await ask(client, user("echo here"))
    thread = beside(first)["thread"]
    second = await ask(client, user("echo there"), metadata={"thread": thread})
    assert beside(second)["thread"] == thread


async def test_files_come_as_data_urls(client: openai.AsyncOpenAI) -> None:
    data = base64.b64encode(b"some notes").decode()
    parts = [
        {"type": "text", "text": "echo it"},
        {"type": "file", "file": {"filename": "notes.txt", "file_data": f"data:text/plain;base64,{data}"}},
    ]
    answer = await ask(client, {"role": "user", "content": parts})
    assert "notes.txt" in answer.choices[0].message.content


async def test_what_was_made_is_linked(client: openai.AsyncOpenAI, api: httpx.AsyncClient) -> None:
    answer = await ask(client, user("draw a dot"))
    [made] = beside(answer)["artifacts"]
    assert made["url"] in answer.choices[0].message.content
    assert (await api.get(made["url"])).status_code == 200


async def test_what_waits_for_the_users_word_is_said_with_where_to_give_it(
    client: openai.AsyncOpenAI, api: httpx.AsyncClient
) -> None:
    answer = await ask(client, user("publish the news"))
    [waiting] = beside(answer)["approvals"]
    text = answer.choices[0].message.content
    assert "This waits for your word: Publish a post" in text
    address = f"/api/v1/approvals/{waiting['turn']}/{waiting['step']}"
    assert address in text
    assert (await api.post(address, json={"decision": "approve"})).json()["text"] == "The post is published."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"messages": []}, 400),
        ({"messages": [said("I spoke last")]}, 400),
        ({"messages": [user("echo")], "tools": [{"type": "function", "function": {"name": "f"}}]}, 400),
        ({"messages": [user("echo")], "n": 2}, 400),
        ({"messages": [user("echo")], "response_format": {"type": "json_object"}}, 400),
        ({"messages": [user("")]}, 400),
        ({"messages": [user("echo")], "model": "gpt-4"}, 404),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "http://a/b"}}]}]}, 400),
    ],
)
async def test_what_cannot_be_answered_is_told_in_their_shape(api: httpx.AsyncClient, body: Dict, status: int) -> None:
    answer = await api.post("/v1/chat/completions", json=body)
    assert (answer.status_code, answer.json()["error"]["type"]) == (
        status,
        "not_found_error" if status == 404 else "invalid_request_error",
    )


async def test_a_defect_is_an_error_without_its_details(client: openai.AsyncOpenAI) -> None:
    answer = await ask(client, user("fail now"))
    assert "secret detail" not in answer.choices[0].message.content


async def test_freelancex_and_each_assistant_are_models(client: openai.AsyncOpenAI, api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/v1/assistants", json={"name": "Echo only", "agents": ["echo"]})).json()
    try:
        assert made["model"] == "echo-only"
        assert {"freelancex", "echo-only"} <= {one.id async for one in client.models.list()}
        assert (await client.models.retrieve("echo-only")).id == "echo-only"
        begun = await client.chat.completions.create(model="echo-only", messages=[user("echo hello")])
        later = {"text": "draw a dot", "thread": beside(begun)["thread"]}
        assert (await api.post("/api/v1/ask", json=later)).json()["artifacts"] == []
    finally:
        assert (await api.delete(f"/api/v1/assistants/{made['id']}")).status_code == 204
    with pytest.raises(openai.NotFoundError):
        await client.models.retrieve("echo-only")
    assert "no longer there" in (await api.post("/api/v1/ask", json=later)).text


async def test_an_assistant_is_changed_with_what_exists_only(api: httpx.AsyncClient) -> None:
    made = (await api.post("/api/v1/assistants", json={"name": "Mine", "prompt": "Be brief."})).json()
    address = f"/api/v1/assistants/{made['id']}"
    try:
        assert (await api.patch(address, json={"tier": "fast", "shared": True})).json()["shared"] is True
        assert (await api.patch(address, json={"agents": ["nobody"]})).status_code == 422
        assert (await api.patch(address, json={"documents": ["none"]})).status_code == 422
        assert (await api.post("/api/v1/assistants", json={"name": "mine"})).status_code == 409
        assert [one["name"] for one in (await api.get("/api/v1/assistants")).json()["items"]] == ["Mine"]
    finally:
        await api.delete(address)
    assert (await api.get(address)).status_code == 404

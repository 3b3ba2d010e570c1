"""A model elsewhere gets placeholders for personal data, and its answer gets the values back."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Collection, Sequence

import pytest

from config.settings import Settings
from integrations.http import HttpClient
from integrations.models.backend import USUAL, ChatMessage, Note, Wanted, silent
from integrations.models.choose import open_model
from integrations.models.redacted import EXPLAINED, Redacted, Withheld


class Elsewhere:
    """A model that says what it read, in small pieces."""

    name, context = "qwen at far.example", 4096

    def __init__(self) -> None:
        self.read: list[ChatMessage] = []

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        self.read = list(messages)
        answer = messages[-1].content if wanted.schema is None else json.dumps({"said": messages[-1].content})
        for start in range(0, len(answer), 3):
            yield answer[start : start + 3]

    async def close(self) -> None:
        return None


async def names() -> Collection[str]:
    return ["Carla Mendes", 'Bar "Zum Eck"']


async def ask(text: str, wanted: Wanted = USUAL) -> tuple[str, Elsewhere, list[str]]:
    model, notes = Elsewhere(), list[str]()
    messages = [ChatMessage("system", "You are brief."), ChatMessage("user", text)]
    answer = "".join([piece async for piece in Redacted(model, names).chat(messages, wanted, notes.append)])
    return answer, model, notes


async def test_it_reads_placeholders_and_the_answer_has_the_values() -> None:
    text = "Write to Carla Mendes, carla@mendes.pt, about 1,500 €"
    answer, model, notes = await ask(text)
    assert model.read[-1].content == "Write to [NAME_1], [EMAIL_1], about 1,500 €"
    assert model.read[0].content.endswith(EXPLAINED)
    assert answer == text and notes == ["Hiding 2 names, addresses and numbers from qwen at far.example"]


async def test_values_put_back_into_json_leave_it_json() -> None:
    answer, model, _ = await ask('A table at Bar "Zum Eck"', Wanted(schema={"type": "object"}))
    assert "Zum Eck" not in model.read[-1].content
    assert json.loads(answer) == {"said": 'A table at Bar "Zum Eck"'}


async def test_what_holds_nothing_personal_goes_as_it_is() -> None:
    _, model, notes = await ask("Average price by cut")
    assert model.read[0].content == "You are brief." and notes == []


@pytest.mark.parametrize("text", ["password: hunter2hunter2", "the diagnosis of my client"])
async def test_what_is_restricted_is_not_sent_at_all(text: str) -> None:
    model = Elsewhere()
    with pytest.raises(Withheld, match="was not asked"):
        [piece async for piece in Redacted(model, names).chat([ChatMessage("user", text)])]
    assert model.read == []


@pytest.mark.parametrize(
    ("name", "elsewhere"),
    [
        ("http://127.0.0.1:8080/v1#qwen3", False),
        ("http://localhost:8080/v1#qwen3", False),
        ("https://models.example/v1#qwen3", True),
        ("http://192.168.1.20:8080/v1#qwen3", True),
    ],
)
async def test_only_servers_elsewhere_are_kept_in_the_dark(
    settings: Settings, client: HttpClient, name: str, elsewhere: bool
) -> None:
    assert isinstance(open_model(name, settings, client, names), Redacted) is elsewhere

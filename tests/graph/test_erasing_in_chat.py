"""A client erased by chat: after the user's word, not even the request for it names them any more."""

from __future__ import annotations

import json

from config.settings import Settings
from graph import approvals
from graph.events import ApprovalNeeded, Done
from graph.reply import Message, reply
from graph.runtime import open_runtime
from memory.portability import rows_of

MARK = "Zaubernussbaum"


async def test_nothing_names_the_client_afterwards(settings: Settings) -> None:
    async with open_runtime(settings.model_copy(update={"embeddings": "off"})) as runtime:
        await runtime.stores.clients.save("local", f"{MARK} GmbH", email="a@b.example")
        await runtime.stores.clients.save("local", "Nova")
        said = [one async for one in reply(Message(f"erase everything about {MARK}", "t1"), runtime)]
        asked = next(one for one in said if isinstance(one, ApprovalNeeded))
        assert MARK in asked.preview
        done = [one async for one in approvals.decide(asked.turn, asked.step, "approve", runtime)][-1]
        assert isinstance(done, Done) and MARK not in done.text and "The client is erased" in done.text
        everything = json.dumps(await rows_of(runtime.stores, "local"))
        assert MARK.lower() not in everything.lower()
        assert [one.name for one in await runtime.stores.clients.all("local")] == ["Nova"]
        certificates = await runtime.stores.files.in_thread("t1", user="local")
        assert {one.name.rpartition(".")[2] for one in certificates} == {"pdf", "txt"}
        assert all(one.name.startswith("Certificate of erasure") for one in certificates)

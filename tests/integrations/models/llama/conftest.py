"""Real models of random weights, run by the real llama.cpp where it is built."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from integrations.models import generated
from integrations.models.llama.backend import LlamaCpp


@pytest.fixture(scope="session")
def tiny_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generated.write(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tiny(tiny_file: Path) -> AsyncIterator[LlamaCpp]:
    opened = LlamaCpp(tiny_file)
    yield opened
    await opened.close()

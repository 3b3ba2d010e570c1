"""A .gguf file run by llama.cpp in this process, with everything the build can put on a GPU put there.

One thread owns the model, because two threads on one instance abort the process. Closing the stream ends generation at
the next token.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from integrations.models.backend import ChatMessage, ModelError

CONTEXT = 8192
END = object()


class LlamaCpp:
    """One model file, loaded at the first question."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self._path = path
        self._model: Any = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="llama")

    async def chat(self, messages: Sequence[ChatMessage], *, max_tokens: int = 800) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        loop, pieces, stop = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()

        def put(piece: Any) -> None:
            loop.call_soon_threadsafe(pieces.put_nowait, piece)

        context = contextvars.copy_context()
        work = loop.run_in_executor(self._thread, context.run, self._generate, list(messages), max_tokens, put, stop)
        try:
            while (piece := await pieces.get()) is not END:
                yield piece
            await work  # raises what the thread raised
        finally:
            stop.set()

    def _generate(self, messages: list[ChatMessage], max_tokens: int, put: Any, stop: threading.Event) -> None:
        try:
            model = self._load()
            turns = [{"role": message.role, "content": message.content} for message in messages]
            for chunk in model.create_chat_completion(turns, max_tokens=max_tokens, stream=True):
                if stop.is_set():
                    return
                if text := chunk["choices"][0]["delta"].get("content"):
                    put(text)
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"The model {self.name} could not answer; the log has the details.") from error
        finally:
            put(END)

    def _load(self) -> Any:
        if self._model is None:
            if not self._path.is_file():
                raise ModelError(f"There is no model file at {self._path}; check FREELANCEX_MODEL.")
            try:
                from llama_cpp import Llama
            except ImportError:
                raise ModelError("llama.cpp is not built yet; `make start` builds it beside the chat.") from None
            try:
                self._model = Llama(str(self._path), n_ctx=CONTEXT, n_gpu_layers=-1, verbose=False)
            except (ValueError, RuntimeError) as error:
                raise ModelError(
                    f"{self._path.name} cannot be loaded; it may be damaged or need more memory."
                ) from error
        return self._model

    async def close(self) -> None:
        """Wait for the thread and free the model."""
        await asyncio.to_thread(self._thread.shutdown)
        self._model = None

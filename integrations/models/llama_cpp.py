"""A .gguf file run by llama.cpp in this process, with everything the build can put on a GPU put there.

One thread owns the model, because two threads on one instance abort the process. Closing the stream ends generation at
the next token, and on the processor also while the question is still being read.
"""

from __future__ import annotations

import asyncio
import contextvars
import itertools
import logging
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from integrations.models import gguf
from integrations.models.backend import USUAL, ChatMessage, ModelError, Note, Wanted, silent

END = object()

log = logging.getLogger("freelancex.models")


class LlamaCpp:
    """One model file, loaded at the first question. Questions asked at once are answered one after the other."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.context = gguf.CONTEXT
        self._path = path
        self._model: Any = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="llama")
        self._closing = threading.Event()

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """See `ModelBackend.chat`."""
        loop, pieces, stop = asyncio.get_running_loop(), asyncio.Queue[Any](), threading.Event()

        def put(piece: object) -> None:
            try:
                loop.call_soon_threadsafe(pieces.put_nowait, piece)
            except RuntimeError:  # the loop was closed, so nobody reads any more
                stop.set()

        def unwanted() -> bool:
            return stop.is_set() or self._closing.is_set()

        context = contextvars.copy_context()
        work = self._thread.submit(context.run, self._generate, messages, wanted.max_tokens, put, unwanted)
        try:
            while (piece := await pieces.get()) is not END:
                yield piece
            await asyncio.wrap_future(work)  # raises what the thread raised
        finally:
            stop.set()

    def _generate(
        self,
        messages: Sequence[ChatMessage],
        max_tokens: int,
        put: Callable[[object], None],
        unwanted: Callable[[], bool],
    ) -> None:
        try:
            if unwanted():  # withdrawn while it waited
                return
            if self._model is None:
                self._model = gguf.load(self._path)
            for chunk in _chunks(self._model, messages, max_tokens, unwanted):
                if text := chunk["choices"][0]["delta"].get("content"):
                    put(text)
                if unwanted():
                    return
        except ModelError:
            raise
        except Exception as error:  # a template is a program in the file, and may raise whatever it likes
            if unwanted():
                return
            if "exceed context window" in str(error):
                raise ModelError(f"That is more than {self.name} can read at once; ask with a shorter text.") from error
            log.warning("llama.cpp could not answer: %s", gguf.errors(), exc_info=error)
            raise ModelError(f"The model {self.name} could not answer; the log has the details.") from error
        finally:
            put(END)

    async def close(self) -> None:
        """End what is being generated and free the model."""
        self._closing.set()
        await asyncio.to_thread(self._thread.shutdown)
        if self._model is not None:
            self._model.close()
            self._model = None


def _chunks(
    model: Any, messages: Sequence[ChatMessage], max_tokens: int, unwanted: Callable[[], bool]
) -> Iterator[Any]:
    """Ask the model. The first chunk comes when the whole question has been read."""
    import llama_cpp

    turns = [{"role": message.role, "content": message.content} for message in messages]
    try:
        chunks = model.create_chat_completion(turns, max_tokens=max_tokens, stream=True)
    except ValueError:  # some templates know no system role: Gemma's and Mistral's first ones
        if turns[0]["role"] != "system":
            raise
        system, first, *rest = turns
        turns = [{**first, "content": f"{system['content']}\n\n{first['content']}"}, *rest]
        chunks = model.create_chat_completion(turns, max_tokens=max_tokens, stream=True)
    # It is asked hundreds of times a token and needs the interpreter each time, so it is gone before the answer starts.
    abort = llama_cpp.ggml_abort_callback(lambda _: unwanted())
    llama_cpp.llama_set_abort_callback(model.ctx, abort, None)
    try:
        read = list(itertools.islice(chunks, 1))
    except RuntimeError:
        model.reset()
        raise
    finally:
        llama_cpp.llama_set_abort_callback(model.ctx, llama_cpp.ggml_abort_callback(), None)
    return itertools.chain(read, chunks)

"""Asks a model and lets go of it properly, whatever happens meanwhile."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Sequence

from integrations.models.backend import USUAL, ChatMessage, ModelBackend, ModelError, Note, Wanted, silent

log = logging.getLogger("freelancex.asking")

BROKE = "It broke off with an error that is in the log."


async def pieces(
    model: ModelBackend, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
) -> AsyncGenerator[str, None]:
    """The answer as it comes. Closing this ends the answer; whatever breaks in the model is a ModelError."""
    stream = model.chat(messages, wanted, note)
    try:
        async for piece in stream:
            yield piece
    except ModelError:
        raise
    except Exception as error:
        log.exception("the model %s failed", model.name)
        raise ModelError(BROKE) from error
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


async def told(
    model: ModelBackend, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
) -> str:
    """The whole answer. Raises ModelError."""
    return "".join([piece async for piece in pieces(model, messages, wanted, note)])

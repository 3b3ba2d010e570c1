"""What a language model must be able to do, wherever it runs.

Models.backend(tier) ──▶ ModelBackend.chat(messages, wanted, note) ──▶ pieces of text

ModelError               the model cannot answer; one sentence that says what to do
  ├── Busy               too many questions wait already
  ├── TooLong            the question is longer than the context
  ├── TooSlow            the deadline passed
  ├── Blind              the model cannot be shown pictures
  └── Gone               the process or the server of the model is no longer there
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from config.errors import Mendable

Tier = Literal["fast", "balanced", "powerful", "vision"]
Note = Callable[[str], None]
"""Called with one short line for the user while they wait, such as what is being loaded."""


@dataclass(frozen=True)
class ChatMessage:
    """One message of a conversation with a model.

    `images` are PNG or JPEG files without metadata, which go with a user's message to a model that sees.
    """

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Wanted:
    """How an answer is wanted.

    `schema` is a JSON schema that the answer obeys: the backend holds the model to it where it can, the caller
    validates all the same and puts the schema into the prompt, because no backend shows it to the model. `seconds` is
    the deadline of the whole call, waiting and loading included.
    """

    max_tokens: int = 800
    temperature: float = 0.3
    schema: Mapping[str, Any] | None = None
    seconds: float = 180.0


USUAL = Wanted()


class ModelError(Mendable):
    """The model cannot answer. The message is one sentence that says what to do."""


class Busy(ModelError):
    """Too many questions wait for the model already: `own` where the user who asks has asked all of them."""

    def __init__(self, message: str, *, own: bool = False) -> None:
        super().__init__(message)
        self.own = own


class TooLong(ModelError):
    """The question is longer than what the model can read at once."""


class TooSlow(ModelError):
    """The answer was not there before the deadline."""


class Blind(ModelError):
    """The model cannot be shown pictures."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} cannot look at pictures; choose one that can, or say “install a vision model”.")


class Gone(ModelError):
    """The process or the server that runs the model is no longer there, or never was."""


def shows(messages: Sequence[ChatMessage]) -> bool:
    """Whether pictures go with these messages."""
    return any(message.images for message in messages)


def data_url(image: bytes) -> str:
    """A PNG or JPEG file as an address that holds it."""
    kind = "jpeg" if image.startswith(b"\xff\xd8") else "png"
    return f"data:image/{kind};base64,{b64encode(image).decode()}"


def silent(line: str) -> None:
    """Tell nobody."""


class ModelBackend(Protocol):
    """A model that can be asked. It loads when it is first asked.

    `context` is how many tokens it reads and writes at once. Closing the stream that `chat` returns ends the answer.
    """

    @property
    def name(self) -> str: ...

    @property
    def context(self) -> int: ...

    def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        """Stream the answer as pieces of text. Raises ModelError."""
        ...

    async def close(self) -> None:
        """End what is being generated and free everything. A later question loads the model again."""
        ...

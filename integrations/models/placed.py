"""Where a model lies: whether it is loaded, what it takes, how much of it is on a GPU, how many it serves at once."""

from __future__ import annotations

from dataclasses import dataclass

from integrations.models.backend import ModelBackend


@dataclass(frozen=True)
class Placed:
    """`text` says where it lies, for the user.

    `memory_bytes` is what its process takes of the machine's memory, the weights it reads from disk included; None
    where another program keeps the model.
    """

    loaded: bool
    text: str
    memory_bytes: int | None = None


NOWHERE = Placed(False, "not loaded")
SERVED = 4
"""Questions that a server of models is sent at once."""


def placed(backend: ModelBackend) -> Placed:
    """Where the model of a backend lies now."""
    from integrations.models.llama.backend import LlamaCpp
    from integrations.models.llama_server import LlamaServer

    if isinstance(backend, LlamaCpp):
        loaded = backend.loaded
        if loaded is None or not loaded.child.alive:
            return NOWHERE
        return Placed(True, loaded.why, _memory(loaded.child.pid))
    if isinstance(backend, LlamaServer):
        if backend.pid is None:
            return NOWHERE
        return Placed(True, f"in a llama-server of its own, {backend.why}", _memory(backend.pid, with_children=True))
    return Placed(False, "kept by its own server")


def _memory(pid: int, *, with_children: bool = False) -> int | None:
    """What a process takes, and those it started, in bytes; None when it has ended."""
    import psutil

    try:
        process = psutil.Process(pid)
        counted = [process, *(process.children() if with_children else ())]
        taken: int = sum(one.memory_info().rss for one in counted)
        return taken
    except psutil.NoSuchProcess:
        return None


def weighs(backend: ModelBackend) -> int:
    """What loading it here takes at least, in bytes: the size of its file; 0 where another program keeps the model."""
    from integrations.models.llama.backend import LlamaCpp
    from integrations.models.llama_server import LlamaServer

    if isinstance(backend, LlamaCpp | LlamaServer) and backend.path.is_file():
        return backend.path.stat().st_size
    return 0


def together(backend: ModelBackend) -> int:
    """How many questions a backend is asked at once."""
    from integrations.models.llama.backend import LlamaCpp

    return 1 if isinstance(backend, LlamaCpp) else SERVED

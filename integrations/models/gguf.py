"""Opens a .gguf file with llama.cpp."""

from __future__ import annotations

import ctypes
import logging
from collections import deque
from pathlib import Path
from typing import Any

from integrations.models.backend import ModelError

CONTEXT = 8192
"""Most tokens of context. A model trained for fewer gets those it was trained for."""
ERROR = 4
"""The level of the errors that llama.cpp logs."""

log = logging.getLogger("freelancex.models")
_noted = deque[str](maxlen=8)


def errors() -> str:
    """The last errors that llama.cpp logged, for our log; its binding neither raises nor prints them."""
    return " ".join(_noted)


def _note(level: int, text: bytes, _: object) -> None:
    if level == ERROR:
        _noted.append(text.decode("utf-8", "replace").strip())


_noting = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(_note)


def load(path: Path) -> Any:
    """The model of a file, with all of it on the GPU, or none where it does not fit there. Raises ModelError."""
    if not path.is_file():
        raise ModelError(f"There is no model file at {path}; check FREELANCEX_MODEL.")
    try:
        import llama_cpp
    except ImportError:
        raise ModelError("llama.cpp is not built yet; `make start` builds it beside the chat.") from None
    llama_cpp.llama_log_set(_noting, None)
    _noted.clear()
    try:
        try:
            return _opened(llama_cpp, path, layers=-1)
        except (ValueError, RuntimeError):
            if not llama_cpp.llama_supports_gpu_offload():
                raise
            return _opened(llama_cpp, path, layers=0)
    except Exception as error:  # beside what llama.cpp raises, whatever a template's syntax raises
        log.warning("llama.cpp could not load a model: %s", errors(), exc_info=error)
        raise ModelError(f"{path.name} cannot be loaded; it may be damaged or need more memory.") from error


def _opened(llama_cpp: Any, path: Path, layers: int) -> Any:
    model = llama_cpp.Llama(str(path), n_ctx=CONTEXT, n_gpu_layers=layers, verbose=False)
    trained = llama_cpp.llama_model_n_ctx_train(model.model)
    if trained >= CONTEXT:
        return model
    model.close()
    return llama_cpp.Llama(str(path), n_ctx=trained, n_gpu_layers=layers, verbose=False)

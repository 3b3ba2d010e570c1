"""llama.cpp itself: one model and one sequence of tokens in its context. Imported by the child process alone.

The functions of llama.h are called directly. The class `Llama` of the binding computes the same, but keeps a row of
scores for every token of a batch (300 MB at a vocabulary of 152,000), cannot be stopped while it reads, and has no way
to keep the state of a prompt's beginning. Its decoding by prompt lookup is not used either: it crashes on prompts
longer than a batch. Two threads in one context abort the process: all of this belongs to one thread, except `Stop`.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp as c
import numpy as np

from integrations.models.llama.wire import Failed, Load

WARNING, ERROR = 3, 4
"""The levels of llama.cpp's log whose lines are kept."""
ABORTED = 2
"""What `llama_decode` returns when it was told to stop."""
NOTHING = -1
"""The token that stands for none."""

Array = np.ndarray[Any, Any]


class Broken(Failed):
    """llama.cpp could not do it. `kind` says what: "weights", "context" or "decode"."""

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(why)
        self.kind = kind


class Stopped(Exception):
    """It was told to stop."""


class Stop:
    """Ends what llama.cpp computes, within one operation of a layer, from any thread. On the processor alone.

    llama.cpp asks a function of C before each operation whether to go on. Were it one of Python's, each of these
    hundreds of questions a token would wait for the interpreter; `strlen` answers for us: of "" it is 0, of "x" not.
    """

    def __init__(self) -> None:
        self._word = ctypes.create_string_buffer(2)
        libc = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
        self.function = ctypes.cast(libc.strlen, c.ggml_abort_callback)
        self.data = ctypes.cast(self._word, ctypes.c_void_p)

    def set(self) -> None:
        self._word.raw = b"x\0"

    def clear(self) -> None:
        self._word.raw = b"\0\0"

    def __bool__(self) -> bool:
        return self._word.raw != b"\0\0"


def _log(level: int, text: bytes, _data: object) -> None:
    if level in (WARNING, ERROR):
        sys.stderr.write(text.decode("utf-8", "replace").strip() + "\n")
        sys.stderr.flush()


_logging = c.llama_log_callback(_log)
"""Kept for as long as llama.cpp may call it."""


class Engine:
    """One loaded model. `live` is what its context holds now. Raises `Broken` when it cannot be loaded."""

    def __init__(self, load: Load, stop: Stop) -> None:
        c.llama_log_set(_logging, None)
        c.llama_backend_init()
        self._stop = stop
        self._model = c.llama_model_load_from_file(load.path.encode(), _model_parameters(load))
        if not self._model:
            raise Broken("weights", "llama.cpp could not load the weights")
        trained = c.llama_model_n_ctx_train(self._model)
        self.context = min(load.context, trained) if trained > 0 else load.context
        self._context = c.llama_init_from_model(self._model, _context_parameters(load, self.context))
        if not self._context:
            raise Broken("context", "llama.cpp could not make the context")
        c.llama_set_abort_callback(self._context, stop.function, stop.data)
        self.vocabulary: Any = c.llama_model_get_vocab(self._model)
        self.words: int = c.llama_vocab_n_tokens(self.vocabulary)
        self._memory: Any = c.llama_get_memory(self._context)
        self._batch = load.batch
        self._piece = ctypes.create_string_buffer(256)
        self.live: list[int] = []

    @property
    def offloads(self) -> bool:
        """Whether this build can use a GPU."""
        return bool(c.llama_supports_gpu_offload())

    def template(self) -> str | None:
        """The chat template in the file, if any."""
        found = c.llama_model_chat_template(self._model, None)
        return found.decode("utf-8", "replace") if found else None

    def text_of(self, token: int) -> str:
        """A token as the vocabulary writes it."""
        found = c.llama_vocab_get_text(self.vocabulary, token) if token != NOTHING else b""
        return (found or b"").decode("utf-8", "replace")

    def bos(self) -> int:
        return int(c.llama_vocab_bos(self.vocabulary))

    def eos(self) -> int:
        return int(c.llama_vocab_eos(self.vocabulary))

    def controls(self) -> list[str]:
        """The texts of the control tokens, which nothing but the template may say."""
        return [self.text_of(token) for token in range(self.words) if c.llama_vocab_is_control(self.vocabulary, token)]

    def tokens(self, text: str) -> list[int]:
        """Return the tokens of a prompt that a template wrote, with the one that begins a text where one is wanted."""
        data = text.encode("utf-8", "replace")
        found = (c.llama_token * (len(data) + 8))()
        count = c.llama_tokenize(self.vocabulary, data, len(data), found, len(found), False, True)
        if count < 0:
            raise Broken("decode", "llama.cpp could not read the text as tokens")
        tokens = list(found[:count])
        if c.llama_vocab_get_add_bos(self.vocabulary) and tokens[:1] != [self.bos()]:
            tokens.insert(0, self.bos())
        return tokens

    def bytes_of(self, token: int) -> bytes:
        """The bytes of a token; none of a control token."""
        size = c.llama_token_to_piece(self.vocabulary, token, self._piece, len(self._piece), 0, False)
        if size < 0:
            self._piece = ctypes.create_string_buffer(-size)
            size = c.llama_token_to_piece(self.vocabulary, token, self._piece, len(self._piece), 0, False)
        return self._piece.raw[:size]

    def ends(self, token: int) -> bool:
        """Whether this token ends the answer."""
        return bool(c.llama_vocab_is_eog(self.vocabulary, token))

    def read(self, tokens: Sequence[int]) -> None:
        """Put tokens behind those in the context. Raises `Stopped`, and `Broken` when llama.cpp cannot."""
        for start in range(0, len(tokens), self._batch):
            part = tokens[start : start + self._batch]
            array = (c.llama_token * len(part))(*part)
            result = 0 if self._stop else c.llama_decode(self._context, c.llama_batch_get_one(array, len(part)))
            if self._stop or result == ABORTED:
                self.forget(len(self.live))
                raise Stopped
            if result != 0:
                self.forget(0)
                raise Broken("decode", f"llama_decode returned {result}")
            self.live.extend(part)

    def forget(self, kept: int) -> int:
        """Forget all but the first `kept` tokens; returns how many are kept, which is none where only all can go.

        Recurrent models, and hybrids such as Qwen3.5, cannot go back.
        """
        if not c.llama_memory_seq_rm(self._memory, 0, kept, -1):
            c.llama_memory_clear(self._memory, True)
            kept = 0
        del self.live[kept:]
        return kept

    def state_size(self) -> int:
        """Bytes that `state` would return."""
        return int(c.llama_state_seq_get_size(self._context, 0))

    def state(self) -> Array:
        """What the context knows of its tokens, as bytes."""
        data = np.empty(self.state_size(), np.uint8)
        size = c.llama_state_seq_get_data(self._context, data.ctypes.data_as(_BYTES), data.nbytes, 0)
        return data[:size]

    def restore(self, tokens: Sequence[int], state: Array) -> bool:
        """Make the context what it was after these tokens; False, and an empty context, where that fails."""
        self.forget(0)
        size = c.llama_state_seq_set_data(self._context, state.ctypes.data_as(_BYTES), state.nbytes, 0)
        if size:
            self.live = list(tokens)
        else:
            self.forget(0)
        return bool(size)

    def sampler(self, temperature: float, grammar: str | None = None) -> Callable[[], int]:
        """Return a function that chooses the next token. Raises ValueError for a grammar that llama.cpp cannot read."""
        chain = c.llama_sampler_chain_init(c.llama_sampler_chain_default_params())
        for sampler in _choosing(temperature):
            c.llama_sampler_chain_add(chain, sampler)
        if grammar is None:
            return _Free(self._context, chain)
        rules = c.llama_sampler_init_grammar(self.vocabulary, grammar.encode(), b"root")
        if not rules:
            c.llama_sampler_free(chain)
            raise ValueError("llama.cpp cannot read the grammar")
        return _Held(self._context, chain, rules, self.words)


_BYTES = ctypes.POINTER(ctypes.c_uint8)


class _Free:
    """Chooses any token."""

    def __init__(self, context: Any, chain: Any) -> None:
        self._context = context
        self._chain = chain

    def __call__(self) -> int:
        return int(c.llama_sampler_sample(self._chain, self._context, -1))

    def __del__(self) -> None:
        c.llama_sampler_free(self._chain)


class _Held(_Free):
    """Chooses a token that a grammar allows.

    To ask a grammar about a whole vocabulary takes ten times as long as to compute a token. So a token is chosen freely
    first, and only where the grammar does not allow that one, again among those it allows.
    """

    def __init__(self, context: Any, chain: Any, rules: Any, words: int) -> None:
        super().__init__(context, chain)
        self._rules = rules
        self._words = words
        self._one = np.zeros(1, _CANDIDATE)
        self._all = np.zeros(words, _CANDIDATE)

    def __call__(self) -> int:
        token = super().__call__()
        self._one[0] = (token, 1.0, 0.0)
        self._apply(self._rules, self._one)
        if self._one["logit"][0] == -np.inf:
            logits = np.ctypeslib.as_array(c.llama_get_logits_ith(self._context, -1), (self._words,))
            self._all["id"], self._all["logit"], self._all["p"] = np.arange(self._words), logits, 0
            self._apply(self._rules, self._all)
            token = self._apply(self._chain, self._all)
        c.llama_sampler_accept(self._rules, token)
        return token

    def _apply(self, sampler: Any, candidates: Array) -> int:
        data = candidates.ctypes.data_as(c.llama_token_data_p)
        array = c.llama_token_data_array(data, len(candidates), -1, False)
        c.llama_sampler_apply(sampler, ctypes.byref(array))
        return int(array.data[array.selected].id) if array.selected >= 0 else NOTHING

    def __del__(self) -> None:
        super().__del__()
        c.llama_sampler_free(self._rules)


_CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])


def _choosing(temperature: float) -> list[Any]:
    if temperature <= 0:
        return [c.llama_sampler_init_greedy()]
    return [
        c.llama_sampler_init_top_k(40),
        c.llama_sampler_init_top_p(0.95, 1),
        c.llama_sampler_init_min_p(0.05, 1),
        c.llama_sampler_init_temp(temperature),
        c.llama_sampler_init_dist(c.LLAMA_DEFAULT_SEED),
    ]


def _model_parameters(load: Load) -> Any:
    parameters = c.llama_model_default_params()
    parameters.n_gpu_layers = load.gpu_layers
    parameters.load_mode = c.LLAMA_LOAD_MODE_MMAP  # left to itself, llama.cpp decodes 3 % slower. Measured
    return parameters


def _context_parameters(load: Load, context: int) -> Any:
    """Every default that does not suit: 512 tokens of context, half of the processor, attention without flash."""
    parameters = c.llama_context_default_params()
    parameters.n_ctx = context
    parameters.n_batch = load.batch
    parameters.n_ubatch = min(load.batch, parameters.n_ubatch)
    parameters.n_threads = parameters.n_threads_batch = load.threads
    quantised = load.kv == "q8_0"
    if quantised:
        parameters.type_k = parameters.type_v = c.GGML_TYPE_Q8_0
    # A quantised cache needs flash attention; without it no context can be made.
    flash = load.flash or quantised
    parameters.flash_attn_type = c.LLAMA_FLASH_ATTN_TYPE_ENABLED if flash else c.LLAMA_FLASH_ATTN_TYPE_DISABLED
    parameters.no_perf = True
    return parameters

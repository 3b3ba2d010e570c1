"""llama-cpp-python used plainly, behind the same lines of JSON: what `measure` compares with.

    python -m integrations.models.plain

It reads and chooses tokens by `Llama.generate` and does nothing else, not even make text of them.
"""

from __future__ import annotations

import time
from typing import Any

from integrations.models.llama.program import Inbox, Say, on_lines
from integrations.models.llama.template import Template


def serve(say: Say) -> None:
    """Load with the same placement, then answer until the process is ended. Nothing here can be stopped."""
    import llama_cpp

    inbox = Inbox(lambda: None, lambda: None)
    inbox.start()
    load, began = inbox.next()["load"], time.monotonic()
    model = llama_cpp.Llama(
        load["path"],
        n_ctx=load["context"],
        n_gpu_layers=load["gpu_layers"],
        n_batch=load["batch"],
        n_threads=load["threads"],
        n_threads_batch=load["threads"],
        flash_attn=load["flash"],
        verbose=False,
    )
    template = Template(model.metadata.get("tokenizer.chat_template"))
    say({"loaded": {"context": model.n_ctx(), "offloads": False, "seconds": time.monotonic() - began}})
    while True:
        say({"done": _answer(model, template, inbox.next())})


def _answer(model: Any, template: Template, ask: dict[str, Any]) -> dict[str, Any]:
    began = time.monotonic()
    tokens = model.tokenize(template.render(ask["messages"]).encode(), add_bos=False, special=True)
    times: list[float] = []
    for token in model.generate(tokens, temp=ask["temperature"]):
        times.append(time.monotonic())
        if token == model.token_eos() or len(times) == ask["max_tokens"]:
            break
    return {
        "prompt_tokens": len(tokens),
        "answer_tokens": len(times),
        "first_s": times[0] - began,
        "seconds": times[-1] - began,
    }


if __name__ == "__main__":
    on_lines(serve)

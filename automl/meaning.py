"""What texts mean, as vectors of length 1, by an embedder that is passed in: this package has none of its own.

An embedder is named "package.module:function", as a job in another process needs it; the function gives None where no
embedding model is installed. It is asked where texts make most of a table, and where that leaves time to train.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module

import pandas as pd

from automl.clean import Clean
from automl.cluster import workers
from automl.news import Progress
from automl.texts import Embed

MOST = 0.5
"""The share of a table's letters from which texts make most of it."""
A_TEXT_S, A_LETTER_S, READ = 0.004, 7e-5, 1_000
"""What a text costs, and each of its first letters, on one thread."""
SHARE = 0.35
"""The part of the time to train that vectors may take."""
MOST_TEXTS = 10_000
"""Different texts, above which words tell enough, and vectors would not be remembered."""
CHUNK = 32
REFUSED = re.compile(r"\b(?:without|no|not|don['’]?t|never)\b[^.;!?]{0,30}\b(?:embeddings?|meanings?)\b", re.IGNORECASE)


def named(name: str) -> Embed | None:
    """The embedder of a name; None for no name, and where it is not installed."""
    if not name:
        return None
    module, _, function = name.partition(":")
    found: Embed | None = getattr(import_module(module), function)()
    return found


def with_meaning(
    table: Clean, target: str, embedder: str, words: str, budget: float, progress: Progress, stopped: Callable[[], bool]
) -> Clean:
    """The table with an embedder that has seen its texts, where that is worth it and the `words` do not refuse it."""
    embed = None if REFUSED.search(words) else named(embedder)
    texts = worthwhile(table, target, budget * workers()) if embed else []
    if embed is None or not texts:
        return table
    until = time.monotonic() + 2 * SHARE * budget
    late = lambda: stopped() or time.monotonic() > until  # noqa: E731
    return replace(table, embed=embed) if _seen(texts, embed, progress, late) else table


def worthwhile(table: Clean, target: str, threads_s: float) -> list[str]:
    """The texts to make vectors of, each once, where they make most of a table and `threads_s` seconds are enough."""
    letters = {name: int(table.texts[name].str.len().sum()) for name in table.texts if name != target}
    columns = [name for name in table.named("text") if name in letters]
    if not columns or sum(letters[name] for name in columns) < MOST * sum(letters.values()):
        return []
    texts = [str(text) for text in pd.concat([table.texts[name] for name in columns]).dropna().unique()]
    seconds = sum(A_TEXT_S + A_LETTER_S * min(len(text), READ) for text in texts)
    return texts if len(texts) <= MOST_TEXTS and seconds <= SHARE * threads_s else []


def _seen(texts: list[str], embed: Embed, progress: Progress, late: Callable[[], bool]) -> bool:
    """Have the embedder read the texts, which it remembers; whether there was time for all."""
    done = 0

    def read(chunk: list[str]) -> int:
        return 0 if late() else len(embed(chunk))

    with ThreadPoolExecutor(workers()) as pool:
        for count in pool.map(read, [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]):
            done += count
            progress(f"Reading what {done:,} of {len(texts):,} texts mean", None)
    return done == len(texts)

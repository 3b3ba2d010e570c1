"""Too little memory ends in a sentence that says what to do, at whatever stage it runs out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from automl.errors import NO_ROOM, lacks_memory

pytest.importorskip("resource", reason="only where a process can be held to so much memory")

CONFINED = """
import resource, sys
from pathlib import Path
import lightgbm, scipy.stats, sklearn.linear_model, pyarrow.csv
from automl import studio
from automl.errors import DataError
data, out = sys.argv[1:]
held = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_DATA, (held + {room} * 1024**2, -1))
stages = []
try:
    told = lambda text, part=None: stages.append(text)
    studio.run(data, target="y", budget=4, out=out, models=["Linear"], progress=told)
except DataError as error:
    print(stages[-1], error, sep="|")
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="the room is counted by Linux's own figures")
def test_a_table_that_finds_no_room_is_refused_in_one_sentence(written: Callable[..., Path], tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(12_000, 60)).round(3)).add_prefix("x").assign(y=random.normal(size=12_000))
    for room in (5, 30):
        code = CONFINED.format(room=room)
        command = [sys.executable, "-c", code, str(written(frame)), str(tmp_path / f"run{room}")]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.stdout.strip().partition("|")[2] == NO_ROOM, done.stderr[-2000:]


@pytest.mark.parametrize(
    "said", ["std::bad_alloc", "Unknown error: Failed to launch worker thread: Resource temporarily unavailable"]
)
def test_libraries_say_it_in_words_of_their_own(said: str) -> None:
    assert lacks_memory(RuntimeError(said))
    assert not lacks_memory(RuntimeError("the label is out of range"))

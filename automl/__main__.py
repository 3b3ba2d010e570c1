"""The command line: ``python -m automl run|profile|resume|predict|explain|report|export|groups|odd|reproduce``."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from automl import delivery, explaining, studio
from automl.clean_steps import STEPS, leaving
from automl.errors import DataError
from config.errors import Mendable

SHOWN = ("run_dir", "task", "metric", "score", "leaderboard", "timings", "warnings")


def parser() -> argparse.ArgumentParser:
    """The arguments of every verb."""
    top = argparse.ArgumentParser(prog="automl", description="From a table to an explained model.")
    verbs = top.add_subparsers(dest="verb", required=True)
    run = verbs.add_parser("run", help="train a model on a file")
    run.add_argument("data")
    run.add_argument("--target", help="the column to predict; found by itself when left out")
    run.add_argument("--task", choices=["binary", "multiclass", "regression", "quantile", "classification", "series"])
    run.add_argument("--budget", type=_seconds, default=studio.DEFAULT_BUDGET_S, help="seconds to train at most")
    run.add_argument("--models", type=lambda text: text.split(","), help="the only ones to try: LightGBM,Linear")
    run.add_argument(
        "--hint", default="", help="what you would say: 'next 4 weeks', 'missing a yes costs 100, a call costs 5'"
    )
    run.add_argument("--out", help="the folder of the run; made when it is not there")
    run.add_argument("--json", action="store_true", help="print one JSON object")
    run.add_argument("--without", type=_steps, default=[], help=f"cleaning to leave out, of {','.join(STEPS)}")
    profile = verbs.add_parser("profile", help="describe a table as a page")
    profile.add_argument("data")
    profile.add_argument("--out", required=True, help="the HTML file to write")
    profile.add_argument("--target", default="", help="look for columns that would give this one away")
    profile.add_argument("--sheet", default="", help="the sheet, or the table of a database")
    profile.add_argument("--without", type=_steps, default=[], help=f"cleaning to leave out, of {','.join(STEPS)}")
    resume = verbs.add_parser("resume", help="go on with a run that was cut off")
    resume.add_argument("run_dir")
    resume.add_argument("--json", action="store_true", help="print one JSON object")
    predict = verbs.add_parser("predict", help="predict the rows of a file")
    predict.add_argument("run_dir")
    predict.add_argument("data")
    predict.add_argument("--out", required=True, help="the CSV file to write")
    explain = verbs.add_parser("explain", help="explain a model in words and pictures")
    explain.add_argument("run_dir")
    explain.add_argument("--rows", type=int, default=1_000)
    explain.add_argument("--row", type=int, help="one row of the file it was trained on, counted from 1")
    explain.add_argument("--data", default="", help="the file --row is in, when it is another or lies elsewhere")
    report = verbs.add_parser("report", help="write the report for the client as HTML, PDF and Word")
    report.add_argument("run_dir")
    report.add_argument("--out", required=True, help="the folder to write into")
    report.add_argument("--formats", type=lambda text: text.split(","), help="some of html,pdf,docx,charts")
    export = verbs.add_parser("export", help="pack the model as a Python package that needs no FreelanceX")
    export.add_argument("run_dir")
    export.add_argument("--out", required=True, help="the folder to write into")
    for verb, help_ in (("groups", "find groups of rows alike"), ("odd", "find the rows most unlike the others")):
        rows = verbs.add_parser(verb, help=help_)
        rows.add_argument("data")
        rows.add_argument("--out", required=True, help="the CSV file to write")
        if verb == "groups":
            rows.add_argument("--count", type=int, default=0, help="how many; found by itself when left out")
    again = verbs.add_parser("reproduce", help="fit a run's models again and compare")
    again.add_argument("run_dir")
    again.add_argument("data", nargs="?", help="the file it was trained on; where it was, when left out")
    return top


def main(arguments: list[str] | None = None, spent: float = 0.0) -> int:
    """Run one verb; 0 when it went well, 1 with a line on standard error when not.

    `spent` are seconds that belong to the budget and are over.
    """
    given = parser().parse_args(arguments)
    given.spent = spent
    try:
        lines = VERBS[given.verb](given)
    except (Mendable, OSError) as error:
        print(f"automl: {error}", file=sys.stderr)  # noqa: T201
        return 1
    print("\n".join(lines))  # noqa: T201
    return 0


def _run(given: argparse.Namespace) -> list[str]:
    quiet = given.json or not sys.stderr.isatty()
    with _interruptible() as stopped:
        result = studio.run(
            given.data,
            target=given.target,
            task=given.task,
            budget=max(1.0, given.budget - given.spent),
            out=given.out,
            progress=_silent if quiet else _told,
            stopped=stopped,
            models=given.models,
            hint=leaving(given.hint, given.without),
            keep_trials=True,
            embedder=studio.EMBEDDER,
        )
    return _ran(result, given.json)


def _resume(given: argparse.Namespace) -> list[str]:
    quiet = given.json or not sys.stderr.isatty()
    with _interruptible() as stopped:
        result = studio.resume(given.run_dir, _silent if quiet else _told, stopped, studio.EMBEDDER)
    return _ran(result, given.json)


def _ran(result: dict[str, Any], as_json: bool) -> list[str]:
    if as_json:
        return [json.dumps({key: result[key] for key in SHOWN}, ensure_ascii=False)]
    from automl.report import report

    return [report(result), "", f"Run folder: {result['run_dir']}"]


def _profile(given: argparse.Namespace) -> list[str]:
    from automl import profile_page
    from automl.clean import clean
    from automl.ingest import read_table
    from automl.profile import profile

    table = read_table(given.data, sheet=given.sheet)
    described = profile(clean(table, drop_duplicates=False, without=given.without), given.target)
    profile_page.write(described, table.source, Path(given.out))
    return [*table.notes, *described["warnings"], given.out]


def _predict(given: argparse.Namespace) -> list[str]:
    result = studio.predict(given.run_dir, given.data, given.out, embedder=studio.EMBEDDER)
    return [f"{result['rows']:,} predictions of '{result['target']}' are in {result['out']}.", *result["warnings"]]


def _explain(given: argparse.Namespace) -> list[str]:
    if given.row is not None:
        one = explaining.explain_one(given.run_dir, given.row, given.data, embedder=studio.EMBEDDER)
        return [one["text"], "", one["waterfall"]]
    result = explaining.explain(given.run_dir, given.rows, embedder=studio.EMBEDDER)
    return [result["text"], "", *(result[name] for name in ("beeswarm", "importance", "dependence"))]


def _report(given: argparse.Namespace) -> list[str]:
    return list(delivery.deliver(given.run_dir, given.out, given.formats, embedder=studio.EMBEDDER)["files"].values())


def _export(given: argparse.Namespace) -> list[str]:
    result = delivery.package(given.run_dir, given.out)
    return [result["folder"], result["zip"], result["onnx"]]


def _groups(given: argparse.Namespace) -> list[str]:
    from automl import grouping

    return [grouping.groups(given.data, given.out, count=given.count)["text"], "", given.out]


def _odd(given: argparse.Namespace) -> list[str]:
    from automl import grouping

    return [grouping.oddities(given.data, given.out)["text"], "", given.out]


def _reproduce(given: argparse.Namespace) -> list[str]:
    result = studio.reproduce(given.run_dir, given.data, embedder=studio.EMBEDDER)
    if not result["same"]:
        found = json.dumps(result["again"])
        raise DataError(f"The run {result['run_id']} came out otherwise: {found}; check the versions in its manifest.")
    return [f"The run {result['run_id']} came out the same: {result['metric']} {result['score']:.6f}."]


VERBS = {
    "run": _run,
    "profile": _profile,
    "resume": _resume,
    "predict": _predict,
    "explain": _explain,
    "report": _report,
    "export": _export,
    "groups": _groups,
    "odd": _odd,
    "reproduce": _reproduce,
}


def _age() -> float:
    """Seconds since this process began, which belong to the budget: loading Python is no gift."""
    import psutil

    return time.time() - psutil.Process().create_time()


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Whether Ctrl-C was pressed, which keeps the best model so far; pressed again it ends the program as ever."""
    event = threading.Event()

    def note(number: int, frame: object) -> None:
        event.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield event.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError("give a number of seconds above 0")
    return seconds


def _steps(text: str) -> list[str]:
    steps = [step.strip() for step in text.split(",")]
    if unknown := [step for step in steps if step not in STEPS]:
        raise argparse.ArgumentTypeError(f"there is no step {', '.join(unknown)}; there are {', '.join(STEPS)}")
    return steps


def _silent(text: str, part: float | None = None) -> None:
    return None


def _told(text: str, part: float | None = None) -> None:
    print(f"{part or 0:4.0%} {text}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(spent=_age()))

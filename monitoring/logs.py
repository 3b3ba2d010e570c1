"""The log: JSON lines in a rotating file, and brief lines on the console. Configured once, by whoever starts.

What users write never belongs in it. Our own lines name things by their ids; other libraries only get to warn; and of
an exception the class and the places are kept, but its message, which may quote a user's words, only at level DEBUG.
Should something of theirs get in all the same, by way of a library, what patterns know as personal is replaced.
"""

from __future__ import annotations

import json
import logging
import os
import traceback
from datetime import UTC, datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from config.settings import Settings
from monitoring.traces import correlation
from privacy.redaction import mask

OWN = "freelancex"
"""The root of our own loggers: `freelancex.jobs`, `freelancex.planner`, …"""
FILE = "freelancex.jsonl"
MAX_BYTES, KEPT = 5_000_000, 4
_STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def configure(settings: Settings, *, console: bool = True) -> Path:
    """Set up logging for this process and return the log's path. A second call replaces the first."""
    path = settings.paths.make().logs / FILE
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, _OwnFile | _OwnConsole)]:
        root.removeHandler(handler)
        handler.close()
    file = _OwnFile(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8")
    file.setFormatter(JsonLines(messages=settings.log_level == "DEBUG"))
    root.addHandler(file)
    if console:
        brief = _OwnConsole()
        brief.setFormatter(Brief())
        root.addHandler(brief)
    root.setLevel(logging.WARNING)
    logging.getLogger(OWN).setLevel(settings.log_level)
    logging.captureWarnings(True)
    return path


class JsonLines(logging.Formatter):
    """One JSON object a line: at, level, logger, text, what it belongs to, any `extra`, and an exception's trace."""

    def __init__(self, *, messages: bool = False) -> None:
        super().__init__()
        self._messages = messages

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "text": mask(record.getMessage()),
            **({"correlation": correlation()} if correlation() else {}),
            **{name: _masked(value) for name, value in vars(record).items() if name not in _STANDARD},
        }
        if record.exc_info and record.exc_info[1]:
            entry["trace"] = trace(record.exc_info[1], messages=self._messages)
        return json.dumps(entry, ensure_ascii=False, default=str)


class Brief(logging.Formatter):
    """``warning  jobs: a worker died``."""

    def format(self, record: logging.LogRecord) -> str:
        name = record.name.removeprefix(f"{OWN}.")
        error = f" ({record.exc_info[0].__name__})" if record.exc_info and record.exc_info[0] else ""
        return f"{record.levelname.lower():8} {name}: {mask(record.getMessage())}{error}"


def _masked(value: object) -> object:
    return mask(value) if isinstance(value, str) else value


def trace(error: BaseException, *, messages: bool = False) -> list[str]:
    """Where an exception came from, innermost cause first: its class, then the places. No values, unless `messages`."""
    lines = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines += trace(cause, messages=messages)
    lines.append(f"{type(error).__module__}.{type(error).__qualname__}" + (f": {error}" if messages else ""))
    lines += [f"  {place.filename}:{place.lineno} {place.name}" for place in traceback.extract_tb(error.__traceback__)]
    return lines


class _OwnFile(RotatingFileHandler):
    """The file, readable by its owner only."""

    def _open(self) -> TextIOWrapper:
        opened = super()._open()
        os.chmod(self.baseFilename, 0o600)  # noqa: PTH101
        return opened


class _OwnConsole(logging.StreamHandler):  # type: ignore[type-arg]
    """The console."""

"""The log is JSON lines, private, and holds no words of the user."""

import asyncio
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from monitoring.logs import configure
from monitoring.traces import correlate


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before, level, own = root.handlers[:], root.level, logging.getLogger("freelancex").level
    yield
    for handler in [one for one in root.handlers if one not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.getLogger("freelancex").setLevel(own)
    logging.captureWarnings(False)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def fail() -> None:
    try:
        raise KeyError("the invoice of Ana Silva")
    except KeyError as error:
        raise ValueError("my IBAN is PT50") from error


def test_a_line_is_a_json_object_with_its_extras(settings: Settings) -> None:
    path = configure(settings, console=False)
    logging.getLogger("freelancex.jobs").info("a job ended", extra={"seconds": 1.5})
    [line] = lines(path)
    assert (line["level"], line["logger"], line["text"], line["seconds"]) == (
        "INFO",
        "freelancex.jobs",
        "a job ended",
        1.5,
    )


async def test_a_line_names_the_message_it_belongs_to_also_in_tasks_begun_for_it(settings: Settings) -> None:
    path, log = configure(settings, console=False), logging.getLogger("freelancex.graph")

    async def turn(message: str) -> None:
        correlate(message)
        await asyncio.gather(*(asyncio.to_thread(log.info, "a tool") for _ in range(2)))

    await asyncio.gather(asyncio.create_task(turn("m1")), asyncio.create_task(turn("m2")))
    log.info("nobody's")
    *said, last = lines(path)
    assert sorted(line["correlation"] for line in said) == ["m1", "m1", "m2", "m2"]
    assert "correlation" not in last


def test_what_a_library_says_of_somebody_is_masked(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    path = configure(settings)
    logging.getLogger("a.library").warning(
        "no mail to %s", "ana@example.pt", extra={"account": "DE89370400440532013000"}
    )
    [line] = lines(path)
    assert line["text"] == "no mail to [email]" and line["account"] == "[iban]"
    assert "ana@example.pt" not in capsys.readouterr().err


def test_an_exception_leaves_its_places_but_not_its_words(settings: Settings) -> None:
    path = configure(settings, console=False)
    try:
        fail()
    except ValueError:
        logging.getLogger("freelancex.graph").exception("a step failed")
    [line] = lines(path)
    assert [entry for entry in line["trace"] if not entry.startswith("  ")] == [
        "builtins.KeyError",
        "builtins.ValueError",
    ]
    assert any("test_logs.py" in entry and entry.endswith("fail") for entry in line["trace"])
    assert "Ana" not in path.read_text() and "IBAN" not in path.read_text()


def test_other_libraries_only_get_to_warn(settings: Settings) -> None:
    path = configure(settings, console=False)
    logging.getLogger("httpx").info("GET /search?q=private+words")
    logging.getLogger("httpx").warning("slow")
    assert [line["text"] for line in lines(path)] == ["slow"]


def test_the_file_is_for_its_owner_only(settings: Settings) -> None:
    assert configure(settings, console=False).stat().st_mode & 0o777 == 0o600


def test_configuring_twice_writes_each_line_once(settings: Settings) -> None:
    configure(settings, console=False)
    path = configure(settings, console=False)
    logging.getLogger("freelancex").warning("once")
    assert len(lines(path)) == 1


def test_the_console_is_brief(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configure(settings)
    logging.getLogger("freelancex.jobs").warning("a worker died")
    assert capsys.readouterr().err == "warning  jobs: a worker died\n"

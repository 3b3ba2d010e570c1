"""The command line as scripts use it: what it prints, where, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from chainlit_app.command_line import main
from config.paths import SAMPLES


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FREELANCEX_EMBEDDINGS", "off")  # learning what messages mean takes seconds


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(arguments) == 0
    return json.loads(capsys.readouterr().out)


def test_ask_prints_one_object_with_everything(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = "invoice Acme GmbH for 12.5 hours at 80 € with 19 % VAT"
    data = printed(capsys, "ask", words, "--json", "--out", str(tmp_path))
    assert "1,190.00 €" in data["answer"]
    assert [(step["id"], step["agent"], step["depends_on"]) for step in data["plan"]] == [("s1", "bookkeeping", [])]
    assert {"agent", "ok", "text", "data", "sources", "artifacts", "trust"} <= data["findings"][0].keys()
    assert Path(data["findings"][0]["artifacts"][0]["path"]).read_bytes().startswith(b"%PDF")
    assert data["questions"] == [] and data["approvals"] == []
    assert data["timings_ms"]["total"] >= data["timings_ms"]["bookkeeping"]


def test_a_thread_goes_on_where_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    document = str(SAMPLES / "project_brief.pdf")
    first = printed(capsys, "ask", "summarise this", "--file", document, "--thread", "one", "--json")
    assert first["findings"][0]["agent"] == "documents"
    then = printed(capsys, "ask", "what does it say about payment terms?", "--thread", "one", "--json")
    assert "page" in then["findings"][0]["sources"][0]["place"]
    elsewhere = printed(capsys, "ask", "what does it say about payment terms?", "--thread", "two", "--json")
    assert "attach" in elsewhere["questions"][0]


def test_a_missing_slot_is_a_question(capsys: pytest.CaptureFixture[str]) -> None:
    data = printed(capsys, "ask", "create an invoice for 12 hours", "--thread", "one", "--json")
    assert len(data["questions"]) == 1
    data = printed(capsys, "ask", "70 €", "--thread", "one", "--json")
    assert "840.00 €" in data["answer"]


def test_a_side_effect_waits_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    data = printed(capsys, "ask", "erase everything", "--json")
    assert [approval["agent"] for approval in data["approvals"]] == ["privacy"]


def test_ask_in_words_prints_the_answer_and_the_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is 19 % of 1,250 €?"]) == 0
    assert "237.50 €" in capsys.readouterr().out


def test_what_fails_ends_with_one_line_and_a_status(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "summarise this", "--file", "nowhere.pdf"]) == 1
    assert capsys.readouterr().err == "There is no file at nowhere.pdf; check the path after --file.\n"


def test_a_setting_that_makes_no_sense_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FREELANCEX_PORT", "many")
    assert main(["doctor"]) == 1
    assert "FREELANCEX_PORT" in capsys.readouterr().err


def test_plan_reads_lines_and_writes_a_plan_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        {"text": "Train a model for price and explain it", "files": ["diamonds.csv"]},
        {"text": "hello"},
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(json.dumps(line) for line in lines)))
    assert main(["plan", "--jsonl"]) == 0
    model, hello = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [step["agent"] for step in model["steps"]] == ["automl", "explain"]
    assert model["steps"][1]["depends_on"] == ["s1"]
    assert model["steps"][0]["task"]["data"] == "diamonds.csv"
    assert hello["steps"] == [] and hello["answer"]


def test_plan_names_the_line_it_cannot_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"text": "hello"}\nnonsense\n'))
    assert main(["plan", "--jsonl"]) == 1
    assert capsys.readouterr().err.startswith("Line 2 is not a JSON object")


def test_doctor_says_what_works_and_what_mends_the_rest(capsys: pytest.CaptureFixture[str]) -> None:
    main(["doctor", "--json"])
    report = json.loads(capsys.readouterr().out)
    checks = {check["name"]: check for check in report["checks"]}
    assert checks["Python"]["ok"]
    assert all(check["ok"] or check["fix"] for check in checks.values() if check["needed"])

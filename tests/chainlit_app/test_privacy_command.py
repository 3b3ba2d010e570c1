"""The rights over one's data on the command line."""

from __future__ import annotations

import asyncio
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chainlit_app.command_line import main
from config.settings import Settings
from memory.stores import open_stores


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FREELANCEX_DATA_DIR", str(tmp_path / "data"))
    asyncio.run(_fill())


async def _fill(statement: str = "") -> None:
    stores = await open_stores(Settings())
    if statement:
        async with stores.database.write() as session:
            await (await session.connection()).execute(text(statement))
    else:
        await stores.clients.save("local", "Acme GmbH", email="billing@acme.example")
        await stores.clients.save("local", "Nova")
        await stores.consents.grant("local", "research")
    await stores.close()


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["privacy", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_everything_is_counted_and_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert printed(capsys, "stored")["rows"]["clients"] == 2
    assert printed(capsys, "export", "--out", str(tmp_path / "all.zip"))["rows"]["clients"] == 2
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert {row["name"] for row in json.loads(archive.read("tables/clients.json"))} == {"Acme GmbH", "Nova"}
    assert main(["privacy", "export", "--out", str(tmp_path / "all.zip")]) == 1


def test_one_client_is_erased_with_a_certificate_and_a_line_in_the_ledger(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["privacy", "erase", "--client", "Acme"]) == 1
    assert "say --yes" in capsys.readouterr().err
    done = printed(capsys, "erase", "--client", "Acme", "--yes")
    assert done["rows"]["clients"] == 1
    assert printed(capsys, "stored")["rows"]["clients"] == 1
    [noted] = printed(capsys, "erasures")["erasures"]
    assert noted["reference"] == done["reference"]
    assert main(["privacy", "erase", "--client", "Acme", "--yes"]) == 1
    assert "no client called Acme" in capsys.readouterr().err


def test_everything_is_erased(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    page = tmp_path / "certificate.pdf"
    assert main(["privacy", "erase", "--yes", "--certificate", str(page)]) == 0
    assert page.read_bytes().startswith(b"%PDF")
    assert capsys.readouterr().out.startswith("Certificate of erasure")
    assert printed(capsys, "stored")["rows"] == {}
    assert printed(capsys, "audit")["ok"]


def test_a_restriction_is_set_and_lifted(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(printed(capsys, "restrict", "--client", "Acme")["restricted"]) == 1
    assert printed(capsys, "lift", "--client", "Acme")["restricted"] == []
    assert main(["privacy", "lift", "--client", "Acme"]) == 1


def test_permissions_reads_and_retention_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = printed(capsys, "consents")
    assert told["standing"] == ["research"] and [one["granted"] for one in told["history"]] == [True]
    assert printed(capsys, "reads", "--client", "Nova") == {"reads": []}
    assert {one["name"] for one in printed(capsys, "retention")["classes"]} >= {"exports", "job_posts"}
    assert printed(capsys, "retention", "--clean") == {"removed": {}}


def test_the_audit_is_signed_verified_and_fails_when_a_record_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "audit", "sign") == {"signed": 1}
    assert printed(capsys, "audit")["faults"] == []
    asyncio.run(_fill("DELETE FROM consents"))
    assert main(["privacy", "audit", "verify", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["faults"] == ["The row local|research of consents was removed by something other than FreelanceX."]

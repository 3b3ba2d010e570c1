"""The log shows every request, and any change to it."""

from __future__ import annotations

import asyncio
import json
import stat
from pathlib import Path

import pytest

from config.settings import Settings
from privacy.audit import AuditLog, audit_key
from privacy.keys.master import Master


@pytest.fixture
def log(settings: Settings) -> AuditLog:
    return AuditLog.open(settings)


async def test_lines_come_back_newest_first(log: AuditLog) -> None:
    await log.record("request", host="a.example")
    await log.record("refused", host="b.example")
    assert [entry["host"] for entry in await log.read()] == ["b.example", "a.example"]
    assert [entry["host"] for entry in await log.read(kind="request")] == ["a.example"]
    assert len(await log.read(limit=1)) == 1


async def test_each_user_sees_what_left_for_them_alone(log: AuditLog) -> None:
    for user in ("ana", "ben"):
        await log.record("request", host=f"{user}.example", user=user)
    await log.record("request", host="before-there-were-users.example")
    assert [entry["host"] for entry in await log.read(user="ana")] == ["ana.example"]
    assert [entry["host"] for entry in await log.read(user="local")] == ["before-there-were-users.example"]
    assert len(await log.read()) == 3


async def test_an_empty_log_is_sound(log: AuditLog) -> None:
    assert (await log.verify()).ok
    assert await log.read() == []


async def test_many_at_once_keep_the_chain(log: AuditLog, settings: Settings) -> None:
    other = AuditLog.open(settings)  # as a second process would
    await asyncio.gather(*((log if n % 2 else other).record("request", number=n) for n in range(40)))
    verdict = await log.verify()
    assert verdict.ok
    assert verdict.lines == 40
    assert {entry["number"] for entry in await log.read(100)} == set(range(40))


@pytest.mark.parametrize("fault", ["changed", "removed", "swapped", "added"])
async def test_a_change_shows_with_its_line(log: AuditLog, fault: str) -> None:
    for number in range(5):
        await log.record("request", host=f"{number}.example")
    lines = log.path.read_text().splitlines()
    if fault == "changed":
        lines[2] = lines[2].replace("2.example", "9.example")
    elif fault == "removed":
        del lines[2]
    elif fault == "swapped":
        lines[2], lines[3] = lines[3], lines[2]
    else:
        lines.insert(2, json.dumps({"n": 3, "kind": "request", "mac": "0" * 64}))
    log.path.write_text("\n".join(lines) + "\n")
    verdict = await log.verify()
    assert not verdict.ok
    assert verdict.at == 3


async def test_a_cut_end_shows_and_stays_visible_when_more_is_written(log: AuditLog) -> None:
    for number in range(5):
        await log.record("request", number=number)
    lines = log.path.read_text().splitlines(keepends=True)
    log.path.write_text("".join(lines[:3]))
    assert "missing at the end" in (await log.verify()).reason
    await log.record("request", number=5)
    assert not (await log.verify()).ok


async def test_an_emptied_log_shows(log: AuditLog) -> None:
    await log.record("request")
    log.path.unlink()
    assert not (await log.verify()).ok


async def test_a_line_torn_by_a_crash_is_dropped(log: AuditLog) -> None:
    await log.record("request", number=1)
    with log.path.open("a") as file:
        file.write('{"n":2,"kind":"requ')
    assert (await log.verify()).ok
    await log.record("request", number=2)
    assert (await log.verify()).ok
    assert [entry["number"] for entry in await log.read()] == [2, 1]


async def test_another_key_verifies_nothing(log: AuditLog, settings: Settings) -> None:
    await log.record("request")
    stranger = AuditLog(log.path, b"x" * 32, settings.paths.secrets / "audit.head")
    assert not (await stranger.verify()).ok


async def test_key_and_log_are_the_owners_alone(log: AuditLog, settings: Settings) -> None:
    await log.record("request")
    assert modes(settings.paths.secrets / "audit.key", log.path) == [0o600, 0o600]


def test_the_key_is_made_once(settings: Settings) -> None:
    path = settings.paths.secrets / "audit.key"
    assert len(audit_key(path)) == 32
    assert audit_key(path) == path.read_bytes()


def modes(*paths: Path) -> list[int]:
    return [stat.S_IMODE(path.stat().st_mode) for path in paths]


async def test_with_the_master_key_no_line_tells_where_the_user_went(settings: Settings) -> None:
    master = Master.fresh()
    log = AuditLog.open(settings, master)
    await log.record("request", host="kolvane.example", path="/wrecks", purpose="research", bytes_out=412)
    await log.record("refused", host="kolvane.example", purpose="research", reason="kolvane.example is not known")
    assert "kolvane" not in log.path.read_text()
    assert '"bytes_out":412' in log.path.read_text()
    assert (await AuditLog.open(settings).verify()).ok, "whoever checks it needs no key"
    (refused, request) = await AuditLog.open(settings, master).read()
    assert (request["host"], request["path"], request["bytes_out"]) == ("kolvane.example", "/wrecks", 412)
    assert refused["reason"] == "kolvane.example is not known"
    assert [one["host"] for one in await AuditLog.open(settings, Master.fresh()).read()] == ["(sealed)"] * 2
    assert [one["host"] for one in await AuditLog.open(settings).read()] == ["(sealed)"] * 2


async def test_every_process_reads_what_the_others_sealed_also_after_the_log_began_anew(settings: Settings) -> None:
    master = Master.fresh()
    one, other = AuditLog.open(settings, master), AuditLog.open(settings, master)
    await one.record("request", host="a.example")
    await other.record("request", host="b.example")
    await one.clear()
    await one.record("request", host="c.example")
    await other.record("request", host="d.example")
    for log in (one, other, AuditLog.open(settings, master)):
        assert [entry["host"] for entry in await log.read()] == ["d.example", "c.example"]
    assert (await one.verify()).ok


async def test_a_sealed_line_does_not_open_in_the_place_of_another(settings: Settings) -> None:
    log = AuditLog.open(settings, Master.fresh())
    for host in ("a.example", "b.example"):
        await log.record("request", host=host)
    lines = [json.loads(line) for line in log.path.read_text().splitlines()]
    lines[1]["said"], lines[2]["said"] = lines[2]["said"], lines[1]["said"]
    log.path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert [entry["host"] for entry in await log.read()] == ["(sealed)"] * 2
    assert not (await log.verify()).ok

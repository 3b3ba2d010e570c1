"""Privacy shows, exports and erases; erasing waits for the user's word."""

import io
import json
import zipfile
from datetime import date
from typing import Any, cast

import pdfplumber
import pytest
from sqlalchemy import text

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.privacy import AGENT, PrivacyTask, read_privacy
from config.settings import Settings
from memory.acting import acting
from memory.erasure import holdings
from memory.stores import Stores
from privacy.audit import AuditLog
from tests.agents.conftest import ThreadJobs


@pytest.fixture
def deps(settings: Settings, stores: Stores) -> Deps:
    nothing = cast(Any, None)
    audit = AuditLog.open(settings)
    return Deps("ana", "t", settings, stores, http=nothing, jobs=ThreadJobs(), audit=audit, today=date(2026, 3, 1))


async def say(text: str, deps: Deps, client: str | None = None) -> Finding:
    task = PrivacyTask.model_validate({**read_privacy(text), "client": client})
    return await AGENT.run(task, Given(text=text, message=text), deps)


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("export everything", "export"),
        ("give me a copy of all my data", "export"),
        ("erase everything", "erase"),
        ("delete all my data", "erase"),
        ("forget everything about me", "erase"),
        ("what do you store about me", "stored"),
        ("where is my data stored", "stored"),
        ("what left this machine", "left"),
        ("has anything been sent to the internet?", "left"),
        ("show the audit log", "left"),
        ("did you send my contract to anybody", "left"),
        ("does this phone home", "left"),
        ("get rid of everything you know", "erase"),
        ("alle meine daten löschen bitte", "erase"),
        ("GDPR export please", "export"),
        ("list my permissions", "consents"),
        ("revoke all permissions", "revoke"),
        ("erase everything about Acme GmbH", "erase"),
        ("delete all data of the client Nova", "erase"),
        ("restrict processing for Acme", "restrict"),
        ("stop using the data of Acme", "restrict"),
        ("lift the restriction on Acme", "lift"),
        ("who has read the records of Acme", "reads"),
        ("how long do you keep my data", "retention"),
        ("show the retention periods", "retention"),
        ("when did I give which permission", "history"),
        ("verify the audit trail", "trail"),
        ("has anybody tampered with my records", "trail"),
    ],
)
def test_the_action_is_read(text: str, action: str) -> None:
    assert read_privacy(text)["action"] == action


def test_a_permission_can_be_named() -> None:
    assert read_privacy("stop allowing job boards") == {"action": "revoke", "purpose": "job_boards"}


async def test_it_counts_what_is_kept(deps: Deps, stores: Stores) -> None:
    assert "nothing about you" in (await say("what do you store about me", deps)).text
    await stores.profiles.save("ana", name="Ana", title="Data scientist")
    await stores.clients.save("ana", "Acme")
    finding = await say("what do you store about me", deps)
    assert finding.data["rows"] == {"changes": 1, "clients": 1, "profile": 2}
    assert "| 2 | facts in your profile |" in finding.text


async def test_an_export_is_a_zip_in_the_file_store(deps: Deps, stores: Stores) -> None:
    await stores.profiles.save("ana", name="Ana Silva")
    await deps.audit.record("request", user="ana", host="jobs.example", purpose="job_boards", bytes_out=120)
    finding = await say("export everything", deps)
    [made] = finding.artifacts
    assert made.mime == "application/zip" and await stores.files.get(made.id, user="ana")
    with zipfile.ZipFile(io.BytesIO(await stores.files.read(made))) as archive:
        assert json.loads(archive.read("tables/profile.json"))[0]["value"] == "Ana Silva"
        assert json.loads(archive.read("other/left_this_machine.json"))[0]["host"] == "jobs.example"


async def test_erasing_shows_what_will_go_and_does_nothing_yet(deps: Deps, stores: Stores, settings: Settings) -> None:
    await stores.profiles.save("ana", name="Ana Silva")
    finding = await say("erase everything", deps)
    assert finding.effect is not None and "| 1 | facts in your profile |" in finding.effect.preview
    assert finding.effect.consent is None
    assert (await holdings(stores, settings, "ana")).total == 1


async def test_the_approved_erasure_leaves_one_line_without_content(
    deps: Deps, stores: Stores, settings: Settings
) -> None:
    await stores.profiles.save("ana", name="Ana Silva")
    await deps.audit.record(
        "request", user="ana", host="jobs.example", path="/data-scientist", purpose="job_boards", bytes_out=120
    )
    effect = (await say("erase everything", deps)).effect
    assert effect is not None
    finding = await AGENT.effects[effect.name](effect.arguments, deps)
    assert finding.ok and "1 rows" in finding.text
    assert (await holdings(stores, settings, "ana")).total == 0
    [line] = await deps.audit.read()
    assert line["kind"] == "erasure" and "Ana" not in json.dumps(line) and "jobs.example" not in json.dumps(line)
    assert (await deps.audit.verify()).ok


async def test_another_users_approval_erases_nothing(deps: Deps, stores: Stores) -> None:
    await stores.profiles.save("ana", name="Ana Silva")
    with pytest.raises(AgentError, match="another user"):
        await AGENT.effects["erase"]({"user": "ben"}, deps)
    assert await stores.profiles.load("ana")


async def test_what_left_is_listed_with_its_purpose(deps: Deps) -> None:
    assert "Nothing has left" in (await say("what left this machine", deps)).text
    await deps.audit.record(
        "request", user="ana", host="jobs.example", purpose="job_boards", bytes_out=2048, status=200
    )
    await deps.audit.record("refused", user="ana", host="evil.example", purpose="research", reason="offline")
    finding = await say("what left this machine", deps)
    assert "1 request to 1 host" in finding.text and "Ask job boards" in finding.text
    assert "1 request was held back" in finding.text and "evil.example" not in finding.text
    assert finding.data == {"requests": 1, "bytes": 2048, "hosts": {"jobs.example": 1}}


async def test_what_left_for_another_user_is_neither_told_nor_exported(deps: Deps, stores: Stores) -> None:
    await deps.audit.record("request", user="ben", host="bens-bank.example", purpose="research", bytes_out=9)
    assert "Nothing has left" in (await say("what left this machine", deps)).text
    made = (await say("export everything", deps)).artifacts[0]
    file = await stores.files.get(made.id, user="ana")
    assert file is not None
    with zipfile.ZipFile(io.BytesIO(await stores.files.read(file))) as archive:
        assert json.loads(archive.read("other/left_this_machine.json")) == []


async def test_an_altered_log_is_said(deps: Deps) -> None:
    await deps.audit.record("request", user="ana", host="jobs.example", purpose="job_boards", bytes_out=1)
    deps.audit.path.write_text(deps.audit.path.read_text().replace("jobs.example", "other.example"))
    assert "was altered" in (await say("what left this machine", deps)).text


async def test_permissions_are_listed_and_taken_back(deps: Deps, stores: Stores) -> None:
    assert "allowed nothing for good" in (await say("list my permissions", deps)).text
    await stores.consents.grant("ana", "job_boards")
    await stores.consents.grant("ana", "research")
    await stores.consents.grant("ana", "job_boards:acme.example")
    listed = (await say("list my permissions", deps)).text
    assert "| Ask job boards |" in listed and "| Ask job boards: acme.example |" in listed
    await say("stop allowing job boards", deps)
    assert await stores.consents.granted("ana") == {"research"}
    await say("revoke all permissions", deps)
    with pytest.raises(AgentError, match="no such permission"):
        await say("revoke all permissions", deps)


async def test_one_client_is_erased_after_its_preview_and_certified_without_a_name(deps: Deps, stores: Stores) -> None:
    acme = await stores.clients.save("ana", "Acme GmbH", email="billing@acme.example")
    await stores.clients.save("ana", "Nova")
    finding = await say("erase everything about Acme GmbH", deps, "Acme GmbH")
    assert finding.effect is not None and "removes Acme GmbH for good" in finding.effect.preview
    assert finding.effect.arguments == {"user": "ana", "client_id": acme.id}
    done = await AGENT.effects[finding.effect.name](finding.effect.arguments, deps)
    assert [client.name for client in await stores.clients.all("ana")] == ["Nova"]
    page, made = done.artifacts
    said = (await stores.files.read(made)).decode()
    drawn = pages_of(await stores.files.read(page))
    assert done.data["rows"] > 1 and f"{done.data['rows']:,} rows in all" in said
    for told in (acme.id, "everything about one client", "Clients 1", "Keys that opened it destroyed", "Not reached"):
        assert told in drawn, drawn
    assert "cme" not in drawn.replace(acme.id, "")
    assert "everything about one client" in said and acme.id in said and "cme" not in said.replace(acme.id, "")
    assert "cme" not in done.text
    with pytest.raises(AgentError, match="not here any more"):
        await AGENT.effects["erase_client"](finding.effect.arguments, deps)


def pages_of(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as opened:
        return " ".join(" ".join((page.extract_text() or "").split()) for page in opened.pages)


async def test_a_name_nobody_has_never_means_everything(deps: Deps, stores: Stores) -> None:
    await stores.profiles.save("ana", name="Ana")
    for words, client in (
        ("erase everything about Zorg", "Zorg"),
        ("erase everything about Zorg", None),
        ("delete all data about zorg", None),
        ("delete all data of the client Zorg", None),
    ):
        with pytest.raises(AgentError, match=r"(?i)no client called zorg"):
            await say(words, deps, client)


@pytest.mark.parametrize(
    "words",
    ["erase everything about Acme Widgets", "delete all data of acme widgets", "wipe all about Acme Widgets GmbH"],
)
async def test_a_client_is_found_in_the_words_however_it_is_written(words: str, deps: Deps, stores: Stores) -> None:
    acme = await stores.clients.save("ana", "Acme Widgets GmbH")
    effect = (await say(words, deps)).effect
    assert effect is not None and effect.arguments["client_id"] == acme.id


@pytest.mark.parametrize(
    "words",
    ["erase everything about me", "erase everything", "delete all my data", "get rid of all data on this computer"],
)
async def test_everything_is_meant_where_nobody_is_named(words: str, deps: Deps, stores: Stores) -> None:
    await stores.clients.save("ana", "Acme")
    effect = (await say(words, deps)).effect
    assert effect is not None and effect.name == "erase"


async def test_a_client_can_be_restricted_and_the_restriction_lifted(deps: Deps, stores: Stores) -> None:
    acme = await stores.clients.save("ana", "Acme")
    assert "no agent sees or uses them" in (await say("restrict processing for Acme", deps, "Acme")).text
    assert await stores.restrictions.standing("ana") == {acme.id}
    await say("lift the restriction on Acme", deps, "Acme")
    assert await stores.restrictions.standing("ana") == frozenset()
    with pytest.raises(AgentError, match="No restriction"):
        await say("lift the restriction on Acme", deps, "Acme")


async def test_the_history_of_permissions_is_told(deps: Deps, stores: Stores) -> None:
    await stores.consents.grant("ana", "job_boards")
    await stores.consents.revoke("ana", "job_boards")
    finding = await say("when did I give which permission", deps)
    assert "| Ask job boards | given |" in finding.text and "| Ask job boards | withdrawn |" in finding.text


async def test_who_read_a_client_is_told(deps: Deps, stores: Stores) -> None:
    acme = await stores.clients.save("ana", "Acme")
    assert "No agent has read" in (await say("who has read the records of Acme", deps, "Acme")).text
    with acting("bookkeeping", "t1.s1") as read:
        await stores.clients.get(acme.id, user="ana")
    await stores.reads.keep("ana", read, "Bookkeeping: list")
    finding = await say("who has read the records of Acme", deps, "Acme")
    assert "| Acme | 1 clients | Bookkeeping: list |" in finding.text


async def test_retention_is_told_with_what_is_over_its_time(deps: Deps) -> None:
    finding = await say("how long do you keep my data", deps)
    assert "| exports of your data | 30 days |" in finding.text and finding.data["exports"] == 0


async def test_the_trail_is_checked(deps: Deps, stores: Stores) -> None:
    await stores.clients.save("ana", "Acme")
    assert "The audit trail is unbroken" in (await say("verify the audit trail", deps)).text
    async with stores.database.write() as session:
        await (await session.connection()).execute(text("UPDATE clients SET country = 'XX', created_at = '2020-01-01'"))
    finding = await say("verify the audit trail", deps)
    assert "was changed by something other than FreelanceX" in finding.text and finding.data["faults"] == 1

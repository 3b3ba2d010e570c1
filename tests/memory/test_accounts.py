"""What signing in keeps, in both databases, and what an export and an erasure make of it."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.accounts import LastOwner, NameTaken
from memory.database import now
from memory.erasure import erase
from memory.idempotency import ANOTHER, UNDER_WAY, Answered, Answers
from memory.portability import export
from memory.sessions import IDLE, Refreshed
from memory.stores import open_stores
from privacy.access.keys import parts
from privacy.access.principal import LOCAL


async def test_who_may_come_in_is_kept_found_and_goes_with_their_data(settings: Settings, tmp_path: Path) -> None:
    stores, at = await open_stores(settings), now()
    try:
        owner = await stores.accounts.add("Ölga@Example.com", "owner", password="$argon2id$not-for-others")
        member = await stores.accounts.add("max", "member", subject="https://id.example|7")
        assert owner.user == "local" and member.user != "local"
        assert (await stores.accounts.named(" ölga@EXAMPLE.com ")).user == "local"  # type: ignore[union-attr]
        assert (await stores.accounts.of_subject("https://id.example|7")).name == "max"  # type: ignore[union-attr]
        assert await stores.accounts.of_subject("https://id.example|8") is None
        with pytest.raises(NameTaken):
            await stores.accounts.add("ÖLGA@example.com", "member")
        with pytest.raises(LastOwner):
            await stores.accounts.change("local", active=False)

        await stores.sessions.begin("local", "password", "first", id="s1", address="10.0.0.7")
        assert await stores.sessions.refresh("s1", "first", "second", at) == Refreshed.NEW
        assert await stores.sessions.refresh("s1", "first", "third", at) == Refreshed.SAME
        assert await stores.sessions.standing("s1", at + IDLE + timedelta(minutes=1)) is None
        assert await stores.sessions.refresh("s1", "zero", "third", at) == Refreshed.REUSED
        assert await stores.sessions.standing("s1", at) is None

        row, made = await stores.api_keys.make("local", "books", ["records:read"], at + timedelta(days=1))
        found = parts(made.text)
        assert found is not None
        principal = await stores.api_keys.standing(*found, at)
        assert principal is not None and principal.scopes == {"records:read"}
        assert await stores.api_keys.standing(row.id, "x" * 43, at) is None
        assert await stores.api_keys.standing(*found, at + timedelta(days=2)) is None

        invitation, secret = await stores.invitations.make("local", "viewer", at, note="the tax adviser")
        assert await stores.invitations.open(secret, at + timedelta(days=4)) is None
        assert [await stores.invitations.use(invitation.id, at) for _ in range(2)] == [True, False]
        await stores.access_events.note("local", "signed in", "10.0.0.7")

        await export(stores, settings.paths.runs, "local", tmp_path / "all.zip")
        with zipfile.ZipFile(tmp_path / "all.zip") as archive:
            tables = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")}
        assert "Ölga@Example.com" in tables["tables/accounts.json"] and "10.0.0.7" in tables["tables/sessions.json"]
        whole = json.dumps(tables)
        assert not any(one in whole for one in ("argon2id", made.digest, row.digest, invitation.digest))

        await erase(stores, settings, "local")
        assert await stores.accounts.get("local") is None and await stores.sessions.standing("s1", at) is None
        assert [one.name for one in await stores.accounts.all()] == ["max"]
        assert await stores.access_events.recent("local") == []
    finally:
        await stores.close()


async def test_wrong_tries_are_remembered_for_an_hour_under_what_nobody_can_read(settings: Settings) -> None:
    stores, at = await open_stores(settings), now().timestamp()
    try:
        await stores.lockouts.keep({"name:ann": (5, at), "address:10.0.0.7": (2, at), "name:bob": (9, at - 3700)})
        assert await stores.lockouts.lately() == {"name:ann": (5, at), "address:10.0.0.7": (2, at)}
        await stores.lockouts.keep({"name:ann": (0, 0.0), "address:10.0.0.7": (3, at)})
        assert await stores.lockouts.lately() == {"address:10.0.0.7": (3, at)}
        async with stores.database.engine.connect() as connection:
            kept = str((await connection.execute(text("SELECT * FROM lockouts"))).all())
        assert "10.0.0.7" not in kept and "bob" not in kept
    finally:
        await stores.close()


async def test_an_answer_is_given_again_and_never_to_another_request(settings: Settings) -> None:
    stores = await open_stores(settings)
    try:
        answers, answer = Answers(stores.database), Answered(201, "application/json", "{}", "/api/v1/records/clients/1")
        assert await answers.claim("k", "local", "body") is None
        assert await answers.claim("k", "local", "body") == UNDER_WAY
        await answers.settle("k", answer)
        assert await answers.claim("k", "local", "body") == answer
        assert await answers.claim("k", "local", "another body") == ANOTHER
        await answers.claim("failed", "local", "body")
        await answers.settle("failed", None)
        assert await answers.claim("failed", "local", "body") is None
    finally:
        await stores.close()


async def test_who_acts_is_an_owner_before_there_are_accounts_and_nobody_once_shut_out(settings: Settings) -> None:
    stores = await open_stores(settings)
    try:
        accounts = stores.accounts
        assert await accounts.acting("anybody") == LOCAL and await accounts.owners() == ["local"]
        owner, member = await accounts.add("ann", "owner"), await accounts.add("max", "member")
        viewer = await accounts.add("vera", "viewer", whose=owner.user)
        assert (await accounts.acting(member.user)).role == "member"  # type: ignore[union-attr]
        assert await accounts.acting("anybody") is None
        assert (await accounts.owners(), await accounts.working()) == ([owner.user], [owner.user, member.user])
        await accounts.change(member.user, active=False)
        assert await accounts.acting(member.user) is None and viewer.user not in await accounts.working()
    finally:
        await stores.close()

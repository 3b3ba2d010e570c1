"""What doctor says of others: on, off and why, and when each last answered, without asking anybody."""

from __future__ import annotations

from config.settings import McpServer, Settings
from integrations.status import answered, others
from memory.stores import open_stores
from privacy.audit import AuditLog
from privacy.keys.keepers import master_at_hand

LOG = [
    {"kind": "request", "host": "en.wikipedia.org", "status": 503, "at": "2026-11-21T10:00:00+00:00"},
    {"kind": "request", "host": "en.wikipedia.org", "status": 200, "at": "2026-11-20T10:00:00+00:00"},
    {"kind": "request", "host": "imap.x.example", "status": 0, "at": "2026-11-19T10:00:00+00:00"},
    {
        "kind": "request",
        "host": "smtp.x.example",
        "status": 0,
        "problem": "MailError",
        "at": "2026-11-19T10:00:00+00:00",
    },
    {"kind": "refused", "host": "api.crossref.org", "at": "2026-11-21T10:00:00+00:00"},
]


def test_only_what_answered_well_counts_and_of_that_the_newest() -> None:
    last = answered(LOG)
    assert set(last) == {"en.wikipedia.org", "imap.x.example"}
    assert last["en.wikipedia.org"].startswith("2026-11-20")


def test_every_source_has_a_line_that_says_on_or_why_not(settings: Settings) -> None:
    lines = {line.name: line for line in others(settings, answered(LOG))}
    assert lines["Research with Wikipedia"].ok and "last answered 2026-11-20" in lines["Research with Wikipedia"].detail
    assert lines["Research with Crossref"].detail.endswith("never asked yet")
    assert lines["Research with Brave Search"].detail == "off until FREELANCEX_BRAVE_KEY is set"
    assert lines["Payments by Stripe"].fix == "set FREELANCEX_STRIPE_KEY"
    assert not any(line.needed for line in lines.values())


def test_offline_all_but_this_machine_s_own_is_off(settings: Settings) -> None:
    keys = {"offline": True, "searxng": "http://127.0.0.1:8888", "imap_host": "imap.x.example",
            "mcp_servers": {"files": McpServer(command=("x",))}}  # fmt: skip
    lines = {line.name: line for line in others(settings.model_copy(update=keys), {})}
    assert lines["Research with SearXNG"].ok and lines["Tools of files"].ok
    assert "set to offline" in lines["Mail, reading"].detail
    assert "set to offline" in lines["Weather from Open-Meteo"].detail


async def test_where_the_log_is_sealed_one_line_says_why_and_the_way_out(settings: Settings) -> None:
    sealed = settings.model_copy(update={"keys": "passphrase", "passphrase": "a long one, kept in mind"})
    await (await open_stores(sealed)).close()
    await AuditLog.open(sealed, master_at_hand(sealed)).record("request", host="en.wikipedia.org", status=200)
    typed = settings.model_copy(update={"keys": "passphrase"})
    log = await AuditLog.open(typed, master_at_hand(typed)).read()
    lines = others(typed, answered(log))
    assert (lines[0].ok, "FREELANCEX_PASSPHRASE" in lines[0].fix) == (False, True)
    assert not any("never asked" in line.detail for line in lines)
    known = others(sealed, answered(await AuditLog.open(sealed, master_at_hand(sealed)).read()))
    assert not any("sealed" in line.detail for line in known)

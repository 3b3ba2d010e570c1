"""Which sources and servers of others are on, which are off and why, and when each last answered.

Nobody is asked: when one last answered stands in the log of what left this machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from config.settings import Settings
from integrations.market import currency, weather
from integrations.payments import stripe
from integrations.research.source import ResearchSource, sources
from monitoring.health import Check
from privacy.audit_lines import UNREAD

NEVER = "never asked yet"
SEALED = Check(
    "When each last answered",
    False,
    "not known here: the log of what left is sealed by your passphrase, and you are not asked for it now",
    "set FREELANCEX_PASSPHRASE for this command, or say “what left this machine?” in the chat",
    needed=False,
)


def answered(entries: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """When each host last answered well, as ``2026-11-21 09:30`` here, from the entries of the log, newest first."""
    found: dict[str, str] = {}
    for entry in entries:
        well = 200 <= int(entry.get("status") or 200) < 300 and not entry.get("problem")
        if entry.get("kind") == "request" and well:
            at = datetime.fromisoformat(str(entry["at"])).astimezone()
            found.setdefault(str(entry.get("host")), f"{at:%Y-%m-%d %H:%M}")
    return found


def others(settings: Settings, last: Mapping[str, str]) -> list[Check]:
    """A line for each source of research and figures, and each server of the user's; `last` is of `answered`.

    Where the log does not open, one line before says so, and how it does.
    """
    own = settings.addresses
    lines = [SEALED] if UNREAD["host"] in last else []
    lines += [_research(source, settings, last) for source in sources().values()]
    lines += [
        _line(title, own.get(name, address), settings, last)
        for title, name, address in (
            ("Exchange rates from Frankfurter", currency.NAME, currency.ADDRESS),
            ("Weather from Open-Meteo", weather.NAME, weather.ADDRESS),
        )
    ]
    lines += [
        _line(title, address, settings, last) if address else _off(title, how)
        for title, address, how in (
            ("Calendar", settings.caldav or "", "FREELANCEX_CALDAV"),
            ("Mail, reading", f"//{settings.imap_host}" if settings.imap_host else "", "FREELANCEX_IMAP_HOST"),
            ("Mail, sending", f"//{settings.smtp_host}" if settings.smtp_host else "", "FREELANCEX_SMTP_HOST"),
            (
                "Payments by Stripe",
                own.get(stripe.NAME, stripe.ADDRESS) if settings.stripe_key else "",
                "FREELANCEX_STRIPE_KEY",
            ),
        )
    ]
    return [*lines, *(_tools(name, settings, last) for name in settings.mcp_servers)]


def _research(source: ResearchSource, settings: Settings, last: Mapping[str, str]) -> Check:
    title = f"Research with {source.title}"
    if source.off(settings):
        return _off(title, f"FREELANCEX_{source.setting.upper()}")
    own = settings.addresses.get(source.name) or (str(getattr(settings, source.setting)) if source.own else "")
    return _line(title, own or source.address.format(language="en"), settings, last)


def _tools(name: str, settings: Settings, last: Mapping[str, str]) -> Check:
    url = settings.mcp_servers[name].url
    return _line(f"Tools of {name}", url or "//localhost", settings, last)


def _line(title: str, address: str, settings: Settings, last: Mapping[str, str]) -> Check:
    host = urlsplit(address).hostname or ""
    unknown = "when it last answered is sealed" if UNREAD["host"] in last else NEVER
    when = f"last answered {last[host]}" if host in last else unknown
    if settings.offline and host not in ("localhost", "127.0.0.1"):
        return Check(title, False, f"off, because FreelanceX is set to offline; {when}", needed=False)
    return Check(title, True, f"on, asked with your consent; {when}", needed=False)


def _off(title: str, setting: str) -> Check:
    return Check(title, False, f"off until {setting} is set", f"set {setting}", needed=False)

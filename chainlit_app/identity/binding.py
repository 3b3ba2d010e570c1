"""Whether others may reach this server as it is set: only when it knows who they are, and by which name they come."""

from __future__ import annotations

from ipaddress import ip_address

from chainlit_app.identity.proxied import networks
from config.errors import Mendable
from config.settings import Settings


class NotReachable(Mendable):
    """The server does not start as it is set; the message says why and what to do."""


def check_binding(settings: Settings) -> None:
    """Raise NotReachable for settings with which strangers could come in."""
    if not _is_here(settings.host):
        if settings.auth == "none":
            raise NotReachable(
                f"FreelanceX does not listen on {settings.host}, because whoever reaches the page could read "
                "everything: unset FREELANCEX_HOST, or let people sign in (FREELANCEX_AUTH=password)."
            )
        if not settings.trusted_hosts.strip():
            raise NotReachable(
                f"FreelanceX does not listen on {settings.host} without knowing its name there, because other sites "
                "could then speak in it: set FREELANCEX_TRUSTED_HOSTS to the name in the address bar."
            )
    try:
        proxies = networks(settings.trusted_proxies)
    except ValueError:
        raise NotReachable(
            "FREELANCEX_TRUSTED_PROXIES takes addresses and networks parted by commas, as in 127.0.0.1,10.0.0.0/24."
        ) from None
    if settings.auth == "header" and not proxies:
        raise NotReachable(
            "With FREELANCEX_AUTH=header the proxy says who asks, so its address has to be known: set "
            "FREELANCEX_TRUSTED_PROXIES, as in 127.0.0.1."
        )
    if settings.auth == "oauth" and not (settings.oauth_issuer and settings.oauth_client):
        raise NotReachable(
            "With FREELANCEX_AUTH=oauth people sign in at a provider: set FREELANCEX_OAUTH_ISSUER and "
            "FREELANCEX_OAUTH_CLIENT (and FREELANCEX_OAUTH_SECRET, if it gave you one)."
        )


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False

"""What a proxy in front says of a request: who asks, from where, and whether by https. Only a trusted one is heard."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

from config.errors import Mendable

Network = IPv4Network | IPv6Network


class TwoNames(Mendable):
    """A request names its user more than once, so one of the names is not the proxy's."""


@lru_cache
def networks(listed: str) -> tuple[Network, ...]:
    """Addresses and networks parted by commas. Raises ValueError for what is neither."""
    return tuple(ip_network(one.strip(), strict=False) for one in listed.split(",") if one.strip())


def is_trusted(address: str, listed: str) -> bool:
    """Whether an address is one of those listed."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in one for one in networks(listed) if one.version == found.version)


def address_of(scope: Scope, listed: str) -> str:
    """Where a request comes from: the last address that no trusted proxy has."""
    address = str(scope["client"][0]) if scope.get("client") else ""
    hops = [hop.strip() for line in Headers(scope=scope).getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and is_trusted(address, listed):
        address = hops.pop()
    return address


def name_in(scope: Scope, header: str, listed: str) -> str:
    """The name a trusted proxy gives, or nothing. Raises TwoNames.

    A header that a program would read as the same one, such as ``X_Forwarded_User``, counts as a second.
    """
    if not is_trusted(str(scope["client"][0]) if scope.get("client") else "", listed):
        return ""
    wanted = header.lower().replace("_", "-")
    found = [value for name, value in Headers(scope=scope).items() if name.lower().replace("_", "-") == wanted]
    if len(found) > 1:
        raise TwoNames(f"This request has more than one {header}: the proxy in front must remove what comes with it.")
    return found[0].strip() if found else ""


def by_https(scope: Scope, listed: str) -> bool:
    """Whether a trusted proxy was asked by https."""
    if scope.get("scheme") in ("https", "wss"):
        return True
    said = Headers(scope=scope).get("x-forwarded-proto", "")
    return said == "https" and is_trusted(str(scope["client"][0]) if scope.get("client") else "", listed)

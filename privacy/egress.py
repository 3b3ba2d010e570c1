"""Where a request may go: http and https, to public addresses, on the usual ports.

`ipaddress.is_global` is no guard: Python 3.11 calls addresses global that embed private ones, cloud metadata services
and multicast. So an address is public here only if it lies in space handed out for the public internet and in none of
the ranges below, and so do the addresses embedded in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}
NOT_PUBLIC_4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host
        "169.254.0.0/16",  # link-local, metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
GLOBAL_6 = ip_network("2000::/3")
NOT_PUBLIC_6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments, Teredo, ORCHID
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
MAPPED, NAT64 = ip_network("::ffff:0:0/96"), ip_network("64:ff9b::/96")
ISATAP = (0x00005EFE, 0x02005EFE)


class NotAllowed(ValueError):
    """An address nothing may be sent to. The message is one sentence."""


@dataclass(frozen=True)
class Target:
    """Where a URL points: scheme, host in lower case without brackets, port."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def among(self, hosts: Collection[str]) -> bool:
        """Whether it is one of these ``host`` or ``host:port``."""
        return self.host in hosts or f"{self.host}:{self.port}" in hosts

    @property
    def local(self) -> bool:
        """Whether it is this machine by its very name; what a name resolves to does not count."""
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


def is_public(address: str | IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet. What is no address is not public."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in block for block in NOT_PUBLIC_4)
    if ip.scope_id is not None:
        return False
    if ip in MAPPED or ip in NAT64:
        # Networks without IPv4 reach all of it through NAT64, so what counts is the address inside.
        return is_public(IPv4Address(int(ip) & 0xFFFFFFFF))
    if ip not in GLOBAL_6 or (int(ip) >> 32) & 0xFFFFFFFF in ISATAP:
        return False
    return not any(ip in block for block in NOT_PUBLIC_6)


def target_of(url: str, own: Collection[str] = ()) -> Target:
    """Where a URL points, if something may be sent there; `own` are hosts of the user's, free in their port.

    Raises NotAllowed.
    """
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise NotAllowed("The address holds characters that do not belong into one.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("The address is not well formed.") from error
    if parts.scheme not in PORTS:
        raise NotAllowed("Only http and https addresses can be opened.")
    if "@" in parts.netloc:
        raise NotAllowed("An address with a name or password in it is not opened.")
    host = (parts.hostname or "").rstrip(".").lower()
    if not host or "%" in host:
        raise NotAllowed("The address names no host that can be opened.")
    target = Target(parts.scheme, host, PORTS[parts.scheme] if port is None else port)
    if target.among(own):
        return target
    if target.port != PORTS[parts.scheme]:
        raise NotAllowed(f"Only the usual ports are opened, and {target.port} is not one.")
    if _is_literal(host) and not is_public(host):
        raise NotAllowed(f"{host} is not an address on the public internet.")
    return target


def _is_literal(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True

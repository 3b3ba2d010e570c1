"""Requests go to the public internet and nowhere else, however an address is written."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.egress import NotAllowed, is_public, target_of

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::169.254.169.254", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c:0:fbfe:0:1", "2001:db8::1",
    "2002:7f00:1::", "2002:a9fe:a9fe::", "3fff::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "2606:4700:0:0:0:5efe:7f00:1", "2606:4700:0:0:200:5efe:a00:1", "",
    "localhost", "1.2.3", "0x7f000001",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "172.32.0.1", "2606:4700:4700::1111",
                                     "2a00:1450:4001:82b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"])  # fmt: skip
def test_public(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_an_embedded_address_is_as_public_as_itself(number: int) -> None:
    plain = is_public(IPv4Address(number))
    assert is_public(IPv6Address((0xFFFF << 32) | number)) == plain
    assert is_public(IPv6Address((0x64FF9B << 96) | number)) == plain
    assert not is_public(IPv6Address((0x2002 << 112) | (number << 80)))


@given(st.integers(0, 2**32 - 1))
def test_nothing_python_calls_private_is_public(number: int) -> None:
    address = IPv4Address(number)
    if not address.is_global or address.is_multicast:
        assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/", "javascript:alert(1)", "//example.com/",
        "http:///path", "http://user:secret@example.com/", "http://example.com@127.0.0.1/", "http://example.com\\@127.0.0.1/",
        "http://exa mple.com/", "http://example.com/\r\nHost: evil", "http://[fe80::1%25eth0]/", "http://[::1]/",
        "http://127.0.0.1/", "http://169.254.169.254/latest/meta-data", "https://example.com:22/", "http://example.com:6379/",
        "http://example.com:99999/", "http://[::ffff:10.0.0.1]/", "http://example.com\x00.evil/",
    ],
)  # fmt: skip
def test_addresses_that_are_not_opened(url: str) -> None:
    with pytest.raises(NotAllowed):
        target_of(url)


def test_a_target_is_taken_apart() -> None:
    target = target_of("https://API.Example.com./v1?q=1")
    assert (target.scheme, target.host, target.port) == ("https", "api.example.com", 443)


def test_own_hosts_are_free_in_place_and_port() -> None:
    assert target_of("http://127.0.0.1:5000/x", {"127.0.0.1:5000"}).port == 5000
    with pytest.raises(NotAllowed):
        target_of("http://127.0.0.1:5001/x", {"127.0.0.1:5000"})
    assert target_of("http://nas.home:8080/", {"nas.home"}).host == "nas.home"

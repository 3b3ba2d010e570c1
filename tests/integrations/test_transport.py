"""TLS beneath the guard: the certificate must name the host of the URL, though the connection goes to an address."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pytest_httpserver import HTTPServer

from integrations import transport
from integrations.http import Errand, HttpClient
from integrations.http_errors import Unreachable
from privacy.audit import AuditLog

ClientFor = Callable[..., HttpClient]


def certificate(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate for `name`, signed by itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = folder / f"{name}.pem", folder / f"{name}.key"
    paths[0].write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A certificate for localhost that the client trusts."""
    paths = certificate("localhost", tmp_path)
    monkeypatch.setattr(transport, "_tls", lambda: ssl.create_default_context(cafile=str(paths[0])))
    return paths


@pytest.fixture
async def secure(trusted: tuple[Path, Path]) -> AsyncIterator[HTTPServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*trusted)
    server = HTTPServer(host="127.0.0.1", ssl_context=context)
    server.start()
    server.expect_request("/").respond_with_json({"safe": True})
    yield server
    server.clear()
    server.stop()


async def test_the_name_of_the_url_is_checked(secure: HTTPServer, client_for: ClientFor, errand: Errand) -> None:
    mine = client_for("localhost", "127.0.0.1")
    reply = await mine.get(f"https://localhost:{secure.port}/", errand)
    assert reply.json() == {"safe": True}
    with pytest.raises(Unreachable):
        await mine.get(f"https://127.0.0.1:{secure.port}/", errand)


async def test_a_certificate_nobody_trusts_is_not_accepted(
    secure: HTTPServer, client_for: ClientFor, errand: Errand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "_tls", ssl.create_default_context)
    with pytest.raises(Unreachable):
        await client_for("localhost").get(f"https://localhost:{secure.port}/", errand)


async def test_a_request_never_blocks_the_event_loop(
    client: HttpClient, httpserver: HTTPServer, errand: Errand, audit: AuditLog
) -> None:
    httpserver.expect_request("/").respond_with_json({})
    with blockbuster_ctx():
        assert (await client.get(httpserver.url_for("/"), errand)).status == 200
        assert (await audit.verify()).lines == 1

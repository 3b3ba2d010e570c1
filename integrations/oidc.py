"""Signing people in at a provider of identities: OpenID Connect, authorization code with PKCE.

start ─▶ address at the provider, with state, nonce and the hash of a verifier
back  ─▶ code ─▶ tokens ─▶ the ID token's signature and claims ─▶ who it is

The rules of the claims are Authlib's (OpenID Connect Core 1.0, 3.1.3.7); requests go through the one guarded client.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from config.errors import Mendable
from integrations.http import Errand, HttpClient
from integrations.http_errors import HttpError

PURPOSE = "sign_in"
ALGORITHMS = ["RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA"]
"""Signatures by a key of the provider's; none that a shared secret could make."""
LEEWAY_S = 60


class NotProved(Mendable):
    """The provider did not prove who somebody is; the message says what to do."""


@dataclass(frozen=True)
class Asked:
    """What was asked of the provider, to hold its answer against."""

    address: str
    state: str
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True)
class Person:
    """Who somebody is to the provider: `subject` its address and its own name for them, `email` a verified one."""

    subject: str
    email: str = ""


@dataclass
class Provider:
    """One provider. `issuer` is its address, under which it says how it is asked."""

    issuer: str
    client: str
    secret: str = field(repr=False)
    http: HttpClient
    _said: Mapping[str, Any] | None = None

    async def start(self, back: str) -> Asked:
        """Where to send a browser, which the provider then sends `back`. Raises NotProved."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        said = await self._discovered()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self.client,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        joint = "&" if urlsplit(said["authorization_endpoint"]).query else "?"
        return Asked(f"{said['authorization_endpoint']}{joint}{urlencode(query)}", state, nonce, verifier)

    async def finish(self, code: str, asked: Asked, back: str) -> Person:
        """Who came back with a code. Raises NotProved."""
        said = await self._discovered()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": asked.verifier,
            "client_id": self.client,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.secret and "client_secret_basic" in said.get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        ):
            pair = f"{quote(self.client, safe='')}:{quote(self.secret, safe='')}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        elif self.secret:
            form["client_secret"] = self.secret
        given = await self._asked("POST", said["token_endpoint"], headers, urlencode(form).encode())
        keys = await self._asked("GET", said["jwks_uri"])
        return self._person(str(given.get("id_token", "")), keys, asked, str(given.get("access_token", "")))

    def _person(self, token: str, keys: Mapping[str, Any], asked: Asked, access: str) -> Person:
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
            "nonce": {"essential": True, "value": asked.nonce},
        }
        try:
            read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]
            params = {"nonce": asked.nonce, "client_id": self.client, "access_token": access}
            claims = CodeIDToken(read.claims, read.header, wanted, params)
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, ValueError, KeyError) as error:
            raise NotProved("Your provider's answer does not hold, so nobody was signed in: try again.") from error
        email = str(claims.get("email", "")) if claims.get("email_verified") is True else ""
        return Person(f"{claims['iss']}|{claims['sub']}", email)

    async def _discovered(self) -> Mapping[str, Any]:
        """What the provider says of itself (OpenID Connect Discovery 1.0)."""
        if self._said is None:
            self.http.allow(urlsplit(self.issuer).netloc)
            said = await self._asked("GET", f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            needed = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
            if any(not isinstance(said.get(name), str) for name in needed):
                raise NotProved("Your provider does not say how people sign in there: check FREELANCEX_OAUTH_ISSUER.")
            if said["issuer"].rstrip("/") != self.issuer.rstrip("/"):
                raise NotProved(
                    "Your provider goes by another address: set FREELANCEX_OAUTH_ISSUER to exactly its own."
                )
            self.issuer, self._said = said["issuer"], said
        return self._said

    async def _asked(
        self, method: str, address: str, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Mapping[str, Any]:
        errand = Errand(PURPOSE, "local", approved=True)  # whoever set the address wants it
        try:
            said = (await self.http.request(method, address, errand, headers=headers, body=body)).json()
        except (HttpError, ValueError) as error:
            raise NotProved("Your provider does not answer as it should; try again in a while.") from error
        if not isinstance(said, dict):
            raise NotProved("Your provider does not answer as it should; try again in a while.")
        return said

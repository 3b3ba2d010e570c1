"""The two cookies of a signed-in browser: no script reads them, and no other site makes the browser send them."""

from __future__ import annotations

from dataclasses import dataclass

from memory.sessions import LONGEST
from privacy.access.tokens import ACCESS, Pair


@dataclass(frozen=True)
class Cookies:
    """Names and attributes of the cookies of one server: browsers share cookies between the ports of a host."""

    port: int
    secure: bool

    @property
    def access(self) -> str:
        return self._named("access")

    @property
    def refresh(self) -> str:
        return self._named("refresh")

    @property
    def asked(self) -> str:
        """Ties an answer of a provider of identities to the browser that asked there."""
        return self._named("asked")

    def given(self, pair: Pair) -> list[str]:
        """Headers that give a browser both tokens."""
        return [
            self._set(self.access, pair.access, int(ACCESS.total_seconds())),
            self._set(self.refresh, pair.refresh, int(LONGEST.total_seconds())),
        ]

    def renewed(self, access: str) -> list[str]:
        """A header that gives a browser the first token alone."""
        return [self._set(self.access, access, int(ACCESS.total_seconds()))]

    def taken(self) -> list[str]:
        """Headers that take both away."""
        return [self._set(self.access, "", 0), self._set(self.refresh, "", 0)]

    def tie(self, state: str) -> str:
        """A header that remembers for ten minutes what was asked; lax, because the answer comes from another site."""
        return self._set(self.asked, state, 600 if state else 0, same_site="Lax")

    def _named(self, kind: str) -> str:
        return f"__Host-freelancex_{kind}" if self.secure else f"freelancex_{self.port}_{kind}"

    def _set(self, name: str, value: str, seconds: int, same_site: str = "Strict") -> str:
        secure = "; Secure" if self.secure else ""
        return f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{secure}"

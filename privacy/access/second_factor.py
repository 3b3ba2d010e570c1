"""The second factor: codes of an authenticator (TOTP, RFC 6238: six digits, 30 seconds, one step of slack)."""

from __future__ import annotations

import hmac
from datetime import datetime

STEP_S = 30
ISSUER = "FreelanceX"


def new_secret() -> str:
    """A secret of 160 bits in base 32, for an authenticator."""
    import pyotp

    return str(pyotp.random_base32())


def address_for(secret: str, name: str) -> str:
    """What an authenticator reads from the QR code."""
    import pyotp

    return str(pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER))


def picture_of(address: str) -> str:
    """The QR code of an address, as SVG that fills the room a page gives it."""
    import segno

    code = segno.make(address, error="m")
    return str(code.svg_inline(border=4, dark="#101828", light="#ffffff", omitsize=True))


def step_of(code: str, secret: str, at: datetime) -> int | None:
    """The time step a code belongs to, now, just before or just after; None for a wrong code.

    Whoever takes it has to note the step, so that no code counts twice.
    """
    import pyotp

    clock, now = pyotp.TOTP(secret), int(at.timestamp()) // STEP_S
    typed, found = code.replace(" ", ""), None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(clock.at(step * STEP_S), typed.encode("ascii", "replace").decode()):
            found = step
    return found

"""Signing in by name, password and, where the account has one, a code; and by the link of an invitation."""

from __future__ import annotations

from chainlit_app.identity.door import Door, Where
from config.errors import Mendable
from memory.accounts import Account, plain_name
from memory.database import now
from memory.invitations import Invitation
from privacy.access.keys import digest_of
from privacy.access.lockout import ADDRESS
from privacy.access.principal import LOCAL, Role
from privacy.access.second_factor import step_of
from privacy.access.tokens import Pair

WRONG = "The name, the password or the code is not right."
RESTS = "Too many tries: wait {wait} before the next one."
USED = "This link was used, is too old, or is none: ask for another one."


class NotSignedIn(Mendable):
    """It was not proved who somebody is; `rests` are the seconds to wait before the next try."""

    def __init__(self, sentence: str, rests: float = 0.0) -> None:
        super().__init__(sentence)
        self.rests = rests


async def by_password(door: Door, name: str, password: str, code: str, where: Where) -> Pair:
    """The tokens of a new session. Raises NotSignedIn, which never tells what of it was wrong."""
    tried = await _try(door, name, where)
    account = await door.stores().accounts.named(name)
    active = account if account and account.active else None
    fits = await door.passwords.fits(password, active.password if active else "")
    if active is None or not fits or not await _second(door, active, code):
        await door.stores().access_events.note(account.user if account else LOCAL.user, "refused", where.address)
        raise NotSignedIn(WRONG)
    await _right(door, tried)
    return await door.begin(active, "password", where)


async def prove_again(door: Door, account: Account, password: str, where: Where) -> None:
    """Ask for the password once more before something that matters. Raises NotSignedIn."""
    tried = await _try(door, account.name, where)
    if not await door.passwords.fits(password, account.password):
        raise NotSignedIn("That is not your password.")
    await _right(door, tried)


async def invited(door: Door, secret: str) -> Invitation:
    """What a link invites to. Raises NotSignedIn."""
    found = await door.stores().invitations.open(secret, now())
    if found is None:
        raise NotSignedIn(USED)
    return found


async def by_invitation(door: Door, secret: str, name: str, password: str, where: Where) -> Pair:
    """Make the account, or give it its new password, and sign in. Raises NotSignedIn, WeakPassword, NameTaken."""
    stores, invitation = door.stores(), await invited(door, secret)
    known = await stores.accounts.get(invitation.account) if invitation.account else None
    hashed = await door.passwords.hashed(password, known.name if known else name)
    if known is None and (not name.strip() or len(name) > 200):
        raise NotSignedIn("Choose the name you will sign in with, of at most 200 signs.")
    if known is None and await stores.accounts.named(name):
        raise NotSignedIn("There is an account of this name already: choose another one.")
    if not await stores.invitations.use(invitation.id, now()):
        raise NotSignedIn(USED)
    if known is not None:
        account = await stores.accounts.change(known.user, again=True, password=hashed) or known
        await door.end_all(account.user)
        await stores.access_events.note(account.user, "password changed", f"by a link, {where.address}")
    else:
        role: Role = invitation.invites
        whose = invitation.user if role == "viewer" else ""
        account = await stores.accounts.add(name, role, whose=whose, password=hashed)
        await stores.access_events.note(account.user, "account made", f"{role}, by invitation")
    return await door.begin(account, "password", where)


async def _try(door: Door, name: str, where: Where) -> tuple[str, str]:
    """Count a try as a wrong one before it is looked at; returns what it is counted under. Raises NotSignedIn."""
    tried = f"name:{digest_of(plain_name(name))}", ADDRESS + where.address
    if rests := door.lockout.rests(*tried):
        raise NotSignedIn(RESTS.format(wait=_spoken(rests)), rests)
    door.lockout.tried(*tried)
    await door.stores().lockouts.keep(door.lockout.of(*tried))
    return tried


async def _right(door: Door, tried: tuple[str, str]) -> None:
    """It was right after all."""
    door.lockout.succeeded(*tried)
    await door.stores().lockouts.keep(door.lockout.of(*tried))


async def _second(door: Door, account: Account, code: str) -> bool:
    """Whether the second factor is there, or not asked for. A code counts once."""
    if not account.totp:
        return True
    step = step_of(code, account.totp, now())
    if step is not None:
        return await door.stores().accounts.use_step(account.user, step)
    if await door.stores().accounts.use_recovery(account.user, digest_of(code.strip().lower())):
        await door.stores().access_events.note(account.user, "recovery code used")
        return True
    return False


def _spoken(seconds: float) -> str:
    minutes = int(seconds // 60) + 1
    return f"{int(seconds) + 1} seconds" if seconds < 59 else f"{minutes} minutes"

"""What people do to their own account, their keys and those of others: the same for the pages and the API."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from chainlit_app.identity.door import KEY, Door, Where
from chainlit_app.identity.signing_in import prove_again
from config.errors import Mendable
from memory.accounts import Account
from memory.api_keys import ApiKey
from memory.database import now
from privacy.access.keys import NewKey, digest_of, recovery_codes
from privacy.access.policy import ALLOWED, SCOPES
from privacy.access.principal import Principal, Role
from privacy.access.second_factor import new_secret, step_of

INVITED_FOR = timedelta(days=3)


class NotDone(Mendable):
    """What was asked cannot be done; the message says why."""


async def account_of(door: Door, principal: Principal) -> Account:
    """The account of whoever asks. Raises NotDone where there are no accounts."""
    account = await door.stores().accounts.get(principal.account)
    if account is None:
        raise NotDone("Nobody signs in here: FREELANCEX_AUTH is not set.")
    return account


async def change_password(door: Door, principal: Principal, old: str, new: str, where: Where) -> None:
    """A new password for whoever knows the old one; every other session ends. Raises NotSignedIn, WeakPassword."""
    account = await account_of(door, principal)
    if not account.password:
        raise NotDone("This account signs in without a password.")
    await prove_again(door, account, old, where)
    hashed = await door.passwords.hashed(new, account.name)
    await door.stores().accounts.change(account.user, password=hashed)
    await door.end_all(account.user, but=principal.session)
    await door.stores().access_events.note(account.user, "password changed", where.address)


async def begin_second_factor(door: Door, principal: Principal) -> str:
    """A secret for an authenticator; it counts once a code of it was typed."""
    account = await account_of(door, principal)
    if account.totp:
        raise NotDone("There is a second factor already: take it off first.")
    return door.pending.setdefault(account.user, new_secret())


async def finish_second_factor(door: Door, principal: Principal, code: str) -> list[str]:
    """Ask for codes from now on, and give recovery codes, which are told this once. Raises NotDone."""
    secret = door.pending.get(principal.account, "")
    step = step_of(code, secret, now()) if secret else None
    if step is None:
        raise NotDone("That code is not right: look at the clock of your phone, and type the code shown now.")
    codes = recovery_codes()
    kept = [digest_of(one) for one in codes]
    await door.stores().accounts.change(principal.account, totp=secret, totp_used=step, recovery=kept)
    door.pending.pop(principal.account, None)
    await door.end_all(principal.account, but=principal.session)
    await door.stores().access_events.note(principal.account, "second factor on")
    return codes


async def end_second_factor(door: Door, principal: Principal, password: str, where: Where) -> None:
    """Ask for codes no more. Raises NotSignedIn for a wrong password."""
    account = await account_of(door, principal)
    await prove_again(door, account, password, where)
    await door.stores().accounts.change(account.user, totp="", recovery=[])
    await door.stores().access_events.note(account.user, "second factor off", where.address)


async def make_key(
    door: Door, principal: Principal, title: str, scopes: Collection[str], days: int | None
) -> tuple[ApiKey, NewKey]:
    """A key that may do no more than whoever makes it. Raises NotDone, TooManyKeys."""
    wanted = set(scopes)
    if unknown := wanted - SCOPES:
        raise NotDone(f"There is no scope {', '.join(sorted(unknown))}; there are * and such as records:read.")
    if not wanted:
        raise NotDone("Say what the key may do, as in records:read, or * for all you may do yourself.")
    if principal.scopes is not None and "*" not in principal.scopes and not wanted <= principal.scopes:
        raise NotDone("A key can make only keys that may do no more than it may itself.")
    until = now() + timedelta(days=days) if days else None
    made = await door.stores().api_keys.make(principal.account, title, sorted(wanted), until)
    await door.stores().access_events.note(principal.account, "key made", f"key {made[0].id}")
    return made


async def rotate_key(door: Door, principal: Principal, id: str) -> tuple[ApiKey, NewKey]:
    """A new key in the place of one, which counts for a week more. Raises NotDone."""
    earlier = await door.stores().api_keys.get(id)
    made = await door.stores().api_keys.rotate(id, user=principal.account, at=now())
    if made is None or earlier is None:
        raise NotDone("You have no such key.")
    door.close(KEY + earlier.replaces)  # the one before counts no longer
    await door.stores().access_events.note(principal.account, "key replaced", f"key {id}")
    return made


async def change_user(door: Door, principal: Principal, user: str, role: Role | None, active: bool | None) -> Account:
    """Give a user another role, or shut them out; they are signed out at once. Raises NotDone, LastOwner."""
    values: dict[str, str | bool] = {}
    if active is not None:
        values["active"] = active
    known = await door.stores().accounts.get(user)
    if known is None:
        raise NotDone("There is no such user.")
    if role is not None:
        values["role"] = role
        values["whose"] = principal.user if role == "viewer" else user
    account = await door.stores().accounts.change(user, again=True, **values)
    assert account is not None
    await door.end_all(user)
    for key in await door.stores().api_keys.of(user):
        if active is False:
            await door.end_key(key.id, user)
        else:
            door.close(KEY + key.id)  # what is open under it was opened with the role before
    told = f"{account.role}, {'active' if account.active else 'shut out'}"
    await door.stores().access_events.note(user, "account changed", told)
    return account


async def invite(door: Door, principal: Principal, role: Role, *, note: str = "", account: str = "") -> str:
    """The address of a new one-time link, without the server's name."""
    if role not in ALLOWED:
        raise NotDone("There are owners, members and viewers.")
    if account and await door.stores().accounts.get(account) is None:
        raise NotDone("There is no such user.")
    _, secret = await door.stores().invitations.make(
        principal.user, role, now(), account=account, note=note, lasts=INVITED_FOR
    )
    await door.stores().access_events.note(principal.account, "invited", role)
    return f"/invited/{secret}"

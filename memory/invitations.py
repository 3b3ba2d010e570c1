"""Links that let one person in, once: a new account of a role, or a new password for one there is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import DateTime
from sqlmodel import Field, col, select

from memory.database import Database, new_id, now
from memory.schedules import utc
from memory.sealed import Sealed, SealedRow
from privacy.access.keys import digest_of, new_secret
from privacy.access.principal import Role, role_of

LASTS = timedelta(days=3)


class Invitation(SealedRow, table=True):
    """`digest` is SHA-256 of what the link holds, `user` who invites, `account` who gets a new password, if anybody."""

    __tablename__ = "invitations"
    id: str = Field(default_factory=new_id, primary_key=True)
    user: str = Field(index=True)
    digest: str = Field(unique=True)
    role: str
    account: str = ""
    note: str = Field(default="", sa_type=Sealed())
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    @property
    def invites(self) -> Role:
        """The role as the policy knows it; what is not known gets the least."""
        return role_of(self.role)

    def stands(self, at: datetime) -> bool:
        """Whether it can be used at a time."""
        return self.used_at is None and at < utc(self.expires_at)


class Invitations:
    """The invitations in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(
        self, user: str, role: Role, at: datetime, *, account: str = "", note: str = "", lasts: timedelta = LASTS
    ) -> tuple[Invitation, str]:
        """An invitation, and the secret for its link, which is told this once."""
        secret = new_secret()
        row = Invitation(
            user=user, role=role, account=account, note=note, digest=digest_of(secret), expires_at=at + lasts
        )
        async with self._database.write() as session:
            session.add(row)
        return row, secret

    async def open(self, secret: str, at: datetime) -> Invitation | None:
        """What a link invites to; None when it was used, is too old, or is none."""
        async with self._database.read() as session:
            row = (await session.exec(select(Invitation).where(Invitation.digest == digest_of(secret)))).first()
        return row if row and row.stands(at) else None

    async def use(self, id: str, at: datetime) -> bool:
        """Take an invitation; False when somebody took it before."""
        async with self._database.write() as session:
            row = await session.get(Invitation, id)
            if row is None or not row.stands(at):
                return False
            row.used_at = at
            session.add(row)
        return True

    async def standing(self, at: datetime) -> list[Invitation]:
        """Those that can be used, newest first."""
        query = select(Invitation).where(col(Invitation.used_at).is_(None))
        async with self._database.read() as session:
            rows = await session.exec(query.order_by(col(Invitation.created_at).desc()))
            return [row for row in rows if row.stands(at)]

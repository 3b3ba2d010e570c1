"""What the installation does for itself: it signs its trail, removes what is over its time, and backs up.

It also lets questions go that nobody answered, and writes the recurring invoices of a day as drafts.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from sqlmodel import col, select

from config.errors import Mendable
from config.settings import Settings
from graph.approvals import lapse
from graph.runtime import Runtime
from graph.schedule.run import Face, Outcome, Run, Work
from memory.backups import listed, make, sweep
from memory.business.recurring import RecurringInvoice, due_invoices
from memory.notifications import Notification
from memory.restrictions import EVERYTHING
from memory.retention import clean
from memory.trail_check import Heads

log = logging.getLogger("freelancex.upkeep")

SLACK = timedelta(minutes=5)
"""A backup that becomes due this soon is made at once."""


def rules(settings: Settings) -> dict[str, str]:
    """How often each is done, by kind."""
    found = {
        "sign": "FREQ=HOURLY",
        "lapse": "FREQ=HOURLY",
        "clean": "FREQ=HOURLY;INTERVAL=24",
        "invoices": "FREQ=HOURLY;INTERVAL=6",
    }
    if settings.backup_hours and not settings.database_url:
        found["backup"] = f"FREQ=MINUTELY;INTERVAL={max(1, round(settings.backup_hours * 60))}"
    return found


async def sign(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Sign the ends of the audit trail."""
    await Heads.open(runtime.settings).sign(runtime.stores.database)
    return Outcome()


async def remove(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Remove what is over its time, and the checkpoints of turns that are done or gone."""
    gone = await clean(runtime.stores, runtime.settings, run.at)
    there = await runtime.checkpoints.turns()  # read first: a turn has its row before its first checkpoint
    for turn in there - await runtime.stores.turns.unended():
        await runtime.checkpoints.adelete_thread(turn)
    if gone:
        log.info("removed what was over its time", extra={"removed": gone})
        await runtime.audit.record("retention", **gone)
    return Outcome()


async def back_up(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Make a backup, unless a newer one was made by hand; that none can be made is told."""
    try:
        await back_up_if_due(runtime, run.at)
    except Mendable as error:
        for owner in await runtime.stores.accounts.owners():
            await face.notify(_notice("backup", "No backup was made", str(error), owner))
        return Outcome(problem=str(error), again=True)
    return Outcome()


async def back_up_if_due(runtime: Runtime, at: datetime) -> bool:
    """Make a backup when the newest is older than it may be; returns whether one was made. Raises BackupError."""
    settings, master = runtime.settings, runtime.stores.keys.master
    if not settings.backup_hours or settings.database_url:
        return False
    await asyncio.to_thread(sweep, settings)
    there = await asyncio.to_thread(listed, settings, master)
    ages = [at - backup.made_at for backup in there if backup.made_at <= at]  # later ones are of a clock that was wrong
    if ages and ages[0] < timedelta(hours=settings.backup_hours) - SLACK:
        return False
    made = await asyncio.to_thread(make, settings, master, at)
    log.info("backed up %d bytes", made.size)
    return True


async def let_go(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Let questions lapse whose time is over."""
    if face.carry:
        await lapse(runtime, face.carry)
    return Outcome()


async def invoices(run: Run, runtime: Runtime, face: Face) -> Outcome:
    """Write the recurring invoices whose day has come, as drafts, and tell whose they are."""
    query = select(RecurringInvoice.user).where(col(RecurringInvoice.next_on) <= run.at.date()).distinct()
    async with runtime.stores.database.read() as session:
        users = list(await session.exec(query))
    for user in users:
        if EVERYTHING in await runtime.stores.restrictions.standing(user):
            continue
        made = await due_invoices(runtime.stores, user, run.at.date())
        if made:
            names = ", ".join(f"{one.number or 'a draft'} for {one.client_name}" for one in made)
            count = f"{len(made)} recurring invoices are" if len(made) > 1 else "A recurring invoice is"
            await face.notify(_notice("invoices", f"{count} written", f"{names}. Say “list my invoices”.", user))
    return Outcome()


def _notice(kind: str, title: str, text: str, user: str) -> Notification:
    return Notification(user=user, kind=kind, group=kind, title=title, text=text)


WORKS: dict[str, Work] = {"sign": sign, "clean": remove, "backup": back_up, "lapse": let_go, "invoices": invoices}
"""What is done, by kind of schedule."""

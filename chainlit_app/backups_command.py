"""``backup`` and ``restore`` on the command line."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from config.settings import Settings


def add(verbs: Any) -> None:
    """Add the verbs to a parser."""
    backup = verbs.add_parser("backup", help="back everything up now, sealed; or list the backups")
    backup.add_argument("act", nargs="?", default="now", choices=("now", "list"))
    backup.add_argument("--json", action="store_true", help="print one JSON object")
    backup.set_defaults(run=_backup)

    restore = verbs.add_parser("restore", help="put a backup in the place of what is here")
    restore.add_argument("name", nargs="?", default="", help="its name in the list; the newest where none is given")
    restore.add_argument("--yes", action="store_true", help="do not ask first")
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    from memory.backups import listed, make
    from privacy.keys.keepers import keeper, open_master

    settings.paths.make()
    master = open_master(settings)
    if options.act == "list":
        found = listed(settings, master)
        if options.json:
            _out(json.dumps([{"name": one.folder.name, "bytes": one.size} for one in found]))
        for one in () if options.json else found:
            _out(f"{one.folder.name}  {one.made_at.astimezone():%A, %d %B %Y, %H:%M}  {one.size / 1e6:,.1f} MB")
        return 0
    made = make(settings, master)
    if options.json:
        _out(json.dumps({"name": made.folder.name, "folder": str(made.folder), "bytes": made.size}))
        return 0
    _out(f"Backed up {made.size / 1e6:,.1f} MB to {made.folder}, and tried it out.")
    kept = keeper(settings)
    if kept is None or kept.kind != "passphrase":
        _out(f"It opens only with your key: keep a copy of {settings.paths.secrets} apart from the backups.")
    return 0


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    from memory.backups import BackupError, adopt_master, folder_of, listed, read
    from memory.restoring import finish, replaced, restore
    from privacy.keys.keepers import keeper, open_master

    paths = settings.paths.make()
    finish(paths)
    adopted = None if keeper(settings) else adopt_master(settings)
    master = adopted or open_master(settings)
    found = [read(folder_of(settings) / options.name, master)] if options.name else listed(settings, master)
    if not found:
        raise BackupError(f"There is no backup in {folder_of(settings)} that your key opens.")
    chosen = found[0]
    when = f"{chosen.made_at.astimezone():%A, %d %B %Y, %H:%M}"
    if not options.yes:
        if not sys.stdin.isatty():
            raise BackupError("Nothing was restored, because nobody can be asked here; add --yes to agree to it.")
        if input(f"Replace what is here by the backup of {when}? [y/N] ").strip().lower() not in {"y", "yes"}:
            return 0
    restore(chosen, settings, master)
    asyncio.run(_settle(settings))
    _out(f"Everything is as it was on {when}, without what you erased since. What was here lies in {replaced(paths)}.")
    return 0


async def _settle(settings: Settings) -> None:
    """Open what was restored: tables are brought up to date, and what was erased since is erased again."""
    from memory.restored import settle
    from memory.stores import open_stores

    stores = await open_stores(settings)
    try:
        await settle(stores, settings)
    finally:
        await stores.close()


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")

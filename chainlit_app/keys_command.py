"""``keys`` on the command line: who keeps the key to everything stored, and exchanging keys."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from config.settings import Settings


def add(verbs: Any) -> None:
    """Add the verb to a parser."""
    verb = verbs.add_parser("keys", help="who keeps the key to everything stored; exchange the keys")
    verb.add_argument("act", nargs="?", default="status", choices=("status", "rotate", "rewrite"))
    verb.add_argument("--json", action="store_true", help="print one JSON object")
    verb.description = (
        "status: what there is. rotate: a new master key, in a moment. rewrite: new keys for the data itself, with "
        "which everything is written anew; stop FreelanceX first."
    )
    verb.set_defaults(run=_run)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    return asyncio.run(_act(options.act, settings, as_json=options.json))


async def _act(act: str, settings: Settings, *, as_json: bool) -> int:
    from memory.rotation import counts, rotate_data, rotate_master
    from memory.stores import open_stores
    from privacy.keys.keepers import keeper

    stores = await open_stores(settings)
    told: dict[str, Any]
    try:
        if act == "rotate":
            done = await rotate_master(stores, settings)
            told = {"rewrapped": done.keys}
            text = f"There is a new master key, and {done.keys:,} data keys are wrapped with it."
        elif act == "rewrite":
            done = await rotate_data(stores)
            told = {"keys": done.keys, "rows": done.rows, "files": done.files}
            text = f"{done.keys:,} data keys are new; {done.rows:,} rows and {done.files:,} files were written anew."
        else:
            kept, by_kind = keeper(settings), await counts(stores)
            told = {"keeper": kept.kind if kept else "", "master_keys": len(stores.keys.master.keys), "keys": by_kind}
            listed = ", ".join(f"{number:,} for {kind}" for kind, number in by_kind.items()) or "none yet"
            text = f"The master key is {kept.said if kept else 'nowhere'}. Data keys: {listed}."
        sys.stdout.write((json.dumps(told) if as_json else text) + "\n")
        return 0
    finally:
        await stores.close()

"""Runs every measurement in this folder, or those named: a module here with `run() -> dict` and `show(result)`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path


def main(names: list[str]) -> int:
    """Run the measurements of these names, all when there are none; returns the exit code."""
    known = sorted(path.stem for path in Path(__file__).parent.glob("[!_]*.py"))
    if unknown := [name for name in names if name not in known]:
        print(f"There is no measurement named {', '.join(unknown)}; there are: {', '.join(known)}.", file=sys.stderr)
        return 2
    for name in names or known:
        module = importlib.import_module(f"bench.{name}")
        if not (hasattr(module, "run") and hasattr(module, "show")):
            continue
        print(f"== {name}")
        module.show(module.run())
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

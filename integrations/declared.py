"""Finds what the files of a folder declare: a job board or a research source, one a file."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Protocol, TypeVar


class Named(Protocol):
    """What is declared under a name of its own."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


class BrokenDeclaration(Exception):
    """A file cannot be used; the message names the file and the reason."""


def declared(folder: Path, package: str, variable: str, kind: type[T]) -> dict[str, T]:
    """What the files of a package declare in `variable`, by name; files without it are left out.

    Raises BrokenDeclaration.
    """
    found: dict[str, T] = {}
    for path in sorted(folder.glob("[!_]*.py")):
        try:
            one = getattr(importlib.import_module(f"{package}.{path.stem}"), variable, None)
        except Exception as error:
            raise BrokenDeclaration(f"{path}: {type(error).__name__}: {error}") from error
        if one is None:
            continue
        if not isinstance(one, kind) or one.name in found:
            raise BrokenDeclaration(
                f"{path}: {variable} is no {kind.__name__}, or another file already declares its name"
            )
        found[one.name] = one
    return found

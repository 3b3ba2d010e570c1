"""Writes a document as nested tuples into XML: what is empty is left out, and the order stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Tree = list[tuple[Any, ...]]
"""Elements in order: name, then text or a Tree, then attributes. A name may have a prefix, as in ``udt:DateTime``."""


def fill(parent: Any, tree: Tree, spaces: Mapping[str, str]) -> None:
    """Put elements into a parent; `spaces` are the namespaces by prefix, the usual one by the empty prefix."""
    from lxml import etree

    for name, content, *attributes in tree:
        if not content or (isinstance(content, list) and not _says(content)):
            continue
        prefix, _, local = name.rpartition(":")
        child = etree.SubElement(parent, f"{{{spaces[prefix]}}}{local}", attributes[0] if attributes else {})
        if isinstance(content, list):
            fill(child, content, spaces)
        else:
            child.text = str(content)


def _says(tree: Tree) -> bool:
    return any(_says(one[1]) if isinstance(one[1], list) else one[1] for one in tree)

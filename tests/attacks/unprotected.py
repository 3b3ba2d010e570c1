"""The same installation with one protection taken out: the counters must rise, else they count nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from agents.tools.models.checked_text import Writing
from graph.planner.pasted import Said
from graph.planner.slots import Clause


@dataclass(frozen=True)
class Unprotected:
    """Without what, in which ways attacks then come, and which counter rises."""

    without: Callable[[], AbstractContextManager[Any]]
    ways: tuple[str, ...]
    rises: str


def _all_said(message: str, speaks: Callable[[str], bool]) -> Said:
    return Said(message)


UNPROTECTED: Mapping[str, Unprotected] = {
    "everything is allowed for good": Unprotected(
        lambda: patch("graph.effects._allowed", return_value=True),
        ("transcript_read_before_a_mail",),
        "performed unapproved",
    ),
    "a pasted text is the user's words": Unprotected(
        lambda: patch("graph.planner.planner.separate", _all_said), ("match_pasted", "pasted_in_a_fence"), "the plan"
    ),
    "a pasted text says whom a mail is for": Unprotected(
        lambda: patch.object(Clause, "said", property(lambda self: self.text)),
        ("mail_about_a_post",),
        "performed unapproved",
    ),
    "a model's words are shown as they are": Unprotected(
        lambda: patch.object(Writing, "_checked", lambda self, unit: unit), ("fact_shown",), "shown"
    ),
}
"""What is taken out, one at a time."""

"""How much of drawn receipts is read right."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from bench.receipts import Layout, Truth, receipts
from integrations.media.images.ocr import read_text
from integrations.media.images.receipt import Receipt, receipt_of

TODAY = date(2026, 11, 21)
PARTS = ("total", "date", "vendor", "currency", "tax", "lines")


@dataclass
class Score:
    """Of `of` receipts, how many were right in each part; `wrong` says which were not, and what was read."""

    of: int = 0
    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    wrong: list[str] = field(default_factory=list)

    def add(self, found: Receipt, truth: Truth) -> None:
        """Count one; lines are right when they have the amounts of what was bought, in its order."""
        read = {
            "total": (found.total, truth.total),
            "date": (found.day, truth.day),
            "vendor": (_bare(found.vendor or ""), _bare(truth.vendor)),
            "currency": (found.currency, truth.currency),
            "tax": (found.tax or 0, truth.tax),
            "lines": ([line.amount for line in found.lines], list(truth.lines)),
        }
        self.of += 1
        for part, (said, true) in read.items():
            self.right[part] += said == true
            if said != true:
                self.wrong.append(f"{truth.layout}: {part} {said} instead of {true}")


def scored(count: int, layouts: tuple[Layout, ...], seed: int) -> Score:
    """Read `count` photographs of these layouts."""
    score = Score()
    for image, truth in receipts(count, layouts, seed):
        score.add(receipt_of(read_text(image), TODAY), truth)
    return score


def _bare(name: str) -> str:
    return re.sub(r"\W", "", name.lower())

"""Receipts and invoices drawn for measuring, photographed badly; nothing here is shared with the reader of them.

LAYOUTS     ten that were in view while the reader was tuned
HELD_BACK   five that were drawn afterwards
FRESH       five of another character, in view while the reader was mended
UNSEEN      five drawn with those, of which only the figures have been looked at
HEADS       five whose vendor is hard to tell, in view while that was mended
HEADS_UNSEEN  five drawn with those, of which only the figures have been looked at
"""

from __future__ import annotations

import random

from PIL import Image

from bench.receipts.bills import hotel_fr, print_shop_de, software_us
from bench.receipts.fresh import FRESH
from bench.receipts.heads import HEADS
from bench.receipts.heads_unseen import HEADS_UNSEEN
from bench.receipts.held_back import HELD_BACK
from bench.receipts.photograph import photographed
from bench.receipts.sheet import Layout, Truth
from bench.receipts.tills import cafe_us, hardware_uk, petrol_es, pharmacy_it, restaurant_pt, supermarket_de, taxi_uk
from bench.receipts.unseen import UNSEEN

__all__ = ["FRESH", "HEADS", "HEADS_UNSEEN", "HELD_BACK", "LAYOUTS", "UNSEEN", "Layout", "Truth", "receipts"]

LAYOUTS: tuple[Layout, ...] = (
    supermarket_de, cafe_us, taxi_uk, hotel_fr, petrol_es, software_us, pharmacy_it, hardware_uk, restaurant_pt,
    print_shop_de,
)  # fmt: skip


def receipts(count: int, layouts: tuple[Layout, ...] = LAYOUTS, seed: int = 1) -> list[tuple[Image.Image, Truth]]:
    """`count` photographs with the truth, the layouts in turn."""
    made = []
    for number in range(count):
        dice = random.Random(seed * 1000 + number)
        paper, truth = layouts[number % len(layouts)](dice)
        made.append((photographed(paper.drawn(), dice, number + number // len(layouts)), truth))
    return made

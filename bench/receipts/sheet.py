"""The sheet a receipt is drawn on, what is true of it, and the dice for what stands on it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from PIL import Image, ImageDraw, ImageFont

FONTS = "/usr/share/fonts/truetype/dejavu/"
SANS, BOLD, MONO, MONO_BOLD = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono", "DejaVuSansMono-Bold"
SERIF, SERIF_BOLD, NARROW = "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSansCondensed"
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Truth:
    """What a drawn receipt says."""

    layout: str
    vendor: str
    day: date
    total: Decimal
    currency: str
    tax: Decimal
    lines: tuple[Decimal, ...] = ()


@dataclass
class Paper:
    """A sheet that is written on from the top; `y` is where the next line goes."""

    width: int
    font: str = SANS
    size: int = 24
    y: int = 40
    marks: list[tuple[tuple[float, float], str, ImageFont.FreeTypeFont, str]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)
    blocks: list[tuple[int, int, tuple[int, int, int]]] = field(default_factory=list)

    def line(
        self, left: str = "", right: str = "", centre: str = "", *, font: str = "", size: int = 0, gap: int = 8
    ) -> None:
        """One line with words on the left, in the middle and on the right."""
        face = ImageFont.truetype(f"{FONTS}{font or self.font}.ttf", size or self.size)
        for text, anchor, x in ((left, "la", 40), (centre, "ma", self.width / 2), (right, "ra", self.width - 40)):
            if text:
                self.marks.append(((x, self.y), text, face, anchor))
        self.y += (size or self.size) + gap

    def cells(self, *cells: tuple[float, str], font: str = "") -> None:
        """One line of cells that end at parts of the width; the first starts at the left."""
        face = ImageFont.truetype(f"{FONTS}{font or self.font}.ttf", self.size)
        for place, (part, text) in enumerate(cells):
            self.marks.append(((part * self.width, self.y), text, face, "ra" if place else "la"))
        self.y += self.size + 12

    def logo(self, name: str, colour: tuple[int, int, int], size: int = 38) -> None:
        """The name white on a block of colour across the sheet."""
        face = ImageFont.truetype(f"{FONTS}{BOLD}.ttf", size)
        self.blocks.append((self.y - 20, self.y + size + 28, colour))
        self.marks.append(((self.width / 2, self.y), name, face, "ma"))
        self.y += size + 46

    def rule(self, gap: int = 14) -> None:
        """A drawn line across."""
        self.rules.append(self.y + gap // 2)
        self.y += gap + 4

    def drawn(self) -> Image.Image:
        """The sheet."""
        image = Image.new("RGB", (self.width, self.y + 40), (253, 252, 248))
        pen = ImageDraw.Draw(image)
        for top, bottom, colour in self.blocks:
            pen.rectangle((40, top, self.width - 40, bottom), fill=colour)
        for place, text, face, anchor in self.marks:
            on_block = any(top <= place[1] <= bottom for top, bottom, _ in self.blocks)
            pen.text(place, text, font=face, fill=(255, 255, 255) if on_block else (25, 25, 30), anchor=anchor)
        for y in self.rules:
            pen.line((40, y, self.width - 40, y), fill=(60, 60, 60), width=2)
        return image


Layout = Callable[[random.Random], tuple[Paper, Truth]]


def rounded(value: Decimal) -> Decimal:
    """To whole cents."""
    return value.quantize(CENT, ROUND_HALF_UP)


def items_of(
    dice: random.Random, names: list[str], count: tuple[int, int], price: tuple[float, float]
) -> list[tuple[str, Decimal]]:
    """Some of these names, each with a price."""
    chosen = dice.sample(names, min(dice.randint(*count), len(names)))
    return [(name, rounded(Decimal(str(dice.uniform(*price))))) for name in chosen]


def comma(value: Decimal) -> str:
    """As written on the continent: 1.234,56."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def a_day(dice: random.Random) -> date:
    """A day of 2025 or 2026."""
    return date(2025, 1, 3) + timedelta(days=dice.randint(0, 640))


def tax_inside(total: Decimal, rate: int) -> Decimal:
    """The tax that a total holds, at `rate` percent."""
    return rounded(total - total / (1 + Decimal(rate) / 100))

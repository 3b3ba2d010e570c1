"""Five layouts of another character than the first fifteen, drawn before the reader was mended and in view after."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from bench.receipts.sheet import (
    BOLD,
    MONO,
    MONO_BOLD,
    NARROW,
    SANS,
    SERIF,
    SERIF_BOLD,
    Layout,
    Paper,
    Truth,
    a_day,
    comma,
    items_of,
    rounded,
    tax_inside,
)


def till_roll_at(dice: random.Random) -> tuple[Paper, Truth]:
    """A long thermal roll: a count and a single price under the names, two rates of tax, a deposit, thanks first."""
    vendor = dice.choice(["SPARKUS Wien 7", "Nahkauf Gruber", "Bipo Drogerie GmbH", "Hofladen Steindl"])
    names = ["Semmel", "Bio Vollmilch 1L", "Bergkäse geschn.", "Zahnpasta Mint", "Mineralwasser 6er", "Pfand Einweg",
             "Kaisersemmel 5er", "Kürbiskernöl", "Spülmittel"]  # fmt: skip
    items = items_of(dice, names, (4, 8), (0.3, 12))
    counts = [dice.choice((1, 1, 1, 2, 3)) for _ in items]
    costs = tuple(price * n for (_, price), n in zip(items, counts, strict=True))
    total, day = sum(costs, Decimal(0)), a_day(dice)
    low = sum(costs[::2], Decimal(0))
    tax = tax_inside(low, 10) + tax_inside(total - low, 20)
    p = Paper(470, MONO, 19)
    p.line(centre=f"* {vendor} *", font=MONO_BOLD, size=24)
    p.line(centre="1070 Wien, Neubaugasse 14")
    p.line(centre="Tel. 01/523 77 00   ATU 6612345 7", gap=16)
    p.line(centre="Es bediente Sie: Fr. Novak", gap=14)
    for place, ((name, price), n, cost) in enumerate(zip(items, counts, costs, strict=True)):
        mark = "BA"[place % 2 == 0]
        if n > 1:
            p.line(f"  {n} x {comma(price)}")
        p.line(f"{mark} {name}", comma(cost))
    p.line("=" * 36)
    p.line(f"SUMME  {len(items)} Pos.", f"EUR {comma(total)}", font=MONO_BOLD, size=23)
    p.line("=" * 36)
    p.line("Kartenzahlung Bankomat", comma(total), gap=14)
    p.line("A 10% MwSt", comma(tax_inside(low, 10)))
    p.line("B 20% MwSt", comma(tax_inside(total - low, 20)), gap=14)
    p.line(f"Filiale 0{dice.randint(100, 999)} Kassa 2 Bon {dice.randint(1000, 9999)}")
    p.line(f"{day:%d.%m.%y} {dice.randint(8, 19)}:{dice.randint(10, 59)}", f"Re-Nr {dice.randint(10**6, 10**7)}")
    return p, Truth("till_roll_at", vendor, day, total, "EUR", tax, costs)


def folio_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A hotel's folio: a date before each charge, the payment taken off, and a balance of nothing."""
    vendor = dice.choice(["The Larkspur Hotel", "Harborview Inn & Suites", "Hotel Monterosa", "Summit Lodge LLC"])
    nights, price = dice.randint(1, 4), Decimal(dice.randint(119, 329))
    leaving = a_day(dice)
    first = leaving - timedelta(nights)
    room_tax = rounded(price * Decimal("0.125"))
    p = Paper(1000, SERIF, 22)
    p.line(centre=vendor, font=SERIF_BOLD, size=36, gap=12)
    p.line(centre="1400 Lakeshore Drive, Chicago, IL 60610 - (312) 555-0188", gap=26)
    p.line("Guest: Mara Lindqvist", f"Room {dice.randint(201, 899)}")
    p.line(f"Arrival: {first:%m/%d/%Y}", f"Departure: {leaving:%m/%d/%Y}")
    p.line(f"Folio No. {dice.randint(10000, 99999)}", f"Invoice date: {leaving:%m/%d/%Y}", gap=24)
    p.cells((0.04, "Date"), (0.62, "Description"), (0.8, "Charges"), (0.96, "Credits"), font=SERIF_BOLD)
    p.rule()
    costs = []
    for night in range(nights):
        day = first + timedelta(night)
        p.cells((0.04, f"{day:%m/%d/%y}"), (0.62, "Room charge - King deluxe"), (0.8, f"{price:.2f}"))
        p.cells((0.04, f"{day:%m/%d/%y}"), (0.62, "Occupancy tax 12.5%"), (0.8, f"{room_tax}"))
        costs.append(price)
    total = nights * (price + room_tax)
    p.cells((0.04, f"{leaving:%m/%d/%y}"), (0.62, "Visa ************4242"), (0.96, f"-{total:.2f}"))
    p.rule()
    p.line(right=f"Total charges   ${total:,.2f}", font=SERIF_BOLD)
    p.line(right=f"Payments   -${total:,.2f}")
    p.line(right="Balance due   $0.00", gap=24)
    p.line("I agree that my liability for this bill is not waived.")
    return p, Truth("folio_us", vendor, leaving, total, "USD", nights * room_tax, tuple(costs))


def cab_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A taxi's slip: the company in small letters, a meter's words, surcharges and a tip."""
    vendor = dice.choice(["Yellow Line Cab Co.", "Queens Medallion Corp", "Bay Area Taxi Inc", "Metro Green Cabs"])
    parts = [rounded(Decimal(str(dice.uniform(low, high)))) for low, high in ((7, 58), (0.5, 3.3), (1, 7), (2, 12))]
    day, total = a_day(dice), sum(parts, Decimal(0))
    p = Paper(430, MONO, 20)
    p.line(centre=vendor)
    p.line(centre="CUSTOMER COPY", gap=14)
    p.line(f"MED: {dice.randint(1, 9)}N{dice.randint(10, 99)}   DRIVER: {dice.randint(100000, 999999)}")
    p.line(f"{day:%b %d, %Y}".upper(), f"TRIP {dice.randint(1000, 9999)}")
    p.line("START", f"{dice.randint(10, 12)}:{dice.randint(10, 59)}")
    p.line("END", f"13:{dice.randint(10, 59)}")
    p.line("MILES", f"{dice.randint(1, 18)}.{dice.randint(10, 99)}", gap=14)
    for name, price in zip(("FARE", "STATE SRCHG", "TOLLS", "TIP"), parts, strict=True):
        p.line(name, f"${price}")
    p.line("TOTAL", f"${total}", font=MONO_BOLD, size=24, gap=14)
    p.line("MASTERCARD", "XXXX 5512")
    p.line("AUTH", f"{dice.randint(100000, 999999)}", gap=14)
    p.line(centre="CONTACT TLC DIAL 3-1-1")
    return p, Truth("cab_us", vendor, day, total, "USD", Decimal(0), tuple(parts))


def logo_ch(dice: random.Random) -> tuple[Paper, Truth]:
    """The vendor white on a coloured block; francs, a Swiss mark for thousands, a day without leading noughts."""
    vendor = dice.choice(["ALPENBLICK", "Velowerk", "Kinderladen Murmel", "Optik Seefeld AG"])
    items = items_of(
        dice, ["Service gross", "Kette 11-fach", "Bremsbeläge", "Helm urban", "Arbeit 1.5 Std"], (2, 4), (9, 1900)
    )
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = rounded(total - total / Decimal("1.081"))

    def franc(value: Decimal) -> str:
        return f"{value:,.2f}".replace(",", "'")

    p = Paper(640, SANS, 22)
    p.logo(vendor, (dice.randint(120, 200), 30, dice.randint(20, 90)))
    p.line("Seefeldstrasse 61, 8008 Zürich")
    p.line("CHE-114.398.211 MWST", gap=16)
    p.line(f"Verkauf vom {day.day}.{day.month}.{day.year}", f"Beleg {dice.randint(1000, 9999)}", gap=14)
    p.line("Artikel", "CHF")
    for name, price in items:
        p.line(name, franc(price))
    p.rule()
    p.line("Total CHF inkl. MWST", franc(total), font=BOLD, size=25)
    p.line("TWINT", franc(total), gap=14)
    p.line("MWST 8.1%", franc(tax))
    p.line(centre="Auf Wiedersehen")
    return p, Truth("logo_ch", vendor, day, total, "CHF", tax, tuple(price for _, price in items))


def app_mail(dice: random.Random) -> tuple[Paper, Truth]:
    """A shop's mail: greeting and order number first, the day in the middle of a line, names over two lines."""
    vendor = dice.choice(["Notewell", "Framewise Labs", "Glyphbox", "Tidepool Audio"])
    items = items_of(
        dice, ["Notewell Pro", "Extra storage", "Icon pack", "Loop library", "Team seat"], (1, 3), (1.99, 89)
    )
    net, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = rounded(net * Decimal("0.0825"))
    total = net + tax
    p = Paper(900, NARROW, 24)
    p.line(vendor, font=BOLD, size=32, gap=20)
    p.line("Your receipt", font=BOLD, size=26)
    p.line(f"Hi Mara, thanks for your purchase on {day:%b} {day.day}, {day.year}.", gap=20)
    p.line("ORDER ID", "BILLED TO", size=17)
    p.line(f"MT{dice.randint(10**6, 10**7)}X", "Visa •••• 4242", gap=22)
    for name, price in items:
        p.line(name, f"${price}")
        p.line(f"Subscription, renews {(day + timedelta(30)):%b %d, %Y}", size=18)
    p.rule()
    p.line("Subtotal", f"${net}")
    p.line("Tax", f"${tax}")
    p.line("TOTAL", f"${total}", font=BOLD, gap=24)
    p.line(f"Questions? Visit support. © {day.year} {vendor} Inc., 900 Howard St, San Francisco", size=16)
    return p, Truth("app_mail", vendor, day, total, "USD", tax, tuple(price for _, price in items))


FRESH: tuple[Layout, ...] = (till_roll_at, folio_us, cab_us, logo_ch, app_mail)

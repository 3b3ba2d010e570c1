"""Five layouts that were drawn after the reader was tuned, and read but once before it was mended."""

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

MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


def bookshop_nl(dice: random.Random) -> tuple[Paper, Truth]:
    """A bookshop's slip, Dutch."""
    vendor = dice.choice(["Boekhandel De Vries", "Papierhuis Jansen B.V.", "Kantoorvak Utrecht"])
    items = items_of(dice, ["Notitieboek A5", "Balpen", "Roman paperback", "Agenda 2026", "Kaart"], (1, 5), (1, 30))
    total, day = sum((p for _, p in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 9)
    p = Paper(540, SANS, 22)
    p.line(vendor, font=BOLD, size=27)
    p.line("Oudegracht 112")
    p.line("3511 AW Utrecht")
    p.line("BTW NL001234567B01", gap=20)
    p.line(f"Kassabon {dice.randint(1000, 9999)}", f"{day:%d-%m-%Y}")
    for name, price in items:
        p.line(f"1x {name}", comma(price))
    p.rule()
    p.line("Totaal", f"EUR {comma(total)}", font=BOLD)
    p.line("PIN", comma(total), gap=16)
    p.line(f"BTW 9% over {comma(total - tax)}", comma(tax))
    p.line(centre="Tot ziens!")
    return p, Truth("bookshop_nl", vendor, day, total, "EUR", tax, tuple(price for _, price in items))


def rail_de(dice: random.Random) -> tuple[Paper, Truth]:
    """An online ticket that names two days, the journey's and the booking's."""
    vendor = dice.choice(["Nordbahn AG", "Rheintal Express GmbH", "Landesbahn Ost"])
    total, day = rounded(Decimal(str(dice.uniform(9, 180)))), a_day(dice)
    tax = tax_inside(total, 7)
    travel = day + timedelta(dice.randint(3, 40))
    p = Paper(900, NARROW, 26)
    p.line("Online-Ticket", vendor, font=BOLD, size=36, gap=20)
    p.line("Gültig ab: " + f"{travel:%d.%m.%Y}", "Klasse: 2")
    p.line("Hinfahrt:  Berlin Hbf - Leipzig Hbf", f"{travel:%d.%m.%Y} 08:{dice.randint(10, 59)}", gap=20)
    p.line("Reisender: Mara Lindqvist", gap=20)
    p.line("Betrag enthält 7% MwSt.", f"{comma(tax)} €")
    p.line("Gesamtpreis", f"{comma(total)} €", font=BOLD)
    p.line(f"Gebucht am {day:%d.%m.%Y} um 17:{dice.randint(10, 59)} Uhr")
    p.line("Zahlung per Kreditkarte", f"{comma(total)} €")
    return p, Truth("rail_de", vendor, day, total, "EUR", tax)


def big_box_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A big shop's slip with article numbers; the day at the foot."""
    vendor = dice.choice(["OfficeBarn", "Mega Saver", "Homestead Supply Co."])
    items = items_of(
        dice, ["PAPER REAM", "TONER BLK", "USB-C CABLE", "DESK LAMP", "BINDERS 4PK", "MARKERS"], (3, 6), (3, 140)
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = rounded(net * Decimal("0.0625")), a_day(dice)
    total = net + tax
    p = Paper(520, MONO, 21)
    p.line(centre=vendor.upper(), font=MONO_BOLD, size=36)
    p.line(centre=f"STORE #{dice.randint(100, 999)}  1200 COMMERCE BLVD")
    p.line(centre="AUSTIN TX 78701", gap=16)
    for name, price in items:
        p.line(f"{dice.randint(10**8, 10**9)} {name}", f"{price} T")
    p.line("SUBTOTAL", f"{net}")
    p.line("TX TAX 6.250%", f"{tax}")
    p.line("**** TOTAL", f"${total}", font=MONO_BOLD)
    p.line("MASTERCARD", f"{total}")
    p.line("CHANGE", "0.00", gap=16)
    p.line(centre=f"ITEMS SOLD {len(items)}")
    p.line(centre=f"YOU SAVED $ {dice.randint(2, 9)}.50 TODAY")
    p.line(centre=f"{day:%m/%d/%y} 0{dice.randint(1, 9)}:{dice.randint(10, 59)} PM")
    return p, Truth("big_box_us", vendor, day, total, "USD", tax, tuple(price for _, price in items))


def studio_uk(dice: random.Random) -> tuple[Paper, Truth]:
    """An invoice with seller and buyer side by side."""
    vendor = dice.choice(["Brightside Studios Ltd", "Hatch Print Co", "The Letter Press Limited"])
    items = items_of(dice, ["Studio hire (day)", "Lighting kit", "Assistant", "Backdrop"], (1, 4), (40, 900))
    net = sum((p for _, p in items), Decimal(0))
    tax, day = rounded(net * Decimal("0.2")), a_day(dice)
    total = net + tax
    p = Paper(1000, SERIF, 24)
    p.line(centre="INVOICE", font=SERIF_BOLD, size=30, gap=20)
    p.line("From", "To")
    p.line(vendor, "Mara Lindqvist", font=SERIF_BOLD)
    p.line("Unit 4, Canal Yard", "18 Mill Lane")
    p.line("Manchester M4 6AB", "Leeds LS1 4DY", gap=26)
    p.line(f"Invoice date: {day:%d %B %Y}", f"Payment due: {(day + timedelta(30)):%d %B %Y}", gap=26)
    for name, price in items:
        p.line(name, f"£{price:,.2f}")
    p.rule()
    p.line(right=f"Net   £{net:,.2f}")
    p.line(right=f"VAT 20%   £{tax:,.2f}")
    p.line(right=f"Total   £{total:,.2f}", font=SERIF_BOLD)
    return p, Truth("studio_uk", vendor, day, total, "GBP", tax, tuple(price for _, price in items))


def bar_es(dice: random.Random) -> tuple[Paper, Truth]:
    """A bar's slip, the day written out."""
    vendor = dice.choice(["Bar La Plaza", "Taberna Los Arcos", "Cafetería Central S.L."])
    items = items_of(dice, ["Café con leche", "Tortilla", "Bocadillo", "Agua mineral", "Caña"], (2, 5), (1, 14))
    total, day = sum((p for _, p in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 10)
    p = Paper(520, NARROW, 23)
    p.line(centre="FACTURA SIMPLIFICADA")
    p.line(centre=vendor, font=BOLD, size=30)
    p.line(centre="C/ Mayor 8, 28013 Madrid")
    p.line(f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}", f"Camarero {dice.randint(1, 9)}", gap=16)
    p.line("Ud. Concepto", "Total")
    for name, price in items:
        p.line(f"1 {name}", comma(price))
    p.rule()
    p.line("Total (IVA incl.)", f"{comma(total)}€", font=BOLD, size=27)
    p.line("Efectivo", f"{comma((total // 10 + 1) * 10)}€")
    p.line("Cambio", f"{comma((total // 10 + 1) * 10 - total)}€")
    p.line(f"10% IVA: {comma(tax)}", f"Base: {comma(total - tax)}")
    return p, Truth("bar_es", vendor, day, total, "EUR", tax, tuple(price for _, price in items))


HELD_BACK: tuple[Layout, ...] = (bookshop_nl, rail_de, big_box_us, studio_uk, bar_es)

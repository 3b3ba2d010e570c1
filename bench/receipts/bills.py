"""Bills on a whole page: layouts that were in view while the reader was tuned."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

from bench.receipts.sheet import BOLD, SANS, SERIF, SERIF_BOLD, Paper, Truth, a_day, comma, items_of, rounded

MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTHS_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def hotel_fr(dice: random.Random) -> tuple[Paper, Truth]:
    """A hotel's bill with net, tax and total; the buyer below the seller."""
    vendor = dice.choice(["Hôtel Bellevue SARL", "Hôtel des Arts", "Auberge du Vieux Port", "Résidence Montclair SAS"])
    nights, price = dice.randint(1, 5), Decimal(dice.randint(70, 190))
    net = rounded(nights * price + Decimal(dice.randint(8, 20)) * nights)
    tax, day = rounded(net * Decimal("0.10")), a_day(dice)
    total = net + tax
    p = Paper(1000, SERIF, 24)
    p.line(vendor, font=SERIF_BOLD, size=38, gap=14)
    p.line("12 rue de la République, 69002 Lyon")
    p.line("SIRET 552 100 554 00013 – TVA FR40303265045", gap=30)
    p.line(
        "FACTURE N° " + str(dice.randint(10000, 99999)),
        f"Lyon, le {day.day} {MONTHS_FR[day.month - 1]} {day.year}",
        gap=26,
    )
    p.line("Facturé à :")
    p.line("Mara Lindqvist Studio SARL", font=SERIF_BOLD)
    p.line("8 quai Voltaire, 75007 Paris", gap=26)
    p.cells((0.04, "Désignation"), (0.6, "Qté"), (0.78, "Prix"), (0.96, "Montant"), font=SERIF_BOLD)
    p.rule()
    p.cells((0.04, "Nuitée chambre double"), (0.6, str(nights)), (0.78, comma(price)), (0.96, comma(nights * price)))
    p.cells(
        (0.04, "Petit déjeuner"),
        (0.6, str(nights)),
        (0.78, comma((net - nights * price) / nights)),
        (0.96, comma(net - nights * price)),
    )
    p.rule()
    p.line(right=f"Total HT   {comma(net)} €")
    p.line(right=f"TVA 10 %   {comma(tax)} €")
    p.line(right=f"Total TTC   {comma(total)} €", font=SERIF_BOLD, size=28, gap=30)
    p.line(f"À régler avant le {(day + timedelta(30)):%d/%m/%Y}. Merci de votre visite.")
    return p, Truth("hotel_fr", vendor, day, total, "EUR", tax, (nights * price, net - nights * price))


def software_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A software house's invoice, the seller on the right."""
    vendor = dice.choice(["Northwind Hosting Inc.", "PixelForge Software LLC", "Cloudmere Inc.", "Quillstack, Inc."])
    items = items_of(
        dice,
        ["Pro plan (monthly)", "Additional seats", "Storage 500 GB", "Priority support", "Domain renewal"],
        (1, 4),
        (9, 1400),
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = rounded(net * Decimal("0.07")), a_day(dice)
    total = net + tax
    p = Paper(1100, SANS, 24)
    p.line("Invoice", vendor, font=BOLD, size=40, gap=16)
    p.line(f"Invoice number  INV-{dice.randint(1000, 9999)}", "548 Market Street")
    p.line(f"Date of issue  {day:%B} {day.day}, {day.year}", "San Francisco, CA 94104")
    due = day + timedelta(14)
    p.line(f"Date due  {due:%B} {due.day}, {due.year}", "billing@example.com", gap=30)
    p.line("Bill to", font=BOLD)
    p.line("Mara Lindqvist Design LLC")
    p.line("22 Elm Street, Portland, OR 97201", gap=30)
    p.line(f"${total:,.2f} due {due:%B} {due.day}, {due.year}", font=BOLD, size=30, gap=24)
    p.cells((0.04, "Description"), (0.6, "Qty"), (0.78, "Unit price"), (0.96, "Amount"))
    p.rule()
    for name, price in items:
        p.cells((0.04, name), (0.6, "1"), (0.78, f"${price:,.2f}"), (0.96, f"${price:,.2f}"))
    p.rule()
    p.cells((0.5, "Subtotal"), (0.96, f"${net:,.2f}"))
    p.cells((0.5, "Tax (7%)"), (0.96, f"${tax:,.2f}"))
    p.cells((0.5, "Total"), (0.96, f"${total:,.2f}"))
    p.cells((0.5, "Amount due"), (0.96, f"${total:,.2f} USD"), font=BOLD)
    return p, Truth("software_us", vendor, day, total, "USD", tax, tuple(price for _, price in items))


def print_shop_de(dice: random.Random) -> tuple[Paper, Truth]:
    """A letter with the seller on the right and once more above the buyer."""
    vendor = dice.choice(
        ["Druckhaus Weber GmbH", "Copyshop am Campus", "Papierwerk Nord e.K.", "Satz & Druck GmbH & Co. KG"]
    )
    items = items_of(
        dice, ["Visitenkarten 250 St.", "Plakate A2", "Broschüren", "Bindung", "Versand"], (2, 4), (8, 900)
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = rounded(net * Decimal("0.19")), a_day(dice)
    total = net + tax
    p = Paper(1050, SANS, 23)
    p.line(right=vendor, font=BOLD, size=34)
    p.line(right="Industrieweg 5, 20537 Hamburg", gap=36)
    p.line(f"{vendor} · Industrieweg 5 · 20537 Hamburg", size=15, gap=12)
    p.line("Mara Lindqvist")
    p.line("Talstraße 3")
    p.line("22765 Hamburg", gap=36)
    p.line(
        "Rechnung Nr. 2026-" + str(dice.randint(100, 999)),
        f"Datum: {day.day}. {MONTHS_DE[day.month - 1]} {day.year}",
        font=BOLD,
    )
    p.line(f"Leistungsdatum: {(day - timedelta(4)):%d.%m.%Y}", gap=26)
    p.cells((0.04, "Pos."), (0.4, "Leistung"), (0.96, "Betrag"), font=BOLD)
    for place, (name, price) in enumerate(items, 1):
        p.cells((0.04, f"{place}   {name}"), (0.96, f"{comma(price)} €"))
    p.rule()
    p.line("Zwischensumme (netto)", f"{comma(net)} €")
    p.line("zzgl. 19 % MwSt.", f"{comma(tax)} €")
    p.line("Gesamtbetrag", f"{comma(total)} €", font=BOLD, size=26, gap=26)
    p.line(f"Bitte überweisen Sie den Betrag bis zum {(day + timedelta(14)):%d.%m.%Y}.")
    p.line("IBAN DE02 1203 0000 0000 2020 51", "USt-IdNr. DE136695976")
    return p, Truth("print_shop_de", vendor, day, total, "EUR", tax, tuple(price for _, price in items))

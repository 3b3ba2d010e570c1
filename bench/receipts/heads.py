"""Layouts whose head is hard: slogans, a sender in small print, two-line names; in view while the reader was mended."""

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


def letter_de(dice: random.Random) -> tuple[Paper, Truth]:
    """A letter: the sender in one small line above the buyer's address, a large title, the legal line at the foot."""
    vendor = dice.choice(["Werkraum Ost GmbH", "Kontor & Söhne KG", "Lichtblick Medien UG", "Tischlerei Hanke e.K."])
    items = items_of(
        dice, ["Beratung vor Ort", "Entwurf Logo", "Korrekturlauf", "Anfahrt", "Montage"], (1, 4), (45, 900)
    )
    net, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = rounded(net * Decimal("0.19"))
    p = Paper(1000, SANS, 23)
    p.line(f"{vendor} · Hafenweg 9 · 18055 Rostock", size=15, gap=16)
    p.line("Frau")
    p.line("Mara Lindqvist")
    p.line("Mühlenweg 4")
    p.line("79098 Freiburg", gap=36)
    p.line(f"Rechnung Nr. {day.year}-{dice.randint(100, 999)}", font=BOLD, size=32)
    p.line("", f"Rostock, {day:%d.%m.%Y}", gap=22)
    p.line("Sehr geehrte Frau Lindqvist,")
    p.line("wir erlauben uns zu berechnen:", gap=18)
    for name, price in items:
        p.line(name, f"{comma(price)} €")
    p.rule()
    p.line(right=f"Nettobetrag   {comma(net)} €")
    p.line(right=f"zzgl. 19 % USt.   {comma(tax)} €")
    p.line(right=f"Rechnungsbetrag   {comma(net + tax)} €", font=BOLD, gap=26)
    p.line(f"Zahlbar bis zum {day + timedelta(14):%d.%m.%Y} ohne Abzug.", gap=26)
    p.line(centre=f"{vendor} · Amtsgericht Rostock · HRB 10{dice.randint(100, 999)}", size=15)
    return p, Truth("letter_de", vendor, day, net + tax, "EUR", tax, tuple(price for _, price in items))


def card_form_us(dice: random.Random) -> tuple[Paper, Truth]:
    """The usual invoice of card processors: a huge title, the seller no larger than the buyer beside it."""
    vendor = dice.choice(["Corvid Cloud", "Palette Systems, Inc.", "Uptime Robotics", "Northbeam Analytics LLC"])
    items = items_of(dice, ["Starter plan", "Extra seats", "Priority support", "Overage"], (1, 3), (5, 240))
    net, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = rounded(net * Decimal("0.07"))
    p = Paper(1000, SANS, 22)
    p.line("Receipt", font=BOLD, size=44, gap=22)
    p.line(f"Invoice number {dice.randint(1000, 9999)}-00{dice.randint(10, 99)}", size=20)
    p.line(f"Date paid {day:%B} {day.day}, {day.year}", size=20)
    p.line("Payment method Visa - 4242", size=20, gap=26)
    p.cells((0.04, vendor), (0.72, "Bill to"), font=BOLD)
    p.cells((0.04, "2261 Market Street"), (0.77, "Mara Lindqvist"))
    p.cells((0.04, "San Francisco, CA 94114"), (0.74, "18 Mill Lane"))
    p.cells((0.04, "United States"), (0.75, "Leeds LS1 4DY"))
    p.y += 26
    p.line(f"${net + tax:,.2f} paid on {day:%B} {day.day}, {day.year}", font=BOLD, size=30, gap=26)
    p.line("Description", "Amount", size=18)
    p.rule()
    for name, price in items:
        p.line(name, f"${price}")
    p.line(right=f"Subtotal   ${net:,.2f}")
    p.line(right=f"Sales tax (7%)   ${tax:,.2f}")
    p.line(right=f"Amount paid   ${net + tax:,.2f}", font=BOLD)
    return p, Truth("card_form_us", vendor, day, net + tax, "USD", tax, tuple(price for _, price in items))


def chemist_fr(dice: random.Random) -> tuple[Paper, Truth]:
    """A chemist's slip: a slogan above the name, the owners' names under it, in the same height."""
    vendor = dice.choice(["Pharmacie du Marché", "Pharmacie des Halles", "Grande Pharmacie Bellecour"])
    items = items_of(dice, ["Doliprane 1000", "Crème solaire", "Pansements", "Sérum phys."], (1, 4), (2, 28))
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 20)
    p = Paper(500, SANS, 21)
    p.line(centre="Votre santé, notre métier")
    p.line(centre=vendor, font=BOLD, size=24)
    p.line(centre="M. Roussel - Mme Petit")
    p.line(centre="12 place du Marché, 69002 Lyon")
    p.line(centre="Tél. 04 78 00 12 34", gap=16)
    p.line(f"Ticket {dice.randint(1000, 9999)}", f"{day:%d/%m/%Y} {dice.randint(9, 18)}:{dice.randint(10, 59)}", gap=14)
    for name, price in items:
        p.line(name, f"{comma(price)} €")
    p.rule()
    p.line("TOTAL TTC", f"{comma(total)} €", font=BOLD)
    p.line("Carte bancaire", f"{comma(total)} €", gap=14)
    p.line(f"dont TVA 20% : {comma(tax)} €")
    return p, Truth("chemist_fr", vendor, day, total, "EUR", tax, tuple(price for _, price in items))


def trattoria_it(dice: random.Random) -> tuple[Paper, Truth]:
    """A name over two tall lines, the firm behind it in small print."""
    kind = dice.choice(["TRATTORIA", "OSTERIA", "PIZZERIA"])
    name = dice.choice(["da Luigi", "al Porto", "La Lanterna"])
    items = items_of(dice, ["Coperto", "Spaghetti vongole", "Acqua frizzante", "Tiramisù", "Caffè"], (3, 5), (1.5, 19))
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 10)
    p = Paper(500, MONO, 21)
    p.line(centre=kind, font=SERIF_BOLD, size=36)
    p.line(centre=name, font=SERIF_BOLD, size=36, gap=14)
    p.line(centre="di Bianchi Luca & C. snc", size=18)
    p.line(centre="Via Garibaldi 22, 16124 Genova")
    p.line(centre="P.IVA 01234567890", gap=14)
    p.line(centre="DOCUMENTO COMMERCIALE")
    p.line(centre="di vendita o prestazione", gap=14)
    for what, price in items:
        p.line(what, comma(price))
    p.line("TOTALE COMPLESSIVO", comma(total), font=MONO_BOLD)
    p.line("di cui IVA", comma(tax))
    p.line("Pagamento contante €", comma(total), gap=14)
    p.line(
        f"{day:%d-%m-%Y} {dice.randint(12, 22)}:{dice.randint(10, 59)}",
        f"DOC. N. 00{dice.randint(10, 99)}-0{dice.randint(100, 999)}",
    )
    return p, Truth("trattoria_it", f"{kind} {name}", day, total, "EUR", tax, tuple(price for _, price in items))


def ride_mail(dice: random.Random) -> tuple[Paper, Truth]:
    """A ride's mail: the day and the sum tall at the top, the name once in a corner, a driver's name below."""
    vendor = dice.choice(["Swiftcab", "Ridewell", "Hopin Rides"])
    parts = items_of(dice, ["Trip fare", "Booking fee", "Airport surcharge"], (2, 3), (2, 30))
    total, day = sum((price for _, price in parts), Decimal(0)), a_day(dice)
    p = Paper(820, NARROW, 24)
    p.line(vendor, f"{day.day} {day:%B} {day.year}", font=BOLD, size=26, gap=24)
    p.line("Thanks for riding, Mara", font=BOLD, size=38)
    p.line("We hope you enjoyed your ride this evening.", gap=24)
    p.line("Total", f"£{total}", font=BOLD, size=40)
    p.rule()
    for name, price in parts:
        p.line(name, f"£{price}")
    p.rule()
    p.line("Payments", size=20)
    p.line("Visa ••••4242", f"£{total}", gap=20)
    p.line("You rode with Tomasz", font=BOLD)
    p.line(f"{dice.randint(2, 14)}.{dice.randint(10, 99)} miles | {dice.randint(9, 45)} min")
    p.line("Fares do not include VAT.", size=17)
    return p, Truth("ride_mail", vendor, day, total, "GBP", Decimal(0), tuple(price for _, price in parts))


HEADS: tuple[Layout, ...] = (letter_de, card_form_us, chemist_fr, trattoria_it, ride_mail)

"""Five layouts of which only the figures have been looked at: how they are misread is not known to who tunes."""

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


def tip_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A restaurant's slip with the tip written in, and tips suggested below."""
    vendor = dice.choice(["Osteria Nonna", "The Copper Ladle", "Pho Saigon House", "Riverside Grill & Bar"])
    dishes = ["Margherita", "House Salad", "Ribeye 10oz", "Iced Tea", "Tiramisu", "Pho Dac Biet"]
    items = items_of(dice, dishes, (2, 5), (3, 42))
    net, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax, tip = rounded(net * Decimal("0.095")), rounded(net * Decimal("0.2"))
    total = net + tax + tip
    p = Paper(500, SANS, 21)
    p.line(centre=vendor, font=SERIF_BOLD, size=30)
    p.line(centre="2210 Sunset Blvd, Los Angeles", gap=14)
    p.line("Server: Dana", f"Table {dice.randint(2, 30)}")
    p.line(f"Guests: {dice.randint(1, 6)}", f"{day:%m-%d-%Y} 7:{dice.randint(10, 59)} PM", gap=14)
    for name, price in items:
        p.line(f"1 {name}", f"{price}")
    p.rule()
    p.line("Subtotal", f"{net}")
    p.line("Tax", f"{tax}")
    p.line("Tip", f"{tip}")
    p.line("Total", f"${total}", font=BOLD, size=26, gap=18)
    for rate in (18, 20, 25):
        p.line(centre=f"{rate}% = ${rounded(net * rate / 100)}", size=16)
    p.line(centre="Come back soon", gap=10)
    return p, Truth("tip_us", vendor, day, total, "USD", tax, tuple(price for _, price in items))


def corner_shop_se(dice: random.Random) -> tuple[Paper, Truth]:
    """Swedish crowns: an ISO day, `kr` behind the sums, words the reader was not tuned on."""
    vendor = dice.choice(["Söderbutiken AB", "Kafé Lilla Torget", "Järnhandeln i Solna", "Papper & Penna"])
    items = items_of(
        dice, ["Kanelbulle", "Bryggkaffe", "Skruv 4x40", "Anteckningsbok", "Tejp", "Smörgås"], (2, 5), (12, 240)
    )
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 25)
    p = Paper(500, MONO, 21)
    p.line(centre=vendor, font=MONO_BOLD, size=27)
    p.line(centre="Götgatan 31, 116 21 Stockholm")
    p.line(centre="Org.nr 556677-8899", gap=14)
    p.line(f"{day:%Y-%m-%d} {dice.randint(10, 19)}:{dice.randint(10, 59)}", f"Kvitto {dice.randint(100, 9999)}", gap=14)
    for name, price in items:
        p.line(name, comma(price))
    p.rule()
    p.line("Att betala SEK", comma(total), font=MONO_BOLD, size=25)
    p.line("Kontokort", comma(total), gap=14)
    p.line("Moms 25%", comma(tax))
    p.line("Netto", comma(total - tax), gap=14)
    p.line(centre="Tack och välkommen åter")
    return p, Truth("corner_shop_se", vendor, day, total, "SEK", tax, tuple(price for _, price in items))


def workshop_de(dice: random.Random) -> tuple[Paper, Truth]:
    """A garage's invoice: quantity, single price and sum in columns, the letterhead small and at the foot too."""
    vendor = dice.choice(["Autohaus Brenner GmbH", "Zweirad Pohl", "Schreinerei Huber & Sohn", "IT-Service Kraus e.K."])
    items = items_of(
        dice, ["Inspektion", "Ölfilter", "Arbeitszeit", "Bremsflüssigkeit", "Kleinteile"], (2, 5), (4, 310)
    )
    counts = [dice.randint(1, 4) for _ in items]
    costs = tuple(price * n for (_, price), n in zip(items, counts, strict=True))
    net, day = sum(costs, Decimal(0)), a_day(dice)
    tax = rounded(net * Decimal("0.19"))
    total = net + tax
    p = Paper(1050, SERIF, 22)
    p.line(vendor, font=SERIF_BOLD, size=28)
    p.line("Gewerbering 12 · 89077 Ulm", gap=34)
    p.line("Frau Mara Lindqvist", f"Kunden-Nr. {dice.randint(10000, 99999)}")
    p.line("Talstraße 3", f"Rechnungs-Nr. {dice.randint(10000, 99999)}")
    p.line("22765 Hamburg", f"Rechnungsdatum {day:%d.%m.%Y}", gap=34)
    p.line("RECHNUNG", font=SERIF_BOLD, size=26, gap=20)
    p.cells((0.04, "Bezeichnung"), (0.55, "Menge"), (0.75, "Einzelpreis"), (0.96, "Gesamt €"), font=SERIF_BOLD)
    p.rule()
    for (name, price), n, cost in zip(items, counts, costs, strict=True):
        p.cells((0.04, name), (0.55, f"{n},00"), (0.75, comma(price)), (0.96, comma(cost)))
    p.rule()
    p.line(right=f"Nettobetrag   {comma(net)}")
    p.line(right=f"19 % Umsatzsteuer   {comma(tax)}")
    p.line(right=f"Rechnungsbetrag   {comma(total)}", font=SERIF_BOLD, gap=26)
    p.line(f"Zahlbar bis {(day + timedelta(10)):%d.%m.%Y} ohne Abzug.")
    p.line(f"{vendor} · Ulmer Volksbank · IBAN DE12 6305 0000 0002 1234 56 · USt-IdNr. DE811234567", size=15)
    return p, Truth("workshop_de", vendor, day, total, "EUR", tax, costs)


def car_park_fr(dice: random.Random) -> tuple[Paper, Truth]:
    """A car park's ticket: times in and out with days, a duration, one sum, the operator below the title."""
    vendor = dice.choice(["Parcus Centre", "Indigot Gare Sud", "Parking Bellecour SA", "EffiPark Opéra"])
    total, out = Decimal(dice.randint(12, 290)) / 10, a_day(dice)
    tax = tax_inside(total, 20)
    p = Paper(430, NARROW, 23)
    p.line(centre="REÇU DE PAIEMENT", font=BOLD, size=25)
    p.line(centre=vendor, font=BOLD, size=27)
    p.line(centre="3 place de la Gare, 67000 Strasbourg", size=17, gap=16)
    p.line("Entrée", f"{out:%d/%m/%Y} 08:{dice.randint(10, 59)}")
    p.line("Sortie", f"{out:%d/%m/%Y} 1{dice.randint(1, 9)}:{dice.randint(10, 59)}")
    p.line("Durée", f"{dice.randint(1, 9)} h {dice.randint(10, 59)}", gap=14)
    p.line("MONTANT TTC", f"{comma(total)} €", font=BOLD, size=27)
    p.line("dont TVA 20,00 %", f"{comma(tax)} €")
    p.line("Carte bancaire", f"{comma(total)} €", gap=14)
    p.line(centre="Bonne route")
    return p, Truth("car_park_fr", vendor, out, total, "EUR", tax, ())


def air_ticket(dice: random.Random) -> tuple[Paper, Truth]:
    """An airline's mail: days as 14MAR25, a fare and fees in a currency's letters before the sums."""
    vendor = dice.choice(["Aurora Airways", "Transmeridian Air Ltd", "Skyfare Travel Inc.", "Baltic Wings"])
    fare, fees, tax = (rounded(Decimal(str(dice.uniform(low, high)))) for low, high in ((80, 900), (9, 60), (12, 140)))
    day, total = a_day(dice), fare + fees + tax
    flight = day + timedelta(dice.randint(4, 60))
    p = Paper(960, MONO, 22)
    p.line(vendor, font=BOLD, size=34, gap=16)
    p.line("ELECTRONIC TICKET RECEIPT", font=MONO_BOLD)
    p.line("PASSENGER: LINDQVIST/MARA MS")
    p.line(f"ISSUED: {day:%d%b%y}".upper(), f"BOOKING REF: {dice.choice(['QX7T2M', 'LR4K9P', 'ZB2HHD'])}", gap=18)
    p.line("FLIGHT  FROM        TO          DEPARTS")
    p.line(
        f"AW {dice.randint(100, 999)}  LONDON LHR  OSLO OSL    {flight:%d%b%y} 0{dice.randint(6, 9)}:15".upper(), gap=18
    )
    p.line(f"FARE            GBP {fare}")
    p.line(f"CARRIER FEES    GBP {fees}")
    p.line(f"TAXES           GBP {tax}")
    p.line(f"TOTAL           GBP {total}", font=MONO_BOLD, gap=18)
    p.line("FORM OF PAYMENT: MASTERCARD XXXX5512")
    return p, Truth("air_ticket", vendor, day, total, "GBP", tax, (fare, fees))


UNSEEN: tuple[Layout, ...] = (tip_us, corner_shop_se, workshop_de, car_park_fr, air_ticket)

"""Five layouts drawn with those of `heads`, of which only the figures have been looked at."""

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


def car_park_de(dice: random.Random) -> tuple[Paper, Truth]:
    """A car park's slip: the title first, times to read for dates, the operator in small letters."""
    vendor = dice.choice(["Parkhaus am Dom", "City-Parken Altstadt GmbH", "Parkgarage Zentrum"])
    day, total = a_day(dice), Decimal(dice.randint(4, 38)) / 2
    tax = tax_inside(total, 19)
    p = Paper(420, MONO, 20)
    p.line(centre="QUITTUNG", font=MONO_BOLD, size=24)
    p.line(centre=vendor)
    p.line(centre="Domplatz 1, 50667 Köln", gap=16)
    p.line("Einfahrt", f"{day:%d.%m.%Y} 09:{dice.randint(10, 59)}")
    p.line("Ausfahrt", f"{day:%d.%m.%Y} 14:{dice.randint(10, 59)}")
    p.line("Parkdauer", f"5h {dice.randint(10, 59)}min", gap=14)
    p.line("Gesamt EUR", comma(total), font=MONO_BOLD)
    p.line("inkl. 19% MwSt", comma(tax))
    p.line("girocard", comma(total), gap=14)
    p.line(centre="Gute Fahrt!")
    return p, Truth("car_park_de", vendor, day, total, "EUR", tax)


def person_uk(dice: random.Random) -> tuple[Paper, Truth]:
    """A freelancer's invoice: a person's name, a profession under it, the buyer named as "For"."""
    vendor = dice.choice(["Harriet Cole", "Owen Pritchard", "Priya Raman", "Callum Reid"])
    items = items_of(dice, ["Photography, half day", "Retouching", "Licence, 2 years", "Mileage"], (1, 4), (40, 650))
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    p = Paper(960, SERIF, 23)
    p.line(vendor, "INVOICE", font=SERIF_BOLD, size=30)
    p.line("Photographer", f"No. {dice.randint(10, 99)}/{day.year}")
    p.line("5 Orchard Close, Bristol BS1 5TR", f"{day.day} {day:%B} {day.year}", gap=30)
    p.line("For:")
    p.line("Lindqvist Design")
    p.line("Leeds LS1 4DY", gap=26)
    for name, price in items:
        p.line(name, f"£{price:,.2f}")
    p.rule()
    p.line("", f"Total due  £{total:,.2f}", font=SERIF_BOLD, gap=24)
    p.line(f"Payment by {day + timedelta(30):%d %B %Y}. Sort code 20-00-00. Not registered for VAT.", size=18)
    return p, Truth("person_uk", vendor, day, total, "GBP", Decimal(0), tuple(price for _, price in items))


def airline_us(dice: random.Random) -> tuple[Paper, Truth]:
    """An airline's receipt: a tall title, passenger and route, the airline's name at the right of the head."""
    vendor = dice.choice(["Pacific Crest Airlines", "Blue Mesa Air", "TransLake Airways Inc."])
    fare = rounded(Decimal(str(dice.uniform(89, 720))))
    day = a_day(dice)
    tax = rounded(fare * Decimal("0.075"))
    flight = day + timedelta(dice.randint(5, 60))
    p = Paper(980, SANS, 22)
    p.line("Itinerary and receipt", vendor, font=BOLD, size=28, gap=24)
    p.line(f"Confirmation code: K{dice.randint(10, 99)}QLX", f"Issued: {day:%b %d, %Y}", gap=18)
    p.line("Passenger", "Seat")
    p.line("LINDQVIST / MARA", f"{dice.randint(4, 31)}C", gap=18)
    p.line(f"Departure {flight:%a, %b %d, %Y}", "DEN - SEA", gap=20)
    p.line("Airfare", f"{fare} USD")
    p.line("U.S. transportation tax", f"{tax} USD")
    p.rule()
    p.line("Total", f"{fare + tax} USD", font=BOLD)
    p.line("Paid with Mastercard ending 5512", gap=20)
    p.line(f"Thank you for flying {vendor}.", size=17)
    return p, Truth("airline_us", vendor, day, fare + tax, "USD", tax, (fare,))


def cafe_se(dice: random.Random) -> tuple[Paper, Truth]:
    """A Swedish café: a welcome and a slogan round the name, an organisation's number, kronor."""
    vendor = dice.choice(["Kaffekvarnen", "Bageri Petrus AB", "Lilla Fikarummet"])
    items = items_of(dice, ["Kanelbulle", "Bryggkaffe", "Räkmacka", "Semla", "Te"], (2, 4), (25, 139))
    total, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 12)
    p = Paper(480, SANS, 21)
    p.line(centre="Välkommen till")
    p.line(centre=vendor, font=BOLD, size=28)
    p.line(centre="Fika sedan 1924")
    p.line(centre="Swedenborgsgatan 4, Stockholm")
    p.line(centre="Org.nr 556677-8899", gap=16)
    p.line(f"Kvitto {dice.randint(100, 9999)}", f"{day:%Y-%m-%d} {dice.randint(8, 17)}:{dice.randint(10, 59)}", gap=14)
    for name, price in items:
        p.line(f"1 {name}", comma(price))
    p.rule()
    p.line("Totalt SEK", comma(total), font=BOLD)
    p.line("Kort", comma(total))
    p.line("Moms 12%", comma(tax), gap=14)
    p.line(centre="Tack och välkommen åter!")
    return p, Truth("cafe_se", vendor, day, total, "SEK", tax, tuple(price for _, price in items))


def agency_es(dice: random.Random) -> tuple[Paper, Truth]:
    """An agency's invoice: buyer at the left and seller at the right, both with tax numbers, withholding taken off."""
    vendor = dice.choice(["Estudio Cuatro S.L.", "Imprenta Sol y Luna", "Gestoría Alameda S.L."])
    items = items_of(dice, ["Diseño de folleto", "Impresión A5", "Gestión mensual", "Envío"], (1, 4), (20, 600))
    net, day = sum((price for _, price in items), Decimal(0)), a_day(dice)
    tax = rounded(net * Decimal("0.21"))
    p = Paper(980, NARROW, 23)
    p.line("FACTURA", f"Nº {day.year}/0{dice.randint(10, 99)}", font=BOLD, size=30, gap=22)
    p.line("CLIENTE", "EMISOR", size=18)
    p.line("Mara Lindqvist", vendor, font=BOLD)
    p.line("NIE X1234567L", "CIF B12345678")
    p.line("C/ Luna 3, 28004 Madrid", "Av. del Puerto 40, 46023 Valencia", gap=24)
    p.line(f"Fecha: {day:%d/%m/%Y}", f"Vencimiento: {day + timedelta(30):%d/%m/%Y}", gap=22)
    for name, price in items:
        p.line(name, f"{comma(price)} €")
    p.rule()
    p.line(right=f"Base imponible   {comma(net)} €")
    p.line(right=f"IVA 21%   {comma(tax)} €")
    p.line(right=f"TOTAL FACTURA   {comma(net + tax)} €", font=BOLD)
    return p, Truth("agency_es", vendor, day, net + tax, "EUR", tax, tuple(price for _, price in items))


HEADS_UNSEEN: tuple[Layout, ...] = (car_park_de, person_uk, airline_us, cafe_se, agency_es)

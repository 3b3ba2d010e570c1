"""Slips from a till: layouts that were in view while the reader was tuned."""

from __future__ import annotations

import random
from decimal import Decimal

from bench.receipts.sheet import (
    BOLD,
    MONO,
    MONO_BOLD,
    NARROW,
    SANS,
    SERIF_BOLD,
    Paper,
    Truth,
    a_day,
    comma,
    items_of,
    rounded,
    tax_inside,
)


def supermarket_de(dice: random.Random) -> tuple[Paper, Truth]:
    """A supermarket's slip with a table of tax at the foot."""
    vendor = dice.choice(["Frischmarkt Lindner", "EDEKO Schwarzwald", "Biohof Marktkauf", "Kaufland am Tor"])
    items = items_of(
        dice,
        [
            "VOLLMILCH 3,5%",
            "BUTTER 250G",
            "BROT ROGGEN",
            "ÄPFEL KG",
            "KÄSE GOUDA",
            "MÜLLBEUTEL",
            "KAFFEE CREMA",
            "NUDELN 500G",
        ],
        (3, 7),
        (0.6, 9),
    )
    day, total = a_day(dice), sum((p for _, p in items), Decimal(0))
    given = (total // 10 + 1) * 10
    p = Paper(560, MONO, 22)
    p.line(centre=vendor, font=MONO_BOLD, size=30)
    p.line(centre=f"Hauptstr. {dice.randint(1, 99)}")
    p.line(centre="79098 Freiburg")
    p.line(centre="UID Nr.: DE812706034")
    p.line(right="EUR", gap=10)
    for name, price in items:
        p.line(name, f"{comma(price)} B")
    p.line("-" * 34)
    p.line("SUMME       EUR", comma(total), font=MONO_BOLD, size=26)
    p.line("-" * 34)
    p.line("Geg. BAR    EUR", comma(given))
    p.line("Rückgeld    EUR", comma(given - total), gap=20)
    tax = tax_inside(total, 7)
    p.line("Steuer %   Netto   Steuer", "Brutto")
    p.line(f"B= 7,0%  {comma(total - tax)}   {comma(tax)}", comma(total))
    p.line(f"{day:%d.%m.%Y}  {dice.randint(8, 19)}:{dice.randint(10, 59)}", f"Bon-Nr.:{dice.randint(1000, 9999)}")
    p.line(centre="Vielen Dank für Ihren Einkauf!")
    return p, Truth("supermarket_de", vendor, day, total, "EUR", tax, tuple(price for _, price in items))


def cafe_us(dice: random.Random) -> tuple[Paper, Truth]:
    """A café's slip with tax on top and an empty line for a tip."""
    vendor = dice.choice(["Blue Heron Coffee", "Mission Street Diner", "The Daily Grind", "Sunrise Bagels LLC"])
    items = items_of(
        dice,
        ["Latte 12oz", "Cold Brew", "Avocado Toast", "Blueberry Muffin", "Breakfast Burrito", "Orange Juice"],
        (2, 5),
        (2.5, 16),
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = rounded(net * Decimal("0.08875")), a_day(dice)
    total = net + tax
    p = Paper(520, SANS, 22)
    p.line(centre=vendor, font=BOLD, size=34, gap=12)
    p.line(centre=f"{dice.randint(100, 999)} Valencia St")
    p.line(centre="San Francisco, CA 94110")
    p.line(centre="(415) 555-0134", gap=20)
    p.line(f"Order #{dice.randint(10, 99)}", f"{day:%m/%d/%Y} {dice.randint(7, 11)}:{dice.randint(10, 59)} AM")
    p.rule()
    for name, price in items:
        p.line(f"1 {name}", f"${price}")
    p.rule()
    p.line("Subtotal", f"${net}")
    p.line("Sales Tax 8.875%", f"${tax}")
    p.line("Total", f"${total}", font=BOLD, size=28)
    p.line("Visa ending 4242", f"${total}", gap=24)
    p.line("Tip: ____________")
    p.line(centre="Thank you! See you again soon")
    return p, Truth("cafe_us", vendor, day, total, "USD", tax, tuple(price for _, price in items))


def taxi_uk(dice: random.Random) -> tuple[Paper, Truth]:
    """A taxi's slip."""
    vendor = dice.choice(["City Cabs Ltd", "Harbour Taxis", "Northern Star Cars Ltd", "Elm Park Minicabs"])
    fare, extra = rounded(Decimal(str(dice.uniform(6, 60)))), rounded(Decimal(str(dice.uniform(0.5, 5))))
    day, total = a_day(dice), fare + extra
    p = Paper(480, NARROW, 24)
    p.line(centre="TAXI RECEIPT", font=BOLD, size=26)
    p.line(centre=vendor, font=BOLD, size=28, gap=16)
    p.line("Date", f"{day.day} {day:%b %Y}")
    p.line("Time", f"{dice.randint(10, 23)}:{dice.randint(10, 59)}")
    p.line("Cab no.", str(dice.randint(100, 999)))
    p.line("Distance", f"{dice.randint(2, 19)}.{dice.randint(1, 9)} miles", gap=18)
    p.line("Fare", f"£{fare}")
    p.line("Extras", f"£{extra}")
    p.line("TOTAL", f"£{total}", font=BOLD, size=30, gap=16)
    p.line(centre="Paid by card")
    p.line(centre="www.example.co.uk")
    return p, Truth("taxi_uk", vendor, day, total, "GBP", Decimal(0), (fare, extra))


def petrol_es(dice: random.Random) -> tuple[Paper, Truth]:
    """A petrol station's slip: litres times price."""
    vendor = dice.choice(
        ["Estación El Olivar S.L.", "Gasolinera Costa Sur", "Carburantes Levante S.A.", "E.S. La Encina"]
    )
    litres, rate = rounded(Decimal(str(dice.uniform(8, 55)))), Decimal(str(dice.randint(1350, 1799))) / 1000
    total, day = rounded(litres * rate), a_day(dice)
    tax = tax_inside(total, 21)
    p = Paper(540, MONO, 22)
    p.line(centre=vendor, font=MONO_BOLD, size=26)
    p.line(centre="CIF: B12345674")
    p.line(centre="Ctra. N-340 km 152, Almería", gap=16)
    p.line(f"Fecha: {day:%d/%m/%y}", f"Hora: {dice.randint(8, 22)}:{dice.randint(10, 59)}")
    p.line(f"Ticket: {dice.randint(100000, 999999)}", gap=16)
    p.line("PRODUCTO", "IMPORTE")
    p.line("GASOLINA 95", comma(total))
    p.line(f"  {comma(litres)} L x {str(rate).replace('.', ',')} EUR/L", gap=16)
    p.line("TOTAL EUR", comma(total), font=MONO_BOLD, size=28)
    p.line("Base imponible", comma(total - tax))
    p.line("IVA 21%", comma(tax))
    p.line("TARJETA", comma(total), gap=16)
    p.line(centre="GRACIAS POR SU VISITA")
    return p, Truth("petrol_es", vendor, day, total, "EUR", tax, (total,))


def pharmacy_it(dice: random.Random) -> tuple[Paper, Truth]:
    """An Italian commercial document, the day at the foot."""
    vendor = dice.choice(["Farmacia San Marco", "Cartoleria Rossi S.r.l.", "Ferramenta Bianchi", "Libreria Al Ponte"])
    items = items_of(
        dice, ["ASPIRINA C", "CEROTTI", "CREMA MANI", "VITAMINE", "QUADERNO A4", "PENNA BLU"], (1, 5), (1.2, 24)
    )
    total, day = sum((p for _, p in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 22)
    p = Paper(540, MONO, 22)
    p.line(centre=vendor.upper(), font=MONO_BOLD, size=28)
    p.line(centre="Via Garibaldi 14 - 30121 Venezia")
    p.line(centre="P.IVA 01234567890", gap=14)
    p.line(centre="DOCUMENTO COMMERCIALE")
    p.line(centre="di vendita o prestazione", gap=14)
    p.line("DESCRIZIONE    IVA", "Prezzo(€)")
    for name, price in items:
        p.line(f"{name:<15}22%", comma(price))
    p.line()
    p.line("TOTALE COMPLESSIVO", comma(total), font=MONO_BOLD, size=24)
    p.line("di cui IVA", comma(tax), gap=14)
    p.line("Pagamento elettronico", comma(total))
    p.line("Importo pagato", comma(total), gap=14)
    p.line(centre=f"{day:%d-%m-%Y} {dice.randint(9, 19)}:{dice.randint(10, 59)}")
    p.line(centre=f"DOCUMENTO N. {dice.randint(1000, 9999)}-{dice.randint(1000, 9999)}")
    return p, Truth("pharmacy_it", vendor, day, total, "EUR", tax, tuple(price for _, price in items))


def hardware_uk(dice: random.Random) -> tuple[Paper, Truth]:
    """A shop's slip with counts times prices on a line below the name."""
    vendor = dice.choice(["Harrow Hardware", "Pembroke DIY Ltd", "Toolbox & Sons", "Greenleaf Garden Centre"])
    items = items_of(
        dice, ["WOOD SCREWS 4MM", "MASKING TAPE", "PAINT BRUSH 2IN", "LED BULB E27", "SANDPAPER P120"], (2, 5), (1, 18)
    )
    counts = [dice.randint(1, 3) for _ in items]
    costs = tuple(price * n for (_, price), n in zip(items, counts, strict=True))
    total, day = sum(costs, Decimal(0)), a_day(dice)
    given = (total // 20 + 1) * 20
    p = Paper(520, SANS, 22)
    p.line(centre=vendor, font=SERIF_BOLD, size=32)
    p.line(centre="45 High Street, Oxford OX1 4AP")
    p.line(centre="Tel 01865 496 0123")
    p.line(centre="VAT No. GB 123 4567 82", gap=18)
    for (name, price), n in zip(items, counts, strict=True):
        if n > 1:
            p.line(name)
            p.line(f"   {n} @ £{price}", f"{price * n}")
        else:
            p.line(name, f"{price}")
    p.rule()
    p.line("TOTAL TO PAY", f"£{total}", font=BOLD, size=28)
    p.line("CASH", f"£{given:.2f}")
    p.line("CHANGE", f"£{given - total:.2f}", gap=18)
    tax = tax_inside(total, 20)
    p.line("VAT @ 20% included", f"£{tax}")
    p.line(f"{day:%d/%m/%Y} {dice.randint(9, 17)}:{dice.randint(10, 59)}", f"Till {dice.randint(1, 9)}")
    p.line(centre="Please retain your receipt")
    return p, Truth(
        "hardware_uk",
        vendor,
        day,
        total,
        "GBP",
        tax,
        tuple(price * n for (_, price), n in zip(items, counts, strict=True)),
    )


def restaurant_pt(dice: random.Random) -> tuple[Paper, Truth]:
    """A restaurant's simplified invoice."""
    vendor = dice.choice(["Tasca do Bairro", "Restaurante O Farol, Lda", "Pastelaria Aurora", "Cervejaria Mar Azul"])
    items = items_of(
        dice, ["Bacalhau à Brás", "Sopa do dia", "Água 0,5L", "Café", "Pastel de nata", "Vinho tinto"], (2, 6), (1, 19)
    )
    total, day = sum((p for _, p in items), Decimal(0)), a_day(dice)
    tax = tax_inside(total, 13)
    p = Paper(560, NARROW, 24)
    p.line(centre=vendor, font=BOLD, size=32)
    p.line(centre="Rua das Flores 27, 1200-194 Lisboa")
    p.line(centre="NIF 501 442 600", gap=16)
    p.line("Fatura simplificada FS 2/" + str(dice.randint(100, 9999)))
    p.line(f"Data: {day:%Y-%m-%d}", f"Mesa {dice.randint(1, 30)}", gap=16)
    p.line("Qtd  Artigo", "Valor")
    for name, price in items:
        p.line(f"1  {name}", f"{comma(price)} €")
    p.rule()
    p.line("TOTAL", f"{comma(total)} €", font=BOLD, size=34)
    p.line("Multibanco", f"{comma(total)} €", gap=16)
    p.line("Taxa   Base   IVA")
    p.line(f"13%   {comma(total - tax)}   {comma(tax)}", gap=16)
    p.line(centre="Obrigado e volte sempre!")
    return p, Truth("restaurant_pt", vendor, day, total, "EUR", tax, tuple(price for _, price in items))

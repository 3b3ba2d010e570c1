"""Receipts and invoices drawn for measuring: fifteen layouts in seven languages, photographed badly.

The first ten layouts were in view while the reader was tuned; the five of `HELD_BACK` were drawn afterwards.
Nothing here is shared with the reader in `integrations.media.images`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

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


@dataclass
class Paper:
    """A sheet that is written on from the top; `y` is where the next line goes."""

    width: int
    font: str = SANS
    size: int = 24
    y: int = 40
    marks: list[tuple[tuple[float, float], str, ImageFont.FreeTypeFont, str]] = field(default_factory=list)
    rules: list[int] = field(default_factory=list)

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

    def rule(self, gap: int = 14) -> None:
        """A drawn line across."""
        self.rules.append(self.y + gap // 2)
        self.y += gap + 4

    def drawn(self) -> Image.Image:
        """The sheet."""
        image = Image.new("RGB", (self.width, self.y + 40), (253, 252, 248))
        pen = ImageDraw.Draw(image)
        for place, text, face, anchor in self.marks:
            pen.text(place, text, font=face, fill=(25, 25, 30), anchor=anchor)
        for y in self.rules:
            pen.line((40, y, self.width - 40, y), fill=(60, 60, 60), width=2)
        return image


def _round(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _items(
    dice: random.Random, names: list[str], count: tuple[int, int], price: tuple[float, float]
) -> list[tuple[str, Decimal]]:
    chosen = dice.sample(names, min(dice.randint(*count), len(names)))
    return [(name, _round(Decimal(str(dice.uniform(*price))))) for name in chosen]


def _comma(value: Decimal) -> str:
    return f"{value:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")


def _day(dice: random.Random) -> date:
    return date(2025, 1, 3) + timedelta(days=dice.randint(0, 640))


def _inside(total: Decimal, rate: int) -> Decimal:
    return _round(total - total / (1 + Decimal(rate) / 100))


def _supermarket_de(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Frischmarkt Lindner", "EDEKO Schwarzwald", "Biohof Marktkauf", "Kaufland am Tor"])
    items = _items(
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
    day, total = _day(dice), sum((p for _, p in items), Decimal(0))
    given = (total // 10 + 1) * 10
    p = Paper(560, MONO, 22)
    p.line(centre=vendor, font=MONO_BOLD, size=30)
    p.line(centre=f"Hauptstr. {dice.randint(1, 99)}")
    p.line(centre="79098 Freiburg")
    p.line(centre="UID Nr.: DE812706034")
    p.line(right="EUR", gap=10)
    for name, price in items:
        p.line(name, f"{_comma(price)} B")
    p.line("-" * 34)
    p.line("SUMME       EUR", _comma(total), font=MONO_BOLD, size=26)
    p.line("-" * 34)
    p.line("Geg. BAR    EUR", _comma(given))
    p.line("Rückgeld    EUR", _comma(given - total), gap=20)
    tax = _inside(total, 7)
    p.line("Steuer %   Netto   Steuer", "Brutto")
    p.line(f"B= 7,0%  {_comma(total - tax)}   {_comma(tax)}", _comma(total))
    p.line(f"{day:%d.%m.%Y}  {dice.randint(8, 19)}:{dice.randint(10, 59)}", f"Bon-Nr.:{dice.randint(1000, 9999)}")
    p.line(centre="Vielen Dank für Ihren Einkauf!")
    return p, Truth("supermarket_de", vendor, day, total, "EUR", tax)


def _cafe_us(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Blue Heron Coffee", "Mission Street Diner", "The Daily Grind", "Sunrise Bagels LLC"])
    items = _items(
        dice,
        ["Latte 12oz", "Cold Brew", "Avocado Toast", "Blueberry Muffin", "Breakfast Burrito", "Orange Juice"],
        (2, 5),
        (2.5, 16),
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = _round(net * Decimal("0.08875")), _day(dice)
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
    return p, Truth("cafe_us", vendor, day, total, "USD", tax)


def _taxi_uk(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["City Cabs Ltd", "Harbour Taxis", "Northern Star Cars Ltd", "Elm Park Minicabs"])
    fare, extra = _round(Decimal(str(dice.uniform(6, 60)))), _round(Decimal(str(dice.uniform(0.5, 5))))
    day, total = _day(dice), fare + extra
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
    return p, Truth("taxi_uk", vendor, day, total, "GBP", Decimal(0))


MONTHS_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
MONTHS_ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()


def _hotel_fr(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Hôtel Bellevue SARL", "Hôtel des Arts", "Auberge du Vieux Port", "Résidence Montclair SAS"])
    nights, price = dice.randint(1, 5), Decimal(dice.randint(70, 190))
    net = _round(nights * price + Decimal(dice.randint(8, 20)) * nights)
    tax, day = _round(net * Decimal("0.10")), _day(dice)
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
    p.cells((0.04, "Nuitée chambre double"), (0.6, str(nights)), (0.78, _comma(price)), (0.96, _comma(nights * price)))
    p.cells(
        (0.04, "Petit déjeuner"),
        (0.6, str(nights)),
        (0.78, _comma((net - nights * price) / nights)),
        (0.96, _comma(net - nights * price)),
    )
    p.rule()
    p.line(right=f"Total HT   {_comma(net)} €")
    p.line(right=f"TVA 10 %   {_comma(tax)} €")
    p.line(right=f"Total TTC   {_comma(total)} €", font=SERIF_BOLD, size=28, gap=30)
    p.line(f"À régler avant le {(day + timedelta(30)):%d/%m/%Y}. Merci de votre visite.")
    return p, Truth("hotel_fr", vendor, day, total, "EUR", tax)


def _petrol_es(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(
        ["Estación El Olivar S.L.", "Gasolinera Costa Sur", "Carburantes Levante S.A.", "E.S. La Encina"]
    )
    litres, rate = _round(Decimal(str(dice.uniform(8, 55)))), Decimal(str(dice.randint(1350, 1799))) / 1000
    total, day = _round(litres * rate), _day(dice)
    tax = _inside(total, 21)
    p = Paper(540, MONO, 22)
    p.line(centre=vendor, font=MONO_BOLD, size=26)
    p.line(centre="CIF: B12345674")
    p.line(centre="Ctra. N-340 km 152, Almería", gap=16)
    p.line(f"Fecha: {day:%d/%m/%y}", f"Hora: {dice.randint(8, 22)}:{dice.randint(10, 59)}")
    p.line(f"Ticket: {dice.randint(100000, 999999)}", gap=16)
    p.line("PRODUCTO", "IMPORTE")
    p.line("GASOLINA 95", _comma(total))
    p.line(f"  {_comma(litres)} L x {str(rate).replace('.', ',')} EUR/L", gap=16)
    p.line("TOTAL EUR", _comma(total), font=MONO_BOLD, size=28)
    p.line("Base imponible", _comma(total - tax))
    p.line("IVA 21%", _comma(tax))
    p.line("TARJETA", _comma(total), gap=16)
    p.line(centre="GRACIAS POR SU VISITA")
    return p, Truth("petrol_es", vendor, day, total, "EUR", tax)


def _software_us(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Northwind Hosting Inc.", "PixelForge Software LLC", "Cloudmere Inc.", "Quillstack, Inc."])
    items = _items(
        dice,
        ["Pro plan (monthly)", "Additional seats", "Storage 500 GB", "Priority support", "Domain renewal"],
        (1, 4),
        (9, 1400),
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = _round(net * Decimal("0.07")), _day(dice)
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
    return p, Truth("software_us", vendor, day, total, "USD", tax)


def _pharmacy_it(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Farmacia San Marco", "Cartoleria Rossi S.r.l.", "Ferramenta Bianchi", "Libreria Al Ponte"])
    items = _items(
        dice, ["ASPIRINA C", "CEROTTI", "CREMA MANI", "VITAMINE", "QUADERNO A4", "PENNA BLU"], (1, 5), (1.2, 24)
    )
    total, day = sum((p for _, p in items), Decimal(0)), _day(dice)
    tax = _inside(total, 22)
    p = Paper(540, MONO, 22)
    p.line(centre=vendor.upper(), font=MONO_BOLD, size=28)
    p.line(centre="Via Garibaldi 14 - 30121 Venezia")
    p.line(centre="P.IVA 01234567890", gap=14)
    p.line(centre="DOCUMENTO COMMERCIALE")
    p.line(centre="di vendita o prestazione", gap=14)
    p.line("DESCRIZIONE    IVA", "Prezzo(€)")
    for name, price in items:
        p.line(f"{name:<15}22%", _comma(price))
    p.line()
    p.line("TOTALE COMPLESSIVO", _comma(total), font=MONO_BOLD, size=24)
    p.line("di cui IVA", _comma(tax), gap=14)
    p.line("Pagamento elettronico", _comma(total))
    p.line("Importo pagato", _comma(total), gap=14)
    p.line(centre=f"{day:%d-%m-%Y} {dice.randint(9, 19)}:{dice.randint(10, 59)}")
    p.line(centre=f"DOCUMENTO N. {dice.randint(1000, 9999)}-{dice.randint(1000, 9999)}")
    return p, Truth("pharmacy_it", vendor, day, total, "EUR", tax)


def _hardware_uk(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Harrow Hardware", "Pembroke DIY Ltd", "Toolbox & Sons", "Greenleaf Garden Centre"])
    items = _items(
        dice, ["WOOD SCREWS 4MM", "MASKING TAPE", "PAINT BRUSH 2IN", "LED BULB E27", "SANDPAPER P120"], (2, 5), (1, 18)
    )
    counts = [dice.randint(1, 3) for _ in items]
    total, day = sum((p * n for (_, p), n in zip(items, counts, strict=True)), Decimal(0)), _day(dice)
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
    tax = _inside(total, 20)
    p.line("VAT @ 20% included", f"£{tax}")
    p.line(f"{day:%d/%m/%Y} {dice.randint(9, 17)}:{dice.randint(10, 59)}", f"Till {dice.randint(1, 9)}")
    p.line(centre="Please retain your receipt")
    return p, Truth("hardware_uk", vendor, day, total, "GBP", tax)


def _restaurant_pt(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Tasca do Bairro", "Restaurante O Farol, Lda", "Pastelaria Aurora", "Cervejaria Mar Azul"])
    items = _items(
        dice, ["Bacalhau à Brás", "Sopa do dia", "Água 0,5L", "Café", "Pastel de nata", "Vinho tinto"], (2, 6), (1, 19)
    )
    total, day = sum((p for _, p in items), Decimal(0)), _day(dice)
    tax = _inside(total, 13)
    p = Paper(560, NARROW, 24)
    p.line(centre=vendor, font=BOLD, size=32)
    p.line(centre="Rua das Flores 27, 1200-194 Lisboa")
    p.line(centre="NIF 501 442 600", gap=16)
    p.line("Fatura simplificada FS 2/" + str(dice.randint(100, 9999)))
    p.line(f"Data: {day:%Y-%m-%d}", f"Mesa {dice.randint(1, 30)}", gap=16)
    p.line("Qtd  Artigo", "Valor")
    for name, price in items:
        p.line(f"1  {name}", f"{_comma(price)} €")
    p.rule()
    p.line("TOTAL", f"{_comma(total)} €", font=BOLD, size=34)
    p.line("Multibanco", f"{_comma(total)} €", gap=16)
    p.line("Taxa   Base   IVA")
    p.line(f"13%   {_comma(total - tax)}   {_comma(tax)}", gap=16)
    p.line(centre="Obrigado e volte sempre!")
    return p, Truth("restaurant_pt", vendor, day, total, "EUR", tax)


MONTHS_DE = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()


def _print_shop_de(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(
        ["Druckhaus Weber GmbH", "Copyshop am Campus", "Papierwerk Nord e.K.", "Satz & Druck GmbH & Co. KG"]
    )
    items = _items(dice, ["Visitenkarten 250 St.", "Plakate A2", "Broschüren", "Bindung", "Versand"], (2, 4), (8, 900))
    net = sum((p for _, p in items), Decimal(0))
    tax, day = _round(net * Decimal("0.19")), _day(dice)
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
        p.cells((0.04, f"{place}   {name}"), (0.96, f"{_comma(price)} €"))
    p.rule()
    p.line("Zwischensumme (netto)", f"{_comma(net)} €")
    p.line("zzgl. 19 % MwSt.", f"{_comma(tax)} €")
    p.line("Gesamtbetrag", f"{_comma(total)} €", font=BOLD, size=26, gap=26)
    p.line(f"Bitte überweisen Sie den Betrag bis zum {(day + timedelta(14)):%d.%m.%Y}.")
    p.line("IBAN DE02 1203 0000 0000 2020 51", "USt-IdNr. DE136695976")
    return p, Truth("print_shop_de", vendor, day, total, "EUR", tax)


Layout = Callable[[random.Random], tuple[Paper, Truth]]
LAYOUTS: tuple[Layout, ...] = (
    _supermarket_de, _cafe_us, _taxi_uk, _hotel_fr, _petrol_es, _software_us, _pharmacy_it, _hardware_uk,
    _restaurant_pt, _print_shop_de,
)  # fmt: skip


def _bookshop_nl(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Boekhandel De Vries", "Papierhuis Jansen B.V.", "Kantoorvak Utrecht"])
    items = _items(dice, ["Notitieboek A5", "Balpen", "Roman paperback", "Agenda 2026", "Kaart"], (1, 5), (1, 30))
    total, day = sum((p for _, p in items), Decimal(0)), _day(dice)
    tax = _inside(total, 9)
    p = Paper(540, SANS, 22)
    p.line(vendor, font=BOLD, size=27)
    p.line("Oudegracht 112")
    p.line("3511 AW Utrecht")
    p.line("BTW NL001234567B01", gap=20)
    p.line(f"Kassabon {dice.randint(1000, 9999)}", f"{day:%d-%m-%Y}")
    for name, price in items:
        p.line(f"1x {name}", _comma(price))
    p.rule()
    p.line("Totaal", f"EUR {_comma(total)}", font=BOLD)
    p.line("PIN", _comma(total), gap=16)
    p.line(f"BTW 9% over {_comma(total - tax)}", _comma(tax))
    p.line(centre="Tot ziens!")
    return p, Truth("bookshop_nl", vendor, day, total, "EUR", tax)


def _rail_de(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Nordbahn AG", "Rheintal Express GmbH", "Landesbahn Ost"])
    total, day = _round(Decimal(str(dice.uniform(9, 180)))), _day(dice)
    tax = _inside(total, 7)
    travel = day + timedelta(dice.randint(3, 40))
    p = Paper(900, NARROW, 26)
    p.line("Online-Ticket", vendor, font=BOLD, size=36, gap=20)
    p.line("Gültig ab: " + f"{travel:%d.%m.%Y}", "Klasse: 2")
    p.line("Hinfahrt:  Berlin Hbf - Leipzig Hbf", f"{travel:%d.%m.%Y} 08:{dice.randint(10, 59)}", gap=20)
    p.line("Reisender: Mara Lindqvist", gap=20)
    p.line("Betrag enthält 7% MwSt.", f"{_comma(tax)} €")
    p.line("Gesamtpreis", f"{_comma(total)} €", font=BOLD)
    p.line(f"Gebucht am {day:%d.%m.%Y} um 17:{dice.randint(10, 59)} Uhr")
    p.line("Zahlung per Kreditkarte", f"{_comma(total)} €")
    return p, Truth("rail_de", vendor, day, total, "EUR", tax)


def _big_box_us(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["OfficeBarn", "Mega Saver", "Homestead Supply Co."])
    items = _items(
        dice, ["PAPER REAM", "TONER BLK", "USB-C CABLE", "DESK LAMP", "BINDERS 4PK", "MARKERS"], (3, 6), (3, 140)
    )
    net = sum((p for _, p in items), Decimal(0))
    tax, day = _round(net * Decimal("0.0625")), _day(dice)
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
    return p, Truth("big_box_us", vendor, day, total, "USD", tax)


def _studio_uk(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Brightside Studios Ltd", "Hatch Print Co", "The Letter Press Limited"])
    items = _items(dice, ["Studio hire (day)", "Lighting kit", "Assistant", "Backdrop"], (1, 4), (40, 900))
    net = sum((p for _, p in items), Decimal(0))
    tax, day = _round(net * Decimal("0.2")), _day(dice)
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
    return p, Truth("studio_uk", vendor, day, total, "GBP", tax)


def _bar_es(dice: random.Random) -> tuple[Paper, Truth]:
    vendor = dice.choice(["Bar La Plaza", "Taberna Los Arcos", "Cafetería Central S.L."])
    items = _items(dice, ["Café con leche", "Tortilla", "Bocadillo", "Agua mineral", "Caña"], (2, 5), (1, 14))
    total, day = sum((p for _, p in items), Decimal(0)), _day(dice)
    tax = _inside(total, 10)
    p = Paper(520, NARROW, 23)
    p.line(centre="FACTURA SIMPLIFICADA")
    p.line(centre=vendor, font=BOLD, size=30)
    p.line(centre="C/ Mayor 8, 28013 Madrid")
    p.line(f"{day.day} de {MONTHS_ES[day.month - 1]} de {day.year}", f"Camarero {dice.randint(1, 9)}", gap=16)
    p.line("Ud. Concepto", "Total")
    for name, price in items:
        p.line(f"1 {name}", _comma(price))
    p.rule()
    p.line("Total (IVA incl.)", f"{_comma(total)}€", font=BOLD, size=27)
    p.line("Efectivo", f"{_comma((total // 10 + 1) * 10)}€")
    p.line("Cambio", f"{_comma((total // 10 + 1) * 10 - total)}€")
    p.line(f"10% IVA: {_comma(tax)}", f"Base: {_comma(total - tax)}")
    return p, Truth("bar_es", vendor, day, total, "EUR", tax)


HELD_BACK: tuple[Layout, ...] = (_bookshop_nl, _rail_de, _big_box_us, _studio_uk, _bar_es)


def photographed(paper: Image.Image, dice: random.Random, number: int) -> Image.Image:
    """The sheet as a bad photograph: askew, on a table, shadowed, blurred, noisy, packed; a tenth on side or head."""
    table = tuple(dice.randint(60, 150) for _ in range(3))
    margin = dice.randint(20, 80)
    image = Image.new("RGB", (paper.width + 2 * margin, paper.height + 2 * margin), table)
    image.paste(paper, (margin, margin))
    image = image.rotate(dice.uniform(-7, 7), expand=True, fillcolor=table, resample=Image.Resampling.BICUBIC)
    if number % 10 == 9:
        image = image.rotate(dice.choice((90, 180, 270)), expand=True)
    pixels: Any = np.asarray(image).astype(np.float32)
    height, width = pixels.shape[:2]
    shade = (
        np.linspace(1, dice.uniform(0.55, 1), width)[None, :, None]
        * np.linspace(1, dice.uniform(0.7, 1), height)[:, None, None]
    )
    noise = np.random.default_rng(dice.randint(0, 10**6)).normal(0, dice.uniform(2, 14), pixels.shape)
    image = Image.fromarray(np.clip(pixels * shade + noise, 0, 255).astype(np.uint8))
    return image.filter(ImageFilter.GaussianBlur(dice.uniform(0, 1.1)))


def receipts(count: int, layouts: tuple[Layout, ...] = LAYOUTS, seed: int = 1) -> list[tuple[Image.Image, Truth]]:
    """`count` photographs with the truth, the layouts in turn."""
    made = []
    for number in range(count):
        dice = random.Random(seed * 1000 + number)
        paper, truth = layouts[number % len(layouts)](dice)
        made.append((photographed(paper.drawn(), dice, number + number // len(layouts)), truth))
    return made

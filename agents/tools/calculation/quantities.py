"""Units and durations: exact conversions by a table of our own.

Factors are the exact legal definitions (international yard and pound of 1959; US gallon of 231 cubic inches; byte
prefixes by IEC 80000-13). A month and a year have no fixed length and are not converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from agents.spec import AgentError
from agents.tools.calculation.numbers import NUMBER, number, number_text
from agents.tools.calculation.worked import Worked, shown


@dataclass(frozen=True)
class Unit:
    """A unit: how it is shown, what it measures, and base = value · factor + offset."""

    name: str
    kind: str
    factor: Fraction
    offset: Fraction = Fraction(0)


# kind: shown name, factor to the first unit, other spellings
_TABLE = {
    "length": "m 1 metre metres meter meters; km 1000 kilometre kilometres kilometer kilometers kms; cm 0.01 "
    "centimetre centimetres centimeter centimeters; mm 0.001 millimetre millimetres millimeter "
    "millimeters; mi 1609.344 mile miles; yd 0.9144 yard yards; ft 0.3048 foot feet; in 0.0254 inch "
    "inches; nmi 1852 nautical_mile nautical_miles",
    "mass": "kg 1 kilogram kilograms kilo kilos; g 0.001 gram grams gramme grammes; mg 0.000001 milligram "
    "milligrams; t 1000 tonne tonnes metric_ton metric_tons; lb 0.45359237 lbs pound pounds; oz "
    "0.028349523125 ounce ounces; st 6.35029318 stone stones; short_ton 907.18474 short_tons",
    "volume": "l 1 litre litres liter liters; ml 0.001 millilitre millilitres milliliter milliliters; cl 0.01; "
    "m³ 1000 m3 cubic_metre cubic_metres cubic_meter cubic_meters; gal 3.785411784 gallon gallons "
    "us_gallon us_gallons; imp_gal 4.54609 imperial_gallon imperial_gallons; pt 0.473176473 pint "
    "pints; cup 0.2365882365 cups; fl_oz 0.0295735295625 fluid_ounce fluid_ounces; ft³ 28.316846592 "
    "ft3 cubic_foot cubic_feet",
    "area": "m² 1 m2 sqm square_metre square_metres square_meter square_meters; km² 1000000 km2 "
    "square_kilometre square_kilometres square_kilometer square_kilometers; ha 10000 hectare "
    "hectares; acre 4046.8564224 acres; ft² 0.09290304 ft2 sqft sq_ft square_foot square_feet; mi² "
    "2589988.110336 square_mile square_miles",
    "speed": "m/s 1 metres_per_second meters_per_second; km/h 5/18 kmh kph kilometres_per_hour "
    "kilometers_per_hour; mph 0.44704 miles_per_hour; kn 1852/3600 knot knots",
    "time": "s 1 sec secs second seconds; min 60 mins minute minutes; h 3600 hr hrs hour hours std stunden; "
    "day 86400 days d; week 604800 weeks; ms 0.001 millisecond milliseconds",
    "data": "B 1 byte bytes; kB 1000 kilobyte kilobytes; MB 1000000 megabyte megabytes; GB 1000000000 "
    "gigabyte gigabytes; TB 1000000000000 terabyte terabytes; KiB 1024 kibibyte kibibytes; MiB "
    "1048576 mebibyte mebibytes; GiB 1073741824 gibibyte gibibytes; TiB 1099511627776 tebibyte "
    "tebibytes; bit 1/8 bits; Mbit 125000 megabit megabits; Gbit 125000000 gigabit gigabits",
}
_DEGREES = {
    "celsius": Unit("°C", "temperature", Fraction(1)),
    "fahrenheit": Unit("°F", "temperature", Fraction(5, 9), Fraction(-160, 9)),
    "kelvin": Unit("K", "temperature", Fraction(1), Fraction(-5463, 20)),
}
_SHORT_DEGREES = {"c": "celsius", "°c": "celsius", "f": "fahrenheit", "°f": "fahrenheit", "k": "kelvin"}


@cache
def units() -> dict[str, Unit]:
    """Every spelling with its unit; case counts only where two differ by it."""
    found: dict[str, Unit] = dict(_DEGREES)
    for kind, entries in _TABLE.items():
        for entry in entries.split(";"):
            name, factor, *spellings = entry.split()
            unit = Unit(name.replace("_", " "), kind, Fraction(factor))
            for spelling in (name, name.lower(), *spellings):
                found.setdefault(spelling.replace("_", " "), unit)
    for short, name in _SHORT_DEGREES.items():
        found.setdefault(short, _DEGREES[name])
    return found


@cache
def unit_pattern() -> str:
    """A pattern of every spelling, the longest first."""
    return (
        "(?:" + "|".join(re.escape(name) for name in sorted(units(), key=len, reverse=True)) + r"|°\s?[cf])(?![\w²³/])"
    )


def unit(word: str) -> Unit | None:
    """The unit a word names: as spelled, else in lower case."""
    word = re.sub(r"\s+", " ", word.strip()).replace("° ", "°")
    return units().get(word) or units().get(word.lower())


def convert(value: Fraction, source: Unit, target: Unit) -> Fraction:
    """The same quantity in another unit. Raises AgentError when the two measure different things."""
    if source.kind != target.kind:
        raise AgentError(
            f"{source.name} measures {source.kind} and {target.name} {target.kind}, so I cannot convert them."
        )
    return (value * source.factor + source.offset - target.offset) / target.factor


def conversion(text: str) -> Worked | None:
    """``convert 5 miles to km``, ``72 F in C``, ``how many GB are 2000 MB``, ``5 ft 11 in to cm``; else None."""
    asked = _asked(text)
    if asked is None:
        return None
    quantities, target = asked
    sources = [unit(name) for _, name in quantities]
    if target is None or None in sources:
        return None
    total = Fraction(0)
    for (value, _), source in zip(quantities, sources, strict=True):
        assert source is not None
        total += convert(value, source, target)
    given = " ".join(
        f"{number_text(value)} {source.name}" for (value, _), source in zip(quantities, sources, strict=True) if source
    )
    working: tuple[str, ...] = ()
    if len(quantities) == 1 and sources[0] is not None and target.kind != "temperature":
        working = (
            f"1 {sources[0].name} = {shown(sources[0].factor / target.factor)} {target.name}".replace("= ≈", "≈"),
        )
    answer = f"{given} = {shown(total)} {target.name}".replace("= ≈", "≈")
    return Worked(answer, working, total, target.name)


def _asked(text: str) -> tuple[list[tuple[Fraction, str]], Unit | None] | None:
    one = rf"(?P<n>-?{NUMBER})\s*(?P<u>{unit_pattern()})"
    many = rf"(?P<from>(?:-?{NUMBER}\s*{unit_pattern()}(?:\s*(?:and|,)?\s*))+?)"
    to = rf"(?P<to>{unit_pattern()})"
    for pattern in (
        rf"{many}\s*(?:to|into|in|as|=|->|→)\s*(?:an?\s|decimal\s|\?\s*)?{to}",
        rf"how (?:many|much)\s+{to}\s*(?:are there |is there |is |are |do |does |make |equals? )*(?:in |to )?(?:an? )?"
        rf"{many}(?=\W*$)",
    ):
        if match := re.search(rf"(?<![\w.,]){pattern}" if pattern[0] == "(" else pattern, text, re.IGNORECASE):
            found = [
                (Fraction(number(m["n"].lstrip("-"))) * (-1 if m["n"][0] == "-" else 1), m["u"])
                for m in re.finditer(one, match["from"], re.IGNORECASE)
            ]
            return found, unit(match["to"])
    return None


_HOURS = re.compile(
    rf"(?P<d>{NUMBER})\s*(?:days?|d)\b(?=.*\b(?:h|hours?)\b)|"
    rf"(?<![\d.,:])(?P<clock>\d{{1,3}}):(?P<minutes>[0-5]\d)(?:\s*(?:h|hours?|std))?\b|"
    rf"(?P<h>{NUMBER})\s*(?:hours?|hrs?|h|std|stunden)(?:\b|(?=\d))"
    r"(?:\s*(?:and\s*)?(?P<m>\d{1,2})\s*(?:minutes?|mins?|min|m)?\b(?!\s*(?:h|%|€|\$)))?|"
    rf"(?P<only>{NUMBER})\s*(?:minutes?|mins?)\b",
    re.IGNORECASE,
)


def durations(text: str) -> Iterator[tuple[Fraction, re.Match[str]]]:
    """Every duration in hours: ``3 h 45 min``, ``2:30``, ``12.5 hours``, ``90 minutes``."""
    for match in _HOURS.finditer(text):
        if match["clock"]:
            yield int(match["clock"]) + Fraction(int(match["minutes"]), 60), match
        elif match["h"]:
            yield Fraction(number(match["h"])) + Fraction(int(match["m"] or 0), 60), match
        elif match["only"]:
            yield Fraction(number(match["only"])) / 60, match


_ONLY_DURATIONS = re.compile(
    r"(?:sum of|total of|add up|add|total|sum|what is|\s)*#(?:[\s,+–-]|and|plus|minus|to|#)*[?.]?", re.IGNORECASE
)


def duration_sum(text: str) -> Worked | None:
    """``3h 20m + 1h 50m - 15 min`` or ``sum of 1h20 and 45 min``; None when it is no list of durations alone."""
    found = list(durations(text))
    if len(found) < 2 or not _ONLY_DURATIONS.fullmatch(_HOURS.sub(" # ", text).strip()):
        return None
    total = Fraction(0)
    for index, (hours, match) in enumerate(found):
        before = text[found[index - 1][1].end() : match.start()] if index else ""
        total += -hours if re.search(r"[-–]|minus", before) else hours
    return Worked(f"{clock(total)} ({shown(total)} hours)", (), total, "h")


def clock(hours: Fraction) -> str:
    """Hours as ``5 h 10 min``."""
    minutes = round(hours * 60)
    sign, minutes = ("-" if minutes < 0 else ""), abs(minutes)
    return f"{sign}{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")

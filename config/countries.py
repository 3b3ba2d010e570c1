"""Countries as people write them, and their ISO 3166 codes."""

from __future__ import annotations

import re

_NAMES = """
AT austria österreich autriche; BE belgium belgien belgique bélgica; BG bulgaria bulgarien; HR croatia kroatien
hrvatska; CY cyprus zypern; CZ czechia tschechien česko; DK denmark dänemark danmark; EE estonia estland eesti;
FI finland finnland suomi; FR france frankreich francia; DE germany deutschland allemagne alemania germania; GR greece
griechenland; HU hungary ungarn magyarország; IE ireland irland irlande; IT italy italien italia italie; LV latvia
lettland latvija; LT lithuania litauen lietuva; LU luxembourg luxemburg; MT malta; NL netherlands niederlande nederland
holland; PL poland polen polska; PT portugal; RO romania rumänien românia; SK slovakia slowakei slovensko; SI slovenia
slowenien slovenija; ES spain spanien españa espagne spagna; SE sweden schweden sverige; GB uk england britain scotland
wales; CH switzerland schweiz suisse svizzera; NO norway norwegen norge; US usa america; CA canada kanada; AU australia;
NZ aotearoa; JP japan; SG singapore; IN india; BR brazil brasil; MX mexico méxico; AE emirates; IL israel; ZA rsa;
LI liechtenstein; IS iceland; UA ukraine; TR turkey türkiye
"""
CODES = {name: entry.split()[0] for entry in _NAMES.split(";") for name in entry.split()[1:]}
CODES |= {"united kingdom": "GB", "great britain": "GB", "united states": "US", "new zealand": "NZ"}
CODES |= {"south africa": "ZA", "united arab emirates": "AE", "united states of america": "US"}
EU = frozenset("AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split())
_KNOWN = frozenset(CODES.values())


def country_code(text: str) -> str:
    """The code of a country written by name or code; empty for anything else."""
    word = " ".join(text.split()).strip(" .").casefold()
    return word.upper() if word.upper() in _KNOWN else CODES.get(word, "")


def country_of(country: str = "", tax_id: str = "", address: str = "") -> str:
    """Where somebody is: as told, else as their VAT number begins, else as their address ends; empty if unknown."""
    if code := country_code(country):
        return code
    bare = re.sub(r"[\s.-]", "", tax_id).upper()
    prefix = "GR" if bare[:2] == "EL" else bare[:2]
    if re.fullmatch(r"[A-Z]{2}[0-9A-Z]{6,13}", bare) and prefix in _KNOWN:
        return prefix
    lines = [line for line in re.split(r"[\n,]", address) if line.strip()]
    return country_code(lines[-1]) if lines else ""

"""VAT and other taxes of a percentage: added to a net sum, or found in a gross one."""

from __future__ import annotations

import re
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.arithmetic import PERCENT, Sum, value_of
from agents.tools.calculation.numbers import FIGURE, cents, figure, money_text, number
from agents.tools.calculation.worked import Worked, percent, shown


class NoRate(AgentError):
    """A tax was asked for whose rate is not said."""


TAX = r"(?:vat|m\.?w\.?st\.?|mehrwertsteuer|ust|umsatzsteuer|gst|hst|iva|tva|moms|sales tax|tax)"
_OUTWARD = re.compile(
    r"\bincl\w*|\binkl\w*|\bgross\b|\bremove\b|\bsubtract\b|\bnet (?:of|amount|price|from|value)\b|\bwithout\b"
    r"|\bcontain\w*|\bout of\b|\bbrutto\b|\bback out\b|\bdeduct\b",
    re.IGNORECASE,
)
_ONWARD = re.compile(
    r"\badd\b|\bplus\b|\bnet (?:amount|price|value) (?:of|is)\b.*\bgross\b|\bgross (?:up|of net)\b", re.IGNORECASE
)
_TAX_WORDS = re.compile(
    r"\b(?:incl\w*|inkl\w*|gross|remove|subtract|net|without|contain\w*|out|brutto|netto|back|deduct|add|plus|with|and|"
    r"on|to|from|of|the|amount|price|value|is|what|what's|whats|how|much|total|in|a|an|invoice|for|apply|excl\w*|before|"
    r"after|there|does|i|should|charge|bill|if|are|it|zzgl|zuzüglich)\b|[?+]",
    re.IGNORECASE,
)


def tax(text: str) -> Worked | None:
    """VAT and its like: added to a net sum, or taken out of a gross one."""
    match = re.search(rf"{PERCENT}\s*(?:of\s+)?(?:german |uk )?{TAX}\b", text, re.I) or re.search(
        rf"\b{TAX}\s*(?:rate\s*)?(?:of|at|is|=|\()?\s*{PERCENT}\)?", text, re.I
    )
    if not match:
        return _without_its_words(text)
    rest = text[: match.start()] + " " + text[match.end() :]
    base = _taxed(rest)
    if base is None:
        return None
    rate, money = Fraction(number(match["p"])) / 100, base.currency
    outward = bool(_OUTWARD.search(rest)) and not _ONWARD.search(rest)
    net = Fraction(cents(base.value / (1 + rate) if outward else base.value, money))
    gross = Fraction(cents(base.value if outward else base.value * (1 + rate), money))
    nets, share, total = (money_text(v, money) for v in (net, gross - net, gross))
    name = "VAT" if "vat" in match[0].lower() else "tax"
    if outward:
        first = f"Gross {total} / {shown(1 + rate)} = {nets} net"
    else:
        first = f"Net {nets}" if re.fullmatch(FIGURE, base.how) else f"{base.how} = {nets} net"
    answer = f"{nets} net" if outward else f"{total} including {name}"
    value = net if outward else gross
    if re.search(
        rf"\bhow much (?:is the |of .* is |of it is )?{TAX}\b|\bthe {TAX}\s*(?:in|on|part|amount|share|\W*$)",
        text,
        re.I,
    ):
        answer, value = f"{share} {name}", gross - net
    more = {"net": str(cents(net)), "tax": str(cents(gross - net)), "gross": str(cents(gross))}
    working = (first, f"{percent(rate)} {name} = {share}", f"Gross {total}")
    return Worked(answer, working[:2] if outward else working, value, money, more=more)


def _taxed(rest: str) -> Sum | None:
    """The sum a tax is about: the calculation in the words around it, else the only number there."""
    edges = re.sub(r"^\W*(?:and|plus|\+)|(?:and|plus|with|incl\.?|\+)\W*$", "", rest.strip(), flags=re.IGNORECASE)
    words = re.sub(r"\s+", " ", _TAX_WORDS.sub(" ", rest)).strip(" .,:;")
    for text in (rest, edges, words):
        if base := value_of(text):
            return base
    sums = list(dict.fromkeys(match[0] for match in re.finditer(FIGURE, rest)))
    if len(sums) != 1:
        return None
    only = figure(sums[0])
    return Sum(only.value, only.currency, sums[0])


def _without_its_words(text: str) -> Worked | None:
    """``VAT on 500 at 20%``, where the rate stands apart. Raises NoRate when a tax is asked for without a rate."""
    asked = re.search(rf"\b{TAX}\s+(?:is\s+)?(?P<sum>(?:on|in|of|for)\s+{FIGURE})", text, re.I)
    if not asked:
        return None
    if rate := re.search(rf"\b(?:at|with)\s+{PERCENT}", text[asked.end() :], re.I):
        return tax(f"how much VAT {asked['sum']} with {rate['p']}% VAT")
    raise NoRate("At which rate? Add it, for instance “how much VAT is in 238 € incl. 19% VAT”.")

"""What a question about a document asks for: its words with their inflections, and what contracts call the same thing.

"Payment terms" stand in a contract as "net 30 days" and "due on signing": a topic joins the words that are asked
with the words that are written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Term = tuple[str, ...]
"""One word or a phrase, as stems in order. ``#`` stands for any number."""

RELATED = 0.5
"""What a related word counts, where the asked word itself counts 1."""


@dataclass(frozen=True)
class Concept:
    """One thing asked about: its terms with their weights. A topic is a concept that business documents know well."""

    words: str
    terms: dict[Term, float]
    topic: bool = False


# What is asked, then what is written: commas part the phrases.
_TOPICS = (
    (
        "payment terms, payment, payments, pay, paid, payable, invoice, invoicing, billing, "
        "zahlungsbedingungen, zahlung",
        "net #, deposit, upfront, up front, advance, due on signing, on signing, instalment, installment, "
        "remainder, balance, late payment, interest, # days, transfer, rechnung, "
        "zahlbar, anzahlung",
    ),
    (
        "deposit, upfront, up front, advance, down payment, anzahlung",
        "on signing, prepayment, retainer",
    ),
    (
        "late payment, late fee, overdue, penalty, penalties",
        "interest, flat charge, base rate, reminder, delay, verzug",
    ),
    (
        "fee, fees, price, cost, costs, budget, rate, compensation, remuneration, charge, honorar, vergütung, preis",
        "fixed fee, per hour, per day, total, amount, vat, lump sum, eur, usd, gbp, €, charged",
    ),
    (
        "expenses, expense, travel, reimbursement, spesen, reisekosten",
        "reimbursed, receipts, at cost",
    ),
    (
        "termination, terminate, cancel, cancellation, end the contract, quit, kündigung, kündigen",
        "written notice, notice, notice period, good cause, without notice, withdraw, rescind, kündigungsfrist",
    ),
    (
        "notice period, notice, kündigungsfrist",
        "written notice, days' notice, terminate, weeks' notice",
    ),
    (
        "deadline, deadlines, due date, due, timeline, schedule, delivery date, milestones, milestone, frist, "
        "termin, liefertermin, by when, dates",
        "no later than, final delivery, deliver, delivery, delivered, handover, start date, until, by #, fällig",
    ),
    (
        "deliverables, deliverable, delivery, results, scope, scope of work, leistungsumfang, work",
        "report, includes, handover, provide, milestone, task, not part of, out of scope, services",
    ),
    (
        "start, begin, beginning, start date, commence",
        "takes effect, effective, kick-off, dated, on signing, access",
    ),
    (
        "intellectual property, ip, ip rights, copyright, ownership, own, owns, license, licence, rights, "
        "urheberrecht, nutzungsrechte",
        "exclusive right, non-exclusive, right to use, transfer of rights, assigns, work for hire, source code",
    ),
    (
        "confidentiality, confidential, nda, secrecy, secret, geheimhaltung, vertraulich",
        "non-disclosure, disclose, third parties",
    ),
    (
        "data protection, privacy, gdpr, personal data, dsgvo, datenschutz",
        "data processing, pseudonymised, deleted, article 28",
    ),
    (
        "liability, liable, damages, indemnity, haftung",
        "limited to, gross negligence, intent, indemnify, cap",
    ),
    (
        "warranty, guarantee, defects, bugs, gewährleistung",
        "free of charge, corrected, remedy, months of acceptance",
    ),
    (
        "acceptance, approve, approval, sign off, abnahme",
        "accepts, rejects, accepted, in writing",
    ),
    (
        "jurisdiction, governing law, law, court, gerichtsstand",
        "place of jurisdiction, applies, venue, arbitration",
    ),
    (
        "parties, party, who signs, signatories, client, contractor, vertragsparteien",
        "between, represented by, auftraggeber",
    ),
    (
        "contact, contact person, who decides, responsible",
        "represented by, decides, head of, e-mail",
    ),
    (
        "meeting, meetings, communication, calls",
        "meet, online, every, weekly, within # working days",
    ),
    (
        "vat, tax, sales tax, mehrwertsteuer, umsatzsteuer",
        "plus #, reverse charge, mwst, ust",
    ),
    (
        "changes, amendments, change request, extra work, additional work",
        "in writing, orders in writing, additional",
    ),
    (
        "reference, portfolio, publicity",
        "name the client as a reference, case study",
    ),
    (
        "non-compete, non-solicitation, exclusivity, wettbewerbsverbot",
        "compete, competitor, solicit",
    ),
    (
        "hours, working hours, availability, workload",
        "per week, part time, full time, hours per week",
    ),
    (
        "location, remote, on site, onsite, where",
        "place, office, premises, travel",
    ),
    (
        "requirements, skills, qualifications, experience",
        "must, required, years of, knowledge of",
    ),
)

_STOP = frozenset(
    "a an and any are as at be been but by can could did do does for from give got had has have how i if in "
    "into is it its i'd i'm let me more much my no not of on or our please s say said says should show so "
    "some state stated states tell than that the their them there these they this those to us was we were "
    "what what's when where which who whom whose why will with would you your about according clause clauses "
    "section document documents doc file files pdf contract agreement brief attached upload uploaded mention "
    "mentioned mentions regarding concerning find know anything something it's here out up answer question "
    "look read der die das den dem des ein eine einen und oder ist sind was wie wann wer wo steht im in zu "
    "über von vom für mit es sagt vertrag dokument".split()
)
_GENERIC = frozenset(
    "terms term conditions condition details detail part point date amount name exactly long many".split()
)


def words(text: str) -> Iterator[str]:
    """The words of a text in lower case; a number is one word."""
    for match in re.finditer(r"\d[\d.,]*\d|\d|[^\W\d_]+(?:['’-][^\W\d_]+)*|€", text.lower()):
        yield match[0]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The part of an English word that inflection leaves alone. Only the commonest endings; numbers become ``#``."""
    if word[0].isdigit():
        return "#"
    word = re.sub(r"['’](?:s|)$", "", word)
    if len(word) <= 3:
        return word
    if word.endswith("ies"):
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ation", "ated", "ating", "ator", "ate", "ing", "ed", "ion"):
        rest = word[: -len(ending)]
        if word.endswith(ending) and len(rest) >= 4 and re.search(r"[aeiouy]", rest):
            word = rest + "at" if ending.startswith("at") else rest
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 4 and word[-1] in "ey" else word


def stems(text: str) -> list[str]:
    """The stems of a text in order."""
    return [stem(word) for word in words(text)]


def _terms(phrases: str) -> list[Term]:
    return [tuple(stems(phrase.replace("#", "1"))) for phrase in phrases.split(",") if phrase.strip()]


@lru_cache(maxsize=1)
def _topics() -> list[tuple[list[Term], list[Term]]]:
    return [(_terms(asked), _terms(written)) for asked, written in _TOPICS]


def concepts(question: str) -> list[Concept]:
    """What a question asks for, longest phrases first; empty when it names nothing."""
    raw = list(words(question))
    stemmed = [stem(word) for word in raw]
    taken = [word in _STOP for word in raw]
    found: list[Concept] = []
    phrases = sorted({term for asked, _ in _topics() for term in asked}, key=len, reverse=True)
    for phrase in phrases:
        for start in range(len(stemmed) - len(phrase) + 1):
            end = start + len(phrase)
            if tuple(stemmed[start:end]) == phrase and not all(taken[start:end]):
                taken[start:end] = [True] * len(phrase)
                found.append(_topic(" ".join(raw[start:end]), phrase))
    for word, stemmed_word, done in zip(raw, stemmed, taken, strict=True):
        if not done:
            found.append(Concept(word, {(word if stemmed_word == "#" else stemmed_word,): 1.0}))
    strong = [concept for concept in found if concept.topic or concept.words not in _GENERIC]
    return strong or found


def _topic(asked_words: str, phrase: Term) -> Concept:
    terms: dict[Term, float] = {}
    for asked, written in _topics():
        if phrase in asked:
            for term in (*asked, *written):
                terms[term] = RELATED if len(term) > 1 or term in asked else 0.8 * RELATED
    if len(phrase) > 1:
        terms.update({(part,): 0.8 for part in phrase if part not in _GENERIC and part != "#" and part not in _STOP})
    terms[phrase] = 1.0
    return Concept(asked_words, terms, topic=True)


def search_words(found: list[Concept]) -> list[str]:
    """The words to look up for these concepts, phrases with a number reduced to their words."""
    looked_up: dict[str, None] = {}
    for concept in found:
        looked_up |= dict.fromkeys(words(concept.words))
        for asked, written in _TOPICS if concept.topic else ():
            if any(term in concept.terms for term in _terms(asked)) and set(_terms(written)) <= set(concept.terms):
                parts = (*asked.split(","), *written.split(","))
                looked_up |= dict.fromkeys(part.replace("#", "").strip() for part in parts)
    return [word for word in looked_up if word and word not in _STOP]

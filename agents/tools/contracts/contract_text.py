"""A contract's review in markdown: what may hurt first, then the clauses quoted, what is missing, what to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.tools.contracts.contract_topics import BY_NAME
from agents.tools.documents.citations import cell, plain

NO_ADVICE = "*I find clauses by their words; this is no legal advice. Before you sign what matters, ask a lawyer.*"
MARKS = {"high": "**high**", "medium": "medium", "low": "low"}
LONGEST = 260
NOTHING = "None of the clauses I know to be risky stands in it, as far as its words tell."


def review_text(name: str, found: Mapping[str, Any], topics: Sequence[str] = ()) -> str:
    """The review of one contract; only the clauses on `topics`, when there are any."""
    parties = ", ".join(plain(one["value"]) + (f" ({plain(one['text'])})" if one["text"] != "named" else "")
                        for one in found["parties"])  # fmt: skip
    parts = [f"**{plain(name)}** is a {found['kind']}" + (f" between {parties}." if parties else ".")]
    if topics:
        parts += [_clauses(found, topics), _risks([one for one in found["risks"] if _topic_of(one) in topics])]
    else:
        parts += [_risks(found["risks"]) or NOTHING, _clauses(found, list(BY_NAME)), _stated(found)]
        parts += [_missing(found["missing"]), _questions(found)]
    return "\n\n".join([*filter(None, parts), NO_ADVICE])


def difference_text(old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    """Which risks a new version brings and which it takes away."""
    before, after = ({one["name"]: one for one in review["risks"]} for review in (old, new))
    lines = [f"- New: {plain(one['why'])} {_quote(one)}" for name, one in after.items() if name not in before]
    lines += [f"- Gone: {plain(one['why'])}" for name, one in before.items() if name not in after]
    lines += [f"- Still there: {plain(one['why'])}" for name, one in after.items() if name in before]
    return "For you as a freelancer:\n\n" + "\n".join(lines) if lines else "The risks I know of are in neither version."


def _topic_of(risk: Mapping[str, Any]) -> str:
    from agents.tools.contracts.contract_risks import RULES

    return next(rule.topic for rule in RULES if rule.name == risk["name"])


def _risks(risks: Sequence[Mapping[str, Any]]) -> str:
    if not risks:
        return ""
    lines = [f"- {MARKS[one['weight']]}: {one['why']} {_quote(one)}" for one in risks]
    return "**What may hurt you**\n\n" + "\n".join(lines)


def _quote(one: Mapping[str, Any]) -> str:
    return f"“{plain(short(one['text']))}” ({plain(one['place'])})"


def short(text: str) -> str:
    """A sentence, cut at a word when it is long."""
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0] + " …"


def _clauses(found: Mapping[str, Any], topics: Sequence[str]) -> str:
    rows = [
        f"| {BY_NAME[name].title} | {cell(short(one['text']))} | {cell(one['place'])} |"
        for name in topics
        for one in found["topics"].get(name, ())[: 4 if len(topics) < 4 else 2]
    ]
    lacking = [BY_NAME[name].title for name in topics if name not in found["topics"] and len(topics) < 4]
    said = f"It says nothing that I recognise about: {', '.join(lacking).lower()}." if lacking else ""
    return "\n\n".join(
        filter(None, ("| About | It says | Place |\n|---|---|---|\n" + "\n".join(rows) if rows else "", said))
    )


def _stated(found: Mapping[str, Any]) -> str:
    lines = []
    for title, kind in (("Dates", "dates"), ("Amounts", "amounts")):
        values = [f"{plain(value)} ({plain(place)})" for value, place in
                  dict.fromkeys((one["value"], one["place"]) for one in found[kind])]  # fmt: skip
        if values:
            lines.append(f"{title}: {', '.join(values[:8])}.")
    return "\n\n".join(lines)


def _missing(missing: Sequence[Mapping[str, str]]) -> str:
    return "**What is missing**\n\n" + "\n".join(f"- {one['why']}" for one in missing) if missing else ""


def _questions(found: Mapping[str, Any]) -> str:
    asks = list(dict.fromkeys(one["ask"] for one in (*found["risks"], *found["missing"])))
    return "**What to ask before you sign**\n\n" + "\n".join(f"- {ask}" for ask in asks[:10]) if asks else ""

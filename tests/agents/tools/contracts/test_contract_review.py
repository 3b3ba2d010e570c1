"""Contracts in six languages are taken apart by topic and their risks named; counted against our own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agents.tools.contracts.contract_review import review
from integrations.media.documents.passages import cut
from integrations.media.documents.text import blocks_of

CONTRACTS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("contracts.yaml").read_text(encoding="utf-8"))
LEAST_PRECISION, LEAST_RECALL = 0.9, 0.9


def reviewed(text: str) -> dict[str, Any]:
    return review([{"text": p.text, "place": p.place, "heading": p.heading} for p in cut(blocks_of(text))])


REVIEWS = {one["name"]: reviewed(one["text"]) for one in CONTRACTS}


def named(name: str, what: str) -> set[str]:
    found = REVIEWS[name]
    if what == "topics":
        return set(found["topics"])
    return {one["name" if what == "risks" else "topic"] for one in found[what]}


@pytest.mark.parametrize("what", ["topics", "risks", "missing"])
def test_what_is_found_agrees_with_the_labels(what: str) -> None:
    right = wrong = lacking = 0
    told = []
    for contract in CONTRACTS:
        wanted, found = set(contract[what]), named(contract["name"], what)
        right, wrong, lacking = right + len(wanted & found), wrong + len(found - wanted), lacking + len(wanted - found)
        if wanted != found:
            told.append(f"{contract['name']}: too many {sorted(found - wanted)}, lacking {sorted(wanted - found)}")
    precision, recall = right / (right + wrong), right / (right + lacking)
    assert precision >= LEAST_PRECISION and recall >= LEAST_RECALL, (
        f"precision {precision:.2f}, recall {recall:.2f}\n" + "\n".join(told)
    )


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one["name"])
def test_the_kind_is_told(contract: dict[str, Any]) -> None:
    assert REVIEWS[contract["name"]]["kind"] == contract["kind"]


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda one: one["name"])
def test_every_quote_stands_in_the_contract_as_it_is(contract: dict[str, Any]) -> None:
    whole = " ".join(contract["text"].split())
    found = REVIEWS[contract["name"]]
    quotes = [*found["risks"], *(clause for group in found["topics"].values() for clause in group)]
    assert quotes and all(quote["text"] in whole and quote["place"] for quote in quotes)

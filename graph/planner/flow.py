"""Which steps of a plan wait for which: those that work on what an earlier one finds out.

Records bind steps by themselves (a proposal for the job found). This is about the rest: a mail takes the summary made
before it, a calculation the sum asked for before it, though the words may say no more than "and send it".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_READS = "documents contract vision voice translator scholar web_research scraper data_analyst explain mcp"
_USES = {
    "mail": f"{_READS} writer pricing payments proposal math market briefing career",
    "writer": f"{_READS} bookkeeping clients pricing",
    "translator": f"{_READS} writer job_search proposal",
    "voice": "briefing documents writer translator",
    "documents": "voice vision",
    "contract": "translator web_research voice vision",
    "pricing": "documents contract vision voice job_match web_research translator",
    "proposal": "documents vision voice job_match pricing web_research saved_searches translator",
    "job_match": "documents vision translator",
    "job_search": "mail translator",
    "career": "job_search",
    "calendar": "documents contract translator vision voice",
    "math": "market time",
    "payments": "bookkeeping",
    "clients": "mcp data_analyst vision",
    "data_analyst": "scraper",
    "automl": "scraper",
    "scraper": "vision",
    "mcp": "voice documents writer",
}
USES = {agent: frozenset(others.split()) for agent, others in _USES.items()}
"""Whose results each agent works on, when they come before it in one message."""
REFERS = re.compile(
    r"\b(?:it|its|that|this|these|those|them|they|the (?:results?|total|sum|amount|best|top|first|list)|him|her|he|she|"
    r"es|das|dies\w*|davon|daraus|damit|dazu|dafür|ihn|ihm|lo|los|eso|esa|ese|esto|ça|cela|le total|celui\w*|"
    r"questo|quello|isso|disso|desse|dessa|disto|ele|nele)\b|\w{3,}(?:melo|selo|glielo|cela|lo)\b",
    re.IGNORECASE,
)
"""Words that stand for what was said before."""


DEPENDS = re.compile(
    r"\b(?:if (?:yes|so|not|it (?:does|is|fits)|they (?:do|did|have|agreed)|ok)|in that case|(?:falls|wenn) (?:ja|"
    r"nicht|sie|es passt)|"
    r"si (?:es asi|oui|non)|en ese caso|dans ce cas|se (?:sim|sì|si|não|no|for)|in (?:quel|questo) caso|nesse caso)\b",
    re.IGNORECASE,
)
"""Words that make a request hang on what the one before it found."""
ALL = re.compile(
    r"\b(?:both|all (?:of (?:it|them|this|that)|three)|beides?|beide|los dos|las dos|ambos|"
    r"les deux|entrambi|entrambe|os dois|as duas)\b",
    re.IGNORECASE,
)
"""Words for everything that was asked before."""


def waits_for(agent: str, words: str, before: Sequence[str]) -> int | None:
    """The place of the nearest step before whose result a step works on; None when it needs none.

    >>> waits_for("mail", "and send it", ["voice", "writer"])
    1
    """
    if before and DEPENDS.search(words):
        return len(before) - 1
    uses = USES.get(agent, frozenset())
    found = next((place for place in range(len(before) - 1, -1, -1) if before[place] in uses), None)
    return len(before) - 1 if found is None and REFERS.search(words) else found

"""What a sentence asks of a contract: the topics, whether two versions are compared, a password."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.documents.password_words import password_in

_TOPICS = {
    "payment": r"\bpay(?:ment|s|able)?\b|\bpaid\b|\binvoic\w+|\bzahlung\w*|\bvergütung\b|\bpaiement|\bpago\b|"
               r"\bpagamento\b",
    "liability": r"\bliab\w+|\bindemn\w+|\bhaftung\w*|\bresponsa\w+",
    "ip": r"\bip\b|\bintellectual property\b|\bwho owns\b|\bownership\b|\brights\b|\bcopyright\b|\bnutzungsrecht\w*|"
          r"\burheber\w*|"
          r"\bpropriété\b|\bpropiedad\b|\bproprietà\b",
    "termination": r"\bterminat\w+|\bcancel\w*|\bnotice\b|\bget out\b|\bkündig\w+|\brésili\w+|\brescindi\w*|"
                   r"\bpréavis\b|\brecesso\b",
    "non_compete": r"\bnon-?compet\w*|\bcompet\w+|\bexclusiv\w*|\bwettbewerb\w*|\bnon-?concurrence\b|"
                   r"\bno competencia\b",
    "confidentiality": r"\bconfiden\w+|\bsecre\w+|\bgeheimhalt\w*|\bvertraulich\w*|\briservat\w*",
    "renewal": r"\brenew\w*|\bextend\w*|\bverlänger\w*|\bprórrog\w*|\brinnov\w*",
    "penalty": r"\bpenalt\w+|\bfine\b|\bvertragsstrafe\w*|\bpénalité\w*|\bpenal\w*",
    "law": r"\bgoverning law\b|\bwhich law\b|\bjurisdiction\b|\bvenue\b|\bgerichtsstand\b|\bcourt\b",
}  # fmt: skip
_COMPARE = re.compile(
    r"\b(?:compare|comparison|vergleich\w*|differ\w*|changed|redline|unterschied\w*|compara\w*|confronta\w*)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:review|risks?|red flags?|check|ok|okay|sign|safe|fair|prüf\w*|risik\w*|unterschreib\w*|risques?|riesgos?|"
    r"rischi|riscos)\b",
    re.IGNORECASE,
)  # fmt: skip


_INLINE = re.compile(r"(?::|\n)\s*(?P<text>\S.{80,})", re.DOTALL)


def read(clause: str) -> dict[str, Any]:
    """The topics that are asked for, whether two versions are to be compared, and a contract behind a colon."""
    inline = _INLINE.search(clause)
    clause = clause[: inline.start()] if inline else clause
    topics = [name for name, pattern in _TOPICS.items() if re.search(pattern, clause, re.IGNORECASE)]
    narrow = len(topics) < 4 and not _WHOLE.search(clause)
    return {
        "topics": topics if narrow else [],
        "inline": inline["text"] if inline else "",
        "compare": bool(_COMPARE.search(clause)) or None,
        "password": password_in(clause)[0] or None,
    }

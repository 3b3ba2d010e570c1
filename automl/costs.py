"""What mistakes cost, read from a sentence, and from which chance on acting is the cheaper choice.

"missing a churner costs 100, a call costs 5"        a call is paid whoever gets it
"missing a fraud costs 500, a false alarm costs 20"  an alarm costs only where it was wrong
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_AMOUNT = r"(?:[$€£]\s?|(?:usd|eur|gbp)\s)?(?P<{}>\d[\d,]*(?:\.\d+)?)"
_COSTS = r"\s+(?:would\s+|will\s+)?(?:costs?|is\s+worth|loses?)\s+(?:me\s+|us\s+|them\s+|about\s+|around\s+)*"
MISSED = re.compile(
    r"\b(?:miss(?:ing|ed)?|overlook(?:ing|ed)?|not (?:catching|finding|spotting|seeing)|failing to \w+|losing)\s+"
    rf"(?:an?|one|the|each|every)?\s*(?P<who>[^.;,]{{1,40}}?){_COSTS}{_AMOUNT.format('missed')}",
    re.IGNORECASE,
)
ACTED = re.compile(
    rf"\b(?:an?|one|each|every)\s+(?P<what>[^.;,]{{1,40}}?){_COSTS}{_AMOUNT.format('acted')}", re.IGNORECASE
)
FALSE = re.compile(r"\bfalse\b|\bwrong\b|\bneedless\b|\bmistake", re.IGNORECASE)
SURE = 0.02
"""The share of the cost that a threshold found on the rows must save over the one that follows from the costs alone."""


@dataclass(frozen=True)
class Costs:
    """What it costs to miss a row of the class `of`, and to act: `always`, or only where it was wrong."""

    missed: float
    acted: float
    always: bool
    of: str

    @property
    def threshold(self) -> float:
        """The chance from which acting is cheaper, were all chances true (Elkan, 2001)."""
        return self.acted / (self.missed if self.always else self.missed + self.acted)

    def each(self, positive: npt.NDArray[np.bool_], acts: npt.NDArray[np.bool_]) -> float:
        """What a row costs on average."""
        paid = acts if self.always else acts & ~positive
        return float((self.acted * paid + self.missed * (positive & ~acts)).mean())


@dataclass(frozen=True)
class Decision:
    """From which chance of the class with this code the model says it."""

    code: int
    threshold: float

    def chosen(self, chances: Array) -> npt.NDArray[np.int64]:
        """The codes of the classes said for chances (rows, 2)."""
        return np.where(chances[:, self.code] >= self.threshold, self.code, 1 - self.code).astype(np.int64)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def read(words: str, classes: tuple[str, ...], labels: Array) -> Costs | None:
    """The costs that a sentence states; None when it states none, or they are the same whatever is done.

    `labels` are codes of the two `classes`. The class meant is the one named, else the usual "yes", else the rarer.
    """
    missed = MISSED.search(words)
    rest = words.replace(missed[0], " ") if missed else words
    acted = ACTED.search(rest)
    if missed is None or acted is None or len(classes) != 2:
        return None
    dear, cheap = (float(found.replace(",", "")) for found in (missed["missed"], acted["acted"]))
    always = FALSE.search(acted["what"]) is None
    if cheap <= 0 or dear <= 0 or (always and cheap >= dear):
        return None
    return Costs(dear, cheap, always, _meant(missed["who"], classes, labels))


def _meant(who: str, classes: tuple[str, ...], labels: Array) -> str:
    named = [name for name in classes if re.search(rf"\b{re.escape(name)}", who, re.IGNORECASE)]
    if len(named) == 1:
        return named[0]
    usual = [name for name in classes if name.casefold() in ("yes", "true", "1", "1.0", "y", "ja", "sí", "oui")]
    if usual:
        return usual[0]
    return classes[int(np.argmin(np.bincount(labels.astype(int), minlength=2)))]


def decide(costs: Costs, classes: tuple[str, ...], labels: Array, chances: Array) -> Decision:
    """The threshold that costs least on rows with chances (rows, 2) from models that had not seen them.

    The one that follows from the costs is kept unless another is clearly cheaper: few rows find one by chance.
    """
    code = classes.index(costs.of)
    positive, own = labels == code, chances[:, code]
    tried = np.unique(np.quantile(own, np.linspace(0, 1, 201)))
    spent = np.array([costs.each(positive, own >= threshold) for threshold in tried])
    plain = costs.each(positive, own >= costs.threshold)
    best = int(np.argmin(spent))
    clear = spent[best] < plain * (1 - SURE) - _error(costs, positive, own)
    return Decision(code, float(tried[best]) if clear else costs.threshold)


def _error(costs: Costs, positive: npt.NDArray[np.bool_], own: Array) -> float:
    """The standard error of what a row costs at the plain threshold."""
    acts = own >= costs.threshold
    each = costs.acted * (acts if costs.always else acts & ~positive) + costs.missed * (positive & ~acts)
    return float(each.std() / np.sqrt(len(each)))


def compared(costs: Costs, decision: Decision, labels: Array, chances: Array) -> dict[str, Any]:
    """What 1,000 rows cost by the threshold, and beside it by the likelier class, by acting always, and never."""
    positive, own = labels == decision.code, chances[:, decision.code]
    ways = {
        "model": own >= decision.threshold,
        "likelier": own >= 0.5,
        "always": np.ones(len(own), dtype=bool),
        "never": np.zeros(len(own), dtype=bool),
    }
    spent = {name: 1_000 * costs.each(positive, acts) for name, acts in ways.items()}
    caught = float((ways["model"] & positive).sum() / max(1, positive.sum()))
    told = {"threshold": decision.threshold, "acts": float(ways["model"].mean()), "caught": caught}
    return asdict(costs) | told | {"per_1000": spent}


def in_words(found: dict[str, Any]) -> str:
    """The comparison as a sentence or two for the client."""
    spent = found["per_1000"]
    best = min(("always", "never", "likelier"), key=lambda name: spent[name])
    other = {"always": "acting on every row", "never": "never acting", "likelier": "acting on the likelier class"}[best]
    words = (
        f"With your costs (missing a '{found['of']}' {found['missed']:,.6g}, "
        f"{'each action' if found['always'] else 'each false alarm'} {found['acted']:,.6g}), it says '{found['of']}' "
        f"from a chance of **{found['threshold']:.1%}** on: that acts on {found['acts']:.0%} of the rows and finds "
        f"{found['caught']:.0%} of those meant. 1,000 rows then cost **{spent['model']:,.0f}**; {other}, the best "
        f"without this, costs {spent[best]:,.0f}."
    )
    return words if spent["model"] < spent[best] else f"{words} **So the model does not pay here.**"

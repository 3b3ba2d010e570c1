"""The result of a calculation with its working, the form in which every calculation answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from agents.tools.calculation.numbers import cents, money_text, number_text, terminates


@dataclass(frozen=True)
class Worked:
    """One result: `answer` in a few words, `working` line by line, `value` and `unit` for whoever goes on with it.

    `unit` is an ISO currency code, a unit, or empty. `formula` names the source of a formula where one was used.
    """

    answer: str
    working: tuple[str, ...] = ()
    value: Fraction | None = None
    unit: str = ""
    formula: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> dict[str, object]:
        """The result as JSON: decimal text, so that nothing is lost on the way."""
        if self.value is None:
            return {"result": self.answer, **self.more}
        money = len(self.unit) == 3 and self.unit.isupper()
        text = str(cents(self.value, self.unit)) if money else number_text(self.value, 10).replace(",", "")
        return {"result": text, "unit": self.unit, **self.more}


def shown(value: Fraction, currency: str = "", *, exact: bool = True) -> str:
    """A value as it is shown: money with two places, else the figure with ≈ before it when it was rounded."""
    if currency:
        return money_text(value, currency)
    return ("" if exact and terminates(value) else "≈ ") + number_text(value)


def percent(value: Fraction) -> str:
    """``0.19`` as ``19 %``."""
    return f"{number_text(value * 100, 2)} %"

"""Reads what a sentence wants of the schedule: to plan, list, pause, resume, move or stop something, and which."""

from __future__ import annotations

import re
from typing import Any

from agents.tools.today.rhythm import rhythm_of

_LIST = re.compile(
    r"\b(?:what|which|anything|show|list|see)\b[^.?!]{0,40}\b(?:scheduled?|schedules|runs? (?:by itself|automatically)|"
    r"planned to run|recurring (?:tasks|requests))\b|^\W*(?:my )?schedules?\W*$"
    r"|\bwhen (?:does|is|will) .{0,40}\bnext (?:run|due)\b",
    re.I,
)
_POLITE = r"^\W*(?:(?:please|can you|could you|hey|hi|ok|and)\b[\s,:]*)*"
_ACTS = {
    "pause": re.compile(rf"{_POLITE}(?:pause|suspend|put .{{0,30}} on hold)\b", re.I),
    "resume": re.compile(rf"{_POLITE}(?:resume|unpause|continue|restart|start .{{0,30}} again|go on with)\b", re.I),
    "stop": re.compile(
        rf"{_POLITE}(?:stop|cancel|delete|remove|end|unschedule|drop)\b|\bno longer\b|\bdon'?t\b.{{0,30}}\bany ?more\b",
        re.I,
    ),
    "move": re.compile(rf"{_POLITE}(?:move|shift|change|reschedule)\b.*\b(?:to|at|for)\b|\binstead\b", re.I),
}
_FILLER = re.compile(
    r"^\W*(?:(?:please|can you|could you|hey|hi|ok|and|i want you to|i'?d like you to|schedule|set up|plan)\b[\s,:]*)+"
    r"(?:(?:a|an|the) )?",
    re.I,
)
_NAMING = re.compile(
    r"\b(?:pause|suspend|hold|resume|unpause|continue|restart|start|again|stop|cancel|delete|remove|end|unschedule|drop|"
    r"move|shift|change|reschedule|run|set|please|scheduled?|the|my|that|this|it|them|all|everything|to|at|for|on|of|from|"
    r"with|put|no|longer|go|sending|me|a|an|is|every|each|instead|tasks?|requests?|daily|weekly|monthly|hourly)\b",
    re.I,
)
OFTEN = {"daily": "DAILY", "weekly": "WEEKLY", "monthly": "MONTHLY", "hourly": "HOURLY", "yearly": "YEARLY"}


def read_schedule(clause: str) -> dict[str, Any]:
    """`action`, and the words that name what is meant."""
    if act := next((name for name, cue in _ACTS.items() if cue.search(clause)), ""):
        return {"action": act, "named": clause}
    return {"action": "plan" if rhythm_of(clause) and not _LIST.search(clause) else "list"}


def wanted(rest: str) -> str:
    """What is to be done, without “please schedule”: a request as the user would send it."""
    return _FILLER.sub("", rest).strip(" ,.;:")


def names(text: str) -> set[str]:
    """The words of a sentence that can name something scheduled."""
    return set(re.findall(r"[^\W\d]{2,}", _NAMING.sub(" ", text).casefold()))


def frequencies(text: str) -> set[str]:
    """The frequencies it names, as rules write them."""
    return {rule for word, rule in OFTEN.items() if re.search(rf"\b{word}\b", text, re.I)}

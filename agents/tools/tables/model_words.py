"""What a message says about a model that is wanted: the target, columns to leave out, the kind of task, the time."""

from __future__ import annotations

import re
from typing import Any

_END = (
    r"(?=\s+(?:from|using|with|without|based|in|on|given|by|out|ignoring|excluding|as|and|then|within|so|please|per|but|"
    r"via|aus|mit|anhand|for\s+(?:me|my|the|this|these|each|a))\b|\s*[,.;:?!)(\n]|\s*$)"
)
_NAME = rf"(?:[\"'“‘`](?P<quoted>[^\"'”’`]+)[\"'”’`]|(?P<bare>.+?){_END})"
_TARGETS = (
    r"\((?P<quoted>[a-z0-9]+(?:_[a-z0-9]+)+)\)(?P<bare>(?!))?",
    r"(?<!ignore )(?<!without )(?<!without the )(?<!drop )(?<!the )"
    r"\b(?:column|columna|coluna|colonna|colonne|spalte)\s+"
    r"(?:(?:is|called|named|heißt|se llama)\s+)?"
    r"(?:[\"'“‘`„«]\s*(?P<quoted>[^\"'”’`“»]+?)\s*[\"'”’`“»]|(?P<bare>(?!is\b|for\b|of\b|to\b|that\b|à\b|a\b)[\w-]+))",
    r"(?P<quoted>(?!))?\b(?P<bare>[\w-]+) (?:is the column|is the target|as (?:the )?target"
    r"|is what (?:i|we) (?:want|need|would like)(?: to)? (?:predict|know|forecast)\w*)\b",
    rf"\b(?:target|dependent variable|outcome|label)(?:\s+(?:column|variable|is|should be|=|:|being))*"
    rf"\s*[:=]?\s+{_NAME}",
    rf"\b(?:predict(?:s|ing|or for| the value of)?|forecast(?:s|ing)?|estimat(?:e|es|ing)|vorhersagen?(?: von)?)"
    rf"\s+{_NAME}",
    r"(?P<quoted>(?!))?\b[yY] ?= ?(?P<bare>[\w-]+)",
    rf"(?:^|[,;]\s*|\band )(?:please |now )?model\s+(?!for\b|of\b|on\b|the data|that\b|was\b|is\b|to\b){_NAME}",
    rf"\bclassif(?:y|ication)\b[^.?!]*?\b(?:by|into|as)\s+{_NAME}",
    rf"\b(?:classify|sage)\s+{_NAME}",
    rf"\b(?:prediction|predictor|forecast|classifier|regression|model|modell|automl)\s+(?:for|of|on|für)\s+{_NAME}",
    r"(?P<quoted>(?!))?\bcolumn is (?:called |named )?(?P<bare>(?!for\b|of\b|to\b|in\b|the\b|an?\b|not\b)[\w-]+)",
    r"(?P<quoted>(?!))?(?:^|[\s,;])[yY] is (?P<bare>[\w-]+)",
    rf"\b(?:learn|guess)\s+(?!from\b|on\b|with\b|how\b|that\b){_NAME}",
    r"\b(?:know|tells? (?:me|us)|find out|work out)\s+(?:the\s+)?(?P<quoted>(?!))?(?P<bare>[\w-]+)\s+from the other",
    r"(?P<quoted>(?!))?(?<![\w./-])(?P<bare>[a-z0-9]+(?:_[a-z0-9]+)+)(?![\w./-])",
    rf"\bwhat\s+(?:drives|determines|influences|explains|affects)\s+{_NAME}",
)
_OPENING = re.compile(
    r"^(?:(?:the|which|what|whether|if|how much|how many|column|target|called|named|values? of|die|den|das)\s+)+", re.I
)
_JUNK = re.compile(
    r"^(?:my|our|this|that|it|its|me|these|those|them|us|something|(?:an? )?(?:attached|uploaded|following|given|new|"
    r"same|future|best|file|data|dataset|data set|table|csv|excel|spreadsheet|sheet|sample|rows?|columns?|model))\b",
    re.IGNORECASE,
)
_FILE = re.compile(r"\S+\.(?:csv|tsv|xlsx?|jsonl?|ndjson)\b", re.IGNORECASE)
_VERB = re.compile(r"\b(?:will|would|is|are|was|were|has|have|does|do|did|going to)\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\s+(?:in|within|using|from|please|then|when|for|to)\b.*|\s*\b(?:and|then) (?:explain|show|train|build|tell)\b.*",
    re.I,
)
_IGNORE = re.compile(
    r"\b(?:without(?: using)?|ignor(?:e|ing)|exclud(?:e|ing)|leav(?:e|ing) out|drop(?:ping)?|not using|"
    r"(?:don't|do not) use)\s+(?:the\s+)?(?:columns?\s+)?(?P<names>[^.;?!\n]+)",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"\b(?:budget|within|in|for|at most|max(?:imum)?|up to|under|spend|take)\s+(?:of\s+)?(?:at most\s+)?"
    r"(?P<count>\d+)\s*(?P<unit>s|secs?|seconds?|mins?|minutes?)\b",
    re.IGNORECASE,
)
_AIMLESS = {
    "clustering": r"\bcluster\w*|\bsegment(?:s|ing|ation)?\b|\bgroups? of (?:similar|alike)\b|\binto \w+ groups\b",
    "anomaly": r"\banomal\w+|\b(?:odd|unusual|strange) rows\b|\boutlier detection\b",
}
MOST_SECONDS = 1_800.0


def model_words(clause: str) -> dict[str, Any]:
    """Any of target, ignore, kind and seconds that the words hold."""
    found: dict[str, Any] = {
        "target": target_phrase(clause),
        "ignore": ignored(clause),
        "kind": task_kind(clause),
        "seconds": seconds(clause),
    }
    return {name: value for name, value in found.items() if value}


def target_phrase(clause: str) -> str | None:
    """The words that name what to predict, as they were written; None when there are none."""
    clause = _FILE.sub("this file", clause)
    for pattern in _TARGETS:
        for match in re.finditer(pattern, clause, re.IGNORECASE):
            if match["quoted"]:
                return match["quoted"].strip()
            phrase = _OPENING.sub("", match["bare"].strip()).strip(" '\"")
            phrase = _VERB.split(phrase)[-1].strip()  # "a customer will churn" names churn, not the customer
            if phrase and not _JUNK.match(phrase):
                return phrase
    return None


def ignored(clause: str) -> list[str]:
    """The columns the user wants left out."""
    match = _IGNORE.search(clause)
    if match is None:
        return []
    names = re.split(r"\s*,\s*(?:and\s+)?|\s+(?:and|or)\s+", _AFTER.sub("", match["names"]))
    return [name.strip(" '\"`") for name in names if name.strip(" '\"`") and len(name.split()) <= 3]


def task_kind(clause: str) -> str | None:
    """The kind of task, where the words insist on one."""
    aimed = re.search(r"\bpredict\w*|\bforecast|\bclassif|\btarget\b", clause, re.IGNORECASE)
    for kind, pattern in _AIMLESS.items():
        if not aimed and re.search(pattern, clause, re.IGNORECASE):
            return kind
    if re.search(r"\bclassif(?:y|ication|ier)\b|\bas (?:a )?(?:class|classes|category|categories)\b", clause, re.I):
        return "classification"
    return "regression" if re.search(r"\bregression\b|\bas (?:a )?number\b", clause, re.IGNORECASE) else None


def seconds(clause: str) -> float | None:
    """The time the user grants, in seconds."""
    match = _BUDGET.search(clause)
    if match is None:
        return None
    each = 60 if match["unit"].lower().startswith("m") else 1
    return min(float(match["count"]) * each, MOST_SECONDS) or None

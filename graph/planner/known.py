"""What a message may refer to: files at hand, and the records earlier turns made or listed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from agents.spec import Record
from graph.planner.routes import Route
from graph.planner.words import words
from memory.files import FileRef

ORDINALS = {name: number for number, names in enumerate(
    ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th", "eighth 8th",
     "ninth 9th", "tenth 10th")) for name in names.split()}  # fmt: skip
ORDINAL = re.compile(
    rf"\b(?:the\s+)?(?:({'|'.join(ORDINALS)})(?:\s+(?:one|job|post|invoice|result|file|model))?|(?:number|no\.?|#)\s*(\d{{1,2}}))\b(?!\s*[-/]\d)",
    re.I,
)
COMMON = frozenset(
    "invoice remote senior junior developer designer translator writer contract part time with from that this their "
    "weeks months hours write proposal first second third last".split()
)
"""Words of labels that are said without meaning the record."""
LAST = re.compile(r"\bthe last (?:one|of them)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """The planner's view of a conversation.

    `files` came with the message, `earlier_files` before it, newest first. `records` are the lists of records that
    earlier steps left, newest list first, each in the order it was shown. `last` are the agents of the turn before,
    `currency` is the one the user works in, `own_rate` whether they told what an hour costs,
    `language` the one they wrote in last, `routes` what they corrected,
    newest first.
    """

    files: Sequence[FileRef] = ()
    earlier_files: Sequence[FileRef] = ()
    records: Sequence[Sequence[Record]] = ()
    clients: Sequence[str] = field(default_factory=tuple)
    last: Sequence[str] = ()
    currency: str = "EUR"
    own_rate: bool = False
    language: str = "en"
    routes: Sequence[Route] = ()


def referred(kind: str, text: str, known: Known) -> Record | None:
    """The record of a kind that a text means: one it names, if by a few words of its name, else the n-th
    of the newest list, else the newest.
    """
    lists = [[record for record in records if record.kind == kind] for records in known.records]
    lists = [records for records in lists if records]
    if not lists:
        return None
    lowered = text.lower()
    for records in lists:
        for record in records:
            if record.label and re.search(rf"(?<![\w-]){re.escape(record.label.lower())}(?![\w-])", lowered):
                return record
    if named := _by_words([record for records in lists for record in records], lowered):
        return named
    shown = lists[0]
    if hit := ORDINAL.search(text):
        place = ORDINALS[hit[1].lower()] if hit[1] else int(hit[2]) - 1
        return shown[place] if 0 <= place < len(shown) else None
    if LAST.search(text):
        return shown[-1]
    return lists[0][0]


def _by_words(records: Sequence[Record], text: str) -> Record | None:
    """The one record that shares words with the text which no other record has: "the Zagreb job"."""
    said = {word for word in words(text) if len(word) > 3 or word.isdigit()}
    labels = [set(words(record.label)) for record in records]
    often = Counter(word for label in labels for word in label)
    shared = [len({word for word in label & said if often[word] == 1 and word not in COMMON}) for label in labels]
    best = max(shared, default=0)
    return records[shared.index(best)] if best and shared.count(best) == 1 else None

"""What was decided in a meeting, who has to do what by when, and which days were named; read from what was said.

By words alone, in English, German, Spanish, French, Portuguese and Italian; every line is a quote, so that nothing is
made up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from agents.tools.business.reminder_words import day_of
from agents.tools.media.heard_words import in_figures
from config.dates import find_dates

MOST = 40
_DECIDED = re.compile(
    r"\b(?:we(?:'ve| have)? (?:decided|agreed|settled|concluded)|(?:it was|it is|it's) (?:decided|agreed|settled)|"
    r"decision(?: is|:)|let(?:'s| us) go with|we(?:'ll| will| are going to)? go (?:with|ahead)|agreed\b|approved\b|"
    r"we stick with|final answer|wir haben (?:beschlossen|entschieden|vereinbart)|beschlossen|entschieden|"
    r"wir nehmen|hemos (?:decidido|acordado)|decidimos|acordamos|on a décidé|nous avons décidé|c'est décidé|"
    r"decidimos|ficou decidido|combinámos|abbiamo deciso|è deciso|d'accordo su)\b",
    re.IGNORECASE,
)
_TASK = re.compile(
    r"\b(?P<who>i|we|you|he|she|they|[A-Z][a-zà-ÿ]+|(?:the )?client)(?:'ll| will| shall| must| have to| has to| "
    r"need to| needs to| should| am going to| is going to| are going to| can you)\s+"
    r"(?P<what>(?!be\b|see\b|have\b)[^.?!]+)|"
    r"\b(?:please|can you|could you)\s+(?P<asked>[^.?!]+)|"
    r"\b(?:action item|action point|to ?do|task|aufgabe|tarea|tâche|tarefa|compito)\s*[:\-]\s*(?P<item>[^.?!]+)|"
    r"\b(?:don't forget to|remember to|make sure to|denk daran,?)\s+(?P<kept>[^.?!]+)|"
    r"\b(?P<wer>ich|wir|[A-Z][a-zäöüß]+) (?:muss|müssen|wird|werde|werden|soll|sollte|kümmere mich um|übernehme)\s+"
    r"(?P<was>[^.?!]+)|"
    r"\b(?P<quien>yo|nosotros|[A-Z][a-zà-ÿ]+) (?:voy a|va a|vamos a|tengo que|tiene que|tenemos que|debe)\s+"
    r"(?P<que>[^.?!]+)|"
    r"\b(?P<qui>je|nous|[A-Z][a-zà-ÿ]+) (?:vais|va|allons|dois|doit|devons)\s+(?P<quoi>[^.?!]+)|"
    r"\b(?P<quem>eu|nós|[A-Z][a-zà-ÿ]+) (?:vou|vai|vamos|tenho de|tem de|preciso de)\s+(?P<oque>[^.?!]+)|"
    r"\b(?P<chi>io|noi|[A-Z][a-zà-ÿ]+) (?:devo|deve|dobbiamo|farò|farà)\s+(?P<cosa>[^.?!]+)",
    re.IGNORECASE,
)
_NAMELESS = {"i": "me", "ich": "me", "yo": "me", "je": "me", "eu": "me", "io": "me"}
_NO_TASK = re.compile(r"^(?:see|think|say|know|guess|be|tell you|mean|meet)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_STAMP = re.compile(r"^\[(?P<at>[\d:]+)\]\s*(?:(?P<who>[^:\]]{1,40}):\s)?(?P<words>.*)$")


@dataclass(frozen=True)
class Said:
    """One sentence; `at` is where in the recording, like ``1:15``, and `who` said it, empty where unknown."""

    words: str
    at: str = ""
    who: str = ""


@dataclass(frozen=True)
class Task:
    """Something to do: `what`, who does it (``me`` or as named), and the ISO day it is due, empty without one."""

    what: str
    who: str = ""
    due: str = ""
    at: str = ""


@dataclass(frozen=True)
class Notes:
    """What a meeting came to."""

    decisions: tuple[Said, ...] = ()
    tasks: tuple[Task, ...] = ()
    days: tuple[tuple[str, Said], ...] = field(default=())

    def data(self) -> dict[str, Any]:
        """The same as JSON."""
        return {
            "decisions": [asdict(one) for one in self.decisions],
            "tasks": [asdict(one) for one in self.tasks],
            "dates": [{"day": day, **asdict(said)} for day, said in self.days],
        }


def said_in(text: str) -> list[Said]:
    """The sentences of a transcript or of plain notes; lines like ``[1:15] Speaker 2: words`` keep place and voice."""
    found = []
    for line in text.splitlines():
        if not (line := line.strip()) or line.startswith(("#", "*")):
            continue
        stamp = _STAMP.match(line)
        words, at, who = (stamp["words"], stamp["at"], stamp["who"] or "") if stamp else (line, "", "")
        found += [Said(part.strip(), at, who) for part in _SENTENCE.split(words) if part.strip()]
    return found


def notes_of(said: Sequence[Said], today: date) -> Notes:
    """Decisions, tasks and days among what was said, each once and in order."""
    decisions, tasks, days = [], [], []
    for one in said:
        plain = in_figures(one.words)
        if _DECIDED.search(plain):
            decisions.append(one)
        elif task := _task(plain, one, today):
            tasks.append(task)
        days += [(hit.date.isoformat(), one) for hit in find_dates(plain, today) if hit.date]
    return Notes(
        tuple(dict.fromkeys(decisions))[:MOST], tuple(dict.fromkeys(tasks))[:MOST], tuple(dict.fromkeys(days))[:MOST]
    )


def markdown(notes: Notes, title: str) -> str:
    """The notes as a page; what is missing is said."""
    decisions = [f"- {_place(one.at)}{one.words}" for one in notes.decisions] or ["- none that I heard"]
    tasks = [
        f"- {_place(one.at)}{f'**{one.who}**: ' if one.who else ''}{one.what}{f' (by {one.due})' if one.due else ''}"
        for one in notes.tasks
    ] or ["- none that I heard"]
    days = [f"- {day}: {_place(said.at)}{said.words}" for day, said in notes.days] or ["- none that I heard"]
    return "\n".join(
        [f"# {title}", "", "## Decisions", "", *decisions, "", "## Tasks", "", *tasks, "", "## Dates", "", *days, ""]
    )


def _task(words: str, said: Said, today: date) -> Task | None:
    hit = _TASK.search(words)
    if hit is None:
        return None
    groups = hit.groupdict()
    what = next((groups[name] for name in ("what", "asked", "item", "kept", "was", "que", "quoi", "oque", "cosa")
                 if groups[name]), "")  # fmt: skip
    who = next((groups[name] for name in ("who", "wer", "quien", "qui", "quem", "chi") if groups[name]), "")
    if len(what.split()) < 2 or _NO_TASK.match(what):
        return None
    name = _NAMELESS.get(who.lower(), who)
    if name == "me" and said.who:
        name = said.who
    due = day_of(words, today)
    return Task(what.strip(" ,;:"), name, due.isoformat() if due else "", said.at)


def _place(at: str) -> str:
    return f"[{at}] " if at else ""

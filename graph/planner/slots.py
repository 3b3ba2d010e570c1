"""Fills the fields of an agent's task from a clause.

An agent's own `read` comes first; then every field that is still open and says, by its `Slot`, what it holds takes the
next thing of that kind. What an earlier step of the plan will make is bound rather than filled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic.fields import FieldInfo

from agents.spec import AgentSpec, Slot
from agents.tools.business.reminder_words import day_of, in_figures
from agents.tools.jobs.skills import find_skills
from graph.planner.entities import Entities, extract, names
from graph.planner.gloss import gloss
from graph.planner.known import Known, referred
from graph.planner.language import language_of


@dataclass(frozen=True)
class Clause:
    """One request: its words, with those of a pasted text where it works on that, and the text pasted."""

    text: str
    pasted: str = ""

    @property
    def said(self) -> str:
        """The user's own words: whom something is for is read from these alone."""
        return self.text.removesuffix(self.pasted) if self.pasted else self.text


@dataclass
class Filled:
    """A task's fields, and those that wait for an earlier step: field name to step id."""

    task: dict[str, Any] = field(default_factory=dict)
    binds: dict[str, str] = field(default_factory=dict)


def slot_of(info: FieldInfo) -> Slot | None:
    """The `Slot` in a field's annotation, if any."""
    return next((item for item in info.metadata if isinstance(item, Slot)), None)


def fill(
    spec: AgentSpec,
    clause: Clause,
    known: Known,
    made: Mapping[str, str],
    today: date,
    *,
    given: dict[str, Any] | None = None,
) -> Filled:
    """Fill a task. `made` maps each kind of record that earlier steps of this plan make to the step's id."""
    filled = Filled(dict(given or {}))
    language = language_of(clause.text, known.language)
    words = gloss(clause.text, language) if language != "en" else None
    if spec.read:
        read = words.back(spec.read(words.text)) if words else spec.read(clause.text)
        filled.task.update({name: value for name, value in read.items() if value is not None})
    entities = extract(clause.text, today)
    if not entities.dates and (day := day_of(in_figures(words.text if words else clause.text), today)):
        entities.dates.append(day)
    for name, info in spec.task.model_fields.items():
        slot = slot_of(info)
        if slot is None or filled.task.get(name) not in (None, [], ""):
            continue
        if slot.kind.startswith("record:"):
            fill_record(filled, name, slot.kind.removeprefix("record:"), clause, known, made)
        elif slot.kind.startswith("file:"):
            fill_file(filled, name, slot.kind.removeprefix("file:"), clause, known)
        elif (value := value_of(slot.kind, clause, entities, known)) is not None:
            filled.task[name] = value
    return filled


def missing(spec: AgentSpec, filled: Filled) -> tuple[str, Slot] | None:
    """The first field the agent cannot do without that is neither filled nor bound."""
    needed = [name for name, info in spec.task.model_fields.items() if info.is_required()]
    if spec.needs:
        needed += spec.needs({**filled.task, **filled.binds})
    for name in needed:
        if name not in filled.binds and filled.task.get(name) in (None, "", []):
            slot = slot_of(spec.task.model_fields[name])
            return name, slot or Slot("text")
    return None


def value_of(kind: str, clause: Clause, found: Entities, known: Known) -> Any:
    """The next thing of a kind in a clause, as the task's field takes it; None when there is none."""
    if kind == "skills":
        return find_skills(clause.text) or None
    sums = [f"{amount} {code}" for amount, code in found.money]
    rates = [f"{amount} {code}/{unit}" for amount, code, unit in found.rates]
    lowered = clause.said.lower()
    values: dict[str, Sequence[Any]] = {
        "money": sums or [rate.partition("/")[0] for rate in rates],
        "rate": rates or sums,
        "hours": found.hours,
        "percent": found.percents,
        "number": found.numbers,
        "date": found.dates,
        "url": found.urls,
        "email": [address for address in found.emails if address.lower() in lowered],
        "quoted": found.quoted,
        "client": [name for name in known.clients if name.lower() in lowered] or names(clause.said),
        "pasted": [clause.pasted] if clause.pasted else [],
        "text": [clause.text] if clause.text else [],
    }
    return next(iter(values[kind]), None)


def fill_record(filled: Filled, name: str, kind: str, clause: Clause, known: Known, made: Mapping[str, str]) -> None:
    """Fill a field with a record: one made by an earlier step of this plan, or one from the conversation."""
    record = referred(kind, clause.text, known)
    named = record is not None and record.label.lower() in clause.text.lower()
    if kind in made and not named:
        filled.binds[name] = made[kind]
    elif record is not None and not clause.pasted:  # what is pasted now is newer than anything before
        filled.task[name] = record.id


def fill_file(filled: Filled, name: str, kind: str, clause: Clause, known: Known) -> None:
    """Fill a field with a file: one the clause names, else the first sent now, else the newest sent before."""
    lowered = clause.text.lower()
    for file in (*known.files, *known.earlier_files):
        if file.kind == kind and file.name.lower() in lowered:
            filled.task[name] = file.id
            return
    candidates = [file for file in (*known.files, *known.earlier_files) if file.kind == kind]
    if candidates:
        filled.task[name] = candidates[0].id


def answered(name: str, kind: str, answer: str, known: Known, today: date) -> Any:
    """What an answer says about the field that was asked for."""
    clause = Clause(answer, answer if len(answer) > 200 else "")
    found = extract(answer, today)
    if kind.startswith(("file:", "record:")):
        filled = Filled()
        of = kind.partition(":")[2]
        if kind.startswith("file:"):
            fill_file(filled, name, of, clause, known)
        else:
            fill_record(filled, name, of, clause, known, {})
        return filled.task.get(name)
    value = value_of(kind, clause, found, known)
    if value is None and found.numbers and kind in {"money", "rate", "hours", "percent"}:
        amount = found.numbers[0]
        return f"{amount} {known.currency}" if kind in {"money", "rate"} else amount
    if value is None and kind in {"client", "pasted", "quoted", "skills"} and answer.strip():
        return [part.strip() for part in answer.split(",")] if kind == "skills" else answer.strip()
    return value

"""Makes the plan for a message: which agents, with which tasks, in which order, and what must be asked first."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from agents.spec import AgentSpec
from agents.tools.jobs.skills import vocabulary
from graph.planner import talk
from graph.planner.answering import answers
from graph.planner.entities import extract
from graph.planner.flow import ALL, DEPENDS, waits_for
from graph.planner.following import CORRECTS, stops
from graph.planner.gloss import gloss
from graph.planner.intents import FAINT, Intent, Intents
from graph.planner.known import Known
from graph.planner.language import LANGUAGES, differ, language_of
from graph.planner.pasted import Said, separate
from graph.planner.requests import STRONG, Request, Requests
from graph.planner.routes import preferred
from graph.planner.segments import pieces
from graph.planner.shown import LOOKED_AT, MEANS, WORKS_ON, looks_like
from graph.planner.slots import Clause, Filled, answered, fill, missing, slot_of
from graph.planner.words import fold
from graph.state import Missing, Plan, Step

if TYPE_CHECKING:
    from integrations.models.embeddings.embedder import Embedder

CLEAR = 0.4
"""So far ahead of the next agent words are clearly for this one. So measured, 20 of 33 wrong plans for the labelled
messages are unsure, and 30 of 334 right ones."""
MOST_CANDIDATES = 5
LATELY = 16
"""Messages that are remembered as taken apart: one is asked about several times while a plan is made."""
OWN_RATE = "own_rate"
"""The field by which a task takes the user's own rate as its price."""
URGENT = re.compile(
    r"\b(?:urgent\w*|asap|right away|immediately|first of all|quick(?:ly)?|by (?:tomorrow|tonight|noon|today)|"
    r"today|tonight|"
    r"dringend|sofort|eilig|so schnell wie möglich|heute noch|bis (?:morgen|heute)|noch heute|schnell|"
    r"urgente\w*|ya mismo|"
    r"cuanto antes|para (?:hoy|mañana)|hoy mismo|au plus vite|tout de suite|d'ici (?:demain|ce soir)|"
    r"pour (?:demain|ce soir)|"
    r"subito|entro (?:oggi|domani|stasera)|il prima possibile|para (?:hoje|amanhã)|o quanto antes|agora mesmo|já)\b",
    re.IGNORECASE,
)
"""Words of haste, and deadlines that are near."""
PASTED_AGENTS = frozenset({"job_match", "profile", "contract"})
"""Who looks at a text that was pasted without a request and looks like nothing known; by default it is a job post."""
FITS = 0.3
"""What it is worth for an agent that a text of the kind it works on was pasted."""
ANSWER = "Write an answer to this mail"
"""What is asked for a mail that came without a request."""
OPENS = re.compile(r"\W*(?:\w+\W+){0,4}(?:https?://|www\.)\S+\W*", re.IGNORECASE)
"""A few words and an address."""
FILE_AGENT = {
    "table": "data_analyst",
    "document": "documents",
    "audio": "voice",
    "image": "vision",
    "video": "vision",
}
"""Who looks at a file that came without a request."""


class Planner:
    """Plans by rules and examples; the same words with the same knowledge give the same plan."""

    def __init__(self, agents: Mapping[str, AgentSpec]) -> None:
        vocabulary()  # read from disk now, not while a message waits
        self.agents = agents
        self._intents = Intents(agents)
        self._requests = Requests(agents, self._intents)
        self._parts = lru_cache(LATELY)(self._taken_apart)

    def learn(
        self,
        embedder: Embedder | None,
        kept: Path,
        stopped: Callable[[], bool] = lambda: False,
        begins: Callable[[], object] = lambda: None,
    ) -> None:
        """Let what messages mean count beside their words, from now on.

        Blocking: about a minute the first time, which `begins` is told, then the folder `kept` holds what was learned;
        given up when `stopped` says so. Raises EmbeddingError and OSError.
        """
        for language in LANGUAGES:
            gloss("", language)  # read from disk now, not while a message waits
        self._intents.learn(embedder, kept, stopped, begins)
        self._parts.cache_clear()

    @property
    def taught(self) -> Mapping[str, Sequence[str]]:
        """What is learned from: examples by agent, and for nobody; none where there are too few."""
        return self._intents.taught

    @property
    def learned(self) -> bool:
        """Whether it is learned what messages mean."""
        return self._intents.learned

    def plan(self, message: str, known: Known, today: date, *, command: str = "") -> Plan:
        """The plan for one message. `command` names the agent when the user picked one."""
        language = language_of(self.words(message), known.language)
        return self._planned(message, known, today, command).model_copy(update={"language": language})

    def _planned(self, message: str, known: Known, today: date, command: str) -> Plan:
        if talk.cancels(message) and not stops(message, known.last):
            return Plan(answer=talk.phrases()["cancel"]["nothing"], offers=talk.phrases()["offers"])
        if not known.files and not command and (said := talk.small_talk(message)):
            return Plan(answer=said[0], offers=said[1])
        parts = self._parts(message)
        kinds = {file.kind for file in known.files} | ({"pasted"} if parts.pasted else set())
        if command in self.agents:
            requests = [Request(Intent(command, 1.0, f"you chose /{command}"), parts.words or message, False)]
        elif (taught := preferred(parts.words, known.routes)) in self.agents:
            requests = [Request(Intent(str(taught), 1.0, "you corrected me before"), parts.words)]
        else:
            last = [name for name in known.last if name in self.agents]
            requests = self._requests(parts.words, kinds, last, self._fitting(parts))
            requests = requests or self._from_data(parts.words, parts.pasted, known)
        if not requests:
            answer, offers = talk.out_of_scope()
            return Plan(answer=answer, offers=offers, open=True)
        return self._steps(requests, parts.pasted, known, today)

    def words(self, message: str) -> str:
        """The user's own words of a message, without what is pasted into it."""
        return self._parts(message).words

    def doubts(self, plan: Plan, message: str, known: Known) -> list[AgentSpec]:
        """The agents that may be meant, best first, when the plan made for a message is unsure; none when it is sure.

        A plan is sure when each step's words speak strongly or with a cue for its agent, and clearly for no other. A
        reply that is `open` is unsure when anything in the message speaks for an agent at all.
        """
        if not plan.open and all(step.sure for step in plan.steps):
            return []
        ranked = self._intents.candidates(self.words(message), {file.kind for file in known.files})
        planned = [step.agent for step in plan.steps]
        names = list(dict.fromkeys([*planned, *ranked]))[:MOST_CANDIDATES]
        return [self.agents[name] for name in names]

    def plan_for(self, requests: Sequence[Request], message: str, known: Known, today: date) -> Plan:
        """The plan in which agents chosen otherwise do their parts of a message."""
        plan = self._steps(requests, self._parts(message).pasted, known, today)
        return plan.model_copy(update={"language": language_of(self.words(message), known.language)})

    def answered(self, plan: Plan, message: str, known: Known, today: date) -> Plan | None:
        """The plan with its question answered by a message; None when the message is something else.

        Something else is done first, and the question stays open.
        """
        if plan.missing is None:
            return None
        parts = self._parts(message)
        whole = self.complete(plan, message, known, today)
        best = self._intents.best(parts.words or message, {file.kind for file in known.files})
        agent, pasted = plan.step(plan.missing.step).agent, bool(parts.pasted)
        kind, task = plan.missing.kind, plan.step(plan.missing.step).task
        said = fill(self.agents[agent], Clause(message), known, {}, today).task
        found = extract(message, today)
        exact = {"hours": found.hours, "money": found.money, "rate": found.money or found.rates}.get(kind, [kind])
        fits = answers(
            kind,
            agent,
            message,
            best,
            filled=whole is not None,
            pasted=pasted,
            exact=bool(exact),
            other=said.get("action") != task.get("action"),
        )
        return whole if fits else None

    def complete(self, plan: Plan, answer: str, known: Known, today: date) -> Plan | None:
        """The plan with its question answered, or None when the answer does not answer it."""
        if plan.missing is None:
            return None
        step = plan.step(plan.missing.step)
        spec = self.agents[step.agent]
        filled = fill(spec, Clause(step.text), known, {}, today, given=step.task)
        filled.binds = step.binds
        lack = missing(spec, filled)
        if lack and lack[0] == plan.missing.field:  # else a file that came with the answer has filled it
            value = answered(plan.missing.field, plan.missing.kind, answer, known, today)
            if value is not None:
                filled.task[plan.missing.field] = value
            else:  # read as if all had been said at once: "remind me to call Bob" … "at 5 pm"
                before = missing(spec, fill(spec, Clause(step.text), known, {}, today))
                if before is None or before[0] != plan.missing.field:
                    return None
                filled = fill(spec, Clause(f"{step.text} {answer}"), known, {}, today)
                filled.binds |= step.binds
                filled.task = step.task | filled.task
                if (lack := missing(spec, filled)) and lack[0] == plan.missing.field:
                    return None
        steps = [
            one.model_copy(update={"task": filled.task, "text": f"{one.text} {answer}"}) if one is step else one
            for one in plan.steps
        ]
        return self._asked(Plan(steps=_json(steps), language=language_of(answer, plan.language)), known)

    def _taken_apart(self, message: str) -> Said:
        return separate(message, self._speaks)

    def _speaks(self, text: str) -> bool:
        """Whether a text, or a piece of it, is for an agent."""
        if self._intents.plain(text) is not None:
            return True
        parts = pieces(text) if self._intents.learned else []
        return len(parts) > 1 and any(self._intents.plain(text[one.start : one.end]) for one in parts)

    def _from_data(self, words: str, pasted: str, known: Known) -> list[Request]:
        """What to do with a file or a pasted text that came without a request."""
        if pasted:
            heard = self._intents.rank(words) if words else []
            agent = heard[0].agent if heard and heard[0].score >= FAINT else self._looked_at(pasted)
            if agent in self.agents:
                said = words or (ANSWER if agent == "writer" else pasted[:120])
                return [Request(Intent(agent, STRONG, "you pasted a text"), said, False)]
        for file in known.files:
            if (agent := FILE_AGENT.get(file.kind, "")) in self.agents:
                return [Request(Intent(agent, STRONG, f"you attached {file.name}"), words or file.name, False)]
        return []

    def _fitting(self, parts: Said) -> dict[str, float]:
        """What it is worth for each agent that a text of its kind was pasted, beside what is said about it."""
        if not parts.pasted:
            return {}
        fitting = dict.fromkeys(WORKS_ON.get(looks_like(parts.pasted), ()), FITS)
        if differ(parts.words, parts.pasted):
            fitting |= {"translator": CORRECTS if MEANS.match(fold(parts.words)) else FITS}
        return fitting

    def _looked_at(self, pasted: str) -> str:
        """Who looks at a pasted text that came without a request."""
        if agent := LOOKED_AT.get(looks_like(pasted)):
            return agent
        found = self._intents.best(pasted[:2000], {"pasted"})
        return found.agent if found and found.agent in PASTED_AGENTS else "job_match"

    def _steps(self, requests: Sequence[Request], pasted: str, known: Known, today: date) -> Plan:
        if pasted and not any(self._has_slot(request, "pasted") for request in requests):
            said = "" if pasted.startswith(requests[-1].text) else f"{requests[-1].text}\n"
            requests = [*requests[:-1], replace(requests[-1], text=said + pasted)]
        requests = self._without_opening(requests)
        steps: list[Step] = []
        made: dict[str, str] = {}
        whole = self._with_makers(requests, {file.kind for file in known.files})
        first = len(whole) - len(requests) + 1
        for request in whole:
            spec = self.agents[request.intent.agent]
            own = {kind: step for kind, step in made.items() if kind in spec.takes}
            filled = fill(spec, Clause(request.text, pasted), known, own, today, given=request.task)
            depends = sorted({*filled.binds.values(), *(f"s{first + place}" for place in request.after)})
            if len(steps) > 1 and ALL.search(request.text):
                depends = [one.id for one in steps]
            elif steps and (not depends or DEPENDS.search(request.text)):
                place = waits_for(spec.name, request.text, [one.agent for one in steps])
                depends = depends if place is None else sorted({*depends, steps[place].id})
            step = Step(
                id=f"s{len(steps) + 1}",
                agent=spec.name,
                task=filled.task,
                depends_on=depends,
                priority=1 if URGENT.search(request.text) else 0,
                why=request.intent.why,
                text=request.text,
                binds=filled.binds,
                sure=request.intent.lead >= CLEAR and (request.intent.cues > 0 or request.intent.score >= STRONG),
            )
            steps.append(step)
            made.update({kind: step.id for kind in spec.makes})
        return self._asked(Plan(steps=_json(steps)), known)

    def _without_opening(self, requests: Sequence[Request]) -> list[Request]:
        """The requests without one that only opens an address for the next, which reads addresses itself.

        "Read https://… and tell me if it fits me" is one request.
        """
        kept = list(requests)
        for place in range(len(kept) - 2, -1, -1):
            opening, after = kept[place], kept[place + 1]
            if OPENS.fullmatch(opening.text) and self._has_slot(after, "url"):
                kept[place : place + 2] = [replace(after, text=f"{opening.text} {after.text}", start=opening.start)]
        return kept

    def _has_slot(self, request: Request, kind: str) -> bool:
        fields = self.agents[request.intent.agent].task.model_fields.values()
        return any(slot.kind == kind for info in fields if (slot := slot_of(info)))

    def _with_makers(self, requests: Sequence[Request], sent: set[str]) -> list[Request]:
        """The requests, and before the first whoever makes from a file sent now what a step works on.

        "Explain what drives the price" with a table attached needs a model of that table first.
        """
        agents = [self.agents[request.intent.agent] for request in requests]
        if not sent or any(sent & set(spec.takes) for spec in agents):
            return list(requests)
        for request, spec in zip(requests, agents, strict=True):
            bound = {kind for kind in spec.takes if self._has_slot(request, f"record:{kind}")}
            for maker in self.agents.values():
                if set(maker.makes) & bound and sent & set(maker.takes):
                    why = f"{spec.title} works on what it makes"
                    return [Request(Intent(maker.name, STRONG, why), request.text, False), *requests]
        return list(requests)

    def _asked(self, plan: Plan, known: Known) -> Plan:
        """The plan with the first thing that is missing, if any. Who told their rate is not asked for a price again."""
        for step in plan.steps:
            spec = self.agents[step.agent]
            lack = missing(spec, Filled(step.task, step.binds))
            if lack and lack[1].kind == "rate" and known.own_rate and OWN_RATE in spec.task.model_fields:
                step.task[OWN_RATE] = True
                lack = missing(spec, Filled(step.task, step.binds))
            if lack:
                name, slot = lack
                question = slot.ask or talk.phrases()["ask"]["default"].format(field=name.replace("_", " "))
                return plan.model_copy(
                    update={"missing": Missing(step=step.id, field=name, kind=slot.kind, question=question)}
                )
        return plan


def _json(steps: Sequence[Step]) -> list[Step]:
    """The steps with tasks as JSON holds them, so that a stored plan equals a fresh one."""
    return [Step.model_validate_json(step.model_dump_json()) for step in steps]

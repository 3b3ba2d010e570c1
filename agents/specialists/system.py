"""The system: what works here, what can be asked for, and which model and machine do the work."""

from __future__ import annotations

import asyncio
import platform
import re
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentSpec, Finding, Given
from agents.tools.billing.invoice_text import cell
from agents.tools.models import model_choice
from agents.tools.models.language_models import read_model
from agents.tools.models.model_state import described, facts
from config.dates import day_text
from integrations.models.status import checks as models
from memory.backup_check import check as backups
from memory.backups import make
from memory.effects import Effected
from monitoring.health import Check, check_all

NAME = "system"
VERSIONS = ("chainlit", "langgraph", "sqlmodel", "pandas", "scikit-learn", "lightgbm", "shap", "sympy", "reportlab")
ORDER = (
    "briefing", "profile", "job_search", "job_match", "pricing", "proposal", "clients", "time", "bookkeeping",
    "calendar", "documents", "data_analyst", "automl", "explain", "math", "privacy", "system",
)  # fmt: skip


Action = Literal["health", "model", "models", "install", "use", "versions", "help", "update", "approvals", "backup"]


class SystemTask(BaseModel):
    """What to look at; `about` narrows a check to some words, such as disk; `model` is one to install or to use."""

    action: Literal[
        "health", "model", "models", "install", "use", "versions", "help", "update", "approvals", "backup"
    ] = "health"
    about: list[str] = []
    model: str = ""


BACK_UP = (
    r"\bback(?:ing)? (?:everything |it all |all of it |my (?:data|things|files) )?up\b"
    r"|\b(?:make|create|take|do|start|run) (?:me )?(?:a |another |the )?(?:new |full )?backup\b"
    r"|\bbackup (?:now|everything|my data)\b|^\W*backup\W*$"
)
"""Words that ask for a backup of what is kept here, not for talk about one."""

_ACTIONS = (
    (
        "approvals",
        r"\bapprovals?\b|\bwait\w*\b.{0,30}\b(?:approv\w+|my (?:word|ok(?:ay)?|yes|answer|decision))\b"
        r"|\bwhat (?:did you want|do you (?:need|want)) (?:me )?to (?:approve|confirm|decide)\b"
        r"|\b(?:genehmig|freigabe|freigeb|aprobaci|aprova|approva|approbation)\w*",
    ),
    ("update", r"\b(?:update|upgrade)\b.*\byou\b"),
    ("backup", BACK_UP),
    (
        "help",
        r"\b(?:what|how)\b.*\b(?:can|could|do)\b.*\byou\b(?! (?:use|have))|\bwhat (?:are you able|is possible)\b"
        r"|^\W*/?help\b|\bhelp me\W*$|\b(?:which|what|your|list)\b.*\b(?:agents|commands|features|abilities)\b"
        r"|\bcapabilit|\bexamples\b",
    ),
    ("versions", r"\bversions?\b"),
    (
        "model",
        r"\b(?:which|what|is|a|the|no|loaded|use|using|add|local)\b.*\b(?:models?|llm)\b(?!\s+(?:for|of|to)\b)"
        r"|\bollama\b|\bgguf\b",
    ),
)
_ABOUT = {
    "Disk": r"\b(?:disk|space|storage)\b",
    "Memory": r"\b(?:memory|ram)\b",
    "GPU": r"\b(?:gpu|graphics|cuda)\b",
    "Database": r"\bdatabase\b",
    "Backups": r"\bbackups?\b",
    "llama.cpp": r"\bllama\b",
    "Port": r"\bport\b",
    "Workers": r"\b(?:workers?|cores?|cpu|processors?|processes)\b",
    "Outside world": r"\b(?:offline|internet|online)\b",
}


def read_system(clause: str) -> dict[str, Any]:
    """The action a sentence asks for, and what it asks about."""
    if wanted := read_model(clause):
        return dict(wanted)
    about = [name for name, cue in _ABOUT.items() if re.search(cue, clause, re.IGNORECASE)]
    action = next((name for name, cue in _ACTIONS if re.search(cue, clause, re.IGNORECASE)), "health")
    return {"action": action, "about": about}


async def run(task: SystemTask, given: Given, deps: Deps) -> Finding:
    """Answer about the installation."""
    match task.action:
        case "help":
            return _help()
        case "versions":
            return _versions()
        case "update":
            text = "To update, stop me, then run `git pull` and `make start` in my folder. Your data stays as it is."
            return Finding(NAME, True, text)
        case "model":
            return _model(deps)
        case "approvals":
            return await _approvals(deps)
        case "backup":
            return await _back_up(deps)
        case "models":
            return await model_choice.which(deps)
        case "install":
            return await model_choice.to_install(task.model, deps)
        case "use":
            return await model_choice.use(task.model, deps)
        case _:
            return await _health(task, deps)


async def _health(task: SystemTask, deps: Deps) -> Finding:
    here = await asyncio.to_thread(check_all, deps.settings)
    checks = [*here, backups(deps.settings), *await models(deps.settings, deps.http), _workers(deps)]
    shown = [check for check in checks if check.name in task.about] or checks
    rows = ["| | What | How it is |", "|---|---|---|"]
    for check in shown:
        mark = "works" if check.ok else "missing" if check.needed else "optional"
        mend = f" To mend it: {check.fix}" if check.fix and not check.ok else ""
        rows.append(f"| {mark} | {check.name} | {cell(check.detail)}.{cell(mend)} |")
    broken = [check.name for check in checks if not check.ok and check.needed]
    opening = f"{' and '.join(broken)} need your attention." if broken else "Everything that is needed works here."
    data = {"checks": [{"name": c.name, "ok": c.ok, "detail": c.detail, "fix": c.fix} for c in shown]}
    text = f"{opening}\n\n" + "\n".join(rows)
    return Finding(NAME, True, text, data=data, offers=("what can you do", "which model is loaded"))


def _workers(deps: Deps) -> Check:
    alive = getattr(deps.jobs, "processes", 0)
    return Check("Workers", True, f"{deps.settings.workers} long jobs at a time, {alive} worker processes alive now")


def _model(deps: Deps) -> Finding:
    states = deps.models.state() if deps.models else ()
    return Finding(NAME, True, described(states), data={"models": facts(states)}, offers=("which models can I run",))


def _versions() -> Finding:
    found = {"Python": platform.python_version()}
    for name in VERSIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    rows = "\n".join(f"| {name} | {number} |" for name, number in found.items())
    return Finding(NAME, True, f"| Part | Version |\n|---|---|\n{rows}", data={"versions": found})


async def _approvals(deps: Deps) -> Finding:
    """What waits for the user's word; the page shows each with its buttons."""
    waiting = await deps.stores.effects.waiting(user=deps.user)
    if not waiting:
        return Finding(NAME, True, "Nothing waits for your word.", data={"approvals": []})
    lines = [f"{number}. **{entry.shown['title']}**{_until(entry)}" for number, entry in enumerate(waiting, 1)]
    many = "One thing waits" if len(waiting) == 1 else f"{len(waiting)} things wait"
    shown = [{"turn": one.turn, "step": one.step, "title": one.shown["title"]} for one in waiting]
    text = f"{many} for your word, and nothing of it happens before:\n\n" + "\n".join(lines)
    return Finding(NAME, True, text, data={"approvals": shown})


def _until(entry: Effected) -> str:
    return f", until {day_text(entry.until.astimezone(), '%A, %-d %B, %H:%M')}" if entry.until else ""


async def _back_up(deps: Deps) -> Finding:
    await deps.must("system")
    made = await asyncio.to_thread(make, deps.settings, deps.stores.keys.master)
    kept = f"{made.size / 1e6:,.1f} MB"
    text = (
        f"Backed up and tried out: {kept} in `{made.folder}`, sealed with your key. To go back to it, stop me and run "
        "`python -m chainlit_app restore`."
    )
    return Finding(NAME, True, text, data={"folder": str(made.folder), "bytes": made.size})


def _help() -> Finding:
    from agents.registry import load  # here, because the registry imports this file

    agents = sorted(load().values(), key=lambda one: ORDER.index(one.name) if one.name in ORDER else len(ORDER))
    rows = [f"| **{one.title}** | {cell(one.description)} | {cell(one.examples[0])} |" for one in agents]
    text = (
        "I am a freelancer's business partner, and I work on your own computer. You can ask for several things in one "
        "message, attach files, and refer back to what came before.\n\n| | What it does | Say for example |\n|---"
        "|---|---|\n"
    )
    offers = tuple(one.examples[0] for one in agents if one.name in ("profile", "bookkeeping", "math"))
    return Finding(NAME, True, text + "\n".join(rows), data={"agents": [one.name for one in agents]}, offers=offers)


AGENT = AgentSpec(
    name=NAME,
    title="System",
    description="Says what works here, what I can do, and which model and machine do the work.",
    examples=(
        "what can you do",
        "help",
        "what works here",
        "which agents are there",
        "how can you help me",
        "which model is loaded",
        "do you use a language model",
        "what is missing on this computer",
        "show the system status",
        "is everything working",
        "how much disk space is left",
        "how much memory is free",
        "do I have a GPU",
        "which versions are installed",
        "how many job workers are there",
        "are you offline",
        "run a health check",
        "what works without internet",
        "how do i add a local model",
        "why is there no model and what am I missing without one",
        "what are your commands",
        "are you using the gpu",
        "how do I update you",
        "is ollama connected",
        "what's broken",
        "show me the version",
        "what can I ask you",
        "how much ram are you using",
        "which features are there",
        "does it run offline",
        "is llama.cpp built yet",
        "run the doctor",
        "give me some examples of what you do",
        "which models can I run",
        "install the balanced model",
        "use ollama:qwen3",
        "download a language model",
        "switch to the fast model",
        "work without a model",
        "what waits for my approval",
        "show my approvals",
        "which approvals are pending",
        "what do you want me to approve",
        "back up my data now",
        "make a backup",
        "how old is the newest backup",
    ),
    cues=(
        r"^\W*/?help\W*$",
        r"\bwhat (?:can|could|do) you do\b|\bwhat are you able to\b",
        r"\bwhat works here\b|\bsystem status\b|\bhealth check\b|\bdoctor\b",
        r"\bwhich (?:language )?model (?:is|are|do)\b|\blanguage model\b",
        r"\b(?:disk|memory|ram|gpu|workers?)\b.*\b(?:left|free|available|have|there)\b",
        r"\bversions? (?:is|are|of)\b",
        r"\bwhat works\b|\bworks? (?:without|offline)\b|\boffline mode\b",
        r"\b(?:local|language|ai|llm|ollama|gguf|llama)\b[^.?!]{0,20}\bmodel\b(?! for)|\bwithout (?:a |any "
        r")?model\b|\bno model\b|\badd (?:a |an )?(?:local |language |ai )*model\b",
        r"\bhow do i (?:add|install|update|start|stop|configure|set up)\b(?!.*\bprofile\b)",
        r"\b(?:my|pending|open|which|list|show) approvals\b|^\W*approvals\W*$"
        r"|\bwait\w*\b.{0,20}\bfor my (?:approval|word|ok|okay|yes|decision)\b",
        BACK_UP + r"|\b(?:newest|last|latest) backup\b|\bwhich backups\b|\bare there (?:any )?backups\b",
        r"\bwhich agents\b|\b(?:your|list of) (?:agents|commands|features|abilities)\b|\bwhat (?:else )?can you "
        r"help\b|\bhow does this work\b",
        r"^\W*(?:was kannst du|(?:y )?qu[eé] (?:puedes|sabes) hacer|que (?:sais|peux)[- ]tu faire"
        r"|(?:che )?cosa (?:puoi|sai) fare|o que (?:voc[eê] )?(?:sabes?|podes?|pode) fazer)\b",
    ),
    task=SystemTask,
    read=read_system,
    run=run,
    effects={"install": model_choice.install, "use": model_choice.use_now},
    resource="models",
    consents=("downloads",),
)

"""The commands of the message box: each names the agent that gets the message, whatever its words say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents import registry


@dataclass(frozen=True)
class Command:
    """``/name`` for one agent, with a line that says what it does and an icon of the Lucide set."""

    name: str
    agent: str
    description: str
    icon: str


COMMANDS: tuple[Command, ...] = (
    Command("jobs", "job_search", "Find jobs on the boards", "briefcase"),
    Command("match", "job_match", "How well a job post fits you", "target"),
    Command("proposal", "proposal", "Write a proposal for a job", "pen-line"),
    Command("invoice", "bookkeeping", "Write, list and settle invoices", "receipt"),
    Command("automl", "automl", "Train a model on a table", "brain-circuit"),
    Command("explain", "explain", "Why a model predicts what it does", "lightbulb"),
    Command("analyze", "data_analyst", "Look into a table", "chart-column"),
    Command("docs", "documents", "Ask a document, with the page cited", "file-text"),
    Command("math", "math", "Calculate: rates, loans, percentages, units", "calculator"),
    Command("profile", "profile", "Tell FreelanceX who you are", "user"),
    Command("privacy", "privacy", "Export or erase everything about you", "shield"),
    Command("status", "system", "What works on this computer", "activity"),
    Command("help", "help", "What FreelanceX can do", "circle-help"),
)


def offered() -> list[dict[str, Any]]:
    """The commands the page lists: those whose agent is here."""
    agents = registry.load()
    return [
        {"id": one.name, "description": one.description, "icon": one.icon, "button": False, "persistent": False}
        for one in COMMANDS
        if one.agent in agents
    ]


def agent(name: str) -> str:
    """The agent a command names, or an empty string."""
    return next((one.agent for one in COMMANDS if one.name == name), "")


def named(agent: str) -> str:
    """The command that names an agent, or an empty string."""
    return next((one.name for one in COMMANDS if one.agent == agent), "") if agent else ""

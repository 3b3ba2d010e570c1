"""The commands of the message box: each names the agent that gets the message, whatever its words say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents import registry


@dataclass(frozen=True)
class Command:
    """``/name`` for one agent: a line that says what it does, an icon of the Lucide set, and what it means alone."""

    name: str
    agent: str
    description: str
    icon: str
    alone: str = ""


COMMANDS: tuple[Command, ...] = (
    Command("jobs", "job_search", "Find jobs on the boards", "briefcase", "Find jobs for me"),
    Command("match", "job_match", "How well a job post fits you", "target", "How well does this job match my profile?"),
    Command("proposal", "proposal", "Write a proposal for a job", "pen-line", "Write a proposal for this job"),
    Command("invoice", "bookkeeping", "Write, list and settle invoices", "receipt", "List my invoices"),
    Command("automl", "automl", "Train a model on a table", "brain-circuit", "Train a model on this table"),
    Command("explain", "explain", "Why a model predicts what it does", "lightbulb", "Explain the model"),
    Command("analyze", "data_analyst", "Look into a table", "chart-column", "Describe this table"),
    Command("docs", "documents", "Ask a document, with the page cited", "file-text", "Summarise this document"),
    Command("research", "web_research", "Look a question up, with sources", "globe"),
    Command("papers", "scholar", "Find scholarly papers", "graduation-cap"),
    Command("scrape", "scraper", "Turn a site into a table", "table"),
    Command("dashboard", "briefing", "Your business in figures and charts", "layout-dashboard", "Show my dashboard"),
    Command("trends", "career", "Which skills jobs ask and pay for", "trending-up", "Which skills are in demand?"),
    Command("market", "market", "Exchange rates and the weather", "coins"),
    Command("calendar", "calendar", "Appointments and reminders", "calendar", "What's on my calendar this week?"),
    Command("mail", "mail", "Read and write mail", "mail", "Check my inbox for new mail"),
    Command("payments", "payments", "Payment links, and what was paid", "credit-card", "Check my payments"),
    Command("math", "math", "Calculate: rates, loans, percentages, units", "calculator"),
    Command("profile", "profile", "Tell FreelanceX who you are", "user", "Show my profile"),
    Command("memory", "memory", "What FreelanceX remembers for you", "bookmark", "What do you remember?"),
    Command("privacy", "privacy", "Export or erase everything about you", "shield", "What do you keep about me?"),
    Command("status", "system", "What works on this computer", "activity", "What works here?"),
    Command("approvals", "system", "What waits for your word", "inbox", "What waits for my approval?"),
    Command("help", "system", "What FreelanceX can do", "circle-help", "What can you do?"),
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


def alone(name: str) -> str:
    """What a command says when it is sent without words."""
    return next((one.alone for one in COMMANDS if one.name == name), "")


def named(agent: str) -> str:
    """The command that names an agent, or an empty string."""
    return next((one.name for one in COMMANDS if one.agent == agent), "") if agent else ""

"""Every table in one place to import, so that a migration sees them all."""

from __future__ import annotations

from sqlalchemy import Connection, text

from memory.access_events import AccessEvent
from memory.accounts import Account
from memory.agent_runs import AgentRun
from memory.alerts import AlertRow
from memory.api_keys import ApiKey
from memory.assistants import Assistant
from memory.business.changes import Change
from memory.business.clients import Client
from memory.business.contacts import ClientNote, Contact, FollowUp
from memory.business.expenses import Expense
from memory.business.goals import Goal
from memory.business.invoice import InvoiceLineRow, InvoiceRow
from memory.business.leads import Lead
from memory.business.payments import Payment
from memory.business.projects import Project
from memory.business.proposals import Proposal
from memory.business.quotes import Quote
from memory.business.recurring import RecurringInvoice
from memory.business.reminders import Reminder
from memory.business.time_entries import TimeEntry
from memory.consents import Consent, ConsentChange
from memory.conversations import SEARCH, Element, Feedback, Step, Thread
from memory.demand import JobAsk
from memory.documents import SEARCH as DOCUMENT_SEARCH
from memory.documents import Document, DocumentPassage
from memory.effects import Effected
from memory.facts import Fact
from memory.files import StoredFile
from memory.idempotency import KeptAnswer
from memory.invitations import Invitation
from memory.job_outcomes import JobOutcome, JobRanker
from memory.jobs import JobLead
from memory.lockouts import WrongTries
from memory.model_versions import ModelVersion
from memory.notifications import Notification
from memory.preferences import Preference
from memory.profile import ProfileField
from memory.reads import ClientRead
from memory.recall.chunks import SEARCH as RECALL_SEARCH
from memory.recall.chunks import Chunk
from memory.restrictions import Restriction
from memory.routes import TaughtRoute
from memory.samples import Sample
from memory.saved_searches import SavedSearch, ToldJob
from memory.schedules import Schedule
from memory.sessions import Session
from memory.trail import TrailEntry
from memory.turns import Turn
from privacy.keys.table import DataKeyRow

__all__ = [
    "RECALL_SEARCH",
    "AccessEvent",
    "Account",
    "AgentRun",
    "AlertRow",
    "ApiKey",
    "Assistant",
    "Change",
    "Chunk",
    "Client",
    "ClientNote",
    "ClientRead",
    "Consent",
    "ConsentChange",
    "Contact",
    "DataKeyRow",
    "Document",
    "DocumentPassage",
    "Effected",
    "Element",
    "Expense",
    "Fact",
    "Feedback",
    "FollowUp",
    "Goal",
    "Invitation",
    "InvoiceLineRow",
    "InvoiceRow",
    "JobAsk",
    "JobLead",
    "JobOutcome",
    "JobRanker",
    "KeptAnswer",
    "Lead",
    "ModelVersion",
    "Notification",
    "Payment",
    "Preference",
    "ProfileField",
    "Project",
    "Proposal",
    "Quote",
    "RecurringInvoice",
    "Reminder",
    "Restriction",
    "Sample",
    "SavedSearch",
    "Schedule",
    "Session",
    "Step",
    "StoredFile",
    "TaughtRoute",
    "Thread",
    "TimeEntry",
    "ToldJob",
    "TrailEntry",
    "Turn",
    "WrongTries",
    "create_search",
]


def create_search(connection: Connection) -> None:
    """The full-text indexes, which SQLModel cannot declare."""
    if connection.dialect.name == "sqlite":
        for statement in (*SEARCH, *DOCUMENT_SEARCH):
            connection.execute(text(statement))

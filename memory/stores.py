"""Every store of one installation, opened and closed together."""

from __future__ import annotations

from dataclasses import dataclass

import anyio

from config.settings import Settings
from memory.access_events import AccessEvents
from memory.accounts import Accounts
from memory.agent_runs import AgentRuns
from memory.alerts import Alerts
from memory.api_keys import ApiKeys
from memory.assistants import Assistants
from memory.business.book import Book
from memory.business.clients import Clients
from memory.business.contacts import Contacts
from memory.business.expenses import Expenses
from memory.business.goals import Goal, goals
from memory.business.invoices import Invoices
from memory.business.leads import Lead, leads
from memory.business.payments import Payment, payments
from memory.business.projects import Projects
from memory.business.proposals import Proposal, proposals
from memory.business.quotes import Quotes
from memory.business.recurring import RecurringInvoice, recurring
from memory.business.reminders import Reminders
from memory.business.time_entries import TimeEntries
from memory.consents import Consents
from memory.conversations import Conversations
from memory.database import Database, open_database
from memory.demand import Demand
from memory.documents import Documents
from memory.effects import Effects
from memory.facts import Facts
from memory.files import Files
from memory.invitations import Invitations
from memory.job_outcomes import JobOutcomes
from memory.jobs import JobLeads
from memory.lockouts import Lockouts
from memory.model_versions import ModelVersions
from memory.notifications import Notifications
from memory.overview.overview import Overview
from memory.preferences import Preferences
from memory.profile import Profiles
from memory.reads import ClientReads
from memory.restoring import finish
from memory.restrictions import Restrictions
from memory.routes import TaughtRoutes
from memory.samples import Samples
from memory.saved_searches import SavedSearches
from memory.schedules import Schedules
from memory.sealing import scrub
from memory.sessions import Sessions
from memory.trail_check import update
from memory.turns import Turns
from privacy.desk import Desk
from privacy.keys.keepers import open_master
from privacy.keys.ring import KeyRing


@dataclass(frozen=True)
class Stores:
    """The stores agents and front ends work with. Open with `open_stores`."""

    database: Database
    keys: KeyRing
    profiles: Profiles
    preferences: Preferences
    files: Files
    conversations: Conversations
    turns: Turns
    effects: Effects
    clients: Clients
    invoices: Invoices
    contacts: Contacts
    projects: Projects
    time: TimeEntries
    quotes: Quotes
    reminders: Reminders
    expenses: Expenses
    leads: Book[Lead]
    proposals: Book[Proposal]
    payments: Book[Payment]
    goals: Book[Goal]
    recurring: Book[RecurringInvoice]
    consents: Consents
    jobs: JobLeads
    outcomes: JobOutcomes
    searches: SavedSearches
    documents: Documents
    demand: Demand
    facts: Facts
    routes: TaughtRoutes
    runs: AgentRuns
    restrictions: Restrictions
    reads: ClientReads
    overview: Overview
    schedules: Schedules
    notifications: Notifications
    samples: Samples
    alerts: Alerts
    assistants: Assistants
    models: ModelVersions
    accounts: Accounts
    sessions: Sessions
    api_keys: ApiKeys
    invitations: Invitations
    access_events: AccessEvents
    lockouts: Lockouts

    async def close(self) -> None:
        await anyio.to_thread.run_sync(self.files.desk.close)
        await self.database.close()


async def open_stores(settings: Settings) -> Stores:
    """Open the database and everything in it, creating what is missing.

    Raises privacy.keys.master.NoMaster when the master key does not open, or does not fit; BackupError while a backup
    is being restored.
    """
    paths = settings.paths.make()
    finish(paths)
    keys = KeyRing(await anyio.to_thread.run_sync(open_master, settings))
    database = open_database(paths.database, settings.database_url)
    keys.watch(database.engine.sync_engine)
    await database.change(update)
    await scrub(database)
    await database.change(keys.load)
    files = Files(database, paths.files, keys, await anyio.to_thread.run_sync(Desk, paths.data))
    await files.seal_plain()
    return Stores(
        database=database,
        keys=keys,
        profiles=Profiles(database),
        preferences=Preferences(database),
        files=files,
        conversations=Conversations(database),
        turns=Turns(database),
        effects=Effects(database),
        clients=Clients(database),
        invoices=Invoices(database),
        contacts=Contacts(database),
        projects=Projects(database),
        time=TimeEntries(database),
        quotes=Quotes(database),
        reminders=Reminders(database),
        expenses=Expenses(database),
        leads=leads(database),
        proposals=proposals(database),
        payments=payments(database),
        goals=goals(database),
        recurring=recurring(database),
        consents=Consents(database),
        jobs=JobLeads(database),
        outcomes=JobOutcomes(database),
        searches=SavedSearches(database),
        documents=Documents(database),
        demand=Demand(database),
        facts=Facts(database),
        routes=TaughtRoutes(database),
        runs=AgentRuns(database),
        restrictions=Restrictions(database),
        reads=ClientReads(database),
        overview=Overview(database),
        schedules=Schedules(database),
        notifications=Notifications(database),
        samples=Samples(database),
        alerts=Alerts(database),
        assistants=Assistants(database),
        models=ModelVersions(database),
        accounts=Accounts(database),
        sessions=Sessions(database),
        api_keys=ApiKeys(database),
        invitations=Invitations(database),
        access_events=AccessEvents(database),
        lockouts=Lockouts(database),
    )

"""What stands in the database as it is: every column that is not sealed, with why it may.

A new column is sealed, or named here. What a user writes, names and earns is in none of them.
"""

from __future__ import annotations

from sqlalchemy import Boolean, DateTime

from memory.ownership import tables
from memory.sealed import Sealed

CLEAR = {
    "an id, of this database or of its files": """
        assistants.documents changes.record changes.client changes.batch chunks.source chunks.group
        chunks.number client_reads.client client_reads.step data_keys.client effects.turn effects.step effects.thread
        elements.thread elements.step elements.file expenses.receipt expenses.invoice facts.thread facts.turn
        facts.superseded_by feedback.thread feedback.step files.thread idempotency.process idempotency.location
        invitations.account invoices.project invoices.corrects job_outcomes.lead leads.job model_versions.run
        model_versions.data model_versions.follows notifications.thread passages.document passages.number
        payments.booked projects.quote projects.proposal projects.lead proposals.quote proposals.file quotes.lead
        restrictions.client schedules.subject schedules.claimed_by steps.thread steps.parent
        steps.number time_entries.project time_entries.invoice trail.row trail.number turns.thread
        turns.message turns.files accounts.whose""",
    "a hash, or what stands for a text by a key": """
        accounts.known_as accounts.subject api_keys.digest api_keys.replaces chunks.words chunks.heading_words
        clients.key effects.arguments_hash idempotency.body invitations.digest job_asks.job job_leads.source
        model_versions.sha256 passages.words passages.heading_words sessions.refresh steps.words threads.words
        told_jobs.job sessions.former trail.digest trail.mac data_keys.wrapped payments.source""",
    "one of a few words that the program knows": """
        access_events.what accounts.role agent_runs.agent agent_runs.failure agent_runs.instead_of
        alerts.rule api_keys.scopes assistants.agents assistants.tier changes.kind changes.action chunks.kind
        chunks.embedded client_reads.agent client_reads.purpose client_reads.kind clients.currency clients.language
        consent_changes.name consents.name data_keys.kind documents.format effects.agent effects.effect
        effects.decision effects.state elements.mime expenses.category expenses.currency expenses.converted_to
        facts.kind files.mime files.made_by goals.measure goals.currency goals.state idempotency.kind
        invitations.role invoice_lines.unit invoices.state invoices.currency invoices.kind invoices.treatment
        job_asks.currency job_leads.board job_leads.status job_outcomes.kind leads.source leads.niche leads.state
        leads.currency model_versions.metric notifications.kind notifications.group notifications.urgency
        notifications.ways payments.state payments.currency preferences.name profile.name projects.kind
        projects.state proposals.state proposals.niche proposals.currency quotes.kind quotes.currency
        recurring_invoices.state recurring_invoices.every recurring_invoices.currency recurring_invoices.treatment
        reminders.zone saved_searches.boards schedules.kind schedules.rule schedules.zone schedules.begins
        schedules.state sessions.way steps.type taught_routes.agent trail.name trail.action trail.by turns.command
        turns.status""",
    "a day or a time": """
        client_notes.day expenses.day expenses.rate_on facts.said_on follow_ups.due follow_ups.done_on goals.since
        goals.until invoices.year invoices.issued_on invoices.due_on invoices.sent_on invoices.paid_on
        invoices.served_from invoices.served_until invoices.reminded_on job_asks.day payments.received_on
        payments.rate_on projects.started_on projects.due_on projects.ended_on recurring_invoices.day
        recurring_invoices.next_on recurring_invoices.until samples.step samples.at time_entries.day trail.at""",
    "a count, a size, a share or a place in a row, and no amount of money": """
        accounts.totp_used accounts.version agent_runs.seconds chunks.part client_reads.count data_keys.number
        documents.pages facts.confidence feedback.value files.size files.level idempotency.status
        invoice_lines.position invoice_lines.vat invoices.sequence invoices.reminder_level job_leads.fit
        job_rankers.outcomes lockouts.count model_versions.version model_versions.score notifications.count
        passages.page recurring_invoices.due_days samples.figures schedules.missed schedules.failures
        time_entries.minutes""",
}


def test_every_column_is_sealed_or_said_to_be_clear_and_why() -> None:
    named = [name for names in CLEAR.values() for name in names.split() if "." in name]
    there = {
        f"{table.name}.{column.name}"
        for table in tables()
        for column in table.columns
        if not isinstance(column.type, Sealed | Boolean | DateTime)
        and not column.foreign_keys
        and column.name not in ("id", "user")
    }
    assert there - set(named) == set(), "what the user says, names or earns is sealed; anything else says here why not"
    assert set(named) - there == set()
    assert len(named) == len(set(named))

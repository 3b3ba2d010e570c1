"""The numbered steps that bring a database of any age up to date.

A step is a function that is never changed once released; a new one is appended. Each runs once, in order, in one
transaction with the number it leaves in `schema_version`.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, text
from sqlmodel import SQLModel

from memory import tables
from memory.rescheduling import under_the_schedule
from memory.sealing import add_columns, seal_everything


def first_tables(connection: Connection) -> None:
    """Everything the first version keeps: importing `tables` has registered it."""
    SQLModel.metadata.create_all(connection)
    tables.create_search(connection)


def job_outcomes_and_searches(connection: Connection) -> None:
    """What became of jobs, what was learned from it, saved searches, and the jobs they told of."""
    for name in ("job_outcomes", "job_rankers", "saved_searches", "told_jobs"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)


def job_asks(connection: Connection) -> None:
    """What the jobs that were fetched ask for."""
    SQLModel.metadata.tables["job_asks"].create(connection, checkfirst=True)


def facts_and_awards(connection: Connection) -> None:
    """Long-term facts, corrected routes, and how agents did."""
    for name in ("facts", "taught_routes", "agent_runs"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)


def work_and_people(connection: Connection) -> None:
    """Quotes, projects, hours, expenses, reminders, the people at a client, and more about the client itself."""
    for name in (
        "quotes",
        "projects",
        "time_entries",
        "contacts",
        "client_notes",
        "follow_ups",
        "reminders",
        "expenses",
    ):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)
    there = {column["name"] for column in inspect(connection).get_columns("clients")}
    for name in ("phone", "language", "terms", "rate"):
        if name not in there:
            connection.execute(text(f"ALTER TABLE clients ADD COLUMN {name} VARCHAR NOT NULL DEFAULT ''"))


def approvals(connection: Connection) -> None:
    """What exactly was proposed and approved, and until when the question stands."""
    table = SQLModel.metadata.tables["effects"]
    there = {column["name"] for column in inspect(connection).get_columns("effects")}
    for name in ("arguments", "approved", "asked_at", "expires_at"):
        if name not in there:
            kind = table.columns[name].type.compile(connection.dialect)
            kind = kind if name.endswith("_at") else "JSON NOT NULL DEFAULT '{}'"  # sealed only by a later step
            connection.execute(text(f"ALTER TABLE effects ADD COLUMN {name} {kind}"))


def preferences(connection: Connection) -> None:
    """How a user likes things."""
    SQLModel.metadata.tables["preferences"].create(connection, checkfirst=True)


def data_keys(connection: Connection) -> None:
    """The keys that open what is sealed, themselves wrapped."""
    SQLModel.metadata.tables["data_keys"].create(connection, checkfirst=True)


def rights(connection: Connection) -> None:
    """When consents were given and withdrawn, what is restricted, who read what, and the audit trail."""
    for name in ("consent_changes", "restrictions", "client_reads", "trail"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)


def sealed_rows(connection: Connection) -> None:
    """What rows say, sealed, with blind tokens to search it by."""
    seal_everything(connection)
    tables.create_search(connection)
    if connection.dialect.name == "sqlite":
        for name in ("steps_search", "passages_search"):
            connection.execute(text(f"INSERT INTO {name}({name}) VALUES ('rebuild')"))


def business_chain(connection: Connection) -> None:
    """Leads, proposals, payments, goals and recurring invoices, and what joins the other records to them."""
    for name in ("leads", "proposals", "payments", "goals", "recurring_invoices"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)
    for name in ("changes", "projects", "invoices"):
        add_columns(connection, SQLModel.metadata.tables[name])


def schedule_and_history(connection: Connection) -> None:
    """What runs by itself, what the user was notified of, and the history of figures."""
    for name in ("schedules", "notifications", "samples"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)
    under_the_schedule(connection)


def recall(connection: Connection) -> None:
    """What can be found again, and how private each file is."""
    add_columns(connection, SQLModel.metadata.tables["files"])
    connection.execute(text("CREATE INDEX IF NOT EXISTS ix_passages_id ON passages (id)"))
    SQLModel.metadata.tables["chunks"].create(connection, checkfirst=True)
    if connection.dialect.name == "sqlite":
        for statement in tables.RECALL_SEARCH:
            connection.execute(text(statement))


def alerts(connection: Connection) -> None:
    """Which alerts stand."""
    SQLModel.metadata.tables["alerts"].create(connection, checkfirst=True)


def model_versions(connection: Connection) -> None:
    """The registry of trained models."""
    SQLModel.metadata.tables["model_versions"].create(connection, checkfirst=True)


def deadlines_and_rates(connection: Connection) -> None:
    """By when a project is to be done, and what an expense in another currency came to."""
    for name in ("projects", "expenses"):
        add_columns(connection, SQLModel.metadata.tables[name])


def accounts(connection: Connection) -> None:
    """Who may sign in, who is signed in, keys, invitations, and what happened at the door."""
    for name in ("accounts", "sessions", "api_keys", "invitations", "access_events"):
        SQLModel.metadata.tables[name].create(connection, checkfirst=True)


def kept_answers(connection: Connection) -> None:
    """Answers of the API that are given again to a request that is sent again."""
    SQLModel.metadata.tables["idempotency"].create(connection, checkfirst=True)


def assistants(connection: Connection) -> None:
    """Assistants that users made."""
    SQLModel.metadata.tables["assistants"].create(connection, checkfirst=True)


def lockouts(connection: Connection) -> None:
    """Wrong tries to sign in, which a restart does not forget."""
    SQLModel.metadata.tables["lockouts"].create(connection, checkfirst=True)


def follow_schedules(connection: Connection) -> None:
    """Only count on: from here on the trail follows schedules, whose days lie in clear; see memory.trail.SINCE."""


MIGRATIONS: list[Callable[[Connection], None]] = [
    first_tables,
    job_outcomes_and_searches,
    job_asks,
    facts_and_awards,
    work_and_people,
    approvals,
    preferences,
    data_keys,
    rights,
    sealed_rows,
    business_chain,
    schedule_and_history,
    recall,
    alerts,
    model_versions,
    deadlines_and_rates,
    accounts,
    kept_answers,
    assistants,
    lockouts,
    follow_schedules,
]


def version_of(connection: Connection) -> int:
    """How many steps a database has behind it."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)"))
    return connection.execute(text("SELECT MAX(version) FROM schema_version")).scalar() or 0


def migrate(connection: Connection) -> int:
    """Run the steps this database lacks and return its version now."""
    version = version_of(connection)
    for number, step in enumerate(MIGRATIONS[version:], start=version + 1):
        step(connection)
        connection.execute(text("INSERT INTO schema_version VALUES (:number)"), {"number": number})
    return max(version, len(MIGRATIONS))

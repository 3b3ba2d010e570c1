"""Shows an invoice: its lines and totals in the chat, and a PDF that can be sent."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import anyio

from agents.deps import Deps, JobError
from agents.spec import AgentError, Artifact, Finding
from agents.tools.billing.invoice_book import NAME, records_of
from agents.tools.billing.invoice_page import word_for
from agents.tools.billing.invoice_text import as_json, due_text, figures, table
from agents.tools.documents.citations import plain
from agents.tools.writing.papers import language_for
from config.dates import day_text
from memory.business.invoice import Invoice


async def report(invoice: Invoice, opening: str, deps: Deps, hints: Sequence[str], agent: str = NAME) -> Finding:
    """What an invoice holds, with its PDF. Raises AgentError when that cannot be drawn; the invoice is kept."""
    text = f"{opening}\n\n{table(invoice)}\n\n"
    text += f"Dated {day_text(invoice.issued_on)}, {due_text(invoice)}."
    text += f"\n\n{plain(invoice.note)}" if invoice.note else ""
    text += "".join(f"\n\n{hint}" for hint in hints)
    artifact, made = await _pdf(invoice, deps)
    if made.get("e_invoice"):
        text += "\n\nThe PDF is an e-invoice as well (Factur-X, ZUGFeRD)."
    offers = {"draft": (f"mark invoice {invoice.number} sent",), "sent": (f"mark invoice {invoice.number} paid",)}
    return Finding(
        agent,
        True,
        text,
        data={**figures(invoice), "e_invoice": bool(made.get("e_invoice")), "lacks": made.get("lacks", [])},
        records=records_of([invoice]),
        artifacts=(artifact,),
        offers=offers.get(invoice.state, ()),
    )


async def _pdf(invoice: Invoice, deps: Deps) -> tuple[Artifact, dict[str, Any]]:
    """Draw the PDF in a job and keep it; returned with what `draw` says of it.

    Raises AgentError: the invoice itself is already kept.
    """
    deps.progress("Drawing the PDF", None)
    profile = await deps.stores.profiles.load(deps.user)
    language = await language_for("invoice", invoice.client_name or "", deps)
    caption = f"{word_for(as_json(invoice), language)} {invoice.number}"
    async with anyio.TemporaryDirectory() as folder:
        path = str(Path(folder) / f"{caption}.pdf")
        arguments = {"invoice": as_json(invoice), "sender": profile, "path": path, "language": language}
        try:
            made = await deps.jobs.run("agents.tools.billing.invoice_pdf:draw", arguments, seconds=60)
        except JobError as error:
            raise AgentError(f"Invoice {invoice.number} is kept, but its PDF could not be made: {error}") from error
        file = await deps.stores.files.put(
            Path(path), Path(path).name, user=deps.user, thread=deps.thread, made_by=NAME
        )
    return Artifact(file.id, file.name, file.mime, caption=caption), made

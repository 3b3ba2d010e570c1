"""The certificate of an erasure, as text and as a page to file. It names nobody: the reference goes with the letter."""

from __future__ import annotations

from typing import Any

from agents.tools.remembering.privacy_answers import WORDS
from memory.erasure import Holdings
from memory.ledger import Erasure

TITLE = "Certificate of erasure"
DESTROYED = "the unfinished work about it, cached pages, and the freed space of the database"
KEPT = (
    "This line in the list of erasures, which names nobody: {}. It serves to erase the same again should an older "
    "backup be restored."
)
NOT_REACHED = (
    "Copies saved elsewhere by hand, mail already sent, what others were sent before, and texts that speak of it "
    "without a name, address or number that was known here, pictures, sound and spreadsheets that were never read as "
    "documents. Backups made before hold it, sealed, until they lapse; what is restored from them is erased again."
)


def facts(done: Erasure, had: Holdings) -> dict[str, Any]:
    """What a certificate says, as JSON: ``counts`` are pairs of what was removed and how many."""
    which = f"client {done.client}" if done.client else "the whole account"
    counts = [[WORDS.get(name, name.replace("_", " ")), count] for name, count in had.rows.items() if name != "files"]
    return {
        "reference": done.reference,
        "at": f"{done.at:%Y-%m-%d %H:%M} UTC",
        "what": "everything about one client" if done.client else "everything about its user",
        "counts": [*counts, ["files with their bytes", had.files], ["trained models", had.runs]],
        "rows": had.total,
        "kept": KEPT.format(f"line {done.number}, {which}"),
    }


def certificate(said: dict[str, Any]) -> str:
    """The text of a certificate with these facts."""
    removed = ", ".join(f"{count:,} {what}" for what, count in said["counts"])
    return (
        f"{TITLE}\nReference {said['reference']}\n\n"
        f"On {said['at']}, FreelanceX erased {said['what']} on this computer.\n\n"
        f"Destroyed: the keys that opened it. Removed: {said['rows']:,} rows in all ({removed}), {DESTROYED}.\n\n"
        f"Kept: {said['kept']}\n\nNot reached: {NOT_REACHED}\n"
    )


def draw(said: dict[str, Any], path: str) -> dict[str, Any]:
    """Set the certificate with these facts on A4, write the PDF and return ``{"path"}``. To be run as a job."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate, Spacer, Table

    from agents.tools.billing.invoice_style import RULE, SOFT, fonts
    from agents.tools.billing.invoice_style import paragraph as _p

    fonts()
    page = SimpleDocTemplate(
        path, pagesize=A4, title=TITLE, author="FreelanceX", leftMargin=25 * mm, rightMargin=25 * mm
    )
    rows = [[_p(what[:1].upper() + what[1:]), _p(f"{count:,}", right=True)] for what, count in said["counts"]]
    rows.append([_p("Keys that opened it", bold=True), _p("destroyed", bold=True, right=True)])
    table = Table(rows, [page.width - 35 * mm, 35 * mm], style=[("LINEBELOW", (0, 0), (-1, -1), 0.5, RULE)])
    story: list[Any] = [
        _p(TITLE, 18, bold=True),
        _p(f"Reference {said['reference']}", 10, color=SOFT),
        Spacer(1, 16),
        _p(f"On {said['at']}, FreelanceX erased {said['what']} on this computer.", 10.5),
        Spacer(1, 12),
        table,
        Spacer(1, 14),
    ]
    for title, text in (("Removed besides", DESTROYED), ("Kept", said["kept"]), ("Not reached", NOT_REACHED)):
        story += [_p(title, 9.5, bold=True), _p(text[:1].upper() + text[1:]), Spacer(1, 8)]
    page.build(story)
    return {"path": path}

"""Which boards are on, which are off and why, and when each last answered."""

from __future__ import annotations

from config.settings import Settings
from integrations.job_boards.board import JobBoard, boards
from integrations.job_boards.ledger import History
from integrations.job_boards.search import ledger_of
from monitoring.health import Check


def sources(settings: Settings) -> list[Check]:
    """One line a board. Nobody is asked; a board that is off or failed last is not needed for the rest to work."""
    kept = ledger_of(settings).read()
    return [_check(board, settings, kept.get(board.name, History())) for board in boards().values()]


def _check(board: JobBoard, settings: Settings, history: History) -> Check:
    name, answered = f"Jobs from {board.title}", history.last_success
    last = f"last answered {answered.astimezone():%Y-%m-%d %H:%M}" if answered else "never asked yet"
    if off := board.off(settings):
        return Check(name, False, off, board.mend, needed=False)
    if settings.offline:
        return Check(name, False, f"off, because FreelanceX is set to offline; {last}", needed=False)
    if history.failed > history.answered:
        known = last if answered else "it never answered yet"
        return Check(name, False, f"on, but the last time {history.problem}; {known}", "try again later", needed=False)
    return Check(name, True, f"on, asked with your consent; {last}", needed=False)

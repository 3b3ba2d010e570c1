"""The one kind of error that is shown to the user as it is.

    Exception
    └── Mendable        one sentence: what is wrong and what to do
        ├── agents.spec.AgentError, agents.deps.JobError, integrations.models.backend.ModelError, …
Everything else is a defect: the user gets a general sentence, the log gets the details.
"""

from __future__ import annotations


class Mendable(Exception):
    """Something the user can mend. The message is one sentence that says what is wrong and what to do."""

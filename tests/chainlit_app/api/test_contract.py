"""The whole API keeps to what its OpenAPI says, whatever is sent: Schemathesis with every check on.

FREELANCEX_CONTRACT_S=600 lets it look for longer than the moment it takes in CI.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Any

import schemathesis
from api_app import api_app
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import EngineFinished, FatalError, NonFatalError, ScenarioFinished

SECONDS = int(os.environ.get("FREELANCEX_CONTRACT_S", "45"))
LONG = SECONDS > 60
ACCEPTED = ["2xx", "304", "404", "409", "412", "413", "415", "422", "428"]
"""What data that fits the schema may be answered: a day that no month has, an id that nobody has, and the like are
told in words, not in the schema."""
CONFIG: dict[str, Any] = {
    "seed": 20_261_121,
    "max-time": SECONDS,
    "generation": {"max-examples": 25 if LONG else 2, "no-shrink": True, "database": "none"},
    "phases": {"stateful": {"max-steps": 6}},
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "ignored_auth": {"enabled": False},  # nobody signs in here; the walk over all routes and roles tests it
        "object_level_authorization": {"enabled": False},  # the same
    },
}


def test_every_answer_is_one_that_the_schema_tells_of(tmp_path: Path, record_property: Any) -> None:
    config = SchemathesisConfig.from_dict(CONFIG)
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", api_app(tmp_path), config=config)
    wrong: dict[str, str] = {}
    cases, statuses, ended = Counter[str](), Counter[int](), None
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            cases[str(event.phase)] += len(event.recorder.cases)
            statuses.update(one.response.status_code for one in event.recorder.interactions.values() if one.response)
            wrong |= _failures(event)
        elif isinstance(event, NonFatalError):
            wrong[f"{event.label}: {event.info.title}"] = str(event.value)
        elif isinstance(event, FatalError):
            raise event.exception
        elif isinstance(event, EngineFinished):
            ended = event
    assert ended is not None
    figures = f"{sum(cases.values())} cases ({dict(cases)}), answers {dict(sorted(statuses.items()))}"
    record_property("figures", figures)
    assert not wrong, "\n\n".join(f"{title}\n{text}" for title, text in list(wrong.items())[:20])
    assert not [status for status in statuses if status >= 500]


def _failures(event: ScenarioFinished) -> dict[str, str]:
    found = {}
    for checks in event.recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                found[f"{event.recorder.label}: {failure.title}"] = (
                    f"{failure.message}\n{check.failure_info.code_sample}"
                )
    return found

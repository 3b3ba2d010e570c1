"""The whole API keeps to what its OpenAPI says, whatever is sent: Schemathesis with every check on.

`make contract` looks for longer than the moment it takes in CI.
"""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from chainlit_app.api.once import SANE
from tests.chainlit_app.api.api_app import api_app, key_in

SECONDS = int(os.environ.get("FREELANCEX_CONTRACT_S", "45"))
LONG = SECONDS > 60
ACCEPTED = ["2xx", "304", "404", "409", "412", "415", "422", "428"]
"""What data that fits the schema may be answered: a day that no month has, an id that nobody has, and the like are
told in words, not in the schema."""
SAID = {"positive_data_acceptance": {"expected-statuses": [*ACCEPTED, "400", "401", "403", "429"]}}
CONFIG: dict[str, Any] = {
    "seed": 20_261_121,
    "request-timeout": 60.0,
    "generation": {"max-examples": 25 if LONG else 2, "no-shrink": True, "database": "none"},
    "checks": {"positive_data_acceptance": {"expected-statuses": ACCEPTED}},
    "operations": [
        {"include-path-regex": "^/api/v1/(auth|account)", "checks": SAID},  # nobody guesses a password
        {"include-path-regex": "^/api/v1/(files|datasets)$", "checks": SAID},  # an empty file is told by 400
    ],
}


ALONE = ("examples", "coverage", "fuzzing")
SHARES = {ALONE: 0.7, ("stateful",): 0.3}
"""The part of the time for operations one by one, and for chains of them: made, read, changed, removed, read again."""


@pytest.mark.timeout(SECONDS + 240)
def test_every_answer_is_one_that_the_schema_tells_of(tmp_path: Path, record_property: Any) -> None:
    key, app = asyncio.run(key_in(tmp_path)), api_app(tmp_path)
    schemathesis.hook("before_call")(_another_key)
    seen = Seen()
    for phases, share in SHARES.items():
        _look(app, key, phases, int(SECONDS * share), seen)
    record_property("figures", f"{dict(seen.cases)}, answers {dict(sorted(seen.statuses.items()))}")
    assert not seen.wrong, "\n\n".join(f"{title}\n{text}" for title, text in list(seen.wrong.items())[:20])
    assert not [status for status in seen.statuses if status >= 500]
    assert set(seen.cases) >= {"examples", "coverage", "stateful"}


@dataclass
class Seen:
    """What was sent, by phase, how it was answered, and what was wrong."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)


def _look(app: Any, key: str, phases: Sequence[str], seconds: int, seen: Seen) -> None:
    wanted: dict[str, dict[str, Any]] = {name: {"enabled": name in phases} for name in (*ALONE, "stateful")}
    wanted["stateful"]["max-steps"] = 6
    auth = {"openapi": {"bearer": {"bearer": key}}}
    config = SchemathesisConfig.from_dict({**CONFIG, "phases": wanted, "auth": auth, "max-time": seconds})
    headers = {"Authorization": f"Bearer {key}"}
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, config=config, headers=headers)
    for event in from_schema(schema).execute():
        if isinstance(event, ScenarioFinished):
            answers = [one.response for one in event.recorder.interactions.values() if one.response]
            seen.cases[event.phase.name.split("_")[0].lower()] += len(event.recorder.cases)
            seen.statuses.update(one.status_code for one in answers)
            seen.wrong |= _failures(event)
        elif isinstance(event, NonFatalError):
            seen.wrong[f"{event.label}: {event.info.title}"] = str(event.value)
        elif isinstance(event, FatalError):
            raise event.exception


def _failures(event: ScenarioFinished) -> dict[str, str]:
    found = {}
    for case, checks in event.recorder.checks.items():
        sent = event.recorder.interactions.get(case)
        answer = f"{sent.response.status_code}: {sent.response.content[:500]!r}" if sent and sent.response else ""
        for check in checks:
            if check.failure_info is not None:
                failure = check.failure_info.failure
                found[f"{event.recorder.label}: {failure.title}"] = (
                    f"{failure.message}\n{answer}\n{check.failure_info.code_sample}"
                )
    return found


def _another_key(_context: Any, case: Any, _kwargs: Any) -> None:
    """Let keys of requests differ, or most would be told that theirs was used for another."""
    headers = case.headers or {}
    if SANE.fullmatch(str(headers.get("Idempotency-Key", ""))):
        headers["Idempotency-Key"] = uuid4().hex

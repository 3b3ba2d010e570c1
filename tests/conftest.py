"""What every test may use: settings that point into a temporary folder, and the stores in it."""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import hypothesis
import pytest

from chainlit_app import framework
from config.settings import Settings
from memory.stores import Stores, open_stores

os.environ["FREELANCEX_KEYS"] = "file"  # no test may write into the keyring of whoever runs it

hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)  # how long an example takes says how busy the machine is, not whether the code is right
hypothesis.settings.load_profile("busy machine")

# Chainlit reads its environment when it is imported, and writes where it is told then: it may be imported by any test.
_passing = Path(tempfile.mkdtemp(prefix="freelancex-page-"))
atexit.register(shutil.rmtree, _passing, ignore_errors=True)
framework.prepare(Settings(data_dir=_passing))


def pytest_configure(config: pytest.Config) -> None:
    """Learn beside pytest's own cache, so that tests and the programs they start learn once."""
    os.environ["FREELANCEX_CACHE_DIR"] = str(config.rootpath / ".pytest_cache" / "freelancex")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, and those of the browser too, last of all.

    Its driver keeps an event loop in its thread, where others need their own, and two browsers starve each other.
    """
    items.sort(key=lambda item: "e2e" in item.path.parts)
    for item in items:
        together = "browser" if "e2e" in item.path.parts else str(item.path)
        item.add_marker(pytest.mark.xdist_group(together))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that tests record under this name, whichever process ran them."""
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, text in getattr(report, "user_properties", ()):
                if name == "figures" and getattr(report, "when", "") == "teardown":
                    terminalreporter.write_line(f"\n{text}")


@pytest.fixture
def settings(tmp_path: Path, learned: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", open_browser=False)


@pytest.fixture(scope="session")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of what the planner learns at its very first start: once for all tests, and for later runs of them."""
    from agents import registry
    from graph.learning import learn
    from graph.planner.planner import Planner
    from integrations.models.embeddings.embedder import open_embedder

    settings = Settings(data_dir=tmp_path_factory.mktemp("learning"))
    settings.cache_dir.mkdir(parents=True, exist_ok=True)
    with (settings.cache_dir / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        learn(Planner(registry.load()), open_embedder(settings), settings)
    return settings.paths.planner


@pytest.fixture
async def stores(settings: Settings) -> AsyncIterator[Stores]:
    opened = await open_stores(settings)
    yield opened
    await opened.close()

import re
import tomllib

import pytest

from config.paths import ROOT
from config.setup import locks

FILES = [locks.APP, locks.TEST, locks.LLAMA]


def pins(file: str) -> set[str]:
    return {locks.name(entry) for entry in locks.entries((ROOT / file).read_text())}


@pytest.mark.parametrize("file", FILES)
def test_every_entry_is_exact_and_has_hashes(file):
    entries = locks.entries((ROOT / file).read_text())
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("file", FILES)
def test_nothing_but_entries_is_in_it_and_so_no_address(file):
    text = (ROOT / file).read_text()
    assert "".join(locks.entries(text)) == text
    assert not re.search(r"://|--(extra-)?index-url|--find-links", text)


def test_every_dependency_that_is_named_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        locks.APP: project["dependencies"],
        locks.TEST: extras["test"],
        locks.LLAMA: extras["llama"],
    }
    for file, requirements in wanted.items():
        names = {locks.name(requirement) for requirement in requirements}
        assert names <= pins(file) | pins(locks.APP), file


def test_the_additions_only_add():
    base = set(locks.entries((ROOT / locks.APP).read_text()))
    for file in (locks.TEST, locks.LLAMA):
        assert base.isdisjoint(locks.entries((ROOT / file).read_text()))


def test_no_telemetry_client_is_locked():
    everything = set().union(*(pins(file) for file in FILES))
    assert everything.isdisjoint({"traceloop-sdk", "posthog", "sentry-sdk"})


def test_names_are_compared_normalised():
    assert locks.name("Foo.Bar_baz[extra]>=1 ; python_version < '3'") == "foo-bar-baz"


def test_a_different_marker_is_an_addition():
    base = "a==1 ; sys_platform == 'win32' \\\n    --hash=sha256:00\nb==1 \\\n    --hash=sha256:01\n"
    text = "a==1 \\\n    --hash=sha256:00\nb==1 \\\n    --hash=sha256:01\n"
    assert locks.additions(text, base) == "a==1 \\\n    --hash=sha256:00\n"

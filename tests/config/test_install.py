import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from config import install
from config.errors import Mendable
from config.paths import ROOT
from config.setup import browser, environment


def setup(checkout) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "config.install", "setup"]
    return subprocess.run(command, cwd=checkout.root, capture_output=True, text=True, check=False)


def installs(checkout) -> list[str]:
    return [call for call in checkout.calls if call.startswith("uv pip install")]


class TestSetUp:
    def test_installs_exactly_what_the_lock_names_and_nothing_it_does_not(self, checkout):
        done = setup(checkout)
        assert done.returncode == 0, done.stderr
        [call] = installs(checkout)
        assert "--no-deps" in call
        assert "--require-hashes" in call
        assert call.endswith("requirements.lock")

    def test_does_nothing_the_second_time(self, checkout):
        setup(checkout)
        before = checkout.calls
        again = setup(checkout)
        assert again.stdout.strip() == "Nothing to do."
        assert checkout.calls == before

    def test_installs_again_when_the_lock_has_changed(self, checkout):
        setup(checkout)
        with (checkout.root / "requirements.lock").open("a") as lock:
            lock.write("more==2.0 \\\n    --hash=sha256:00\n")
        setup(checkout)
        assert len(installs(checkout)) == 2

    def test_an_interrupted_installation_is_taken_up_again(self, checkout):
        (checkout.root / "no-network").touch()
        failed = setup(checkout)
        assert failed.returncode == 1
        assert "requirements.lock could not be installed" in failed.stderr.splitlines()[-1]
        (checkout.root / "no-network").unlink()
        assert setup(checkout).returncode == 0

    def test_an_environment_that_lost_its_python_is_not_taken_for_installed(self, checkout):
        setup(checkout)
        (checkout.root / ".venv/bin/python").unlink()
        assert not checkout.environment.installed("requirements.lock")

    def test_a_missing_venv_module_is_one_line_with_the_package_that_has_it(self, checkout, monkeypatch):
        (checkout.root / ".venv/bin/python").unlink()
        monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
        with pytest.raises(Mendable, match=r"apt-get install python3\.\d+-venv"):
            checkout.environment.install("requirements.lock")

    def test_a_python_that_does_not_fit_is_one_line(self, checkout, monkeypatch, capsys):
        monkeypatch.setattr(install, "OLDEST", (3, 99))
        monkeypatch.setattr(install, "NEWEST", (3, 99))
        assert install.main(["setup"]) == 1
        assert re.fullmatch(r"FreelanceX needs Python 3.*\n", capsys.readouterr().err)

    def test_the_app_keeps_its_bytecode_whatever_the_shell_says(self, checkout, monkeypatch):
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
        assert "PYTHONDONTWRITEBYTECODE" not in checkout.environment.variables()


class TestBrowser:
    @pytest.fixture(autouse=True)
    def bare(self, checkout, monkeypatch):
        monkeypatch.setattr(browser, "_MAC", ())

    def test_one_that_is_there_is_found(self, checkout):
        checkout.tool("chromium")
        assert browser.find() == str(checkout.tools / "chromium")

    def test_without_one_the_command_that_brings_it_is_named(self, checkout, capsys):
        browser.install()
        assert browser.MEND in capsys.readouterr().out

    def test_in_ci_nothing_may_be_skipped(self, checkout, monkeypatch):
        monkeypatch.setenv("CI", "true")
        with pytest.raises(Mendable, match="could not be installed"):
            browser.install()

    @pytest.mark.skipif(not hasattr(os, "geteuid"), reason="apt-get is no Windows command")
    def test_it_is_installed_where_this_user_may(self, checkout, monkeypatch):
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        browser_path = checkout.tools / "chromium"
        checkout.tool("apt-get", f'test "$1" = update || {{ echo > {browser_path}; /bin/chmod +x {browser_path}; }}')
        browser.install()
        assert browser.find() == str(browser_path)


class TestCommands:
    def test_make_passes_on_every_verb_and_no_other(self):
        makefile = (ROOT / "Makefile").read_text()
        passed = re.findall(r"^(\w+):  ## .+\n\t@\$\(INSTALL\) (\w+)", makefile, re.MULTILINE)
        assert {verb for verb, _ in passed} == set(install.VERBS)
        assert all(target == verb for target, verb in passed)

    def test_make_alone_lists_them(self):
        listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
        assert all(f"make {verb}" in listed for verb in install.VERBS)

    def test_ci_runs_the_tests_in_one_step(self):
        step = Path(ROOT / ".ci" / "run")
        assert os.access(step, os.X_OK)
        assert "make test" in step.read_text()

    def test_it_runs_before_anything_is_installed(self):
        imported = (
            "import sys, config.install; print([m for m in sys.modules if 'site-packages' in (getattr(sys.modules[m], "
            "'__file__', None) or '')])"
        )
        done = subprocess.run(
            [sys.executable, "-S", "-c", imported], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "[]"

"""The command line that sets FreelanceX up and starts it: ``python3 -m config.install VERB``.

    start   set up if needed, then the app          setup   set up only
    test    set up if needed, the checks, the tests check   lint, format and types
    bench   benchmarks                              faults  200 kills, failing disks, flipped bits
    llama   build llama-cpp-python now              contract  ten minutes of Schemathesis over the API
    lock    write the lock files                    clean   remove .venv and caches

It needs Python and nothing else. The Makefile only passes its verbs on, so on Windows ``py -m config.install start``
does what ``make start`` does.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.errors import Mendable
from config.paths import ROOT
from config.setup import browser, llama, locks
from config.setup.environment import Environment

BESIDE = ("-n", "logical", "--maxprocesses", "4", "--reruns", "1")

OLDEST, NEWEST = (3, 11), (3, 13)


def start(environment: Environment, arguments: list[str]) -> int:
    """Set up if needed, then become the app."""
    environment.install(locks.APP)
    line = llama.begin(environment)
    if line:
        print(line, flush=True)
    return _become(environment, "chainlit_app", "serve", *arguments)


def setup(environment: Environment, arguments: list[str]) -> int:
    """Set up only, and let the planner learn what it would learn at the first start."""
    if not environment.install(locks.APP):
        print("Nothing to do.", flush=True)
        return 0
    code = _run(environment, "graph.learning")
    print("Set up.", flush=True)
    return code


def test(environment: Environment, arguments: list[str]) -> int:
    """Set up if needed, then the checks and every test.

    A test that fails beside three others may have missed its moment in a browser or a killed process: it is run once
    more, and the summary names it.
    """
    environment.install(locks.APP, locks.TEST)
    browser.install()
    return check(environment, []) or _run(environment, "pytest", *BESIDE, *arguments)


def check(environment: Environment, arguments: list[str]) -> int:
    """Lint, format and types; all three are run, whatever the first says."""
    environment.install(locks.APP, locks.TEST)
    codes = [_run(environment, *line.split()) for line in ("ruff check", "ruff format --check", "mypy")]
    return max(codes)


def faults(environment: Environment, arguments: list[str]) -> int:
    """Run the tests of faults in full: 200 kills, hundreds of flipped bits."""
    environment.install(locks.APP, locks.TEST)
    os.environ["FREELANCEX_FAULTS"] = "200"
    return _run(environment, "pytest", "-s", "tests/faults", *arguments)


def contract(environment: Environment, arguments: list[str]) -> int:
    """Hold the API against what its OpenAPI says for ten minutes, or for FREELANCEX_CONTRACT_S seconds."""
    environment.install(locks.APP, locks.TEST)
    os.environ.setdefault("FREELANCEX_CONTRACT_S", "600")
    return _run(environment, "pytest", "tests/chainlit_app/api/test_contract.py", *arguments)


def bench(environment: Environment, arguments: list[str]) -> int:
    """Run the benchmarks."""
    environment.install(locks.APP, locks.TEST)
    return _run(environment, "bench", *arguments)


def build_llama(environment: Environment, arguments: list[str]) -> int:
    """Build llama-cpp-python in this process."""
    environment.install(locks.APP)
    if "--quiet" in arguments:
        llama.yield_to_others()
    done = llama.build(environment)
    print(f"llama.cpp: {done.state} {done.backend} {done.reason}".strip(), flush=True)
    return 0 if done.state == "built" else 1


def lock(environment: Environment, arguments: list[str]) -> int:
    """Write the lock files from pyproject.toml."""
    found = shutil.which("uv")
    if not found:
        environment.install(locks.APP)
        found = str(environment.uv() or "")
    if not found:
        raise Mendable("Locking needs uv, and there is none for this platform.")
    locks.compile_locks(environment.root, Path(found), upgrade="--upgrade" in arguments)
    return 0


def clean(environment: Environment, arguments: list[str]) -> int:
    """Remove what set-up and the tools made; the user's data stays."""
    for name in (".venv", ".mypy_cache", ".ruff_cache", ".pytest_cache"):
        shutil.rmtree(environment.root / name, ignore_errors=True)
    (environment.root / "data" / "llama.json").unlink(missing_ok=True)
    return 0


VERBS = {
    "start": start,
    "setup": setup,
    "test": test,
    "check": check,
    "faults": faults,
    "contract": contract,
    "bench": bench,
    "llama": build_llama,
    "lock": lock,
    "clean": clean,
}


def main(arguments: list[str]) -> int:
    """Run one verb; returns the exit code. A failure is one line that says what to do."""
    parser = argparse.ArgumentParser(prog="python3 -m config.install", description="Set FreelanceX up and start it.")
    parser.add_argument("verb", choices=VERBS)
    parsed, rest = parser.parse_known_args(arguments)
    try:
        _fitting_python(arguments)
        return VERBS[parsed.verb](Environment(ROOT), rest)
    except Mendable as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _fitting_python(arguments: list[str]) -> None:
    """Go on in a Python that fits, where this one does not. Raises Mendable when there is none."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        # A shim may be there for a version that is not.
        if (
            path
            and subprocess.run([path, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0
        ):
            os.execv(path, [path, "-m", "config.install", *arguments])
    here = ".".join(map(str, sys.version_info[:2]))
    raise Mendable(f"FreelanceX needs Python 3.11, 3.12 or 3.13, and this is {here}: install one and run it again.")


def _become(environment: Environment, module: str, *arguments: str) -> int:
    command = [str(environment.python), "-m", module, *arguments]
    if sys.platform == "win32":
        return subprocess.run(command, cwd=environment.root, env=environment.variables(), check=False).returncode
    os.chdir(environment.root)
    return os.execve(command[0], command, environment.variables())


def _run(environment: Environment, module: str, *arguments: str) -> int:
    command = [str(environment.python), "-m", module, *arguments]
    return subprocess.run(command, cwd=environment.root, env=environment.variables(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

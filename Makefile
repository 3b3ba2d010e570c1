# A thin layer over `python3 -m config.install VERB`, which works the same where there is no make.
# Another Python: make start PYTHON=/path/to/python3.12    More arguments: make test ARGS="tests/memory -x"

PYTHON ?= python3
INSTALL := $(PYTHON) -m config.install

.DEFAULT_GOAL := help
.PHONY: help start setup test check faults contract bench llama lock clean

help:  ## list what there is
	@sed -n 's/^\([a-z]*\):  *## */  make \1\t/p' $(MAKEFILE_LIST) | expand -t 16

start:  ## set up if needed, then the app on http://127.0.0.1:8000
	@$(INSTALL) start $(ARGS)

setup:  ## set up only
	@$(INSTALL) setup

test:  ## set up if needed, then the checks and every test
	@$(INSTALL) test $(ARGS)

check:  ## lint, format and types
	@$(INSTALL) check

faults:  ## the tests of faults in full: 200 kills, failing disks, flipped bits
	@$(INSTALL) faults $(ARGS)

contract:  ## the API against its OpenAPI for ten minutes (Schemathesis, every check)
	@$(INSTALL) contract $(ARGS)

bench:  ## benchmarks
	@$(INSTALL) bench $(ARGS)

llama:  ## build llama-cpp-python now and watch
	@$(INSTALL) llama

lock:  ## write the lock files from pyproject.toml (ARGS=--upgrade for newer versions)
	@$(INSTALL) lock $(ARGS)

clean:  ## remove .venv and caches; your data stays
	@$(INSTALL) clean

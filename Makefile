.DEFAULT_GOAL := help
.PHONY: help demo up test unit check chaos bench lock clean
.NOTPARALLEL:

# How many processes share the tests; each starts servers of its own.
WORKERS ?= 2

# One name for: this folder, and all that decides what .venv holds.
READY := .venv/ready-$(shell (pwd; cat requirements-build.lock requirements-dev.lock pyproject.toml .ci/setup) | cksum | tr ' ' -)

$(READY):
	@PYTHON="$(PYTHON)" .ci/setup
	@touch $@

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Watch a sequence do its work on real servers, days in seconds (SEQUENCE=… for another)
	@.venv/bin/postroad dev demo $(SEQUENCE)

up: $(READY) ## Run the whole stack here until Ctrl-C
	@.venv/bin/postroad dev up

test: $(READY) ## Run all tests
	.venv/bin/python -m pytest -n $(WORKERS)

unit: $(READY) ## Run the tests that need no server
	.venv/bin/python -m pytest tests/unit

check: $(READY) ## Check format, lint, types and who imports whom
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy .
	.venv/bin/lint-imports

chaos: $(READY) ## Let everything fail while mails go out, and check them all (SEED=… ENROLLMENTS=…)
	@.venv/bin/postroad dev chaos $(if $(SEED),--seed $(SEED)) $(if $(ENROLLMENTS),--enrollments $(ENROLLMENTS)) $(CHAOS)

bench: $(READY) ## Measure, each figure with its limit beside it, into bench/results/
	@.venv/bin/python -m bench

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --output-file

lock: $(READY) ## Write the lock files anew from pyproject.toml (UPGRADE=--upgrade: newest versions)
	$(COMPILE) requirements-dev.lock $(UPGRADE) --all-extras --group build pyproject.toml
	$(COMPILE) requirements.lock --constraint requirements-dev.lock pyproject.toml
	$(COMPILE) requirements-build.lock --constraint requirements-dev.lock --group build
	@! grep -nE '://|-index|find-links' requirements*.lock

clean: ## Remove .venv and caches (what the stack keeps in .postroad/ stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

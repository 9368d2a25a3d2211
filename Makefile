# Two commands do everything, set-up included: `make decks` and `make test`.

VENV := .venv
BIN := $(VENV)/bin
# Homebrew's libraries are not on the loader's path of every Python.
RUN := $(if $(filter Darwin,$(shell uname)),DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib:/usr/local/lib,)
LOCKED := $(if $(CI),--locked,)

.DEFAULT_GOAL := help
.PHONY: help decks test check lock bench clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

decks: $(VENV)/.installed  ## build every deck and PDF from content/ into output/
	@$(RUN) $(BIN)/decks build $(LOCKED)

test: $(VENV)/.installed-dev  ## run all checks: ruff, mypy, pytest
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(RUN) $(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed  ## say what is wrong with the questions
	@$(RUN) $(BIN)/decks check --strict

bench: $(VENV)/.installed-dev  ## compare speed with a plain loop over the same libraries
	$(RUN) $(BIN)/python benchmarks/build.py

lock: $(VENV)/.installed-dev  ## renew the locked dependencies
	$(BIN)/pip install --quiet uv
	for extra in "build:requirements.lock" "build --extra dev:requirements-dev.lock"; do \
		$(BIN)/uv pip compile pyproject.toml --extra $${extra%%:*} --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header --quiet --upgrade -o $${extra#*:}; \
	done

clean:  ## remove outputs, the virtual environment and caches
	rm -rf $(VENV) output/anki output/pdf output/.state.json output/.building-* .mypy_cache .pytest_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.installed: requirements.lock pyproject.toml tools/system-libraries.sh
	@python="$$(tools/system-libraries.sh)" && "$$python" -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

# Two commands do all set-up: `make demo` and `make test`. `make check` before each commit.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# A file's tests share what they build; tests/conftest.py says which files come first.
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder
READY := .venv/.ready

.PHONY: demo airflow docs test check lint format lock clean

demo: $(READY)
	$(BIN)/python -m voc demo

# A demo company of its own, whose first night Airflow runs.
airflow: $(READY)
	test -e demo-airflow/voc.yml || $(BIN)/python -m voc demo --folder demo-airflow --no-run
	$(BIN)/python -m voc airflow --config demo-airflow/voc.yml

docs: $(READY)
	test -e demo/state/marts/current.duckdb || $(BIN)/python -m voc demo
	$(BIN)/python -m voc docs --config demo/voc.yml

test: $(READY)
	$(PYTEST)

check: lint
	$(PYTEST) -m "not slow"

lint: $(READY)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy

format: $(READY)
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

# Made anew only when the lock or the package's own description changes.
$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python -m uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	$(BIN)/python -m uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

lock: $(READY)
	$(BIN)/python -m uv pip compile --quiet --upgrade --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --python-version 3.11 --extra airflow --extra dev pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv demo demo-airflow dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

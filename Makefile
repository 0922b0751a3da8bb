# Keruen: one command for each job. Written for GNU make 3.81 and later.
#
#   make run         install what is needed, run the reference study, write its report
#   make test        everything: lint, format, types, layers, tests (under ten minutes)
#   make test-fast   the same without the tests marked slow (under three minutes)
#   make help        all targets
#
# Another interpreter: make test PYTHON=python3.13
# Another study:       make run STUDY=path/to/study RUN_ARGS='--seed 7'

PYTHON ?= python3
STUDY ?= kazakhstan
RUN_ARGS ?=
PYTEST_ARGS ?=
WORKERS ?= 2

# The tests start many processes; without kept bytecode each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE

# A worker keeps the tests of a file together, and what they share, and takes over from a late one.
PYTEST := -m pytest -n $(WORKERS) --dist worksteal

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python

# The interpreter is only held against the environment when somebody asked for it by name.
ifeq ($(origin PYTHON),file)
ASKED :=
else
ASKED := $(PYTHON)
endif

.DEFAULT_GOAL := help
.PHONY: help venv run test test-fast static kernels kernels-roads kernels-trains lint types layers fmt docs bench lock clean distclean

help:
	@sed -n 's/^## //p' Makefile

## make run         run the reference study and say where its report is
run: venv
	@mkdir -p runs
	@$(BIN)/keruen run $(STUDY) $(RUN_ARGS)
	@report=$$(ls -t runs/*/report.html 2>/dev/null | head -n 1); \
	if [ -n "$$report" ]; then echo "Report: $(CURDIR)/$$report"; fi

## make test        lint, format, types, layers and every test
test: venv
	@$(MAKE) --no-print-directory -j3 static kernels
	@echo "== pytest"
	@$(PY) $(PYTEST) $(PYTEST_ARGS)

## make test-fast   the same without the tests marked slow
test-fast: venv
	@$(MAKE) --no-print-directory -j3 static kernels
	@echo "== pytest, without the slow tests"
	@$(PY) $(PYTEST) -m "not slow" $(PYTEST_ARGS)

## make static      lint, format, types and layers, no tests
static: venv
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory types
	@$(MAKE) --no-print-directory layers

# Kernels for the tests, compiled beside the type checker: none of these can use a second core.
kernels: kernels-roads kernels-trains

kernels-roads kernels-trains: venv
	@XDG_CACHE_HOME="$(CURDIR)/build" $(PY) tools/compile_kernels.py $(@:kernels-%=%)

lint: venv
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== ruff format --check"
	@$(BIN)/ruff format --check .

types: venv
	@echo "== mypy --strict"
	@$(BIN)/mypy

layers: venv
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-cache

## make fmt         format the code and mend what the linter can mend
fmt: venv
	@$(BIN)/ruff check --fix-only .
	@$(BIN)/ruff format .

## make docs        compile the message catalogues and write the pages of docs/reference again
docs: venv
	@$(PY) tools/make_catalogues.py
	@$(PY) tools/make_docs.py

## make bench       run the comparisons of bench/ one after the other
bench: venv
	@found=0; for script in bench/*.py; do \
	  [ -f "$$script" ] || continue; \
	  found=1; echo "== $$script"; $(PY) "$$script" || exit 1; \
	done; \
	if [ $$found -eq 0 ]; then echo "No comparison stands in bench/ yet: see bench/README.md."; fi

## make venv        install everything into .venv (done by the others when needed)
venv:
	@sh tools/make_venv.sh "$(VENV)" "$(PYTHON)" "$(ASKED)"

## make lock        pin every package again in requirements.lock (needs uv)
lock:
	@sh tools/make_lock.sh

## make clean       remove caches and build leavings; runs and .venv stay
clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests tools bench -type d -name __pycache__ -prune -exec rm -rf {} +

## make distclean   clean, and remove .venv as well
distclean: clean
	rm -rf $(VENV)

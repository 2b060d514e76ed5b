# Everything runs in .venv, which every target makes first. Needs: Python 3.11 or newer, make.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash

.DEFAULT_GOAL := check
.PHONY: check setup browser demo test lint types format build fresh answers audit bench pins clean

check: lint types fresh answers test  ## all of the below that CI runs (the default)

setup: .venv/.ready                   ## make .venv with the pinned packages

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than 3.11; name a newer one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the pinned packages into .venv (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[instructor,dev]'
	@touch $@

browser: setup                        ## Chromium for the browser test, where root can install it
	@$(BIN)/python tests/browser/install.py

demo: setup                           ## grade a simulated class and print its table
	@$(BIN)/course demo

test: setup browser                   ## the tests
	$(BIN)/pytest -n 2 --dist loadfile

lint: setup                           ## format and lint, changing nothing
	$(BIN)/ruff format --check course tests lessons benchmarks
	$(BIN)/ruff check course tests lessons benchmarks

format: setup                         ## format and lint, mending what can be mended
	$(BIN)/ruff format course tests lessons benchmarks
	$(BIN)/ruff check --fix course tests lessons benchmarks

types: setup                          ## mypy, strict
	$(BIN)/mypy

build: setup                          ## lessons/ to source/ and release/
	$(BIN)/course build

fresh: setup                          ## source/ and release/ are what lessons/ says, and release/ leaks nothing
	$(BIN)/course build --check

answers: setup                        ## each right answer keeps its points, each wrong one loses some, in the engine
	$(BIN)/course audit --no-mutants

audit: setup                          ## the same with mutants; writes docs/audit.md (slow)
	$(BIN)/course audit --table docs/audit.md

bench: setup                          ## the engine beside nbgrader autograde, in one run
	$(BIN)/python -m benchmarks.grading

pins: setup                           ## write constraints.txt and environment.yml anew from .venv
	$(BIN)/python -m benchmarks.pins

clean:                                ## remove what commands made; keep student data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

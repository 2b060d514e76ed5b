# Everything runs in .venv, which every target makes first. Needs: Python 3.11 or newer, make.
PYTHON ?= python3
BIN := .venv/bin
SHELL := /bin/bash
# Every third lesson, the others on the next days; `make answers SAMPLED=` samples all.
SAMPLED ?= $(shell cd lessons && ls -d [0-9]*/ | tr -d / | awk -v day=$$(($$(date +%s) / 86400)) '(NR + day) % 3 == 0')

.DEFAULT_GOAL := check
TESTED := $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder
# The files with property tests; those that do not fix their number of examples take it from the profile.
FUZZED ?= $(shell grep -rl --include='test_*.py' '^@given' tests)
.PHONY: check setup browser demo test coverage fuzz lint types format build fresh answers draws audit bench pins lowest docs hooks clean

check: lint types fresh answers test  ## all of the below that CI runs (the default)

setup: .venv/.ready                   ## make .venv with the pinned packages

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: $(PYTHON) is older than 3.11; name a newer one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "installing the pinned packages into .venv (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -c constraints.txt -e '.[instructor,cluster,postgres,dev,docs]'
	@touch $@
	@echo 'ready; next: source .venv/bin/activate'

browser: setup                        ## Chromium for the browser test, where root can install it
	@$(BIN)/python tests/browser/install.py

demo: setup                           ## grade a simulated class and print its table
	@$(BIN)/course demo

test: setup browser                   ## the tests
	$(TESTED)

coverage: setup browser               ## the tests, and how much of course/ they ran (twice the time)
	$(TESTED) --cov --cov-report=term

fuzz: setup                           ## the property tests, with many times as many examples
	$(BIN)/pytest -n 2 --hypothesis-profile fuzz -m "not slow" --timeout 3000 $(FUZZED)

lint: setup                           ## format and lint, changing nothing
	$(BIN)/ruff format --check course tests lessons benchmarks docs
	$(BIN)/ruff check course tests lessons benchmarks docs

format: setup                         ## format and lint, mending what can be mended
	$(BIN)/ruff format course tests lessons benchmarks docs
	$(BIN)/ruff check --fix course tests lessons benchmarks docs

types: setup                          ## mypy, strict
	$(BIN)/mypy

build: setup                          ## lessons/ to source/ and release/, and the drawing of what builds on what
	$(BIN)/course build
	$(BIN)/python docs/lessonmap.py

fresh: setup                          ## source/ and release/ are what lessons/ says, and release/ leaks nothing
	$(BIN)/course build --check

answers: setup                        ## of today's lessons one answer a kind and exercise, by the date: right ones kept, wrong ones caught
	$(BIN)/course audit --no-mutants --sample 1 $(SAMPLED)

draws: setup                          ## one answer a kind and exercise under 100 draws of the tests' data: no verdict may change (20 minutes)
	$(BIN)/course audit --only seeds --seeds 100 --sample 1

audit: setup                          ## every answer, attack and mutant; writes docs/audit.md (slow)
	$(BIN)/course audit --seeds 100 --demonstrations --table docs/audit.md

bench: setup                          ## the engine beside nbgrader autograde, in one run
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.classes
	$(BIN)/python -m benchmarks.workers
	$(BIN)/python -m benchmarks.bare
	$(BIN)/python -m benchmarks.term
	$(BIN)/python -m benchmarks.growth

pins: setup                           ## write constraints.txt and environment.yml anew from .venv
	$(BIN)/python -m benchmarks.pins

docs: setup                           ## the website, in docs/_build/html; runs each lesson once for its pictures (minutes)
	$(BIN)/sphinx-build -q -W --keep-going -b html docs docs/_build/html
	$(BIN)/python docs/checkpages.py docs/_build/html

lowest: setup                         ## every lesson runs with the lowest versions that pyproject.toml allows (slow)
	@test -x .cache/lowest/bin/python || $(BIN)/uv venv --quiet --python $(BIN)/python .cache/lowest
	@$(BIN)/uv pip install --quiet --python .cache/lowest/bin/python --resolution lowest-direct -e '.[instructor]'
	.cache/lowest/bin/python -m benchmarks.lowest

hooks: setup                          ## run format, lint and types before each commit
	$(BIN)/pre-commit install

clean:                                ## remove what commands made; keep student data
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info

# `make run` starts the house, `make test` tries it; the rest is for those who build it.

PYTHON := .venv/bin/python
# The house in Swedish, and what is said otherwise, in both languages, where a page is about a call.
WORDS := $(patsubst %.po,%.mo,$(wildcard app/translations/*/LC_MESSAGES/*.po))

# A house starts many processes of the same programs; uncompiled, each takes seconds more to start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-both check bench clean run-tools test-tools bench-tools

run: run-tools $(WORDS)
	@exec $(PYTHON) -m flask --app wsgi up

# All features are tried on PostgreSQL, and on SQLite those in which databases differ, with the journeys and all the rest;
# `make test-both` tries all of them on both. In memory a clean copy of a database is made ten times sooner than on a disk.
# The files are taken in their order, journeys first: the few tests in them take long, and would be waited for at the end.
PYTEST := $(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder
test test-both: export TMPDIR := $(or $(wildcard /dev/shm),/tmp)
test: test-tools $(WORDS)
	$(PYTEST) -m "not feature or both"
	TEST_DATABASE=postgresql $(PYTEST) tests/features

test-both: test-tools $(WORDS)
	$(PYTEST)
	TEST_DATABASE=postgresql $(PYTEST) tests/features

check: test-tools
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports

bench: bench-tools $(WORDS)
	$(PYTHON) -m tests.benchmarks

# Keeps what people have entered: instance/ is theirs.
clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find app bids tests -name '__pycache__' -prune -exec rm -rf {} +
	rm -f $(WORDS)

run-tools test-tools bench-tools: %-tools:
	@.ci/prepare $*

%.mo: %.po | run-tools
	@.venv/bin/pybabel --quiet compile --input-file=$< --output-file=$@ --locale=$(word 3,$(subst /, ,$@))

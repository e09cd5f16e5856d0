# Every target sets up what it needs first. `make` alone lists them.
STACK ?= dev
MODE ?= thick
PRIMARY ?= bridge
# Of `make test`: how many workers share the tests, each with nodes of its own (most of the time
# they wait for pods), and whether to run those of many minutes as well.
WORKERS ?= 3
LONG ?=
PY := .venv/bin/python
export PYTHONDONTWRITEBYTECODE ?= 1

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-down test unit check fmt bench docs up preview destroy refresh lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z][a-z -]*:.*## / {n = split($$1, names, " "); for (i = 1; i <= n; i++) \
	  printf "  make %-10s %s\n", names[i], $$2}' $(MAKEFILE_LIST)
	@echo "Where something fails make ends with 2, whatever it was, and prints the step's own code: Error 3."

setup: ## .venv from the lock file, with .venv/bin/multinet
	@sh scripts/setup.sh

demo: setup ## a throwaway cluster, the dev environment on it, a pod with two interfaces (MODE=thick|thin PRIMARY=bridge|cilium|calico|calico-operator)
	@$(PY) -m rig.demo up --mode $(MODE) --primary $(PRIMARY)

demo-down: setup ## removes the demo's cluster and everything of it
	@$(PY) -m rig.demo down

test: setup ## every test that this machine can run, with LONG=1 those of many minutes too; says what it left out
	@$(PY) -m rig parts --if-possible
	@$(PY) -m pytest -m "not cluster and not engine" --numprocesses $(WORKERS)
	@$(PY) -m pytest -m "cluster or engine $(if $(LONG),or long)" --durations 15 \
	  --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder

unit: setup ## the tests that need neither cluster nor engine
	@$(PY) -m pytest -m "not cluster and not engine"

check: setup ## format, lint, types
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy components/multinet rig bench __main__.py

fmt: setup ## formats the code
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

bench: setup ## the benchmarks, to build/bench/ (ONLY=attach ROUNDS=5; PUBLISH=1: to docs/ as well)
	@$(PY) -m rig parts --if-possible
	@$(PY) -m bench $(ONLY:%=--only %) $(ROUNDS:%=--rounds %) $(if $(PUBLISH),--publish)

docs: setup ## the generated pages of docs/, and all of them as a site in build/docs
	@$(PY) -m docs.generate
	@PYTHONPATH=. .venv/bin/sphinx-build -q -W --keep-going docs build/docs
	@echo "build/docs/index.html"

up preview destroy refresh: setup ## Pulumi itself on the environment STACK (default: dev); PULUMI_ARGS=--yes
	@sh scripts/pulumi.sh $@ $(STACK)

# The program's own requirements are those of the lock: `pulumi up` in a fresh checkout installs them.
COMPILE := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

lock: setup ## requirements.lock anew from pyproject.toml, and of it requirements.txt
	@$(COMPILE) --extra dev -o requirements.lock
	@$(COMPILE) --no-annotate --constraints requirements.lock -o requirements.txt

clean: ## removes build/ and caches of the checkout, not .venv
	rm -rf build .mypy_cache .pytest_cache .ruff_cache .hypothesis

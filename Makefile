.DEFAULT_GOAL := help
.PHONY: help run start test bench lock clean
PORT ?= 8000
export PORT
PYTHON := .venv/bin/python
LOCK := $(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links

help: ## List these commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-8s %s\n", $$1, $$2}'

run: ## Start the demonstration on 127.0.0.1 (PORT=8000)
	@sh scripts/serve.sh demo

start: ## Start the program for real, empty the first time (PORT=8000)
	@sh scripts/serve.sh real

test: ## Run every check and test (ARGS go to pytest)
	@sh scripts/test.sh $(ARGS)

bench: ## Measure speed and memory against their bars
	@sh scripts/venv.sh dev
	@$(PYTHON) -m tests.bench $(ARGS)

lock: ## Write the locked requirements anew from the .in files
	@sh scripts/venv.sh dev
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --output-file requirements-dev.txt

clean: ## Remove the virtual environment, caches and the demonstration; real data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .bench test-results
	@rm -rf instance/demo.sqlite* instance/demo-users.txt instance/demo-schema.txt instance/.demo-building
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

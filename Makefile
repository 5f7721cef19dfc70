# make chat   set up what is needed and open the assistant on the bundled paper
# make test   set up what is needed and run all tests, the browser's too
# make soak   the tests that take minutes or measure time, such as twenty people at once
# make eval   measure the assistant on the gold questions
# make lint   style and types

PYTHON ?= python3
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: chat test soak eval lint clean

chat: .venv/chat
	$(BIN)/python -m index build
	$(BIN)/python -m app

test: .venv/test
	$(BIN)/python -m pytest -q

soak: .venv/test
	$(BIN)/python -m pytest -q -s -m soak

eval: .venv/chat
	$(BIN)/python -m index build
	$(BIN)/python -m eval

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

clean:
	rm -rf .venv .index .eval

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "askpaper needs Python 3.11 or newer; set PYTHON=…")'
	$(PYTHON) -m venv .venv

.venv/chat: .venv/bin/python pyproject.toml constraints.txt
	@echo "Installing askpaper; the first time this takes a few minutes."
	$(INSTALL) -e .
	@touch $@

.venv/test: .venv/chat
	$(INSTALL) -e ".[test]"
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null \
	  || (command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq chromium fonts-noto-cjk) \
	  || $(BIN)/playwright install chromium
	@touch $@

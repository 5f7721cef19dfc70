# make chat   set up what is needed and open the assistant on the bundled paper
# make test   set up what is needed and run all tests, the browser's too
# make eval   measure the assistant on the gold questions
# make lint   style and types
# make soak   the long tests: 20,000 damaged files of each format, a hundred kills, twenty people at once
# make peers  our retrieval beside others', in an environment of its own; PEER_DATA=DIR holds the sets

PYTHON ?= python3
PEER_DATA ?= data/dev
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt

.PHONY: chat test eval lint soak peers clean

chat: .venv/chat
	$(BIN)/python -m index build
	$(BIN)/python -m app

test: .venv/test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

eval: .venv/chat
	$(BIN)/python -m index build
	$(BIN)/python -m eval

lint: .venv/test
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

soak: .venv/test
	$(BIN)/python -m pytest -q tests/test_fuzz.py --hypothesis-profile soak
	ASKPAPER_KILLS=100 $(BIN)/python -m pytest -q -s tests/test_crashes.py -k killed
	$(BIN)/python -m pytest -q -s -m soak

peers: .peers/ready
	.peers/bin/python -m eval.peers --data $(PEER_DATA)

# Other pins than ours: peers come with their own, and are measured as their users get them.
.peers/ready: eval/peers.txt
	$(PYTHON) -m venv .peers
	.peers/bin/python -m pip install --quiet --disable-pip-version-check -r eval/peers.txt -e .
	@touch $@

clean:
	rm -rf .venv .index .eval .peers

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

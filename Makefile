# make run         set everything up and serve the interface, at another port by PORT=5007
# make test        set everything up and pass the tests: some minutes
# make test-fast   set everything up and pass the everyday part of the tests: some minutes
#
# make wheel       wheels with the engine as machine code, for each system, in dist
# make release     a wheel and the sources, built twice and the same, and a list of what they need, in dist
# make book        the book, its notebooks executed, in build/book/html: some minutes
# make wasm        the engine as a module of WebAssembly, in build/libraries/wasm32
#
# make smoke       call every verb once
# make lowest      the same with the oldest libraries that are allowed, and the tests of what they do: some minutes
# make newest      the same with the newest
# make test-matrix both, with each Python that is there
#
# All make a virtual environment of their own in .venv; the second call starts at once. Those of the oldest and of the
# newest libraries are .venv-lowest and .venv-newest, made anew each time.

VENV := .venv
BIN := $(VENV)/bin
# Pages and scenarios are packages of other names than their folders, of which setuptools warns whoever installs them.
PIP := PYTHONWARNINGS="ignore:Editable installation" $(BIN)/python -m pip install --quiet --disable-pip-version-check
PYTHONS := python3 python3.14 python3.13 python3.12 python3.11
PYTHON := $(BIN)/python
FONTS := fonts-dejavu-core fonts-noto-cjk
# What libraries are made with, beforehand, held to one version lest they change by themselves.
TOOLS := build==1.6.1 cyclonedx-bom==7.5.0 numba==0.68.1 wheel==0.48.0 ziglang==0.15.2
FITS := import sys, venv; sys.exit(sys.version_info < (3, 11))

OLDEST := --no-build --resolution lowest-direct
RESTS_ON_LIBRARIES := $(addprefix tests/, engine agents results experiments claims/test_golden.py claims/test_parity.py \
    calibration/test_fit.py ui/test_app.py)

# One worker a core, few enough for memory; each goes on file by file, and who is done takes over from the others.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

# Tests use the cores themselves: linear algebra with threads of its own beside them is several times slower.
test test-fast test-all lowest newest: export OPENBLAS_NUM_THREADS := 1

# Some thirty processes are started, which need not read the sources anew; `make clean` removes what Python keeps of them.
test test-fast test-all lowest newest: export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test test-fast test-all engine bench bench-ui bench-room bench-batch picture golden stored glyphs wheel release \
    wasm book clean check chromium lowest newest smoke test-matrix

run: $(VENV)/.run
	@$(BIN)/foresight ui $(PORT:%=--port %)

test: $(VENV)/.test chromium
	@$(MAKE) --no-print-directory --jobs 2 check engine
	$(PYTEST) -m "not slow"

# Nothing that needs a browser, a process of its own, many runs or many seconds.
test-fast: $(VENV)/.test
	$(PYTEST) -m "not slow and not costly"

test-all: $(VENV)/.test $(VENV)/.book $(VENV)/.tools chromium
	@$(MAKE) --no-print-directory --jobs 2 check engine
	$(PYTEST)

check: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

engine: $(VENV)/.test
	@$(BIN)/python tests/made/warm.py

bench: $(VENV)/.run
	@$(BIN)/foresight bench

bench-ui: $(VENV)/.test chromium
	@$(BIN)/python tests/benchmarks/start.py
	@$(BIN)/python tests/benchmarks/interface.py
	@$(BIN)/python tests/benchmarks/moves.py
	@$(BIN)/python tests/benchmarks/crowd.py
	@$(BIN)/python tests/benchmarks/siege.py

bench-room: $(VENV)/.test chromium
	@$(BIN)/python tests/benchmarks/room.py
	@$(BIN)/python tests/benchmarks/phone.py

bench-batch: $(VENV)/.test
	@$(BIN)/python tests/benchmarks/batch.py
	@$(BIN)/python tests/benchmarks/stress.py

picture: $(VENV)/.test chromium
	@$(BIN)/python .github/picture.py
	@PYTHONPATH=tests/made $(BIN)/python .github/faces.py

glyphs: $(VENV)/.test
	@$(BIN)/python .github/glyphs.py

# Tests in a browser need Chromium, best as the bare shell of it: windows that nobody sees cost half of their time. As
# root on Debian it is installed, once; elsewhere install it, or these tests are skipped.
chromium: $(VENV)/.chromium
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || \
	    command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	    echo "There is no Chromium: tests in a browser will be skipped." >&2

$(VENV)/.chromium: | $(BIN)/python
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! command -v chromium-headless-shell >/dev/null; then \
	    echo "Installing chromium, once ..."; \
	    install="env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends"; \
	    apt-get update -qq; \
	    $$install chromium-headless-shell $(FONTS) >/dev/null 2>&1 || command -v chromium >/dev/null || \
	        $$install chromium $(FONTS) >/dev/null || true; \
	fi
	@touch $@

wheel: $(VENV)/.run $(VENV)/.tools
	rm -rf build dist
	@$(BIN)/python .github/library.py build/libraries
	@$(BIN)/python .github/wheels.py build/libraries dist

release: $(VENV)/.run $(VENV)/.tools
	@$(BIN)/python .github/release.py dist

book: $(VENV)/.book
	@$(BIN)/python .github/book.py build/book

wasm: $(VENV)/.run $(VENV)/.tools
	@$(BIN)/python .github/library.py build/libraries wasm32

golden: $(VENV)/.run
	@$(BIN)/python tests/made/golden.py

stored: $(VENV)/.run
	@$(BIN)/python tests/made/stored.py
	@$(BIN)/python tests/made/trust.py

smoke: $(VENV)/.test
	@$(BIN)/python tests/made/smoke.py

# Each direct dependency at the lowest, or the newest, that this Python has a wheel of, all else as new as it goes. What
# reads the tables of IAMC asks for newer ones of others, so it comes last.
lowest: CHOICE := $(OLDEST)
lowest newest: $(BIN)/python
	@$(PIP) uv
	@$(BIN)/uv venv --quiet --clear --python $(PYTHON) .venv-$@
	@$(BIN)/uv pip install --quiet --python .venv-$@/bin/python $(CHOICE) --editable ".[calibrate,cluster,explore]"
	@$(BIN)/uv pip install --quiet --python .venv-$@/bin/python axe-playwright-python hypothesis ipykernel playwright pytest
	.venv-$@/bin/python tests/made/smoke.py
	.venv-$@/bin/python -m pytest -m "not slow" $(RESTS_ON_LIBRARIES)
	@$(BIN)/uv pip install --quiet --python .venv-$@/bin/python $(CHOICE) --editable ".[iamc]"
	.venv-$@/bin/python -m pytest tests/results/test_export.py

test-matrix: $(BIN)/python
	@for python in python3.11 python3.12 python3.13 python3.14; do \
	    if ! found=$$($$python -c 'import sys; print(sys.executable)' 2>/dev/null); then \
	        echo "There is no $$python here: not tried."; continue; \
	    fi; \
	    for libraries in lowest newest; do \
	        echo "$$python, $$libraries libraries"; \
	        $(MAKE) --no-print-directory $$libraries PYTHON=$$found || exit; \
	    done; \
	done

clean:
	rm -rf $(VENV) .venv-lowest .venv-newest build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.run: $(BIN)/python pyproject.toml
	@echo "Installing foresight, once: a minute or more ..."
	@$(PIP) --upgrade pip
	@$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(BIN)/python pyproject.toml
	@echo "Installing foresight and what its tests need, once: some minutes ..."
	@$(PIP) --upgrade pip  # older resolvers do not find versions of pyam that fit
	@$(PIP) --editable ".[test]"
	@touch $@ $(VENV)/.run

$(VENV)/.book: $(BIN)/python pyproject.toml
	@echo "Installing foresight and what its book needs, once: some minutes ..."
	@$(PIP) --upgrade pip
	@$(PIP) --editable ".[book]"
	@touch $@ $(VENV)/.run

$(VENV)/.tools: Makefile | $(VENV)/.run
	@$(PIP) $(TOOLS)
	@touch $@

# Where Python comes without the means to put pip into a new environment, its own pip puts it there.
$(BIN)/python:
	@python=; for name in $(PYTHONS); do \
	    if $$name -c '$(FITS)' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "foresight needs Python from 3.11 on; none of $(PYTHONS) is one." >&2; exit 2; \
	fi; \
	echo "Making $(VENV) with $$($$python --version) ..."; \
	$$python -m venv --clear $(VENV) >/dev/null 2>&1 || { \
	    $$python -m venv --clear --without-pip $(VENV) && \
	    $$python -m pip --python $@ install --quiet --disable-pip-version-check pip; \
	} || { rm -rf $(VENV); exit 1; }

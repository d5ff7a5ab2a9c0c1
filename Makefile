# Two commands: `make lab` opens the course, `make test` checks everything. Both install what they need.
VENV ?= .venv
BIN := $(VENV)/bin
SOURCES := pyproject.toml hatch_build.py tools/bundle.py $(wildcard js/*.json js/*.mjs js/src/* js/src/*/*)
NOTEBOOKS := $(wildcard notebooks/*.ipynb)

.PHONY: help lab test lint format fuzz bench clean

help:
	@echo "make lab     open the course in JupyterLab"
	@echo "make test    run every check: lint, unit, conformance, notebooks, exercises, browser"
	@echo "make lint    read the sources only     make format  put them in form"
	@echo "make fuzz    long property tests       make bench   the numbers, with ratios"
	@echo "make clean   remove what make made     PYTHON=, CHROMIUM=, VENV= choose others"

lab: $(VENV)/.lab
	@$(BIN)/k8scourse lab

test: $(VENV)/.test
	@$(BIN)/python tools/find_browser.py >/dev/null
	@sh tools/lint.sh $(BIN)
	@$(BIN)/python -m pytest $(PYTEST)
	@$(if $(NOTEBOOKS),$(BIN)/python -m pytest --nbval --nbval-current-env $(NOTEBOOKS))

lint: $(VENV)/.test
	@sh tools/lint.sh $(BIN)

format: $(VENV)/.test
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

fuzz: $(VENV)/.test
	@$(BIN)/python -m pytest tests/properties/test_bad_input.py --hypothesis-profile=fuzz $(PYTEST)

bench: $(VENV)/.test
	@for name in simulator grading editor; do echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

clean:
	@rm -rf $(VENV) build dist js/node_modules k8scourse/widgets/static k8scourse/apiserver/data/descriptions.json.gz
	@rm -rf .pytest_cache .ruff_cache .hypothesis

# The stamps: installed again only when what decides about the installation has changed, or the bundle is missing.
BUNDLE := $(if $(K8SCOURSE_NO_JS),,k8scourse/widgets/static/sources.sha256)
k8scourse/widgets/static/sources.sha256: ;

$(VENV)/.lab: $(SOURCES) $(BUNDLE)
	@sh tools/install.sh $(VENV) notebook,grading
	@touch $@

$(VENV)/.test: $(SOURCES) $(BUNDLE)
	@sh tools/install.sh $(VENV) test
	@touch $@ $(VENV)/.lab

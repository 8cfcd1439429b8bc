# Every target sets up what it needs; `make` alone lists them.
# CSV=customers.csv trains on a table of your own, ARGS="…" passes flags on to the command.

VENV := .venv
BIN := $(VENV)/bin
MODEL := $(BIN)/python -m model
PYTEST := $(BIN)/python -m pytest
# A file's tests stay together; the longest files come first. ARGS="-n 0": one after the other.
ALL_TESTS := $(PYTEST) --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
SAM := SAM_CLI_TELEMETRY=0 $(BIN)/sam
BUILD := build
ARTIFACT := $(BUILD)/telco_churn_light.json
FUNCTION := $(wildcard functions/*/Makefile functions/*/*.* functions/*/*/*.* functions/*/*/*/*.* events/*.json)
CONFIG ?= default
CSV ?=
TRUTH ?=
ARGS ?=
PORT ?= 8000

# boto3 and SAM read AWS_DEFAULT_REGION, or the region of AWS_PROFILE; others set AWS_REGION only.
ifndef AWS_DEFAULT_REGION
ifdef AWS_REGION
export AWS_DEFAULT_REGION := $(AWS_REGION)
endif
endif

# The first Python that is new enough and able to make an environment.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)

# uv takes seconds; pip knows a company's own index where uv doesn't.
define install_packages
	$(BIN)/uv pip install --quiet --python $(1)/bin/python $(2) || $(1)/bin/python -m pip install --quiet $(2)
endef

define pin_packages
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --no-emit-index-url --no-header \
		--annotation-style line $(1)
endef

# Bucket and address from the deployed stack, where MODEL_BUCKET and API_URL don't say them.
define with_stack
	outputs=$$($(MODEL) outputs --config $(CONFIG) $(1)) && eval "$$outputs" &&
endef

.DEFAULT_GOAL := help
.PHONY: help install demo score serve test rehearse lint type scan cover mutate check format \
	lock image train train-upload publish versions history show diff promote rollback \
	rollback-code deploy-check prune bulk outcomes shadow invoke api page report bench build deploy \
	verify destroy clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- on this machine

install: $(VENV)/dev.stamp ## make .venv from the pinned requirements

demo: $(VENV)/run.stamp ## the pipeline here: train, publish to a local S3, serve, verify
	@$(MODEL) demo $(CSV) $(ARGS)

train: $(VENV)/run.stamp ## leaderboard and artifact, in build/
	@$(MODEL) train $(CSV) --out $(BUILD) $(ARGS)

score: $(ARTIFACT) ## build/'s model scores CSV=…'s customers, in build/scores.csv
	@$(MODEL) score $(CSV) --out $(BUILD)/scores.csv --summary $(BUILD)/scores.json $(ARGS)

serve: $(ARTIFACT) ## the API here, without Docker, until Ctrl-C (PORT=8000)
	@$(MODEL) serve $(ARTIFACT) --port $(PORT) $(ARGS)

invoke: $(ARTIFACT) image .aws-sam/build/template.yaml ## sam local invoke for events/ (Docker; ARGS=--verbose)
	@$(MODEL) sam-invoke $(ARTIFACT) $(ARGS)

api: $(ARTIFACT) image .aws-sam/build/template.yaml ## sam local start-api until Ctrl-C (Docker, PORT=8000)
	@$(MODEL) sam-api $(ARTIFACT) --port $(PORT) $(ARGS)

page: $(ARTIFACT) ## build/'s model in a page that ranks customers in a browser
	@$(MODEL) page $(ARGS)

report: $(ARTIFACT) ## the HTML report on build/'s model, in build/
	@$(MODEL) report $(CSV) --out $(BUILD) $(ARGS)

bench: $(VENV)/dev.stamp ## the benchmarks (cold start in Docker)
	@$(BIN)/python -m benchmarks $(CSV) $(ARGS)

# --- checks, which change nothing

test: $(VENV)/dev.stamp ## every test this machine can run; says what it skipped and why
	@$(ALL_TESTS) $(ARGS)

rehearse: $(VENV)/dev.stamp .venv-ministack/stamp ## the whole stack, deployed and asked here, on MiniStack (Docker)
	@$(PYTEST) tests/local/bulk tests/local/rehearsal $(ARGS)

lint: $(VENV)/dev.stamp ## style of the code, validity of the template
	@$(BIN)/ruff format --check --quiet --diff .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/cfn-lint --config-file .ci/cfn-lint.yaml -- template.yaml .github/train-role.yaml

type: $(VENV)/dev.stamp ## types of functions/ and model/
	@$(BIN)/mypy functions/predict functions/deploy_hook model

scan: $(VENV)/dev.stamp .venv-checkov/stamp ## insecure code, infrastructure and packages
	@$(BIN)/bandit --quiet --configfile pyproject.toml --recursive functions model
	@.venv-checkov/bin/checkov --config-file .ci/checkov.yaml
	@$(BIN)/python .ci/audit.py requirements.txt

cover: $(VENV)/dev.stamp ## unit tests reach all of functions/, and 90 % of model/
	@$(ALL_TESTS) --quiet tests/unit --cov --cov-report=
	@$(BIN)/coverage report --include='functions/*' --skip-covered --show-missing --fail-under=100
	@$(BIN)/coverage report --include='model/*' --skip-covered --fail-under=90

mutate: $(VENV)/dev.stamp ## plant faults for unit tests to find (MODULE=... SAMPLE=4)
	@$(BIN)/python .ci/mutate.py $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULE)

check: $(VENV)/dev.stamp .venv-checkov/stamp .venv-ministack/stamp ## all of the above, each test once, as CI does
	@$(MAKE) --jobs=2 --output-sync lint type scan
	@$(MAKE) cover
	@$(ALL_TESTS) --ignore=tests/unit $(ARGS)

# --- changes

format: $(VENV)/dev.stamp ## rewrite files in the house style
	@$(BIN)/ruff format --quiet .
	@$(BIN)/ruff check --quiet --fix .

lock: $(VENV)/run.stamp ## pin the newest packages that pyproject.toml allows
	@$(call pin_packages,pyproject.toml --group dev --output-file requirements.txt)
	@$(call pin_packages,--group checkov --output-file .ci/checkov.txt)
	@$(call pin_packages,--group ministack --output-file .ci/ministack.txt)

image: $(VENV)/run.stamp ## give Docker Lambda's Python, else a stand-in (as root)
	@PYTHON=$(BIN)/python tests/local/image/build_lambda_image.sh

build: .aws-sam/build/template.yaml ## the package that Lambda receives

clean: ## remove what was made here: environments, builds, caches
	rm -rf $(VENV) .venv-checkov .venv-ministack .aws-sam $(BUILD) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage

# --- AWS; CONFIG=prod takes that part of samconfig.toml

deploy: build ## [AWS] create or update the stack
	@$(SAM) deploy --config-env $(CONFIG) $(ARGS) || \
	{ $(call with_stack,DEPLOY_LOG_GROUP) $(MODEL) deploy-check; exit 1; }
	@$(call with_stack,PREDICT_FUNCTION) $(MODEL) prune-code

deploy-check: $(VENV)/run.stamp ## [AWS] what the hook found in the last deploy, and why it refused
	@$(call with_stack,DEPLOY_LOG_GROUP) $(MODEL) deploy-check $(ARGS)

rollback-code: $(VENV)/run.stamp ## [AWS] the code that was live before, again, at once
	@$(call with_stack,PREDICT_FUNCTION) $(MODEL) rollback-code $(ARGS)

train-upload: train ## [AWS] train, then publish and verify
	@$(call with_stack,MODEL_BUCKET API_URL) $(MODEL) publish $(ARTIFACT) $(if $(CSV),--data $(CSV)) && \
	$(MODEL) verify --url "$$API_URL" --artifact $(ARTIFACT)

publish: $(ARTIFACT) ## [AWS] publish build/'s model
	@$(call with_stack,MODEL_BUCKET) $(MODEL) publish $(ARTIFACT) $(if $(CSV),--data $(CSV)) $(ARGS)

versions: $(VENV)/run.stamp ## [AWS] published models, and which one is live
	@$(call with_stack,MODEL_BUCKET) $(MODEL) versions $(ARGS)

history: $(VENV)/run.stamp ## [AWS] who put which model live, when and why
	@$(call with_stack,MODEL_BUCKET) $(MODEL) history $(ARGS)

show: $(VENV)/run.stamp ## [AWS] all that a published model says of itself (VERSION=live)
	@$(call with_stack,MODEL_BUCKET) $(MODEL) show $(or $(VERSION),live) $(ARGS)

diff: $(VENV)/run.stamp ## [AWS] what sets VERSION=… apart from the live model
	@$(call with_stack,MODEL_BUCKET) $(MODEL) diff live $(VERSION) $(if $(CSV),--data $(CSV)) $(ARGS)

promote: $(VENV)/run.stamp ## [AWS] make VERSION=… the live model
	@$(call with_stack,MODEL_BUCKET) $(MODEL) promote $(VERSION) $(if $(CSV),--data $(CSV)) $(ARGS)

rollback: $(VENV)/run.stamp ## [AWS] the live model's predecessor again
	@$(call with_stack,MODEL_BUCKET) $(MODEL) rollback $(ARGS)

prune: $(VENV)/run.stamp ## [AWS] which old models may go (KEEP=10); ARGS=--yes deletes
	@$(call with_stack,MODEL_BUCKET) $(MODEL) prune --keep $(or $(KEEP),10) $(ARGS)

shadow: $(VENV)/run.stamp ## [AWS] what would change if the shadow went live (ARGS=--end ends it)
	@$(call with_stack,MODEL_BUCKET LOG_GROUP) $(MODEL) shadow $(ARGS)

bulk: $(VENV)/run.stamp ## [AWS] the stack scores CSV=…'s customers, in build/scores.csv
	@mkdir -p $(BUILD) && $(call with_stack,BULK_BUCKET BULK_MACHINE) \
	$(MODEL) bulk $(CSV) --out $(BUILD)/scores.csv --summary $(BUILD)/scores.json $(ARGS)

outcomes: $(VENV)/run.stamp ## [AWS] what TRUTH=…'s customers did, beside what build/scores.csv said
	@$(call with_stack,MODEL_BUCKET) $(MODEL) outcomes --scored $(BUILD)/scores.csv \
	--summary $(BUILD)/scores.json --truth $(TRUTH) $(ARGS)

verify: $(ARTIFACT) ## [AWS] ask the deployed API about random customers, and compare
	@$(call with_stack,API_URL) $(MODEL) verify --url "$$API_URL" --artifact $(ARTIFACT) $(ARGS)

destroy: $(VENV)/run.stamp ## [AWS] delete the stack; the bucket and its models stay
	@$(SAM) delete --config-env $(CONFIG) $(ARGS)

# --- files

$(BIN)/uv:
	@test -n "$(PYTHON)" || { echo "error: needs Python 3.11 or newer with its venv module" \
		"(Debian, Ubuntu: sudo apt-get install python3-venv)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep -o '^uv==[0-9.]*' requirements.txt)"

# The lock says which versions; pyproject.toml which packages are needed to run.
$(VENV)/run.stamp: requirements.txt pyproject.toml | $(BIN)/uv
	@$(call install_packages,$(VENV),--constraint requirements.txt --editable .)
	@touch $@

$(VENV)/dev.stamp: requirements.txt $(VENV)/run.stamp
	@$(call install_packages,$(VENV),-r requirements.txt)
	@touch $@

.venv-checkov/stamp: .ci/checkov.txt | $(BIN)/uv
	@$(BIN)/python -m venv .venv-checkov
	@$(call install_packages,.venv-checkov,-r .ci/checkov.txt)
	@touch $@

.venv-ministack/stamp: .ci/ministack.txt | $(BIN)/uv
	@$(BIN)/python -m venv .venv-ministack
	@$(call install_packages,.venv-ministack,-r .ci/ministack.txt)
	@touch $@

$(ARTIFACT): | $(VENV)/run.stamp
	@$(MODEL) train $(CSV) --out $(BUILD)

.aws-sam/build/template.yaml: template.yaml $(FUNCTION) | $(VENV)/run.stamp
	@$(SAM) build
	@echo "PredictFunction: build $$(grep -aoh 'sha-[0-9a-f]\{12\}' .aws-sam/build/PredictFunction/inference/__init__.py*)"
	@test -e .aws-sam/build/PredictFunction/app.pyc || echo "note: no Python 3.14 here (make image" \
		"is one way to have it): packed as source, a cold start takes a third longer"

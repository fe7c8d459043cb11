# Everything that is done with this repository. `make help` lists it.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

HOST ?= 127.0.0.1
PORT ?= 8080
ARGS ?= --demo
PKG ?= ./...
BENCH ?= .

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GOLANGCI_VERSION := v2.15.0
GOLANGCI := bin/golangci-lint-$(GOLANGCI_VERSION)
# Written by npm when it has installed everything.
NODE_MODULES := frontend/node_modules/.package-lock.json

say = @printf '== %s\n' "$(1)"

##@ Use

.PHONY: run
run: frontend ## Build all and start the server with demo data (PORT=8080, ARGS=--demo)
	$(call say,server on http://$(HOST):$(PORT))
	@go run ./server serve --addr $(HOST):$(PORT) $(ARGS)

.PHONY: build
build: frontend ## Build bin/sundial
	$(call say,bin/sundial $(VERSION))
	@CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/sundial ./server

##@ Work on it

.PHONY: test
test: test-packages frontend lint licenses-check ## Do all that CI asks for: build, check, lint, test
	$(call say,front end: tests)
	@cd frontend && npm run --silent test
	$(call say,go: tests)
	@go -C tools test ./licenses/...
	@go test -vet=off -shuffle=on -timeout 20m $(PKG)

.PHONY: race
race: ## Run the tests in which requests meet under the race detector
	@scripts/test-packages race
	$(call say,go: tests under the race detector)
	@export CGO_ENABLED=1; failed=0; \
	go test -race -vet=off -timeout 30m ./server/store/... & store=$$!; \
	go test -race -vet=off -timeout 30m -run "$$(scripts/race-tests)" ./server/compliance || failed=1; \
	wait $$store || failed=1; exit $$failed

.PHONY: axe
axe: test-packages frontend ## Look for barriers on every page, in both themes, as each role sees it
	@go test -vet=off -timeout 60m -run TestNoPageKeepsAnybodyOut ./server -every-role

.PHONY: bench
bench: test-packages ## Show what boards cost at up to 100,000 units, and what the audit log, long tables, imports, planning, scoring and searching cost
	@go test -run '^$$' -bench '$(BENCH)' -timeout 60m -p 1 ./server/compliance ./server/store ./server/audit ./server/exchange ./server/planner ./server/training ./server/assessment ./server/search ./server

.PHONY: lint
lint: $(GOLANGCI) frontend locales-check ## Check formatting, vet and lint the Go code, type-check the front end
	$(call say,front end: types)
	@cd frontend && npm run --silent check
	$(call say,go: format$(comma) vet$(comma) lint)
	@$(GOLANGCI) run ./...
	@cd tools && ../$(GOLANGCI) run ./...

.PHONY: fmt
fmt: $(GOLANGCI) ## Format the Go code
	@$(GOLANGCI) fmt
	@cd tools && ../$(GOLANGCI) fmt

.PHONY: frontend
frontend: $(NODE_MODULES) ## Build scripts and styles into frontend/dist
	$(call say,front end: build)
	@cd frontend && npm run --silent build

.PHONY: locales
locales: $(NODE_MODULES) ## Write the table of traditional characters, frontend/locales/traditional.yaml
	@cd frontend && npm run --silent locales

.PHONY: locales-check
locales-check: $(NODE_MODULES) ## Check that the table of traditional characters is up to date
	$(call say,front end: traditional characters)
	@cd frontend && npm run --silent locales -- --check

.PHONY: licenses
licenses: ## Write THIRD_PARTY.md
	@go run -C tools ./licenses

.PHONY: licenses-check
licenses-check: ## Check that THIRD_PARTY.md is up to date
	$(call say,third-party licences)
	@go run -C tools ./licenses -check

.PHONY: test-packages
test-packages: ## Install the Debian packages that the tests need, where it may
	@scripts/test-packages

.PHONY: clean
clean: ## Remove what was built
	@rm -rf bin frontend/node_modules
	@find frontend/dist -mindepth 1 ! -name .gitkeep -delete

.PHONY: help
help: ## List the targets
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The files behind the targets.

comma := ,

$(NODE_MODULES): frontend/package.json frontend/package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js 20 or newer with npm.' \
		'Without it, "go run ./server serve --demo" serves plain pages.' >&2; exit 1; }
	$(call say,front end: npm ci)
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(GOLANGCI): tools/go.mod tools/go.sum
	$(call say,golangci-lint $(GOLANGCI_VERSION): build$(comma) once$(comma) a minute or two)
	@mkdir -p bin
	@go build -C tools -o ../$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint
	@touch $@

# SPDX-License-Identifier: GPL-2.0
# `make help` lists what there is.

INTERFACE ?= eth0
KDIR      ?= /lib/modules/$(shell uname -r)/build
KERNEL    ?= default

MODULE    := l2packet_counter
PROC      := /proc/$(MODULE)
SUDO      := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

# Passed to kbuild only when it was asked for, as a y that ccflags-y understands.
DEBUG_FLAG := $(if $(filter 1 y,$(L2PC_DEBUG)),L2PC_DEBUG=y)
# Without pahole kbuild cannot make a module's type information, and fails.
BTF_FLAG   := $(if $(shell command -v pahole),,CONFIG_DEBUG_INFO_BTF_MODULES=)
# The flags of a kernel that clang has built mean nothing to gcc.
LLVM_FLAG  := $(if $(filter undefined,$(origin LLVM)),$(if $(shell grep -sx CONFIG_CC_IS_CLANG=y "$(KDIR)/include/config/auto.conf"),LLVM=1))

.DEFAULT_GOAL := build
.PHONY: build clean distclean load unload reload status stats reset dmesg help tools \
	deb dist demo vm test test-unit test-vm test-host check coverage test-long test-debug test-first test-packages matrix selftests fuzz fuzz-engine fleet model bench bench-native

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: INTERFACE=eth0 (load, reload, demo)  KDIR=<kernel build tree> (build)"

# --- the module on this machine ---------------------------------------------

build: ## build l2packet_counter.ko for the running kernel, or for KDIR
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "error: no kernel build tree at $(KDIR)" >&2; \
		echo "  Debian, Ubuntu: sudo apt install linux-headers-$$(uname -r) build-essential" >&2; \
		echo "  Fedora, RHEL:   sudo dnf install kernel-devel-$$(uname -r) gcc make" >&2; \
		echo "  or name one:    make build KDIR=/path/to/kernel/tree" >&2; \
		exit 1; }
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" $(DEBUG_FLAG) $(BTF_FLAG) $(LLVM_FLAG) modules

clean: ## remove what build made
	@rm -rf .tmp_versions Module.symvers Module.markers modules.order .module-common.o .*.cmd .Module.symvers.cmd \
		$(MODULE).ko $(MODULE).mod $(MODULE).mod.c
	@find . -path ./.git -prune -o -type f \( -name '*.o' -o -name '.*.o.cmd' -o -name '.*.o.d' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.dwo' -o -name '*.su' \) -print0 | xargs -0 -r rm -f
	@rm -rf tests/unit/build tests/tools/build tests/bench/native/build
	@rm -f tools/l2pc tools/*/*.d tools/export/page.h
	@rm -rf dist

distclean: clean ## also remove the lab's downloads, kernels and reports
	@sh lab/cache.sh remove

$(MODULE).ko:
	$(MAKE) build

load: $(MODULE).ko ## load the module on INTERFACE
	$(SUDO) insmod ./$(MODULE).ko interface="$(INTERFACE)"

unload: ## unload the module
	$(SUDO) rmmod $(MODULE)

reload: $(MODULE).ko ## unload the module if it is loaded, load it on INTERFACE
	@if [ -d /sys/module/$(MODULE) ]; then $(SUDO) rmmod $(MODULE); fi
	$(SUDO) insmod ./$(MODULE).ko interface="$(INTERFACE)"

status: ## say whether the module is loaded, and with which parameters
	@if [ -d /sys/module/$(MODULE) ]; then \
		echo "$(MODULE): loaded"; \
		for p in /sys/module/$(MODULE)/parameters/*; do echo "  $${p##*/} = $$(cat $$p)"; done; \
	else echo "$(MODULE): not loaded"; fi

stats: ## print the counts
	@[ -e $(PROC) ] || { echo "error: $(MODULE) is not loaded (make load INTERFACE=...)" >&2; exit 1; }
	@cat $(PROC)

reset: ## close the window: counts start at 0
	@[ -e $(PROC) ] || { echo "error: $(MODULE) is not loaded (make load INTERFACE=...)" >&2; exit 1; }
	@echo reset | $(SUDO) tee $(PROC) >/dev/null

tools: ## build the tool l2pc as tools/l2pc
	@$(MAKE) --no-print-directory -C tools

deb: ## build the Debian packages into dist/
	@packaging/deb.sh

dist: ## a release from the last commit, in dist/: tarball, Debian packages, SHA256SUMS
	@packaging/dist.sh

dmesg: ## print the module's kernel messages
	@$(SUDO) dmesg | grep -F $(MODULE) || echo "$(MODULE): no kernel messages"

# --- the module in a throwaway VM -------------------------------------------

demo: ## watch it count in a VM; PCAP=file replays a capture, INTERFACE=dev mirrors one
	@lab/demo.sh $(if $(PCAP),--pcap "$(PCAP)") \
		$(if $(filter command environment,$(firstword $(origin INTERFACE))),--interface "$(INTERFACE)") \
		$(if $(SECONDS),--seconds "$(SECONDS)") --kernel "$(KERNEL)"

vm: ## the same VM with a shell in it
	@lab/vm.sh --kernel "$(KERNEL)"

test: ## every test: unit tests, then the suites in the VM
	@tests/run.sh --kernel "$(KERNEL)"

test-unit: ## the unit tests only
	@tests/run.sh --unit

test-vm: ## the VM suites only; SUITE="a b" picks some
	@tests/run.sh --vm --kernel "$(KERNEL)" $(SUITE)

test-host: ## what is around the module: install.sh, real drivers, mirrored interfaces, the lab
	@tests/run.sh --host --kernel "$(KERNEL)"

check: ## the sources: style, static analysis, licences, what is generated
	@tests/run.sh --check

test-long: ## the VM suites with as many rounds as the promises name
	@L2PC_CYCLES=200 L2PC_RESETS=100 L2PC_EFFORT=100 L2PC_FLOOD=14000000 \
		tests/run.sh --vm --kernel "$(KERNEL)" cycles lifetime flood user-scripts

test-debug: ## the VM suites on a kernel that checks itself, built once; SUITE="a b" picks some
	@tests/run.sh --vm --kernel debug $(SUITE)

test-packages: ## the packages: built, reproducible, installed, upgraded, purged; takes long
	@tests/packaging/run.sh

test-first: ## the README's first commands, in a Debian that has nothing yet; DEMO=1 or TOOL=1: only this
	@tests/lab/first-run.sh $(if $(DEMO),--demo) $(if $(TOOL),--tool)

fuzz: ## wrong requests, by netlink and /proc, on a kernel that checks itself; ROUNDS=30000
	@L2PC_FUZZ="$(or $(ROUNDS),30000)" L2PC_SEED="$(or $(SEED),1)" tests/run.sh --vm --kernel debug fuzz

fuzz-engine: ## libFuzzer on the engine; SECONDS=600
	@tests/fuzz/run.sh $(or $(SECONDS),600)

fleet: ## 200 exporters with 500 stations each, scraped by one Prometheus: what it takes
	@tests/tools/fleet.sh $(TARGETS) $(STATIONS)

model: ## every interleaving of a CPU that counts with what window.c does, in spin
	@tests/model/run.sh

matrix: ## the VM suites on every supported kernel; KERNELS="a b" and SUITE="a b" pick some
	@tests/matrix.sh --kernels "$(KERNELS)" --suites "$(SUITE)"

selftests: ## the kernel's own networking selftests, without the module and with it; TEST="a b" picks some
	@tests/selftests/run.sh $(if $(filter-out default,$(KERNEL)),--kernel "$(KERNEL)") $(TEST)

coverage: ## lines of the module that the VM suites run; SUITE="a b" picks some
	@tests/coverage.sh $(SUITE)

bench: ## what counting costs, beside nftables, BPF and others, in instructions, in the VM
	@tests/bench/run.sh --kernel "$(KERNEL)"

bench-native: ## ns a frame of the tables on this machine, beside other layouts
	@tests/bench/native/run.sh

# SPDX-License-Identifier: GPL-2.0
# The user's commands; `make help` lists them. Developers' tests: tests/Makefile.

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
# The compiler that built the kernel, where it is installed and another one is the default:
# its flags mean nothing to a compiler of another kind, and its plugins load into no other
# version. CC= and LLVM= of the command line win.
define CHOOSE_COMPILER
conf="$(KDIR)/include/config/auto.conf"; \
major=$$(sed -n 's/^CONFIG_CC_VERSION_TEXT=".*[ )]\([0-9][0-9]*\)\.[0-9].*/\1/p' "$$conf" 2>/dev/null); \
has() { command -v "$$1" >/dev/null 2>&1; }; \
if grep -sqx CONFIG_CC_IS_CLANG=y "$$conf"; then \
	echo LLVM=1; \
	if [ -n "$$major" ] && has "clang-$$major" && has "ld.lld-$$major"; then \
		echo "CC=clang-$$major LD=ld.lld-$$major"; \
	fi; \
elif [ -n "$$major" ] && has "gcc-$$major"; then \
	[ "$$(gcc -dumpversion 2>/dev/null | sed 's/\..*//')" = "$$major" ] || echo "CC=gcc-$$major"; \
fi
endef
COMPILER := $(if $(filter undefined,$(origin LLVM)),$(if $(filter command,$(firstword $(origin CC))),,$(shell $(CHOOSE_COMPILER))))

.DEFAULT_GOAL := build
.PHONY: build clean distclean load unload reload status stats reset dmesg help tools modules_install \
	deb dist demo vm test check bench

help: ## list the targets
	@awk -F':.*## ' '/^[a-z_-]+:.*## /{printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  variables: INTERFACE=eth0 (load, reload, demo)  KDIR=<kernel build tree> (build, modules_install)"
	@echo "  developers' tests: make -C tests help"

# --- the module on this machine ---------------------------------------------

build: ## build l2packet_counter.ko for the running kernel, or for KDIR
	@[ -e "$(KDIR)/Makefile" ] || { \
		echo "error: no kernel build tree at $(KDIR)" >&2; \
		sh packaging/install/distribution.sh headers build 2>/dev/null | sed 's/^/  /' >&2; \
		echo "  or name one: make build KDIR=/path/to/kernel/tree" >&2; \
		exit 1; }
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" $(DEBUG_FLAG) $(BTF_FLAG) $(COMPILER) modules

clean: ## remove build files
	@rm -rf .tmp_versions Module.symvers Module.markers modules.order .module-common.o .*.cmd .Module.symvers.cmd \
		$(MODULE).ko $(MODULE).mod $(MODULE).mod.c
	@find . -path ./.git -prune -o -type f \( -name '*.o' -o -name '.*.o.cmd' -o -name '.*.o.d' -o -name '*.ko' -o -name '.*.cmd' -o -name '*.dwo' -o -name '*.su' \) -print0 | xargs -0 -r rm -f
	@rm -rf tests/unit/build tests/tools/build tests/bench/native/build
	@rm -f tools/l2pc tools/l2pc-export tools/*/*.d tools/export/page.h tools/export/libexec.h tools/doctor/distributions.h
	@rm -rf dist

distclean: clean ## remove build files, and the downloads and kernels of the lab
	@sh lab/cache.sh remove

$(MODULE).ko:
	$(MAKE) build

load: $(MODULE).ko ## load the module on INTERFACE
	$(SUDO) insmod ./$(MODULE).ko interface="$(INTERFACE)"

unload: ## unload the module
	$(SUDO) rmmod $(MODULE)

reload: $(MODULE).ko ## unload the module if it is loaded, and load it on INTERFACE
	@if [ -d /sys/module/$(MODULE) ]; then $(SUDO) rmmod $(MODULE); fi
	$(SUDO) insmod ./$(MODULE).ko interface="$(INTERFACE)"

status: ## show whether the module is loaded, and its parameters
	@if [ -d /sys/module/$(MODULE) ]; then \
		echo "$(MODULE): loaded"; \
		for p in /sys/module/$(MODULE)/parameters/*; do echo "  $${p##*/} = $$(cat $$p)"; done; \
	else echo "$(MODULE): not loaded"; fi

stats: ## print the counts
	@[ -e $(PROC) ] || { echo "error: $(MODULE) is not loaded (make load INTERFACE=...)" >&2; exit 1; }
	@cat $(PROC)

reset: ## start a new window: all counts return to 0
	@[ -e $(PROC) ] || { echo "error: $(MODULE) is not loaded (make load INTERFACE=...)" >&2; exit 1; }
	@echo reset | $(SUDO) tee $(PROC) >/dev/null

modules_install: $(MODULE).ko ## install the module for the kernel of KDIR (INSTALL_MOD_PATH=)
	$(MAKE) -C "$(KDIR)" M="$(CURDIR)" $(BTF_FLAG) $(COMPILER) modules_install
	@# kbuild skips depmod where the build tree has no System.map, as in distributions' headers.
	PATH="$$PATH:/usr/sbin:/sbin" depmod $(if $(INSTALL_MOD_PATH),-b "$(INSTALL_MOD_PATH)") \
		"$$(cat "$(KDIR)/include/config/kernel.release")"

tools: ## build the tool l2pc as tools/l2pc
	@$(MAKE) --no-print-directory -C tools

deb: ## build the Debian packages into dist/
	@packaging/deb.sh

dist: ## build a release of the last commit into dist/
	@packaging/dist.sh

dmesg: ## print the module's kernel messages
	@$(SUDO) dmesg | grep -F $(MODULE) || echo "$(MODULE): no kernel messages"

# --- the module in a throwaway VM -------------------------------------------

demo: ## count in a VM; PCAP=file replays a capture, INTERFACE=dev mirrors one
	@lab/demo.sh $(if $(PCAP),--pcap "$(PCAP)") \
		$(if $(filter command environment,$(firstword $(origin INTERFACE))),--interface "$(INTERFACE)") \
		$(if $(SECONDS),--seconds "$(SECONDS)") --kernel "$(KERNEL)"

vm: ## start a shell in the VM
	@lab/vm.sh --kernel "$(KERNEL)"

test: ## run the unit tests, and the suites in the VM
	@tests/run.sh --kernel "$(KERNEL)"

check: ## check the sources: style, static analysis, licences
	@tests/run.sh --check

bench: ## measure the cost of counting, beside nftables, BPF and others
	@tests/bench/run.sh --kernel "$(KERNEL)"

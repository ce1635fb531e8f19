# SPDX-License-Identifier: GPL-2.0
# Sources and compiler flags of kmod/engine in userspace, relative to a directory of
# tests/: all of it, but for the memory.
UNIT := ../unit
KMOD := ../../kmod/engine
ENGINE := $(filter-out area,$(notdir $(basename $(wildcard $(KMOD)/*.c))))
ENGINE_FLAGS := -std=gnu11 -O1 -g -Wall -pthread -D_GNU_SOURCE \
	-I$(UNIT) -I$(UNIT)/shim -I$(UNIT)/shim/custom \
	-I../../include/user -I$(KMOD) -I../../include/uapi

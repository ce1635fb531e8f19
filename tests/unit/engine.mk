# SPDX-License-Identifier: GPL-2.0
# The engine: the whole of kmod/engine, which compiles in userspace, and its headers, seen
# from a directory of tests/.
UNIT := ../unit
KMOD := ../../kmod/engine
ENGINE := $(notdir $(basename $(wildcard $(KMOD)/*.c)))
ENGINE_FLAGS := -std=gnu11 -O1 -g -Wall -pthread -D_GNU_SOURCE \
	-I$(UNIT) -I$(UNIT)/shim -I$(UNIT)/shim/stub -I$(UNIT)/shim/copied \
	-I$(UNIT)/shim/custom -I$(KMOD) -I../../include/uapi

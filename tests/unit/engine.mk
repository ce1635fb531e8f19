# SPDX-License-Identifier: GPL-2.0
# The engine: what of kmod/ compiles in userspace, and where its headers are, seen
# from a directory of tests/.
UNIT := ../unit
KMOD := ../../kmod
ENGINE := table archive sums clock stamps fold lifetime supply notice window snapshot rank wire
ENGINE_FLAGS := -std=gnu11 -O1 -g -Wall -pthread -D_GNU_SOURCE \
	-I$(UNIT) -I$(UNIT)/shim -I$(UNIT)/shim/stub -I$(UNIT)/shim/copied \
	-I$(UNIT)/shim/custom -I$(KMOD) -I../../include/uapi

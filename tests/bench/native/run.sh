#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# run.sh [--rounds N] [--most RATIO]: builds the native benchmark and runs it; see
# main.c.
set -eu
cd "$(dirname "$0")"
lab=$(cd ../../../lab && pwd)
# shellcheck source=../../../lab/packages.sh
. "$lab/packages.sh"
# shellcheck source=../../../lab/cache.sh
. "$lab/cache.sh"
packages_need make:make gcc:gcc /usr/include/stdio.h:libc6-dev
make -s CC=gcc build/native
exec build/native "$@"

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced, after suite.sh, by the tests of l2pc. Installs the packages that they need.

tools_need() {
	packages_need make:make gcc:gcc pkg-config:pkg-config /usr/include/stdio.h:libc6-dev \
		/usr/include/libmnl/libmnl.h:libmnl-dev /usr/include/json-c/json.h:libjson-c-dev \
		/usr/include/curses.h:libncurses-dev /usr/include/microhttpd.h:libmicrohttpd-dev \
		/usr/include/zlib.h:zlib1g-dev /usr/include/sqlite3.h:libsqlite3-dev \
		curl:curl tmux:tmux pgrep:procps jq:jq groff:groff-base script:bsdutils \
		/usr/bin/python3:python3 /usr/lib/python3/dist-packages/jsonschema:python3-jsonschema
}

fuzz_need() {
	packages_need clang:clang '/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a:libclang-rt-dev'
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154 # $lab is the caller's
# Sourced, after check.sh: the checkers that come with a kernel's source.
# shellcheck source=lab/kernels.sh
. "$lab/kernels.sh"
# shellcheck source=lab/archive.sh
. "$lab/archive.sh"
# shellcheck source=lab/source.sh
. "$lab/source.sh"

# linux_tools: prints their directory, from the source of lab/kernels.list's row `debug`.
linux_tools() {
	kernel_select debug
	packages_need xz:xz-utils >&2
	source_tools
}

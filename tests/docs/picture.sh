#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# picture.sh: make docs/top.svg, README's picture of l2pc top, from a terminal in the VM while
# three hosts send frames.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=../../lab/say.sh
. "$top/lab/say.sh"
# shellcheck source=../../lab/cache.sh
. "$top/lab/cache.sh"
# shellcheck source=../../lab/packages.sh
. "$top/lab/packages.sh"
packages_need python3:python3
work=$(mktemp -d "${TMPDIR:-/tmp}/l2pc-picture.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
"$top/lab/run.sh" "$top/tests/docs/picture-guest.sh" >"$work/screen"
"$top/tests/docs/picture.py" "$work/screen" >"$work/top.svg"
mv "$work/top.svg" "$top/docs/top.svg"
say "docs/top.svg is made"

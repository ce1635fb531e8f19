# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# The former path of guest/module.sh, for scripts outside of this repository that lab/run.sh
# runs in the VM.
# shellcheck source=tests/lib/guest/module.sh
. "${BASH_SOURCE[0]%/*}/guest/module.sh"

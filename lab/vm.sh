#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# vm.sh [OPTION of run.sh]...: open a prompt in a throwaway VM, with the module at
# /l2pc and a LAN on eth0.
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
exec "$lab/run.sh" --interactive "$@" "$lab/guest/shell.sh"

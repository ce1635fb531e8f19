#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The guest's script of `make vm`: three hosts that send traffic on a LAN, and a prompt.
# shellcheck source-path=SCRIPTDIR source=lan.sh
. /l2pc/lab/guest/lan.sh
lan_up 3
for i in 1 2 3; do
	(while :; do lan_in "$i" ping -q -n -i "0.$((10 - i * 2))" 10.0.0.1; done >/dev/null 2>&1 </dev/null &)
done
cat <<'TEXT'

Three hosts talk to eth0. Try:  make load && sleep 2 && make stats
`ip netns exec h1 bash` is a host; `exit` ends the VM.

TEXT
export PS1='vm:\w# '
exec bash --norc -i

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# In the guest: print the screen of l2pc top, with its colours, while three hosts send and
# receive frames. WIDTH is the width of the terminal.
set -eu
. /l2pc/tests/lib/guest/module.sh
export LC_ALL=C.UTF-8 HOME=/tmp/home
mkdir $HOME
veth_pair eth0 cable
load interface=eth0 tx=1 reset_interval=0
l2pc name 00:1b:21:00:00:01 printer
l2pc name 02:00:00:00:00:02 "my laptop"
l2pc name 08:00:20:00:00:03 nas

# Send from the hosts in turn, and to them, each with its own number of frames.
(while :; do
	replay cable - >/dev/null <<-FRAMES
		02ffffffff01 001b21000001 88b5
		02ffffffff01 020000000002 88b5 x30
		02ffffffff01 080020000003 88b5 x100
	FRAMES
	replay eth0 - >/dev/null <<-FRAMES
		001b21000001 02ffffffff01 88b5 x10
		020000000002 02ffffffff01 88b5 x200
		080020000003 02ffffffff01 88b5 x20
	FRAMES
done) &
sender=$!
seen() { tmux capture-pane -p | grep -qE "$1"; }
echo 'set -g default-terminal screen' >/tmp/tmux.conf
tmux -f /tmp/tmux.conf new-session -d -x "${WIDTH:-90}" -y 10 'l2pc top'
# Wait until every host was seen, and has a rate.
wait_for "three rates" seen '^TX .* [0-9.]+k pkt/s'
# shellcheck disable=SC2016 # the inner shell's
wait_for "three rates" sh -c '[ "$(tmux capture-pane -p | grep -cE "^[0-9a-f:]{17} .* [0-9.]+k? +[▏▎▍▌▋▊▉█]")" = 3 ]'
tmux capture-pane -e -p
tmux send-keys q
kill $sender

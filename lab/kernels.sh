# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154
# Sourced, after say.sh, with $lab set. Reads kernels.list.

# kernel_select NAME: set kernel (the real name: `default` is resolved), suite, image,
# headers, built_in, arch (empty: this machine's), cross (not empty: emulated, lab/cross.sh)
# and patience.
kernel_select() {
	if [ "$1" = host ]; then
		# shellcheck disable=SC2034 # read by the sourcing script
		kernel=host suite='' image='' headers='' built_in=host arch='' cross='' patience=1
		return
	fi
	_row=$(sed 's/#.*//' "$lab/kernels.list" |
		awk -v n="$1" 'NF && (n == $1 || n == "default") { print; exit }')
	[ -n "$_row" ] || die "no kernel named '$1' in lab/kernels.list" \
		"there are: default host $(kernel_names | tr '\n' ' ')"
	# shellcheck disable=SC2034
	read -r kernel suite image headers built_in patience <<-ROW
		$_row 1
	ROW
	patience=${patience%% *}
	arch='' cross=''
	# shellcheck disable=SC2034
	case $built_in in
	*:i386) arch=i386 ;;
	*:*) arch=${built_in#*:} cross=1 ;;
	esac
}

kernel_names() { awk '!/^#/ && NF { print $1 }' "$lab/kernels.list"; }

# kernel_emulated_names: print those of them whose architecture this machine only emulates.
kernel_emulated_names() { awk '!/^#/ && NF && $5 ~ /:/ && $5 !~ /:i386$/ { print $1 }' "$lab/kernels.list"; }

# kernel_stock_names: print the kernels of Debian's archive, which are the supported ones.
kernel_stock_names() { awk '!/^#/ && NF && $3 !~ /^linux-source-/ { print $1 }' "$lab/kernels.list"; }

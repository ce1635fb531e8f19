# SPDX-License-Identifier: GPL-2.0
# bash completion of l2pc. Verbs and options are what the tool itself says.

_l2pc_ports() {
	l2pc -o port 2>/dev/null | awk -F'\t' '$1 == "port" { print $2 }'
}

# Ethernet devices.
_l2pc_interfaces() {
	local type
	for type in /sys/class/net/*/type; do
		[ "$(cat "$type" 2>/dev/null)" != 1 ] || basename "${type%/type}"
	done
}

# The verb on the command line; empty while there is none.
_l2pc_verb() {
	local word verb
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		for verb in $(l2pc -o help 2>/dev/null | grep -v "^-"); do
			[ "$word" != "$verb" ] || { echo "$verb" && return; }
		done
	done
}

# What may follow a setting of add and set, or a setting.
_l2pc_settings() {
	case $1 in
	hook) echo tap rx_handler ;;
	vlan) echo on off ;;
	reset-interval | max-stations | station-timeout) ;;
	*) echo hook vlan reset-interval max-stations station-timeout ;;
	esac
}

_l2pc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb words='' word
	COMPREPLY=()
	case $prev in
	--ipfix-template) words='strict compat' ;;
	--sort)
		words='packets bytes last first mac name'
		[[ " ${COMP_WORDS[*]} " != *' top '* ]] || words+=' rate byte-rate'
		;;
	--file | -f | --replay | --textfile)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	--limit | --since | --count | -n | --delay | -d | --interval | --stations | --web.listen-address | --ipfix | --ipfix-interval) return ;;
	esac
	verb=$(_l2pc_verb)
	if [ -z "$words" ]; then
		case $cur in
		-*) words=$(l2pc -o help ${verb:+"$verb"} 2>/dev/null | grep '^-') ;;
		*)
			case $verb in
			'') words="$(l2pc -o help 2>/dev/null | grep -v '^-') $(_l2pc_ports)" ;;
			help) words=$(l2pc -o help 2>/dev/null | grep -v '^-') ;;
			show | top | port | reset | del) words=$(_l2pc_ports) ;;
			add | set)
				if [ "$prev" = "$verb" ]; then
					[ "$verb" = add ] && words=$(_l2pc_interfaces) || words=$(_l2pc_ports)
				else
					words=$(_l2pc_settings "$prev")
				fi
				;;
			name)
				[ "$prev" != name ] ||
					words=$(l2pc -o show 2>/dev/null | awk -F'\t' '$1 == "station" { print $4 }')
				;;
			esac
			;;
		esac
	fi
	# An interface may be called $(reboot): no compgen -W, which would do so.
	while read -r word; do
		[ -z "$word" ] || [[ $word != "$cur"* ]] || COMPREPLY+=("$(printf %q "$word")")
	done <<<"${words//[ $'\t']/$'\n'}"
	# Addresses have colons, at which readline would begin a new word.
	[ "$verb" != name ] || compopt -o nospace 2>/dev/null
}

complete -F _l2pc l2pc

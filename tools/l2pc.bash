# SPDX-License-Identifier: GPL-2.0
# bash completion of l2pc. Verbs and options are what the tool itself says.

_l2pc_ports() {
	l2pc -o port 2>/dev/null | awk -F'\t' '$1 == "port" { print $2 }'
}

_l2pc_patterns() {
	l2pc -o port 2>/dev/null | awk -F'\t' '$1 == "pattern" { print $2 }'
}

# Ethernet devices.
_l2pc_interfaces() {
	local type
	for type in /sys/class/net/*/type; do
		[ "$(cat "$type" 2>/dev/null)" != 1 ] || basename "${type%/type}"
	done
}

# What the tool says of a word, in the fields of `l2pc -o help VERB`.
_l2pc_help() {
	local verb=$1 word=$2 field=$3
	l2pc -o help ${verb:+"$verb"} 2>/dev/null |
		awk -F'\t' -v word="$word" -v field="$field" '$1 == word { print $field }'
}

_l2pc_verbs() {
	l2pc -o help 2>/dev/null | grep -v '^-'
}

# The verb on the command line; empty while there is none.
_l2pc_verb() {
	local word verb
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		for verb in $(_l2pc_verbs); do
			[ "$word" != "$verb" ] || { echo "$verb" && return; }
		done
	done
}

_l2pc() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb words='' word value=''
	COMPREPLY=()
	verb=$(_l2pc_verb)
	case $prev in
	-*)
		value=$(_l2pc_help "${verb:-show}" "$prev" 2)
		words=$(_l2pc_help "${verb:-show}" "$prev" 3)
		;;
	esac
	case $value in
	FILE)
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
		;;
	'') ;;
	*) [ -n "$words" ] || return ;;
	esac
	if [ -z "$words" ]; then
		case $cur in
		-*) words=$(l2pc -o help ${verb:+"$verb"} 2>/dev/null | cut -f 1 | grep '^-') ;;
		*)
			case $verb in
			'') words="$(_l2pc_verbs) $(_l2pc_ports)" ;;
			help) words=$(_l2pc_verbs) ;;
			history) words=$(l2pc -o history --by month 2>/dev/null | awk -F'\t' '$1 == "total" { print $2 }') ;;
			show | top | reset) words=$(_l2pc_ports) ;;
			port | del) words="$(_l2pc_ports) $(_l2pc_patterns)" ;;
			add | run | set)
				if [ "$prev" = "$verb" ]; then
					[ "$verb" != set ] && words=$(_l2pc_interfaces) || words=$(_l2pc_ports)
				elif [ -n "$(_l2pc_help "$verb" "$prev" 1)" ]; then
					words=$(_l2pc_help "$verb" "$prev" 3)
				else
					words=$(l2pc -o help "$verb" 2>/dev/null | cut -f 1 | grep -v '^-')
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

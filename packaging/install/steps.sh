# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Steps of an installation, called by run_step, which writes their
# output to the log. Each step registers its undo command first.

copy_module_sources() # <new directory>
{
	local item

	mkdir "$1" || return
	for item in Makefile Kbuild packet-counter.c kmod compat include; do
		[ ! -e "$HERE/$item" ] || cp -R "$HERE/$item" "$1/" || return
	done
	# The sources may contain objects of another kernel.
	make -C "$1" clean
}

# Build in a copy: the source tree may belong to another user, and is not changed.
step_build()
{
	copy_module_sources "$WORK/src" || return
	make -C "$WORK/src" build KDIR="$KDIR" ${MAKE_ARGS[@]+"${MAKE_ARGS[@]}"} || return
	if [ ! -s "$BUILT" ]; then
		echo "make succeeded, but there is no $MODULE.ko"
		return 1
	fi
	check_built
}

check_built()
{
	# "6.1.0-18-amd64 SMP preempt mod_unload modversions"
	local magic

	magic=$(modinfo -F vermagic "$BUILT") || return
	if [ "${magic%% *}" != "$RELEASE" ]; then
		echo "the module was built for kernel '${magic%% *}', this one is $RELEASE"
		return 1
	fi
}

step_sign()
{
	local hash

	hash=$(kernel_config CONFIG_MODULE_SIG_HASH)
	"${SIGN_WITH[2]}" "${hash:-sha256}" "${SIGN_WITH[0]}" "${SIGN_WITH[1]}" "$BUILT"
}

# Find the file of the loaded module by its srcversion, for the rollback. Without one, the
# rollback loads the new build with the old parameters.
find_loaded_file()
{
	local file version=

	REVIVE=
	[ ! -r "$SYS_MODULE/srcversion" ] || read -r version <"$SYS_MODULE/srcversion"
	[ -n "$version" ] || return 0
	for file in "$MODULES_DIR"/{*,updates/dkms}/"$MODULE".ko* "$HERE/$MODULE.ko"; do
		[ -r "$file" ] || continue
		[ "$(modinfo -F srcversion "$file" 2>/dev/null)" = "$version" ] || continue
		REVIVE=$file
		return 0
	done
}

read_loaded_parameters()
{
	local file value

	LOADED_WITH=()
	for file in "$SYS_MODULE"/parameters/*; do
		[ -r "$file" ] || continue
		value=
		IFS= read -r value <"$file"
		[ -z "$value" ] || LOADED_WITH+=("${file##*/}=$value")
	done
}

start_again()
{
	if [ "$WAS_LOADED" = yes ] && ! module_is_loaded; then
		insmod "${REVIVE:-$BUILT}" ${LOADED_WITH[@]+"${LOADED_WITH[@]}"} || return
	fi
	[ "$SERVICE_WAS_ACTIVE" = no ] || systemctl start "$SERVICE"
}

# Register the restart before anything is changed, so that it is undone last, when all
# files are restored.
remember_what_runs()
{
	[ "$WAS_LOADED" = no ] || read_loaded_parameters
	[ "$WAS_LOADED" = no ] || find_loaded_file
	undo_with start_again
}

step_stop_old()
{
	[ "$SERVICE_WAS_ACTIVE" = no ] || systemctl stop "$SERVICE" || return
	! module_is_loaded || rmmod "$MODULE"
}

step_disable_old()
{
	# The links of the service name the old interface.
	undo_with systemctl enable "$SERVICE"
	systemctl disable "$SERVICE"
}

# Print the path for out-of-tree modules, which depmod of this distribution prefers.
destination()
{
	case $DISTRIBUTION in
	Fedora) echo "$MODULES_DIR/extra/$MODULE.ko" ;;
	*) echo "$MODULES_DIR/updates/$MODULE.ko" ;;
	esac
}

step_install()
{
	local target file

	target=$(destination)
	for file in "$MODULES_DIR"/extra/"$MODULE".ko* "$MODULES_DIR"/updates/"$MODULE".ko*; do
		if [ -e "$file" ] && [ "$file" != "$target" ]; then
			save "$file" || return
			rm -f "$file" || return
		fi
	done
	write_file "$target" <"$BUILT"
}

step_depmod()
{
	local file

	for file in "$MODULES_DIR"/modules.*; do
		[ ! -f "$file" ] || save "$file" || return
	done
	undo_with drop_new_indexes
	depmod -a "$RELEASE"
}

# Remove the indexes that are new. put_back restores the others.
drop_new_indexes()
{
	local file name

	for file in "$MODULES_DIR"/modules.*; do
		name=${file##*/}
		[[ " $INDEXES " == *" $name "* ]] || rm -f "$file" || return
	done
}

# Print the options line: the interface, and the user's other parameters.
compose_configuration()
{
	local line word words done_it=no

	if [ -r "$CONF" ]; then
		while IFS= read -r line || [ -n "$line" ]; do
			read -r -a words <<<"$line"
			if [ "${words[0]:-}" != options ] || [ "${words[1]:-}" != "$MODULE" ]; then
				printf '%s\n' "$line"
				continue
			fi
			line="options $MODULE"
			[ "$done_it" = yes ] || line+=" interface=$INTERFACE"
			done_it=yes
			for word in "${words[@]:2}"; do
				[[ $word == interface=* ]] || line+=" $word"
			done
			printf '%s\n' "$line"
		done <"$CONF"
	else
		printf '# Parameters of %s (modinfo %s lists them).\n' "$MODULE" "$MODULE"
	fi
	[ "$done_it" = yes ] || printf 'options %s interface=%s\n' "$MODULE" "$INTERFACE"
}

step_configure()
{
	local text

	text=$(compose_configuration) || return
	write_file "$CONF" <<<"$text"
}

unload()
{
	! module_is_loaded || rmmod "$MODULE"
}

step_load()
{
	undo_with unload
	modprobe "$MODULE" interface="$INTERFACE" && return
	echo "the kernel's messages:"
	dmesg 2>/dev/null | grep -F "$MODULE" | tail -n 5
	return 1
}

step_verify()
{
	local name

	if [ ! -r "$PROC_FILE" ]; then
		echo "the module is loaded, but there is no $PROC_FILE"
		return 1
	fi
	for name in "${PORTS[@]}"; do
		# What a pattern matches need not exist, nor be countable.
		! is_pattern "$name" || continue
		grep -qxF "Interface: $name" "$PROC_FILE" && continue
		echo "$PROC_FILE does not show interface $name; it shows:"
		cat "$PROC_FILE"
		return 1
	done
}

# Print systemd's name for a network device's unit: characters other than letters, digits
# and :_. are written as \xNN.
device_unit()
{
	local name=$1 out='' i c

	for ((i = 0; i < ${#name}; i++)); do
		c=${name:i:1}
		case $c in
		[A-Za-z0-9:_.]) out+=$c ;;
		*) out+=$(printf '\\x%02x' "'$c") ;;
		esac
	done
	printf 'sys-subsystem-net-devices-%s.device' "$out"
}

# Print the unit. The device wants it, not multi-user.target: it starts when the interface
# exists, at boot or when plugged in, and nothing waits for it. A pattern has no device.
compose_unit()
{
	local name devices=

	for name in "${PORTS[@]}"; do
		is_pattern "$name" || devices+=" $(device_unit "$name")"
	done
	devices=${devices# }
	cat <<UNIT_END
# Written by install.sh of l2packet_counter.
[Unit]
Description=Count received frames by source MAC address on $INTERFACE
${devices:+BindsTo=$devices
After=$devices
}
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/sbin/modprobe $MODULE interface=$INTERFACE
ExecStop=/sbin/rmmod $MODULE

[Install]
WantedBy=${devices:-multi-user.target}
UNIT_END
}

step_write_unit()
{
	local text

	text=$(compose_unit) || return
	undo_with systemctl daemon-reload
	write_file "$UNIT" <<<"$text" || return
	systemctl daemon-reload
}

step_remove_unit()
{
	undo_with systemctl daemon-reload
	save "$UNIT" && rm -f "$UNIT" && systemctl daemon-reload
}

step_enable()
{
	undo_with systemctl disable "$SERVICE"
	systemctl enable "$SERVICE"
}

step_start()
{
	undo_with systemctl stop "$SERVICE"
	systemctl start "$SERVICE"
}

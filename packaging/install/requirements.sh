# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Checks the requirements, and changes nothing.

# lacks <requirement> <remedy line>...: report a missing requirement. The script ends after
# all checks, so that the user can fix all of them at once.
lacks()
{
	printf 'missing: %s\n' "$1" >&4
	shift
	[ $# -eq 0 ] || printf '    %s\n' "$@" >&4
	MISSING=$((MISSING + 1))
}

fine() { printf '  ok  %s\n' "$*" >&3; }

stop_if_lacking()
{
	[ "$MISSING" -eq 0 ] && return
	error "requirements missing: $MISSING. Nothing was changed."
	exit "$LACKING"
}

command_line()
{
	local arg line="sudo $PROGRAM"

	for arg in ${ARGUMENTS[@]+"${ARGUMENTS[@]}"}; do line+=" $(printf '%q' "$arg")"; done
	printf '%s' "$line"
}

check_root()
{
	[ "$(id -u)" = 0 ] && return
	lacks "root's rights: installing a kernel module needs them" "$(command_line)"
	stop_if_lacking
}

check_kernel()
{
	local major minor rest

	IFS=.- read -r major minor rest <<<"$RELEASE"
	if [[ ! $major =~ ^[0-9]+$ || ! $minor =~ ^[0-9]+ ]]; then
		lacks "a kernel release this script understands, not '$RELEASE'"
		return
	fi
	minor=${BASH_REMATCH[0]}
	if [ "$major" -lt "${KERNEL_NEEDED%.*}" ] ||
	   { [ "$major" -eq "${KERNEL_NEEDED%.*}" ] && [ "$minor" -lt "${KERNEL_NEEDED#*.}" ]; }; then
		lacks "kernel $KERNEL_NEEDED or newer: this one is $RELEASE" \
			"install a newer kernel from your distribution, reboot into it, and run this again"
		return
	fi
	fine "kernel $RELEASE"
}

# Check that this process can load modules into this kernel.
check_module_loading()
{
	local value caps=0 program

	if [ ! -e "$ROOT/proc/modules" ]; then
		lacks "a kernel that can load modules: $RELEASE was built without them (CONFIG_MODULES)" \
			"boot your distribution's kernel; to try the module without one: make demo"
		# The other requirements do not matter then.
		stop_if_lacking
	fi
	value=0
	[ ! -r "$ROOT/proc/sys/kernel/modules_disabled" ] ||
		read -r value <"$ROOT/proc/sys/kernel/modules_disabled"
	if [ "$value" = 1 ]; then
		lacks "module loading: disabled until the next boot (kernel.modules_disabled = 1)" \
			"find the setting:     grep -r modules_disabled /etc/sysctl.conf /etc/sysctl.d" \
			"remove it, and then:  sudo reboot"
		return
	fi
	# Root in a container has no CAP_SYS_MODULE (bit 16).
	caps=$(sed -n 's/^CapEff:[[:space:]]*//p' "$ROOT/proc/self/status" 2>/dev/null)
	if [ -n "$caps" ] && [ $(((16#$caps >> 16) & 1)) -eq 0 ]; then
		lacks "the right to load modules (CAP_SYS_MODULE): this looks like a container" \
			"run it on the machine itself:  $(command_line)"
		return
	fi
	for program in modprobe depmod insmod rmmod modinfo; do
		command -v "$program" >/dev/null 2>&1 && continue
		lacks "$program" "$(packages_command kmod)"
		return
	done
	fine "modules can be loaded"
}

check_headers()
{
	local release=

	if [ ! -d "$MODULES_DIR" ]; then
		lacks "the running kernel's own modules ($MODULES_DIR): it was probably upgraded since boot" \
			"sudo reboot" "and then: $(command_line)"
	elif [ ! -e "$KDIR/Makefile" ]; then
		lacks "the headers of kernel $RELEASE ($KDIR)" "$(packages_command headers)"
		[ "$DISTRIBUTION" != Debian ] ||
			printf '    %s\n' "if apt no longer has that version:  sudo apt full-upgrade && sudo reboot" >&4
	else
		[ ! -r "$KDIR/include/config/kernel.release" ] ||
			read -r release <"$KDIR/include/config/kernel.release"
		if [ -n "$release" ] && [ "$release" != "$RELEASE" ]; then
			lacks "headers that match: $KDIR is for $release, this kernel is $RELEASE" \
				"$(packages_command headers)"
		else
			fine "headers of the running kernel"
		fi
	fi
}

kernel_config() # <CONFIG_X>: print its value in the build tree, without quotes
{
	local file

	for file in "$KDIR/include/config/auto.conf" "$KDIR/.config"; do
		[ -r "$file" ] || continue
		sed -n "s/^$1=//p" "$file" | tr -d '"' | head -n 1
		return
	done
}

compiler_major() # <compiler>
{
	"$1" -dumpversion 2>/dev/null | sed -n '1s/^\([0-9]\{1,\}\).*/\1/p'
}

# Check for clang, because gcc does not accept the flags of a kernel built with clang.
check_clang() # <major version the kernel was built with, or nothing>
{
	local major=$1 have complete=y

	MAKE_ARGS+=(LLVM=1)
	if [ -n "$major" ] && command -v "clang-$major" >/dev/null 2>&1 && command -v "ld.lld-$major" >/dev/null 2>&1; then
		MAKE_ARGS+=(CC="clang-$major" LD="ld.lld-$major")
		fine "compiler clang-$major, as the kernel's"
		return
	fi
	command -v clang >/dev/null 2>&1 ||
		{ complete='' && lacks "clang: this kernel was built with it" "$(packages_command clang)"; }
	command -v ld.lld >/dev/null 2>&1 ||
		{ complete='' && lacks "ld.lld: this kernel was built with it" "$(packages_command lld)"; }
	[ -n "$complete" ] || return 0
	have=$(compiler_major clang)
	if [ -z "$major" ] || [ -z "$have" ] || [ "$major" = "$have" ]; then
		fine "compiler clang ${have:-(version unknown)}"
	else
		warn "the kernel was built with clang $major, clang here is $have, which usually works" \
			"(if the build fails: $(packages_command "clang-$major" "lld-$major"))"
	fi
}

check_compiler()
{
	local built_with major have

	built_with=$(kernel_config CONFIG_CC_VERSION_TEXT)
	major=$(printf '%s\n' "$built_with" | sed -n 's/.*[ )]\([0-9]\{1,\}\)\.[0-9][^ ]*\( .*\)\{0,1\}$/\1/p')
	if [ "$(kernel_config CONFIG_CC_IS_CLANG)" = y ]; then
		check_clang "$major"
		return
	fi
	# Prefer a gcc of the kernel's own version to the default one.
	if ! command -v gcc >/dev/null 2>&1; then
		if [ -n "$major" ] && command -v "gcc-$major" >/dev/null 2>&1; then
			MAKE_ARGS+=(CC="gcc-$major")
			fine "compiler gcc-$major, as the kernel's"
		else
			lacks "a C compiler (gcc)" "$(packages_command gcc)"
		fi
		return
	fi
	have=$(compiler_major gcc)
	if [ -z "$major" ] || [ -z "$have" ] || [ "$major" = "$have" ]; then
		fine "compiler gcc ${have:-(version unknown)}"
	elif command -v "gcc-$major" >/dev/null 2>&1; then
		MAKE_ARGS+=(CC="gcc-$major")
		fine "compiler gcc-$major, as the kernel's"
	elif [ "$(kernel_config CONFIG_GCC_PLUGINS)" = y ] &&
	     compgen -G "$KDIR/scripts/gcc-plugins/*.so" >/dev/null; then
		# A plugin loads only into the compiler that it was built for.
		lacks "gcc $major: this kernel was built with it and uses its plugins; gcc here is $have" \
			"$(packages_command "gcc-$major")"
	else
		warn "the kernel was built with gcc $major, gcc here is $have, which usually works" \
			"(if the build fails: $(packages_command "gcc-$major"))"
	fi
}

# Without pahole, build no BTF: Debian's headers lack pahole, and the module needs no BTF.
check_pahole()
{
	command -v pahole >/dev/null 2>&1 || MAKE_ARGS+=(CONFIG_DEBUG_INFO_BTF_MODULES=)
}

check_make()
{
	if command -v make >/dev/null 2>&1; then
		fine "make"
	else
		lacks "make" "$(packages_command make)"
	fi
}

# Print which interfaces a pattern matches now. It may match none.
describe_pattern() # <pattern>
{
	local name matching=''

	while IFS= read -r name; do
		# shellcheck disable=SC2053 # a pattern is meant
		[[ $name != $1 ]] || matching+=" $name"
	done < <(ethernet_interfaces)
	if [ -n "$matching" ]; then
		echo "now${matching}, and interfaces that appear later"
	else
		echo "no Ethernet interface matches now; those that appear later are counted"
	fi
}

check_interfaces()
{
	local name type flags others

	for name in "${PORTS[@]}"; do
		if is_pattern "$name"; then
			fine "pattern $name: $(describe_pattern "$name")"
			continue
		fi
		if [ ! -d "$SYS_NET/$name" ]; then
			others=$(ethernet_interfaces | tr '\n' ' ')
			lacks "the interface '$name': it does not exist" \
				"Ethernet interfaces here: ${others:-none}" \
				"all interfaces:           ip link show" \
				"those that come later:    a pattern, such as --interface 'tap*'"
			continue
		fi
		type=$(attribute "$name" type)
		flags=$(attribute "$name" flags)
		# 772 is ARPHRD_LOOPBACK, 8 is IFF_LOOPBACK.
		if [ "$type" = 772 ] || { [[ $flags =~ ^0x[0-9a-fA-F]+$ ]] && [ $((flags & 8)) -ne 0 ]; }; then
			lacks "an Ethernet interface: '$name' is loopback, which has no stations" \
				"Ethernet interfaces here: $(ethernet_interfaces | tr '\n' ' ')"
		elif [ "$type" != 1 ]; then
			lacks "an Ethernet interface: '$name' is not Ethernet (type $type)" \
				"Ethernet interfaces here: $(ethernet_interfaces | tr '\n' ' ')"
		else
			fine "interface $name, $(attribute "$name" operstate), $(attribute "$name" address)"
		fi
	done
}

check_space() # <directory> <KiB needed>
{
	local free

	[ -d "$1" ] || return 0
	free=$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')
	[[ $free =~ ^[0-9]+$ ]] || return 0
	if [ "$free" -lt "$2" ]; then
		lacks "disk space: $1 has $((free / 1024)) MiB free, $(($2 / 1024)) MiB are needed" \
			"show the usage:  df -h $1"
		return
	fi
	fine "disk space in $1"
}

check_service()
{
	[ "$WANT_SERVICE" = yes ] || return 0
	if ! command -v systemctl >/dev/null 2>&1 || [ ! -d "$ROOT/run/systemd/system" ]; then
		lacks "systemd, which --service needs" \
			"without systemd: use --no-service, and load the module at boot as your system does, for example" \
			"echo $MODULE | sudo tee -a /etc/modules"
	fi
}

module_is_loaded() { [ -d "$SYS_MODULE" ]; }

check_everything()
{
	say "Checking this machine (nothing is changed yet)"
	check_root
	RELEASE=$(uname -r)
	MODULES_DIR=$ROOT/lib/modules/$RELEASE
	KDIR=$MODULES_DIR/build
	find_distribution
	check_kernel
	check_module_loading
	check_headers
	check_make
	check_compiler
	check_pahole
	check_dkms
	check_signature
	check_service
	check_space "${TMPDIR:-/tmp}" "$TMP_KIB_NEEDED"
	check_space "$MODULES_DIR" "$MODULES_KIB_NEEDED"
	if [ "$USE_DKMS" = yes ]; then
		check_space "$DKMS_TREE" "$TMP_KIB_NEEDED"
		check_space "$DKMS_SOURCES" "$MODULES_KIB_NEEDED"
	fi
	[ ${#PORTS[@]} -eq 0 ] || check_interfaces
	stop_if_lacking
}

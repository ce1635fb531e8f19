# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Where DKMS is there, the module goes through it, and is built
# again for each kernel that is installed later.

readonly DKMS_TREE=$ROOT/var/lib/dkms
readonly DKMS_SOURCES=$ROOT/usr/src
# A copy that has this file in its sources was put there by install.sh; the packages
# refuse to be installed over one (packaging/debian/l2packet-counter-dkms.preinst).
readonly DKMS_MARK=put-here-by-install.sh

# Prints the versions that an earlier run has given to DKMS, one a line.
dkms_versions()
{
	local dir

	for dir in "$DKMS_SOURCES/$MODULE"-*/; do
		[ ! -e "$dir$DKMS_MARK" ] || basename "${dir#"$DKMS_SOURCES/$MODULE-"}"
	done
}

# Prints the kernel that a module's file is for.
release_of()
{
	local release=${1#"$ROOT"/lib/modules/}

	printf '%s\n' "${release%%/*}"
}

dkms_files()
{
	local file

	for file in "$ROOT"/lib/modules/*/{updates/dkms,updates,extra}/"$MODULE".ko*; do
		[ ! -e "$file" ] || printf '%s\n' "$file"
	done
}

# Prints the other kernels for which DKMS has installed what an earlier run gave it.
dkms_other_kernels()
{
	local version kernel file

	for version in $(dkms_versions); do
		while IFS= read -r file; do
			kernel=$(release_of "$file")
			[ "$kernel" = "$RELEASE" ] || ! compgen -G "$DKMS_TREE/$MODULE/$version/$kernel/*/module" >/dev/null ||
				printf '%s\n' "$kernel"
		done < <(dkms_files)
	done
}

# Prints what takes the copies away that somebody else has given to DKMS.
dkms_removal()
{
	local dir version

	for dir in "$DKMS_TREE/$MODULE"/*/; do
		# Links of DKMS's are there, too, and modules it has put aside.
		[ -L "${dir}source" ] || continue
		version=$(basename "$dir")
		printf '%s\n' "or, if no package has brought it: sudo dkms remove $MODULE/$version --all && sudo rm -r $DKMS_SOURCES/$MODULE-$version"
	done
}

# Decides USE_DKMS, and says so. A copy that somebody else has given to DKMS is theirs:
# two are one too many, as modprobe would choose for us.
check_dkms()
{
	local ours removal

	USE_DKMS=no
	DKMS_KERNELS=()
	ours=$(dkms_versions)
	if [ -z "$ours" ] && { [ -d "$DKMS_TREE/$MODULE" ] ||
	   compgen -G "$MODULES_DIR/updates/dkms/$MODULE.ko*" >/dev/null; }; then
		mapfile -t removal < <(dkms_removal)
		lacks "room for this copy: DKMS already has $MODULE from elsewhere, and keeps it up to date" \
			"to use that one:     sudo modprobe $MODULE interface=IF" \
			"to use this instead: sudo apt purge l2packet-counter-dkms" ${removal[@]+"${removal[@]}"}
	elif command -v dkms >/dev/null 2>&1 && [ -z "$ours" ] && [ -e "$DKMS_SOURCES/$MODULE-$VERSION" ]; then
		lacks "the place for DKMS's copy of the sources: $DKMS_SOURCES/$MODULE-$VERSION is there already" \
			"move it elsewhere:  sudo mv $DKMS_SOURCES/$MODULE-$VERSION /root/   and run install.sh there"
	elif command -v dkms >/dev/null 2>&1; then
		USE_DKMS=yes
		fine "DKMS is here: it builds the module, and builds it again for each new kernel"
	elif [ -n "$ours" ]; then
		lacks "dkms: the copy that is installed went through it" "$(packages_command dkms)" \
			"or, to install without it: sudo $PROGRAM --uninstall   and then: $(command_line)"
	else
		fine "no DKMS here: plain install, for kernel $RELEASE only"
	fi
}

# The pair of keys that DKMS signs with: what its configuration names, or its default.
# It makes one itself when there is none, which no firmware knows.
find_dkms_key()
{
	local file line key='' certificate=''

	for file in "$ROOT"/etc/dkms/framework.conf "$ROOT"/etc/dkms/framework.conf.d/*.conf; do
		[ -r "$file" ] || continue
		while IFS= read -r line || [ -n "$line" ]; do
			line=${line//[\"\']/}
			case $line in
			mok_signing_key=*) key=$ROOT${line#*=} ;;
			mok_certificate=*) certificate=$ROOT${line#*=} ;;
			esac
		done <"$file"
	done
	if [ -z "$key" ] && [ "$DISTRIBUTION_ID" = ubuntu ]; then
		key=$ROOT/var/lib/shim-signed/mok/MOK.priv
		certificate=$ROOT/var/lib/shim-signed/mok/MOK.der
	fi
	KEY_PLACE=("${key:-$DKMS_TREE/mok.key}" "${certificate:-$DKMS_TREE/mok.pub}")
	[ -r "${KEY_PLACE[0]}" ] && [ -r "${KEY_PLACE[1]}" ] || return
	SIGN_WITH=("${KEY_PLACE[@]}")
}

# --- steps -----------------------------------------------------------------------------

# save_tree <directory>: as save, with all that is in it.
save_tree()
{
	local copy=

	if [ -d "$1" ]; then
		SAVED=$((SAVED + 1))
		copy=$WORK/saved/$SAVED
		cp -a "$1" "$copy" || return
	fi
	undo_with put_tree_back "$1" "$copy"
}

put_tree_back() # <directory> <copy, empty when there was none>
{
	rm -rf "$1" && { [ -z "$2" ] || cp -a "$2" "$1"; }
}

# All that DKMS can change with what we ask of it: its tree, its key, the modules of all
# kernels and their indexes.
save_dkms()
{
	local file kernel

	undo_with drop_new_indexes
	for kernel in ${DKMS_KERNELS[@]+"${DKMS_KERNELS[@]}"}; do undo_with depmod -a "$kernel"; done
	for file in "$MODULES_DIR"/modules.*; do
		[ ! -f "$file" ] || save "$file" || return
	done
	# Directories that it makes go once they are empty again.
	for file in "$MODULES_DIR"/{updates,updates/dkms,extra} "$DKMS_SOURCES" "$DKMS_TREE"; do
		[ -d "$file" ] || undo_with remove_directory "$file"
	done
	for file in "$DKMS_TREE"/mok.{key,pub}; do save "$file" || return; done
	for file in "$MODULES_DIR"/{updates/dkms,updates,extra}/"$MODULE".ko{,.gz,.xz,.zst}; do save "$file" || return; done
	while IFS= read -r file; do
		[[ $file == "$MODULES_DIR"/* ]] || save "$file" || return
	done < <(dkms_files)
	save_tree "$DKMS_TREE/$MODULE"
}

step_dkms_add()
{
	local version target=$DKMS_SOURCES/$MODULE-$VERSION

	mapfile -t DKMS_KERNELS < <(dkms_other_kernels | sort -u)
	save_dkms || return
	for version in $(dkms_versions); do
		save_tree "$DKMS_SOURCES/$MODULE-$version" || return
		# Unless somebody has removed it by hand.
		[ ! -d "$DKMS_TREE/$MODULE/$version" ] || dkms remove "$MODULE/$version" --all || return
		rm -rf "$DKMS_SOURCES/$MODULE-$version" || return
	done
	make_directory "$DKMS_SOURCES" || return
	undo_with rm -rf "$target"
	copy_module_sources "$target" || return
	cp "$HERE/dkms.conf" "$target/" || return
	echo "install.sh of l2packet_counter has put this here, and --uninstall takes it away." >"$target/$DKMS_MARK" || return
	dkms add "$MODULE/$VERSION"
}

step_dkms_build()
{
	local log

	# DKMS calls make by a command of its own; the compiler is that of MAKE_ARGS all the same.
	if ! MAKEFLAGS="${MAKE_ARGS[*]:+ -- ${MAKE_ARGS[*]}}" dkms build "$MODULE/$VERSION" -k "$RELEASE"; then
		log=$DKMS_TREE/$MODULE/$VERSION/build/make.log
		[ ! -r "$log" ] || cat "$log"
		return 1
	fi
	BUILT=$(compgen -G "$DKMS_TREE/$MODULE/$VERSION/$RELEASE/*/module/$MODULE.ko*" | head -n 1)
	if [ -z "$BUILT" ]; then
		echo "dkms build succeeded, but there is no $MODULE.ko"
		return 1
	fi
	# The undoing may want it when DKMS has it no more.
	cp "$BUILT" "$WORK/" && BUILT=$WORK/${BUILT##*/} || return
	check_built || return
	if [ ${#SIGN_WITH[@]} -ne 0 ] && [ -z "$(modinfo -F signer "$BUILT")" ]; then
		echo "DKMS has not signed the module; with sign_file, mok_signing_key and mok_certificate"
		echo "in /etc/dkms/framework.conf it does. The key: ${SIGN_WITH[0]}, the program: ${SIGN_WITH[2]}"
		return 1
	fi
}

step_dkms_install()
{
	local file

	# A copy of an earlier run without DKMS; and DKMS is not to keep it as the kernel's own.
	for file in "$MODULES_DIR"/{updates,extra}/"$MODULE".ko*; do
		[ ! -e "$file" ] || rm -f "$file" || return
	done
	dkms install "$MODULE/$VERSION" -k "$RELEASE" --force
}

# Of an earlier run they had a module, which went with it. One that cannot have it again
# does not prevent its use on the running kernel.
step_dkms_others()
{
	local kernel

	for kernel in "${DKMS_KERNELS[@]}"; do
		dkms install "$MODULE/$VERSION" -k "$kernel" --force ||
			warn "kernel $kernel has no module any more: DKMS could not build it; with its headers:" \
				"sudo dkms install $MODULE/$VERSION -k $kernel"
	done
}

# --- taking it away --------------------------------------------------------------------

# Sets REMOVED and RELEASES, as uninstall_all wants them.
uninstall_dkms()
{
	local version log file

	for version in $(dkms_versions); do
		if command -v dkms >/dev/null 2>&1; then
			[ ! -d "$DKMS_TREE/$MODULE/$version" ] || log=$(dkms remove "$MODULE/$version" --all 2>&1) ||
				uninstall_failed "DKMS could not remove $MODULE/$version" "$log"
		else
			# DKMS is gone, its work is not.
			rm -rf "${DKMS_TREE:?}/$MODULE" || uninstall_failed "$DKMS_TREE/$MODULE could not be removed"
			for file in "$ROOT"/lib/modules/*/updates/dkms/"$MODULE".ko*; do
				[ ! -e "$file" ] || remove_module "$file"
			done
		fi
		rm -rf "${DKMS_SOURCES:?}/$MODULE-$version" ||
			uninstall_failed "$DKMS_SOURCES/$MODULE-$version could not be removed"
		gone "$MODULE/$version from DKMS, and $DKMS_SOURCES/$MODULE-$version"
	done
}

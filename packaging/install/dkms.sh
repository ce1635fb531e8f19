# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2034,SC2153,SC2154 # variables are shared with install.sh
# Copyright the l2packet_counter authors
#
# Sourced by install.sh. Installs by DKMS where DKMS is installed. DKMS builds the module
# again for each kernel that is installed later.

readonly DKMS_TREE=$ROOT/var/lib/dkms
readonly DKMS_SOURCES=$ROOT/usr/src
# This file marks sources that install.sh has copied. The Debian packages refuse to be
# installed over them (packaging/debian/l2packet-counter-dkms.preinst).
readonly DKMS_MARK=put-here-by-install.sh

# Print the versions that an earlier run has added to DKMS, one a line.
dkms_versions()
{
	local dir

	for dir in "$DKMS_SOURCES/$MODULE"-*/; do
		[ ! -e "$dir$DKMS_MARK" ] || basename "${dir#"$DKMS_SOURCES/$MODULE-"}"
	done
}

# Print the kernel of a module's file.
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

# Print the other kernels for which DKMS has installed a version of an earlier run.
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

# Print the commands that remove versions which install.sh has not added to DKMS.
dkms_removal()
{
	local dir version

	for dir in "$DKMS_TREE/$MODULE"/*/; do
		# DKMS also has links and saved modules here.
		[ -L "${dir}source" ] || continue
		version=$(basename "$dir")
		printf '%s\n' "or, if it is not from a package: sudo dkms remove $MODULE/$version --all && sudo rm -r $DKMS_SOURCES/$MODULE-$version"
	done
}

# Set USE_DKMS, and report it. Refuse when DKMS has a version that install.sh has not added:
# with two versions, modprobe would select one of them.
check_dkms()
{
	local ours removal

	USE_DKMS=no
	DKMS_KERNELS=()
	ours=$(dkms_versions)
	if [ -z "$ours" ] && { [ -d "$DKMS_TREE/$MODULE" ] ||
	   compgen -G "$MODULES_DIR/updates/dkms/$MODULE.ko*" >/dev/null; }; then
		mapfile -t removal < <(dkms_removal)
		lacks "a DKMS without $MODULE: DKMS already has $MODULE from another source, and updates it" \
			"to use that one:         sudo modprobe $MODULE interface=IF" \
			"to use this one instead: sudo apt purge l2packet-counter-dkms" ${removal[@]+"${removal[@]}"}
	elif command -v dkms >/dev/null 2>&1 && [ -z "$ours" ] && [ -e "$DKMS_SOURCES/$MODULE-$VERSION" ]; then
		lacks "a free directory for DKMS's copy of the sources: $DKMS_SOURCES/$MODULE-$VERSION exists already" \
			"move it elsewhere:  sudo mv $DKMS_SOURCES/$MODULE-$VERSION /root/   and run install.sh there"
	elif command -v dkms >/dev/null 2>&1; then
		USE_DKMS=yes
		fine "DKMS is installed: it builds the module now, and for each new kernel"
	elif [ -n "$ours" ]; then
		lacks "dkms: the installed module was installed by DKMS" "$(packages_command dkms)" \
			"or, to install without DKMS: sudo $PROGRAM --uninstall   and then: $(command_line)"
	else
		fine "no DKMS: the module is installed for kernel $RELEASE only"
	fi
}

# Find the pair of keys that DKMS signs with: those of its configuration, or its default.
# Without one, DKMS makes a pair that is not enrolled.
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

# save_tree <directory>: save a directory with its contents.
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

# Save everything that DKMS can change here: its tree, its key, the modules of all kernels
# and their indexes.
save_dkms()
{
	local file kernel

	undo_with drop_new_indexes
	for kernel in ${DKMS_KERNELS[@]+"${DKMS_KERNELS[@]}"}; do undo_with depmod -a "$kernel"; done
	for file in "$MODULES_DIR"/modules.*; do
		[ ! -f "$file" ] || save "$file" || return
	done
	# Directories that DKMS makes are removed when they are empty again.
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
		# The version may have been removed by hand.
		[ ! -d "$DKMS_TREE/$MODULE/$version" ] || dkms remove "$MODULE/$version" --all || return
		rm -rf "$DKMS_SOURCES/$MODULE-$version" || return
	done
	make_directory "$DKMS_SOURCES" || return
	undo_with rm -rf "$target"
	copy_module_sources "$target" || return
	cp "$HERE/dkms.conf" "$target/" || return
	echo "install.sh of l2packet_counter has copied this directory; --uninstall removes it." >"$target/$DKMS_MARK" || return
	dkms add "$MODULE/$VERSION"
}

step_dkms_build()
{
	local log

	# DKMS has its own make command. MAKEFLAGS passes it the compiler of MAKE_ARGS.
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
	# The rollback may need the file after DKMS has removed it.
	cp "$BUILT" "$WORK/" && BUILT=$WORK/${BUILT##*/} || return
	check_built || return
	if [ ${#SIGN_WITH[@]} -ne 0 ] && [ -z "$(modinfo -F signer "$BUILT")" ]; then
		echo "DKMS has not signed the module. Set sign_file, mok_signing_key and mok_certificate"
		echo "in /etc/dkms/framework.conf. The key: ${SIGN_WITH[0]}, the program: ${SIGN_WITH[2]}"
		return 1
	fi
}

step_dkms_install()
{
	local file

	# Remove the module of an earlier run without DKMS: DKMS would save it as the kernel's own.
	for file in "$MODULES_DIR"/{updates,extra}/"$MODULE".ko*; do
		[ ! -e "$file" ] || rm -f "$file" || return
	done
	dkms install "$MODULE/$VERSION" -k "$RELEASE" --force
}

# Install for the other kernels that had a module of an earlier run. A failure here does not
# prevent the use on the running kernel.
step_dkms_others()
{
	local kernel

	for kernel in "${DKMS_KERNELS[@]}"; do
		dkms install "$MODULE/$VERSION" -k "$kernel" --force ||
			warn "kernel $kernel has no module any more: DKMS could not build it (with its headers installed:" \
				"sudo dkms install $MODULE/$VERSION -k $kernel)"
	done
}

# --- uninstalling ----------------------------------------------------------------------

# Remove all versions from DKMS. Set REMOVED and RELEASES for uninstall_all.
uninstall_dkms()
{
	local version log file

	for version in $(dkms_versions); do
		if command -v dkms >/dev/null 2>&1; then
			[ ! -d "$DKMS_TREE/$MODULE/$version" ] || log=$(dkms remove "$MODULE/$version" --all 2>&1) ||
				uninstall_failed "DKMS could not remove $MODULE/$version" "$log"
		else
			# DKMS was removed, and its modules were not.
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

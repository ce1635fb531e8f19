# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced. A copy of the sources, without what a build or a run has made.

# copy_sources FROM TO: of a repository what it knows, as it is now; of an unpacked
# tarball all, but for what .gitignore says where there is git.
copy_sources() {
	local from=$1 to=$2 scratch
	mkdir -p "$to"
	if [ -e "$from/.git" ]; then
		# Deleted ones are known until that is committed.
		(cd "$from" && git ls-files -z | while IFS= read -r -d '' file; do
			[ ! -e "$file" ] && [ ! -L "$file" ] || printf '%s\0' "$file"
		done | tar -c --null -T -) | tar -x -C "$to"
	elif command -v git >/dev/null 2>&1; then
		scratch=$(mktemp -d) || return
		git init -q --bare "$scratch"
		(cd "$from" && git --git-dir="$scratch" --work-tree="$from" ls-files -z --others --exclude-standard |
			tar -c --null -T -) | tar -x -C "$to"
		rm -rf "$scratch"
	else
		cp -a "$from/." "$to/"
		make -s -C "$to" clean
	fi
	chmod -R u=rwX,go=rX "$to"
}

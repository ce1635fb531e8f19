# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced. Copies the sources, without the files that a build or a run made.

# copy_sources FROM TO: copy the tracked files of a repository, as they are now. Of an
# unpacked tarball, copy all files except those of .gitignore, if there is git.
copy_sources() {
	local from=$1 to=$2 scratch
	mkdir -p "$to"
	if [ -e "$from/.git" ]; then
		# git lists a deleted file until the deletion is committed.
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

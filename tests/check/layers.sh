#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# layers.sh: check the layers of folders: a file includes nothing from a higher folder, and
# nothing from another folder of its own layer. Within a folder, includes have no cycles; a
# file and its header count as one.
# shellcheck source=tests/lib/host/check.sh
. "$(dirname "$0")/../lib/host/check.sh"
check_need awk:mawk

# trees: print TREE LAYER...: the lowest layer first, its folders separated by commas.
trees() {
	cat <<-'TABLE'
	kmod engine port iface
	tools util source names output doctor,history,ipfix,run,top export cmd
	TABLE
}

# layers_find TREE LAYER...: print `FILE:LINE: arrow` for each include that goes up or across,
# and for each file that is in no layer.
layers_find() {
	local tree=$1 files
	mapfile -t files < <(check_files | grep -E "^$1/.*\.[ch]\$")
	[ ${#files[@]} -gt 0 ] || { echo "$1: no files" && return; }
	shift
	awk -v tree="$tree" -v floors="$*" '
		BEGIN {
			for (i = 1; i < ARGC; i++) there[ARGV[i]] = 1
			for (n = split(floors, floor, " "); n; n--)
				for (k = split(floor[n], folder, ","); k; k--) height[folder[k]] = n
		}
		# folder_of PATH: return its folder in the tree, "" when it is not in one.
		function folder_of(path) {
			if (index(path, tree "/") != 1) return ""
			path = substr(path, length(tree) + 2)
			return sub(/\/.*/, "", path) ? path : ""
		}
		# The compiler searches the folder of the file first, then the top of the tree.
		function path_of(file, name) {
			sub(/[^\/]*$/, "", file)
			name = file name
			while (sub(/[^\/]+\/\.\.\//, "", name)) ;
			return name
		}
		FNR == 1 {
			from = folder_of(FILENAME)
			if (!(from in height)) print FILENAME ":1: is on no floor of " tree "/"
		}
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			split($0, part, "\"")
			path = path_of(FILENAME, part[2])
			if (!(path in there)) path = tree "/" part[2]
			to = folder_of(path)
			if (to == from || !(from in height) || !(to in height)) next
			if (height[to] < height[from]) next
			print FILENAME ":" FNR ": " from "/ includes " part[2] ", which is " \
				(height[to] > height[from] ? "higher" : "on the same floor")
		}' "${files[@]}"
}

# circles_find TREE: print the files of each cycle, as tsort finds them.
circles_find() {
	local file name from to files
	mapfile -t files < <(check_files | grep -E "^$1/.*\.[ch]\$")
	while IFS=: read -r file name; do
		name=${name#*\"} name=${name%\"*}
		to=$1/$name
		[ ! -e "${file%/*}/$name" ] || to=${file%/*}/$name
		from=${file%.*} to=${to%.*}
		[ "$from" = "$to" ] || [ "${to#"$1"/}" = "$to" ] || echo "$from $to"
	done < <(grep -oE '^#[ 	]*include[ 	]*"[^"]+"' "${files[@]}") |
		LC_ALL=C sort -u | tsort 2>&1 >/dev/null | sed -n '/contains a loop/d; s/^tsort: /on a circle: /p'
}

while read -r tree floors; do
	folders=${floors//,/ }
	# A tree without any of these folders has no layers yet.
	found=''
	for folder in $folders; do [ ! -d "$tree/$folder" ] || found=1; done
	[ -n "$found" ] || continue
	# shellcheck disable=SC2086 # words are meant
	layers_find "$tree" $floors >"$scratch/log"
	expect_empty "$tree" "$scratch/log"
	circles_find "$tree" >"$scratch/log"
	expect_empty "$tree-circles" "$scratch/log"
done < <(trees)
suite_end

#!/bin/sh
# The code maps (CODEMAP.md in trace, src, db, ui) name every source file of their folder, and no file that is not there.
#
# A name is written `src/memory/arena.c`, or `src/memory/arena.[ch]` for both.
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

status=0
for folder in trace src db ui; do
	grep -o '`[^`]*`' $folder/CODEMAP.md | tr -d '\140' | grep -E "^$folder/[^*]*\." | while read -r name; do
		case $name in
		*.\[ch\]) printf '%s\n' "${name%.*}.c" "${name%.*}.h" ;;
		*) printf '%s\n' "$name" ;;
		esac
	done | sort > "$tmp/named"
	find $folder -name '*.[ch]' -o -name '*.inc' -o -name '*.def' | sort > "$tmp/there"
	uniq -d "$tmp/named" | sed "s/^/named twice in $folder\/CODEMAP.md: /" > "$tmp/report"
	sort -u "$tmp/named" | comm -13 - "$tmp/there" | sed "s/^/missing from $folder\/CODEMAP.md: /" >> "$tmp/report"
	sort -u "$tmp/named" | comm -23 - "$tmp/there" | sed "s/^/in $folder\/CODEMAP.md, but not there: /" >> "$tmp/report"
	[ -s "$tmp/there" ] || echo "$folder has no source file: is srcdir right?" >> "$tmp/report"
	if [ -s "$tmp/report" ]; then
		cat "$tmp/report"
		status=1
	fi
done
exit $status

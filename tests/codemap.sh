#!/bin/sh
# README's code map names every source file, and no file that is not there.
#
# In the section "Code map" a name is written `src/arena.c`, or `src/arena.[ch]` for both.
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

awk '/^#/ { on = /Code map/ } on' README.md | grep -o '`[^`]*`' | tr -d '\140' | grep -E '^(src|ui|trace|db)/[^*]*\.' |
	while read -r name; do
		case $name in
		*.\[ch\]) printf '%s\n' "${name%.*}.c" "${name%.*}.h" ;;
		*) printf '%s\n' "$name" ;;
		esac
	done | sort > "$tmp/named"
find src ui trace db -name '*.[ch]' -o -name '*.inc' -o -name '*.def' | sort > "$tmp/there"

status=0
uniq -d "$tmp/named" | sed 's/^/named twice in the code map: /' > "$tmp/report"
sort -u "$tmp/named" | comm -13 - "$tmp/there" | sed 's/^/missing from the code map: /' >> "$tmp/report"
sort -u "$tmp/named" | comm -23 - "$tmp/there" | sed 's/^/in the code map, but not there: /' >> "$tmp/report"
if [ -s "$tmp/report" ]; then
	cat "$tmp/report"
	status=1
fi
exit $status

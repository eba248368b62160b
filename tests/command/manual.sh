#!/bin/sh
# The manual pages and completions: clean, complete, and of this program.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# Prints each expectation that fails; exit status 0 none, 1 some.
set -u

top=$(cd "${top_builddir:-.}" && pwd) || exit 99
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$top/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "manual: there is no $mapscope" >&2; exit 99; }
[ -x "$top/man/generate" ] || { echo "manual: there is no $top/man/generate" >&2; exit 99; }
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent MAPSCOPE_SAMPLES=$source/samples
export LC_ALL XDG_CONFIG_HOME MAPSCOPE_SAMPLES
unset LANGUAGE MANPATH
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-manual.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

failed=0
complain() {
	failed=$((failed + 1))
	echo "manual: $1"
}

# ---- what make has built is what the generator says now ----

for page in mapscope.1 mapscope-trace.5 mapscope-tutorial.7; do
	"$top/man/generate" "$source/man/$page.in" > "$tmp/$page" || complain "generate fails on $page"
	cmp -s "$tmp/$page" "$top/man/$page" || complain "$page is not up to date"
	[ "$page" != mapscope.1 ] || ! grep -A1 '^\.Pp$' "$tmp/$page" | grep '^[a-z]' | grep -v '^mapscope ' ||
		complain "$page: a sentence is cut where a line of --help ends"
	grep -n '@[a-z]*@' "$tmp/$page" && complain "$page has a section that nobody generates"
	if command -v mandoc > /dev/null; then
		mandoc -Tlint -W warning "$tmp/$page" > "$tmp/lint" || complain "$page: $(cat "$tmp/lint")"
		mandoc -Tascii -O width=200 "$tmp/$page" | sed "s/.$(printf '\b')//g" > "$tmp/$page.txt"
	else
		cp "$tmp/$page" "$tmp/$page.txt"
	fi
done
command -v mandoc > /dev/null || echo "manual: without mandoc the pages are not linted"
for shell in bash zsh fish; do
	"$top/man/generate" $shell > "$tmp/$shell" || complain "generate fails on $shell"
done
cmp -s "$tmp/bash" "$top/man/complete/mapscope" || complain "the completion of bash is not up to date"

# ---- every command, option, action, kind and column is there ----

has() { grep -qwF -- "$2" "$tmp/$1.txt" || complain "$1 does not speak of $2"; }

commands=$("$mapscope" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')
[ "$(echo "$commands" | wc -w)" -ge 10 ] || complain "only these commands: $commands"
for c in $commands; do
	has mapscope.1 "mapscope $c"
	for o in $("$mapscope" "$c" --help | sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z0-9-]*\).*/\2/p'); do
		has mapscope.1 "$o"
		for shell in bash zsh fish; do
			grep -qw -- "${o#--}" "$tmp/$shell" || complain "the completion of $shell has no $o"
		done
	done
done
for a in $("$mapscope" config | sed -n 's/^bind [^ ]* //p' | sort -u); do has mapscope.1 "$a"; done
for s in $("$mapscope" config | sed -n 's/^#* *\([a-z]*\) = .*/\1/p'); do has mapscope.1 "$s"; done
for k in $("$mapscope" events --kinds | sed 's/ .*//'); do has mapscope-trace.5 "$k"; done
"$mapscope" record "$source/samples/fruit.map" -o "$tmp/t.trace" 2> /dev/null || complain "no recording"
for table in meta map type field operation bucket_array allocation overflow growth evacuation chunk keyframe timeline \
	event move bucket slot; do
	has mapscope-trace.5 $table
	for column in $("$mapscope" sql --header "$tmp/t.trace" "select * from $table limit 1" 2> /dev/null | head -n 1); do
		has mapscope-trace.5 "$column"
	done
done

# The examples of the tutorial and of the pages are queries that work.
for page in mapscope.1 mapscope-trace.5 mapscope-tutorial.7; do
	tr '\n' ' ' < "$tmp/$page" | sed 's/  */ /g' | grep -o 'sql [-a-z ]*fruit.trace "[^"]*"' | sed 's/^[^"]*"//; s/"$//'
done > "$tmp/queries"
[ "$(wc -l < "$tmp/queries")" -ge 5 ] || complain "these examples only: $(cat "$tmp/queries")"
while read -r query; do
	[ -n "$("$mapscope" sql "$tmp/t.trace" "$query" 2>&1)" ] || complain "an example finds nothing: $query"
	"$mapscope" sql "$tmp/t.trace" "$query" > /dev/null 2>&1 || complain "an example fails: $query"
done < "$tmp/queries"

# ---- completions ----

if command -v bash > /dev/null; then
	# complete WANTED WORD...: WANTED is among what completes the last word
	complete_word() {
		wanted=$1
		shift
		bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _mapscope; printf "%s\n" "${COMPREPLY[@]}"' \
			"$tmp/bash" "$@" | grep -qxF -- "$wanted" || complain "bash: $* does not complete to $wanted"
	}
	complete_word record mapscope rec
	complete_word --force mapscope record --f
	complete_word colour-blind mapscope show --theme c
	complete_word 256 mapscope replay --colour ''
	complete_word 1.21 mapscope size --go 1.2
	complete_word tophash mapscope events --kind to
	complete_word 128 mapscope stats --line 1
	complete_word zh mapscope --lang ''
	complete_word --keys mapscope --lang zh show --k
	complete_word fruit "$mapscope" demo fr
	(cd "$source" && complete_word README.md mapscope replay READ)
fi
for shell in zsh fish; do
	if command -v $shell > /dev/null; then
		$shell -n "$tmp/$shell" || complain "the completion of $shell has a mistake"
	fi
done
if command -v fish > /dev/null; then
	HOME=$tmp fish -c "source $tmp/fish; complete -C 'mapscope rec'" | grep -q '^record' || complain "fish: rec does not complete"
	HOME=$tmp fish -c "source $tmp/fish; complete -C 'mapscope show --theme pro'" | grep -q projector ||
		complain "fish: --theme pro does not complete"
fi

echo "manual: $failed failed"
[ $failed -eq 0 ]

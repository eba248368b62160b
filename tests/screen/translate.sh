#!/bin/sh
# Translations: the catalogue is right and nearly complete, is chosen as it should be, and no frame loses its shape.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# 77 (skipped) without msgfmt. Prints each expectation that fails; exit status 0 none, 1 some.
set -u

top=$(cd "${top_builddir:-.}" && pwd) || exit 99
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$top/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "translate: there is no $mapscope" >&2; exit 99; }
[ -f "$top/ui/po/zh_CN/LC_MESSAGES/mapscope.mo" ] || { echo "translate: SKIPPED, no catalogue (msgfmt is missing)"; exit 77; }
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent
export LC_ALL XDG_CONFIG_HOME
unset LANGUAGE LANG LC_MESSAGES NO_COLOR
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-translate.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99
samples=$source/samples

failed=0
complain() {
	failed=$((failed + 1))
	echo "translate: $1"
}

# ---- the catalogue ----

po=$source/ui/po/zh_CN.po
if command -v msgfmt > /dev/null; then
	msgfmt -c -o /dev/null "$po" 2> said || complain "the catalogue is wrong: $(cat said)"
fi
if command -v xgettext > /dev/null && command -v msgmerge > /dev/null; then
	make -s -C "$top" pot > /dev/null 2>&1 || complain "make pot fails"
	msgmerge -q --no-fuzzy-matching -o merged.po "$po" "$top/ui/po/new.pot" || complain "msgmerge fails"
	LC_MESSAGES=C msgfmt --statistics -o /dev/null merged.po 2> said
	there=$(sed -n 's/^\([0-9]*\) translated.*/\1/p' said)
	missing=$(sed -n 's/.* \([0-9]*\) untranslated.*/\1/p' said)
	echo "translate: ${there:-0} texts, ${missing:-0} not translated yet (make update-po lists them)"
	[ "${missing:-0}" -le $((${there:-0} / 20)) ] || complain "more than one text of twenty is not translated"
fi

# ---- which language ----

says() { # WHAT WANTED ARGUMENT...: with or without Chinese
	what=$1 wanted=$2
	shift 2
	"$@" > out 2> err
	grep -q '用法' out && got=zh || got=en
	[ $got = "$wanted" ] || complain "$what: $got, not $wanted"
}

says 'no language' en "$mapscope" --help
says '--lang zh' zh "$mapscope" --lang zh --help
says '--lang=zh_CN after the command' zh "$mapscope" stats --lang=zh_CN --help
says '--lang en over LANG' en env LC_ALL= LANG=zh_CN.UTF-8 "$mapscope" --lang en --help
says 'a locale that is not generated' zh env LC_ALL= LANG=zh_CN.UTF-8 "$mapscope" --help
says 'LC_MESSAGES over LANG' zh env LC_ALL= LANG=en_US.UTF-8 LC_MESSAGES=zh_CN.UTF-8 "$mapscope" --help
says 'LANGUAGE over LANG' zh env LC_ALL= LANG=en_US.UTF-8 LANGUAGE=xx:zh_CN:en "$mapscope" --help
says 'LANGUAGE in the C locale' en env LANGUAGE=zh_CN "$mapscope" --help
says 'another language' en env LC_ALL= LANG=de_DE.UTF-8 "$mapscope" --help
says 'another charset' en env LC_ALL=C "$mapscope" --lang zh --help
grep -q 'UTF-8' err || complain "another charset: it does not say why"
mkdir -p config/mapscope
echo 'lang = zh' > config/mapscope/config
says 'the configuration' zh env XDG_CONFIG_HOME="$tmp/config" "$mapscope" --help
says '--no-config' en env XDG_CONFIG_HOME="$tmp/config" "$mapscope" --no-config --help
says '--lang over the configuration' en env XDG_CONFIG_HOME="$tmp/config" "$mapscope" --lang en --help
"$mapscope" --lang xx --help > out 2> err && complain "--lang xx is taken"
"$mapscope" --lang zh stats nosuch > out 2> err && complain "there is no file nosuch"
"$mapscope" --lang zh recrod > out 2> err
grep -q '是不是想写 record' err || complain "an error is not in Chinese: $(cat err)"

# ---- what programs read is English, whatever the language ----

english() { # ARGUMENT...
	"$mapscope" --lang zh "$@" > zh 2> err
	"$mapscope" --lang en "$@" > en 2> err
	cmp -s zh en || complain "mapscope $*: $(diff en zh | head -n 2)"
	[ -s en ] || complain "mapscope $* prints nothing"
}
for command in 'stats --json' 'memory --json' 'memory --over 5 --csv' 'heap --json' 'sharing --json' 'sharing --csv' 'events --json' 'events' 'layout' 'check --json'; do
	english $command "$samples/false-sharing.map"
done
english compare --json "$samples/fruit.map" "$samples/fruit.map"
english size --json 'map[string]int64'
english lab tophash --seed 2 --json
english lab chain --csv
"$mapscope" --lang zh size 'map[uint8]bool' > out
grep -q '键 1 字节' out || complain "mapscope size is not in Chinese: $(head -n 2 out)"
"$mapscope" --lang zh events --kinds | grep -q '遍历\|循环' || complain "events --kinds is not in Chinese"

# ---- frames: every line is as wide as the screen, and ASCII stays ASCII ----

for size in 60x16 80x24 120x40 200x60; do
	w=${size%x*}
	for keys in '' '?' 'PageDown PageDown' 'B' 'H' 'C' 'E' 'T' 'P' 'M' 'W' 'L' 'F' 'O' 'K' 'V' 'R' 'S' 'A' 'I' 'Q' 'X' ':' '/'; do
		"$mapscope" --lang zh show --size $size --keys "$keys" "$samples/fruit.map" > frame 2> err ||
			complain "show --size $size --keys '$keys': $(cat err)"
		bad=$(awk 'END { print NR }' frame)
		[ "$bad" -eq "${size#*x}" ] || complain "$size, keys '$keys': $bad rows"
		while IFS= read -r line; do
			columns=$(printf '%s\n' "$line" | wc -L)
			[ "$columns" -eq "$w" ] || complain "$size, keys '$keys': $columns columns: $line"
		done < frame
	done
done
# ---- golden frames; MAPSCOPE_REGENERATE=1 writes them anew: look at the difference ----

frames=$source/tests/screen/frames
golden() { # NAME SAMPLE STEP KEYS
	for size in 80x24 120x40; do
		"$mapscope" --lang zh show --size $size --step "$3" --keys "$4" "$samples/$2.map" > frame 2> err || complain "golden $1: $(cat err)"
		[ -z "${MAPSCOPE_REGENERATE:-}" ] || cp frame "$frames/zh-$1-$size.txt"
		cmp -s frame "$frames/zh-$1-$size.txt" || complain "zh-$1-$size.txt differs (MAPSCOPE_REGENERATE=1 writes it anew): $(diff "$frames/zh-$1-$size.txt" frame | head -n 6)"
	done
}
golden replay fruit 390 ''
golden help fruit 390 '?'
golden cache fruit 790 K
golden theory fruit 790 V
golden spans fruit 790 S
golden account fruit 790 A
golden sharing false-sharing 200 I
golden sync sync-map 686 R

"$mapscope" --lang zh show --size 80x24 "$samples/fruit.map" | grep -q '回放' || complain "the frame is not in Chinese"
LC_ALL=C "$mapscope" --lang zh show --size 80x24 "$samples/fruit.map" 2> /dev/null > frame
LC_ALL=C grep -q "$(printf '[\200-\377]')" frame && complain "a frame in the C locale is not ASCII"
grep -q 'replay' frame || complain "a frame in the C locale is not in English"

echo "translate: $failed failed"
[ $failed -eq 0 ]

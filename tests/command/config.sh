#!/bin/sh
# The configuration file: what it sets, what is said of mistakes in it, and what wins over it.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# Prints each expectation that fails; exit status 0 none, 1 some.
set -u

source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
[ -x "$mapscope" ] || { echo "config: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-config.XXXXXX") || exit 99
trap 'chmod -R u+rwx "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$tmp/xdg HOME=$tmp/home
export LC_ALL XDG_CONFIG_HOME HOME
unset LANGUAGE NO_COLOR
cd "$tmp" || exit 99
mkdir -p xdg/mapscope home/.config/mapscope
file=$tmp/xdg/mapscope/config
fruit=$source/samples/fruit.map

failed=0
complain() {
	failed=$((failed + 1))
	echo "config: $1"
	sed 's/^/    err| /; 8q' err
}

has() { grep -qxF -- "$1" out || complain "no line: $1"; }
said() { grep -qE -- "$1" err || complain "stderr has no line like: $1"; }
show() { "$mapscope" show --step 390 "$@" "$fruit" > out 2> err || complain "show $*: status $?"; }

# ---- none, and defaults that are a file ----

"$mapscope" config > out 2> err || complain "config fails without a file"
for line in 'theme = auto' 'colour = auto' 'ascii = off' 'mouse = off' 'motion = on' 'speed = 4' 'line = 64' 'l1 = 32K,8' 'l2 = 1M,16' 'bind . STEP_NEXT' \
	"# $file"; do
	has "$line"
done
[ -s err ] && complain "words without a file"
cp out "$file"
sed '/^#/d' out > before
"$mapscope" config > out 2> err
sed '/^#/d' out | cmp -s - before || complain "its own output gives something else"
[ -s err ] && complain "words about its own output"
unset XDG_CONFIG_HOME
echo 'speed = 64' > home/.config/mapscope/config
"$mapscope" config > out 2> err
has 'speed = 64'
XDG_CONFIG_HOME=relative "$mapscope" config > out 2> err # as the specification has it, that is none
has 'speed = 64'
export XDG_CONFIG_HOME=$tmp/xdg

# ---- settings ----

cat > "$file" <<'END'
# a comment, and an empty line

theme=light
color = 16 # few
	ascii   =   on
mouse = yes
motion = off
speed = 1024
lang = en
bind n step_next
bind # STEP-BACK
bind q NONE
bind C-q quit
END
"$mapscope" config > out 2> err
for line in 'theme = light' 'colour = 16' 'ascii = on' 'mouse = on' 'motion = off' 'speed = 1024' 'lang = en' \
	'bind n STEP_NEXT' 'bind . STEP_NEXT' 'bind # STEP_BACK' 'bind q NONE' 'bind C-q QUIT'; do
	has "$line"
done
grep -q '^bind q QUIT' out && complain "q still quits"
[ -s err ] && complain "words about a good file"
sed '/^#/d' out > before
cp out "$file"
"$mapscope" config > out 2> err
sed '/^#/d' out | cmp -s - before || complain "its own output gives something else, again"

show
LC_ALL=C grep -q "$(printf '[\200-\377]')" out && complain "ascii = on does nothing"
show --keys 'n n'
grep -q 'step  392/' out || complain "a key that is bound does not step"
show --keys '# . n n'
grep -q 'step  392/' out || complain "bound keys and the table's do not work together"
show --keys '?'
grep -q '^| n #  ' out || complain "help does not show the keys in force"
show --no-config
grep -q '█\|━' out || complain "--no-config does nothing"
"$mapscope" config --no-config > out 2> err
has 'theme = auto'
show --ansi --theme projector
grep -q "$(printf '\033')\\[0;1;97;40m" out || complain "a theme of the command line does not win (with 16 colours of the file)"

# ---- mistakes: each is shown with its place, and costs only its line ----

printf '%s\n' 'theme = drak' 'them = dark' 'speed = 3' 'speed = 8' 'speed' 'mouse = perhaps' 'colour = 12' 'lang = xx' \
	'bind' 'bind x' 'bind Foo QUIT' 'bind x QUITE' 'bind x GRZL' "$(head -c 700 /dev/zero | tr '\0' x)" 'ascii = on' 'line = 48' 'l1 = 33K,8' \
	'line = 128' 'l2 = 2M,32' > "$file"
"$mapscope" config > out 2> err || complain "mistakes keep it from starting"
has 'speed = 8'
has 'ascii = on'
has 'line = 128'
has 'l1 = 32K,8'
has 'l2 = 2M,32'
said ':16:8: .*32, 64, 128'
said ':17:6: .*power of two'
has 'theme = auto'
said "^$file:1:9: .*did you mean dark\\?"
said ':2:1: .*did you mean theme\?'
said ':3:9: .*1, 2, 4'
said ':5:6: .*speed = VALUE'
said ':6:9: .*off on no yes'
said ':7:10: .*did you mean 16'
said ':8:8: .*en and zh'
said ':9:5: .*bind KEY ACTION'
said ':10:7: .*bind KEY ACTION'
said ':11:6: .*no key'
said ':12:8: .*did you mean QUIT\?'
said ':13:8: .*no action'
said ':14:61: .*too long'
grep -qx '  theme = drak' err || complain "the line is not shown"
grep -qx '          ^' err || complain "the caret is elsewhere"
"$mapscope" show "$fruit" > out 2> err || complain "mistakes keep show from starting"
said ':1:9:'
"$mapscope" stats "$fruit" > out 2> err
[ -s err ] && complain "a command that has no use for the file speaks of it"

head -c 3000 "$mapscope" > "$file"
"$mapscope" show "$fruit" > out 2> err || complain "a binary file keeps it from starting"
said 'no configuration file'
head -c 70000 /dev/zero | tr '\0' '\n' > "$file"
"$mapscope" show "$fruit" > out 2> err || complain "a large file keeps it from starting"
printf 'theme = \033[31mred\n' > "$file"
"$mapscope" config > out 2> err
grep -q "$(printf '\033')" err && complain "control bytes get out"
rm "$file"
mkdir "$file"
"$mapscope" show "$fruit" > out 2> err || complain "a folder keeps it from starting"
said ': Is a directory|no configuration file'

echo "config: $failed failed"
[ $failed -eq 0 ]

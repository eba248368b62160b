#!/bin/sh
# Names that would take a terminal over: no command and no view lets a byte of them through that a terminal obeys, and all
# that is printed is UTF-8.  The names are those of files, maps, keys, elems, said texts and, where sqlite3 is there to put
# them into a trace, of the architecture and the place.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# Prints each expectation that fails; exit status 0 none, 1 some.
set -u

top=$(cd "${top_builddir:-.}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$top/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "hostile: there is no $mapscope" >&2; exit 99; }
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent XDG_STATE_HOME=/nonexistent
export LC_ALL XDG_CONFIG_HOME XDG_STATE_HOME
unset LANGUAGE
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-hostile.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99

failed=0
complain() {
	failed=$((failed + 1))
	echo "hostile: $1"
}

# ESC, BEL, C1 (CSI), bidi (RLO, RLI), a zero-width space, a byte that is no UTF-8, half a character.
evil=$(printf 'x\033[31m\007\302\233\342\200\256\342\201\247\342\200\213\377\302')
escaped='"x\x1b[31m\x07\u009b\u202e\u2067\u200b\xff\xc2'

# What must not be printed: C0 but newline (and tab, where it parts columns), DEL, C1, bidi and other hidden characters.
c0=$(printf '[\001-\010\013-\037\177]')
hidden=$(printf '\302[\200-\237]\|\342\200[\213-\217\250-\256]\|\342\201[\240-\257]\|\330\234\|\357\273\277')

# safe NAME: the files out and err, of which NAME may have carriage returns (CSV of labs).
safe() {
	for stream in out err; do
		LC_ALL=C grep -aq "$c0" $stream && complain "$1: a control byte in std$stream: $(LC_ALL=C grep -a "$c0" $stream | head -n 1 | od -c | head -n 4)"
		LC_ALL=C grep -aq "$hidden" $stream && complain "$1: a hidden character in std$stream: $(LC_ALL=C grep -a "$hidden" $stream | head -n 1 | od -c | head -n 4)"
		iconv -f UTF-8 -t UTF-8 $stream > /dev/null 2>&1 || complain "$1: std$stream is not UTF-8"
	done
}

runs=0
# try ARGUMENTS: whatever it says, it says it safely; and it ends by itself.
try() {
	runs=$((runs + 1))
	"$mapscope" "$@" > out 2> err < /dev/null
	status=$?
	[ $status -le 2 ] || complain "$* ends with $status"
	safe "$(printf '%s ' "$@" | tr -cd '[:print:]')"
}

# ---- the recording ----

file=$evil.map
{
	printf 'map string string name=%s\n' "$evil"
	printf 'put %s" %s"\n' "$escaped" "$escaped"
	printf 'put b 2\nget %s"\nget %s\n' "$escaped" "$evil"
	printf 'say "hi %s"\n' "${escaped#\"}"
	for i in 1 2 3 4 5 6 7 8 9 10; do printf 'core %s put %s%s" 3\n' $((i % 2)) "$escaped" $i; done
	printf 'range\ndel b\n'
} > "$file"
try record "$file"
[ $status -eq 0 ] || complain "the hostile workload is refused: $(cat err)"
trace=$evil.trace
[ -f "$trace" ] || complain "there is no trace"
try record "$file"
try record --json --force "$file"
try record -o "$evil/nowhere.trace" "$file"
printf '%s\n' "$evil" a b > "keys$evil"
try record --keys "keys$evil" -o keys.trace
try record --keys "keys$evil" --map "string $evil" -o keys.trace --force
printf 'map string int64\nput %s x\nfrob %s\n' "$evil" "$evil" > "wrong$evil"
try record "wrong$evil"
try stats "wrong$evil"

# What a workload cannot say, a trace can.
if command -v sqlite3 > /dev/null; then
	cp "$trace" arch.trace
	sqlite3 arch.trace "UPDATE map SET arch = char(27) || '[5m' || char(155), place = char(8238) || char(7)" && set -- "$trace" arch.trace ||
		complain "sqlite3 cannot change a trace"
else
	echo "hostile: without sqlite3 no architecture is hostile"
	set -- "$trace"
fi

# ---- every command ----

for t in "$file" "$@"; do
	for form in '' --json; do
		for command in stats memory heap sharing check events layout; do try $command $form "$t"; done
		try layout --op all $form "$t"
		try memory --over 2 $form "$t"
		try events --accesses $form "$t"
		try compare ${form:---text} "$t" keys.trace
		try compare ${form:---text} "$t" "$t"
	done
	try memory --over 2 --csv "$t"
	try memory --map "$evil" "$t"
	try memory --map "no $evil" "$t"
	try layout --map "$evil" "$t"
	try layout --map "no $evil" "$t"
	try sharing --csv "$t"
	try profile "$t" -o "$evil.pb.gz" --force
	try profile "$t" -o "$evil.pb.gz"
	try profile "$t" -o "p$evil.pb.gz" --map "$evil"
	try unpack "$t" -o "$evil.db"
	try unpack "$t" -o "$evil.db"
	for form in '' --json --csv '--header --csv'; do
		try sql $form "$t" "SELECT name, arch, place FROM map"
		try sql $form "$t" "SELECT key, elem FROM operation"
		try sql $form "$t" "SELECT key, elem FROM slot"
		try sql $form "$t" "SELECT * FROM meta"
		try sql $form "$t" "SELECT 1 AS \"$evil\""
		try sql $form "$t" "SELECT '$evil' FROM $evil"
	done
	try lab size-classes "$t"
	try lab size-classes --json "$t"
done
for command in stats memory heap sharing check events layout show replay profile sql unpack compare lab demo play size; do
	try $command "$evil"
	try $command "$evil" "$evil"
	try $command "--$evil"
	try $command "--$evil=$evil"
	try $command "-$evil"
	try $command --op "$evil" --step "$evil" "$file"
	try $command --size "$evil" "$file"
	try $command --theme "$evil" "$file"
	try $command --kind "$evil" "$file"
	try $command --seed "$evil" --go "$evil" --entries "$evil"
done
try "$evil"
try "--$evil"
try --lang "$evil" stats "$file"
LC_ALL=C try stats "$file"
MAPSCOPE_SAMPLES=$evil try demo "$evil"
mkdir -p "config$evil/mapscope"
printf 'theme = %s\n%s = 3\nbind %s %s\n' "$evil" "$evil" "$evil" "$evil" > "config$evil/mapscope/config"
XDG_CONFIG_HOME=$tmp/config$evil
try config
try show "$file"
XDG_CONFIG_HOME=/nonexistent

# ---- a session from stdin ----

printf 'put %s" 1\nget %s\nfrob %s\nsave %s\nsave play%s\nquit\n' "$escaped" "$evil" "$evil" "$evil/x" "$evil" > typed
"$mapscope" play 'map[string]int64' > out 2> err < typed
tr '\t' ' ' < out > out.blank && mv out.blank out
safe "play from stdin"

# ---- every view, prompts and the command line ----

for t in "$file" "$@"; do
	for size in 80x24 200x60; do
		for keys in '' o ? B V H P M E L T S K N C W Y U O A I D G J F Q R X Z '/ x Enter' '/ k Space x Enter' ': w Enter' 'M o o o' 'o o o o w' \
			'm' "'" '; 5 G' ': Enter' '1 0 g' '2 0 0 g V' '2 0 0 g B' '2 0 0 g H' '2 0 0 g W'; do
			try show --size $size --keys "$keys" "$t"
			try show --ascii --size $size --keys "$keys" "$t"
		done
		for step in 1 5 20 60 100 150 200 300; do
			try show --size $size --step $step "$t"
			try show --ascii --size $size --step $step "$t"
		done
	done
done

[ $runs -gt 500 ] || complain "only $runs runs"
[ $failed -eq 0 ]

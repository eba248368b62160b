#!/bin/sh
# The command line: every command right and wrong, damaged files, full disks, hostile bytes.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# Prints each expectation that fails; exit status 0 none, 1 some.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
[ -x "$mapscope" ] || { echo "cli: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
samples=$(cd "$here/../../samples" && pwd) || exit 99
LC_ALL=C.UTF-8
MAPSCOPE_SAMPLES=$samples
export LC_ALL MAPSCOPE_SAMPLES
unset LANGUAGE NO_COLOR
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-cli.XXXXXX") || exit 99
trap 'chmod -R u+w "$tmp"; rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99

count=0
failed=0
done_with=
after= # what was done to the trace

complain() {
	failed=$((failed + 1))
	echo "cli: $done_with: $1"
	sed 's/^/    err| /; 8q' err | cut -c 1-200
}

# Bytes that a terminal would act upon: C0 controls but tab and newline, DEL, and C1 as UTF-8.
controls() {
	cat "$@" | LC_ALL=C tr -d '\n\t\040-\176\200-\377' | wc -c
	cat "$@" | LC_ALL=C grep -c "$(printf '\302[\200-\237]')"
}

# run STATUS ARGUMENT...: output in out and err, nothing to read. What must hold of every run: no
# crash, no hang, no control bytes, words on stderr when something is wrong and only there.
run() {
	want=$1
	shift
	count=$((count + 1))
	done_with="mapscope $*$after"
	timeout 240 "$mapscope" "$@" < /dev/null > out 2> err
	status=$?
	[ $status -eq "$want" ] || complain "exit status $status, not $want"
	[ "$want" -eq 0 ] || [ -s err ] || complain "it fails without a word"
	[ "$want" -ne 2 ] || [ ! -s out ] || complain "wrong usage writes to stdout"
	[ "$(controls out err | tr -d '\n ')" = 00 ] || complain "control bytes get out"
}

out_has() { grep -qE -- "$1" out || complain "stdout has no line like: $1"; }
err_has() { grep -qE -- "$1" err || complain "stderr has no line like: $1"; }
err_lines() { [ "$(wc -l < err)" -eq "$1" ] || complain "stderr has $(wc -l < err) lines, not $1"; }
out_is() { printf '%s\n' "$1" | cmp -s - out || complain "stdout is not: $1"; }

# out_is_json [lines]: all of stdout, or each line of it.
have_sqlite=$(command -v sqlite3) || echo "cli: without sqlite3 some things are not tested"
out_is_json() {
	[ -n "$have_sqlite" ] || return 0
	if [ "${1-}" = lines ]; then
		bad=$(sqlite3 :memory: "create table l(t)" ".mode ascii" ".separator \001 \n" ".import out l" \
			"select count(*) from l where not json_valid(t)" 2>&1)
	else
		bad=$(sqlite3 :memory: "select 1 - json_valid(cast(readfile('out') as text))" 2>&1)
	fi
	[ "$bad" = 0 ] || complain "stdout is no JSON"
}

# ---- usage ----

commands='demo record replay play compare layout events stats heap memory sharing sql unpack show check lab'

run 2
err_has '^Usage: mapscope COMMAND'
run 0 --help
for c in $commands; do out_has "^  $c "; done
run 0 --version
out_has '^mapscope [0-9]'
out_has 'go1\.19.*go1\.22.*go1\.23'
run 2 recrod
err_has 'did you mean record\?'
run 2 --bogus

for c in $commands; do
	run 0 "$c" --help
	out_has "^Usage: mapscope $c"
	run 2 "$c" --bogus
	[ "$c" = demo ] || [ "$c" = play ] || run 2 "$c" # play without words reads operations
	case $c in
	demo | replay | sql | unpack | compare | lab) ;;
	*)
		run 1 "$c" nosuch
		err_has 'nosuch: No such file'
		err_lines 1
		run 1 "$c" .
		err_lines 1
		;;
	esac
done
run 1 sql nosuch 'select 1'
run 1 unpack nosuch -o plain.db
[ ! -e plain.db ] || complain "it leaves plain.db"

# ---- workloads ----

cat > good.map <<'END'
map string int64 seed=1 go=1.22
put apple 1
fill 0 13
del apple
say "done"
END
run 0 layout good.map # the example of the layout format
sed -n 1,4p out > first
cat > want <<'END'
hmap count=13 flags=0 B=2 noverflow=0 hash0=d101b5b9 nevacuate=2 grow=none free=0
new 0.0 main 0137da0000000000
 0 5:nil 0000000000000000
 1 2:"k7" 0700000000000000
END
cmp -s want first || complain "the format's example looks different"

# wrong LINE:COLUMN MESSAGE-PATTERN: the workload on stdin is refused, with place, line and caret.
wrong() {
	cat > wrong.map
	run 1 layout wrong.map
	err_has "^wrong\\.map:$1: .*$2"
	err_lines 3
	line=$(sed -n "${1%%:*}p" wrong.map)
	[ "$(sed -n 2p err)" = "  $line" ] || complain "the line is not shown"
	printf '%*s^\n' $((${1#*:} + 1)) '' > caret
	sed -n 3p err | cmp -s caret - || complain "the caret is elsewhere"
	run 1 record wrong.map -o wrong.trace
	[ ! -e wrong.trace ] || complain "it leaves a trace"
}

printf 'map string int64\nputt a 1\n' | wrong 2:1 'did you mean put\?'
printf '\nmap strng int64\n' | wrong 2:5 'did you mean string\?'
printf 'map string int64 sede=3\n' | wrong 1:18 'did you mean seed=\?'
printf 'map string int64 seed=x\n' | wrong 1:23 'no seed'
printf 'map string int64 go=1.24\n' | wrong 1:21 '1\.24'
printf 'put a 1\n' | wrong 1:1 'no map'
printf 'map int8 int8\nput 300 1\n' | wrong 2:5 '300'
printf 'map int8 int8\nput 1 x1\n' | wrong 2:7 'x1'
printf 'map int8 int8\nput 1\n' | wrong 2:6 'missing'
printf 'map int8 int8\nget 1 2\n' | wrong 2:7 'too much'
printf 'map int8 int8\nfill 0 x\n' | wrong 2:8 'x'
printf 'map string int8\nput "abc 1\n' | wrong 2:5 'quote'
printf 'map string int8\nput "a\\q" 1\n' | wrong 2:7 ''
printf 'map int8 int8\nuse other\n' | wrong 2:5 'other'
printf 'map int8 int8\nnext a\n' | wrong 2:6 'iter a'
printf 'map int8 int8\nrace put 1 1\n' | wrong 2:13 'two operations'
printf 'map int8 int8\nsay hello world\n' | wrong 2:11 'too much'

printf 'map string int64\nput\033[31m a 1\n' > wrong.map
run 1 layout wrong.map # an escape sequence is shown, not obeyed
printf 'map string int64\nput a 1\0 2\n' > wrong.map
run 1 layout wrong.map
head -c 3000 "$mapscope" > binary
run 1 layout binary
: > empty
run 1 layout empty
err_lines 1

# ---- record ----

run 0 record good.map
err_has '^good\.trace: 15 operations'
[ -s good.trace ] || complain "no good.trace in the current folder"
cp good.trace copy
run 1 record good.map
err_has 'exists'
cmp -s good.trace copy || complain "a trace is overwritten"
run 0 record good.map --force
err_lines 1
echo precious > good.trace.before
cp good.trace good.trace.unfinished-aB3xyz
echo precious > good.trace.unfinished-other
run 0 record good.map --force
err_has 'good\.trace\.unfinished-aB3xyz was left by a recording that was killed'
cmp -s good.trace.unfinished-aB3xyz copy || complain "what a killed recording left is not kept"
[ "$(cat good.trace.before good.trace.unfinished-other | uniq -c | tr -d ' ')" = 2precious ] || complain "a file that is not ours has gone"
[ "$(ls good.trace?*)" = "$(printf 'good.trace.before\ngood.trace.unfinished-aB3xyz\ngood.trace.unfinished-other')" ] || complain "$(ls good.trace*)"
rm good.trace?*
run 0 record good.map -o json.trace --json
out_is_json
out_has '"operations":15'
run 1 record good.trace
err_has 'trace already'
run 1 record good.map -o good.trace/x
run 1 record good.map -o nosuch/x.trace
err_lines 1
mkdir locked
chmod 555 locked
if ! (: > locked/try) 2> /dev/null; then # root may write anywhere
	run 1 record good.map -o locked/x.trace
	err_lines 1
fi
count=$((count + 1))
done_with='mapscope record - < good.map'
"$mapscope" record - -o stdin.trace < good.map > out 2> err || complain "exit status $?"
"$mapscope" layout good.map > out
"$mapscope" layout stdin.trace > stdin.layout
cmp -s out stdin.layout || complain "stdin gives another map"
printf 'kiwi\ntwo words\n"quoted"\nback\\slash\n\nkiwi\n' > keys
run 0 record --keys keys -o keys.trace
run 0 sql keys.trace 'select count(*) from operation'
out_is 5
run 0 layout keys.trace
out_has '^hmap count=4 '
run 0 record --keys keys --map 'string bool seed=7' -o keys2.trace
run 1 record --keys keys --map 'string boo' -o keys3.trace
run 1 record --keys nosuch -o keys3.trace
run 2 record --keys keys good.map
run 2 record good.map --map 'string bool'
[ ! -e keys3.trace ] || complain "a failed recording leaves a trace"

# A disk that fills up: here, a limit on the size of files.
printf 'map int64 int64\nfill 0 20000\n' > large.map
count=$((count + 1))
done_with='mapscope record, disk full'
(trap '' XFSZ; ulimit -f 200; "$mapscope" record large.map -o full.trace) > out 2> err
[ $? -eq 1 ] || complain "exit status is not 1"
err_lines 1

# ---- reading ----

run 0 layout --op all good.trace
out_has '^op 15$'
run 0 layout --op 3 good.trace
run 1 layout --op 16 good.trace
run 2 layout --op x good.trace
run 1 layout --map other good.trace
run 0 events good.trace
run 0 events --op 1 --kind write,alloc good.trace
grep -qvE '^[0-9]+ (write|alloc) ' out && complain "other kinds are printed"
run 0 events --from 10 --to 12 good.trace
[ "$(sed 's/ .*//' out | tr '\n' ' ')" = '10 11 12 ' ] || complain "not the steps 10 to 12"
run 0 events --json good.trace
out_is_json lines
run 0 events --words --op 1 "$samples/first-insert.map"
out_has '^[0-9]+	Operation 1 begins: '
lines=$(wc -l < out)
[ "$(cut -f1 out | sort -nu | wc -l)" -eq "$lines" ] && ! grep -qvP '^[0-9]+\t\S' out ||
	complain "not a step, a tab and a sentence a line"
run 0 show "$samples/first-insert.map" --step "$(sed -n 3p out | cut -f1)" --size 200x50
words=$("$mapscope" events --words --op 1 "$samples/first-insert.map" | sed -n 3p | cut -f2)
[ -n "$words" ] && grep -qF -- "$words" out || complain "the replay does not say: $words"
run 0 --lang zh events --words --from 3 --to 4 "$samples/first-insert.map"
[ "$(wc -l < out)" -eq 2 ] && grep -q '[^ -~	]' out || complain "not two sentences in Chinese"
run 0 events --words --json --kind op --from 1 --to 100 good.trace
out_has '"kind":"op",.*"words":"Operation 1 begins: '
run 2 events --words --accesses good.trace
run 0 events --kinds
out_has '^write .*fact'
run 2 events --kind wriet good.trace
err_has 'did you mean write\?'
run 1 events --op 16 good.trace
run 2 events --from 0 good.trace
run 0 stats good.trace
run 0 stats --json good.trace
out_is_json
run 0 check good.trace
out_has '^15 operations.*every invariant holds'
run 0 check --json good.trace
out_is_json
out_has '"ok":true'
run 2 stats good.trace good.trace
for wrong in '--line 48' '--line x' '--l1 33K,8' '--l1 32K' '--l2 16K,8' '--l1 32K,0' '--l2 999999999999999999999M,4'; do
	run 2 stats $wrong good.trace
	err_has 'L1|L2|line|cache'
done
run 0 stats --line 256 --l1 48K,6 --l2 2M,32 good.trace
out_has 'lines of 256 bytes, L1 48K,6, L2 2M,32'

# ---- heap ----

run 0 heap "$samples/heap-and-collector.map" --op 7
out_has '^the collector marks; objects: 1 white, 5 grey, 1 black$'
out_has '^c000004000 +1 +19 +288 yes +1 +27 +272 +16 +128 mcache +buckets +op 1 for fruit$'
run 0 record -o heap.trace "$samples/heap-and-collector.map"
run 0 heap --json heap.trace
out_is_json
out_has '"collector":null'
sed -n 's/.*{"address":\([0-9]*\),"pages":\([0-9]*\),.*"objects":\([0-9]*\),"live".*/\1	\2	\3/p' out > heap.spans
run 0 sql heap.trace "SELECT address, pages, objects FROM span WHERE freed_step IS NULL ORDER BY address"
cmp -s out heap.spans || complain "heap and the rows of span differ"
for wrong in '--op 0' '--step x' '--op 1 --step 2'; do run 2 heap $wrong good.trace; done
run 1 heap --op 99999 good.trace
err_has 'no operation 99999, the last is [0-9]*'

# ---- memory ----

run 0 memory "$samples/fruit.map" --op 20
out_has '^20 entries; asked for 1633 bytes, given 1728: 1104 live, 624 dead$'
out_has '^  keys and elems +480  27\.8 % +24\.0  ######$'
run 0 memory "$samples/fruit.map" --op 1
out_has '^1 entry; '
run 0 memory --json "$samples/false-sharing.map"
out_is_json
out_has '"map":null,.*"given":[1-9].*"other":[1-9]' # counters
run 0 memory --over 40 "$samples/word-list.map"
out_has '^ +364 m +361 '
run 0 memory --over 40 --json "$samples/word-list.map"
out_is_json
run 0 memory --over 10 --csv --map m1 "$samples/false-sharing.map"
out_has '^op,step,map,entries,asked,given,live,dead,stack,blocks,per_entry,slots,outside,'
out_has '^20,157,"m1",2,192,192,192,0,0,2,96\.000,32,'
out_has '^27,'
for wrong in '--op 0' '--step x' '--op 1 --step 2' '--csv' '--over 3 --csv --json' '--over 0'; do run 2 memory $wrong good.trace; done
run 1 memory --op 99999 good.trace
run 1 memory --map nobody good.trace
err_has 'there is no map "nobody"'

# ---- cores ----

run 0 sharing good.trace
out_has 'One core has done it all: nothing is shared'
run 0 sharing "$samples/false-sharing.map"
out_has '^false-sharing.map: 27 operations on cores 0 1; cache lines of 64 bytes$'
out_has '^line c000002000  flips 5  transfers 5 \(false 5\)  copies lost 5$'
out_has 'FALSE sharing: .* Pad'
out_has 'TRUE sharing: .* does not help'
out_has ' 8    1        3        3         3        3        3  counter b$'
out_has ' 0    0 .* hmap m1\.count$'
out_has ' 48    1 .* hmap m2\.count$'
out_has '^true sharing 3, false sharing 12 '
[ "$(grep -c '^line' out)" -eq 3 ] || complain "not three lines"
run 0 sharing --lines 1 "$samples/false-sharing.map"
out_has '^2 more lines are used by several cores'
run 0 sharing --line 32 "$samples/false-sharing.map" # an hmap of 48 bytes ends in the line where the next begins
out_has '^line c000000020 .*transfers 4 '
run 0 sharing --json "$samples/false-sharing.map"
out_is_json
out_has '"cores":\[0,1\]'
out_has '"what":"counter e"'
run 0 sharing --csv "$samples/false-sharing.map"
out_has '^c000002000,8,8,1,3,3,3,3,3,0,3,3,3,"counter b"'
for wrong in '--line 48' '--line x' '--lines 0' '--json --csv'; do run 2 sharing $wrong good.trace; done
printf 'map string int8 name="a\\x1b[31m\\u009b,\\""\ncore 1 put a 1\nput b 2\n' > names.map
for form in '' --json --csv; do run 0 sharing $form names.map; done
run 0 sharing --json names.map
out_is_json
printf 'map string int64\ncore 64 put a 1\n' > wrong.map
run 1 record wrong.map
err_has 'wrong.map:2:6: "64" is no core'
run 0 events --kind core "$samples/false-sharing.map"
out_has ' core core=1$'

run 0 events --accesses good.trace
out_has '^W c[0-9a-f]{9} 8$'
grep -qvE '^[RW] c[0-9a-f]{9} [1248]$' out && complain "a line is no access"
run 0 events --accesses --json good.trace
out_is_json lines
run 0 layout -- good.trace
cp good.map ./-dash.map
run 0 layout -- -dash.map

run 0 sql good.trace "select op, kind, key from operation where op in (1, 15)"
out_is "1	put	apple
15	del	apple"
run 0 sql --header good.trace "select count(*) as n, 'a' as b from event"
[ "$(head -n 1 out)" = 'n	b' ] || complain "no heading"
run 0 sql --json good.trace "select key, elem, null as nix, 1.5 as x, x'00ff' as b from operation limit 3"
out_is_json
run 0 sql --csv good.trace "select 'a,b', 'c\"d'"
grep -q '^"a,b","c""d"' out || complain "not quoted as CSV"
cp good.trace copy
for q in 'delete from operation' 'drop table map' "attach 'x.db' as x" 'create table t(a)' 'pragma user_version=7' \
	'vacuum' 'selct 1' 'select 1; select 2' '' 'select nosuch from event' "select load_extension('x')" \
	"update chunk set count = 0" 'begin' 'explain delete from map'; do
	run 1 sql good.trace "$q"
	err_lines 1
done
cmp -s good.trace copy || complain "a query changed the trace"
run 1 sql good.map 'select 1'

run 0 unpack good.trace -o plain.db
[ ! -s out ] || complain "it prints on stdout"
cp plain.db copy
run 1 unpack good.trace -o plain.db
cmp -s plain.db copy || complain "a file is overwritten"
run 0 unpack good.trace -o plain.db --force
run 2 unpack good.trace
run 1 unpack good.trace -o nosuch/plain.db
if [ -n "$have_sqlite" ]; then
	"$mapscope" sql good.trace 'select count(*) from event' > out
	[ "$(sqlite3 plain.db 'select count(*) from event')" = "$(cat out)" ] || complain "events are missing"
fi

# ---- the screen ----

for size in 80x24 120x40 200x60 60x16 59x15 30x6 1x1; do
	run 0 show --size $size good.trace
	[ "$(wc -l < out)" -eq "${size#*x}" ] || complain "$(wc -l < out) rows"
done
run 0 show --step 0 good.trace
run 0 show --step 999999 good.trace
run 0 show --ascii --size 120x40 good.trace
LC_ALL=C grep -q "$(printf '[\200-\377]')" out && complain "it is not ASCII"
run 0 show --keys 'g Right Right : 3 9 Enter ?' good.trace
run 1 show --keys 'Foo' good.trace
run 2 show --size 80 good.trace
run 2 show --size 80x0 good.trace
run 2 show --step x good.trace
run 2 show --theme drak good.trace
err_has 'did you mean dark\?'
run 1 replay good.trace # this is no terminal
err_lines 1
run 0 demo
[ "$(wc -l < out)" -eq 24 ] || complain "not a frame"
run 0 demo --list
[ "$(wc -l < out)" -eq "$(ls "$samples"/*.map | wc -l)" ] || complain "not all samples are listed"
for s in "$samples"/*.map; do
	run 0 demo "$(basename "$s" .map)"
	run 0 check "$s"
done
run 2 demo frut
err_has 'did you mean fruit\?'
run 2 demo growth
err_has 'did you mean growth-by-doubling\?'
run 2 demo size-growth
err_has 'did you mean same-size-growth\?'
run 2 demo xyzzy
err_has 'list names them'
run 0 demo --list # in the order of README.md's table
sed 's/ .*//' out > list
sed -n '/^| sample /,/^$/s/^| \(`[^|]*`\) |.*/\1/p' "$here/../../README.md" | tr -d '` ' | tr , '\n' > order
[ -s order ] && cmp -s list order || complain "the samples are not in the order of README.md"
run 0 record -o follow.trace "$samples/fruit.map"
run 0 sql follow.trace "select group_concat(kind, ' ') from (select kind from event where key = 'kiwi' order by step)"
out_is 'op hash insert done hash move'
run 0 sql follow.trace "select key from event where kind = 'move' and step > 1145 order by step desc limit 1"
forwards=$(cat out)
run 0 sql follow.trace "select key from event where step = (select max(step) from event where kind = 'move')"
out_is "$forwards"
run 0 sql follow.trace "select count(*) from event join operation using(op) where event.kind in ('op', 'insert', 'done')
	and event.key is not operation.key"
out_is 0
run 1 sql good.trace 'select * from operations'
err_has 'did you mean operation\? There are event, move, bucket, slot, .*growth.*operation'
run 1 sql good.trace 'select * from xyzzy'
err_has 'no table xyzzy; there are event, move'

# ---- output that cannot be written, or nobody reads ----

if [ -c /dev/full ]; then
	for c in 'layout good.trace' 'events good.trace' 'events --words good.trace' 'stats good.trace' 'check good.trace' 'show good.trace' \
		'check --json good.trace' 'demo fruit' 'demo --list' '--help' '--version' 'events --kinds'; do
		count=$((count + 1))
		done_with="mapscope $c > /dev/full"
		# shellcheck disable=SC2086 # words on purpose
		"$mapscope" $c > /dev/full 2> err
		[ $? -eq 1 ] || complain "exit status is not 1"
		err_lines 1
	done
	count=$((count + 1))
	done_with='mapscope sql > /dev/full'
	"$mapscope" sql good.trace 'select * from event' > /dev/full 2> err
	[ $? -eq 1 ] || complain "exit status is not 1"
fi
count=$((count + 1))
done_with='mapscope events | head'
{ "$mapscope" events large.map 2> err; echo $? > status; } | head -n 1 > out
[ "$(cat status)" -eq 0 ] || complain "exit status $(cat status)"
[ ! -s err ] || complain "a closed pipe is worth no word"
for c in 'show good.trace' 'show good.trace --ansi' 'sql good.trace' 'compare good.trace good.trace --size 80x24' \
	'demo fruit'; do
	count=$((count + 1))
	done_with="mapscope $c | true"
	set -- # the query
	[ "$c" = 'sql good.trace' ] && set -- 'select * from event'
	# shellcheck disable=SC2086 # words on purpose
	{ sleep 0.2; "$mapscope" $c "$@" 2> err; echo $? > status; } | true
	[ "$(cat status)" -eq 0 ] || complain "exit status $(cat status)"
	[ ! -s err ] || complain "a closed pipe is worth no word"
done

# ---- killed and interrupted recordings ----

printf 'map int64 int64\nfill 0 9000000\n' > long.map
"$mapscope" record long.map -o killed.trace 2> err &
recorder=$!
tries=0
until [ "$(cat killed.trace* 2> /dev/null | wc -c)" -gt 12000000 ] || [ $tries -gt 300 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
kill -KILL $recorder
wait $recorder 2> /dev/null
run 0 stats killed.trace
out_has 'cut off'
run 0 stats --json killed.trace
out_is_json
out_has '"complete":false'
run 0 layout killed.trace
out_has '^hmap count=[1-9]'
run 0 show killed.trace
run 0 events --to 5 killed.trace
run 0 check killed.trace
out_has 'cut off'
rm -f killed.trace*

# A shell ignores SIGINT for what it starts in the background; SIGTERM ends a recording alike.
"$mapscope" record long.map -o stopped.trace > out 2> err &
recorder=$!
tries=0
until [ "$(cat stopped.trace* 2> /dev/null | wc -c)" -gt 100000 ] || [ $tries -gt 300 ]; do
	tries=$((tries + 1))
	sleep 0.1
done
kill -TERM $recorder
wait $recorder
[ $? -eq 1 ] || complain "a stopped recording does not end with 1"
done_with='mapscope record, stopped'
err_has 'keeps'
[ ! -e stopped.trace-wal ] || complain "a WAL is left behind"
run 0 stats stopped.trace
out_has 'cut off'
rm -f stopped.trace*

# ---- files that are no traces, or no longer ----

refused() { # FILE: each reader says in one sentence what is wrong
	for c in layout events stats show check; do
		run 1 $c "$1"
		err_lines 1
	done
	run 1 sql "$1" 'select * from event'
	err_lines 1
	run 1 unpack "$1" -o refused.db
	[ ! -e refused.db ] || complain "it leaves a file"
}

run 1 sql empty 'select 1'
run 1 sql good.map 'select 1'
run 1 unpack binary -o refused.db
"$mapscope" record "$samples/word-list.map" -o words.trace 2> err
printf 'map string int64 seed=3\nfill 0 1500\n' > many.map
"$mapscope" record many.map -o many.trace 2> err
size=$(wc -c < words.trace)
for keep in 100 512 4096 8192 20000 $((size / 2)) $((size - 1)); do
	head -c "$keep" words.trace > short.trace
	if [ "$keep" -gt 100 ]; then
		refused short.trace
	else
		run 1 stats short.trace
	fi
done
cp words.trace longer.trace
head -c 5000 "$mapscope" >> longer.trace
timeout 240 "$mapscope" check longer.trace > out 2> err
[ $? -le 1 ] || complain "bytes behind the end: it crashes"

if [ -n "$have_sqlite" ]; then
	sqlite3 plain2.db 'create table t(a); insert into t values (1)'
	refused plain2.db
	cp words.trace newer.trace
	sqlite3 newer.trace 'pragma user_version = 99'
	refused newer.trace
	err_has 'newer'
	cp words.trace other.trace
	sqlite3 other.trace 'pragma application_id = 7'
	refused other.trace
	# tables that are something else, rows that are missing, numbers that are none of theirs
	for q in 'drop table chunk' 'drop table operation; create view operation as select 1 as op, 1 as map, 2 as kind' \
		'delete from chunk where first_step > 1' 'delete from chunk where first_step = 1' 'delete from chunk' \
		'update chunk set data = zeroblob(length(data))' 'update chunk set data = substr(data, 1, 20)' \
		'update chunk set count = 1000000000' 'update map set key_type = hex(zeroblob(500))' 'update map set hmap = 1' \
		'update map set seed = 9' "update map set elem_type = 'int32'" 'delete from map' \
		'update operation set first_step = first_step + 1 where op = 5' 'delete from operation where op = 3' \
		'update allocation set size = 1 where rowid = 3' 'delete from evacuation' 'delete from growth where growth = 2' \
		'update keyframe set data = zeroblob(length(data))'; do
		cp many.trace odd.trace
		sqlite3 odd.trace "$q"
		after="; the trace after: $q"
		run 1 check odd.trace
		for c in layout stats show; do # these need not notice
			count=$((count + 1))
			timeout 240 "$mapscope" $c odd.trace > out 2> err
			status=$?
			done_with="mapscope $c odd.trace$after"
			[ $status -le 1 ] || complain "exit status $status"
		done
	done
	after=
fi

# One bit turned over, at 60 places: noticed or harmless, never a crash.
noticed=0
size=$(wc -c < many.trace)
i=0
while [ $i -lt 60 ]; do
	place=$((i * 7919 * 13 % size))
	byte=$(od -An -tu1 -j $place -N 1 many.trace)
	cp many.trace flipped.trace
	# shellcheck disable=SC2059 # the format is the byte
	printf "\\$(printf %o $(((byte ^ 1 << i % 8) & 255)))" |
		dd of=flipped.trace bs=1 seek=$place conv=notrunc 2> /dev/null
	count=$((count + 1))
	done_with="mapscope check, bit $((i % 8)) of byte $place turned over"
	timeout 240 "$mapscope" check flipped.trace > out 2> err
	status=$?
	[ $status -le 1 ] || complain "exit status $status"
	[ $status -eq 0 ] || noticed=$((noticed + 1))
	i=$((i + 1))
done
[ $noticed -ge 15 ] || complain "of 60 damaged traces only $noticed were noticed"

# ---- hostile bytes ----

cat > hostile.map <<'END'
map string string
put "\x1b[31mred\x07" "\u009b31m"
put "\u202eabc" "\xc2"
get "\x1b]0;title\x07"
say "\x1b[2Jsay\x07 \u009b2J"
del "\x1b[31mred\x07"
map string string name="\x1b[31m\x07"
put a "\x00"
END
run 0 record hostile.map
for f in hostile.map hostile.trace; do
	run 0 layout --op all $f
	run 0 events $f
	run 0 events --json $f
	run 0 stats $f
	run 0 stats --json $f
	out_is_json
	run 0 check $f
	run 0 show --size 120x40 $f
	run 0 show --size 120x40 --ascii $f
done
for o in --header --csv --json; do
	run 0 sql $o hostile.trace 'select * from operation, map'
	run 0 sql $o hostile.trace 'select text, new from event'
	run 0 sql $o hostile.trace 'select key, elem from slot'
done
run 1 layout "$(printf 'no\033[31m\302\233such')"


# ---- play and compare ----

# play STATUS: as run, reading the file typed.
play() {
	want=$1
	shift
	count=$((count + 1))
	done_with="mapscope play $*"
	timeout 240 "$mapscope" play "$@" < typed > out 2> err
	status=$?
	[ $status -eq "$want" ] || complain "exit status $status, not $want"
	[ "$(controls out err | tr -d '\n ')" = 00 ] || complain "control bytes get out"
}

mkdir played && cd played || exit 99
printf 'put apple 1\nget apple\nget fig\nevil 9\nundo\nsave\n' > typed
play 0 --seed 230
out_has '^1	put apple 1	new 0\.0:0	.*steps'
out_has '^2	get apple	.*= 1$'
out_has '^3	get fig	.*absent$'
out_has '^saved as play-1\.map and play-1\.trace$'
run 0 check play-1.trace
run 0 record play-1.map -o again.trace
run 0 compare play-1.trace again.trace
out_has 'Nothing differs'
play 0 play-1.trace
out_has '^saved as play-2\.map'
for o in --text --json; do # as diff: 1 is no failure, so nothing to say on stderr
	count=$((count + 1))
	done_with="mapscope compare $o"
	"$mapscope" compare $o play-1.trace play-2.trace < /dev/null > out 2> err
	[ $? -eq 1 ] && [ ! -s err ] || complain "it does not say that they differ"
done
out_is_json
run 0 compare play-1.trace play-2.trace --size 80x24
printf 'say "nothing"\n' > nothing.map # a side without a map
run 0 compare nothing.map "$samples/fruit.map" --size 80x24
out_has 'hmap: no map here yet'
run 0 compare "$samples/fruit.map" nothing.map --size 120x40 --keys G
run 0 show "$samples/sync-map.map" --step 1022 --size 80x24 --keys I
out_has ' hiter\.buckets ' # the variable of a loop over a sync.Map has fields too
run 2 compare play-1.trace
run 1 compare play-1.trace nosuch.trace
err_has 'nosuch.trace: No such file'
err_lines 1
printf 'gett apple\nput x\nput y 1\n' > typed
play 1
err_has 'did you mean get'
err_has '^  \^$'
play 2 'map[string'
play 2 'map[nosuch]int'
printf 'save ../typed\n' > typed
play 0
play 1
# going on from elsewhere saves what was typed before, under names that are free
run 0 show play-1.trace --step 60 --size 80x24 --keys "p p u t Space z Space 1 Enter Escape Escape 1 G p"
out_has 'saved as play-[0-9]*\.map and play-[0-9]*\.trace'
typed_into=$(sed -n 's/.*saved as \(play-[0-9]*\)\.map.*/\1/p' out)
run 0 check "$typed_into.trace"
tail -1 "$typed_into.map" > out
out_has '^put z 1$'
# A disk that is full between the workload and the trace: nothing half-made is left, and the save can be done again.
printf 'put a 1\nsave half\n' > typed
done_with='mapscope play, disk full'
(trap '' XFSZ; ulimit -f 20; "$mapscope" play 'map[string]int64') < typed > out 2> err
grep -q 'half.trace: ' err || complain "a full disk is not said"
[ "$(echo half*)" = half.map ] || complain "it leaves $(echo half*)"
play 0 'map[string]int64'
out_has '^saved as half\.map and half\.trace$'
run 0 check half.trace
cd ..

# ---- what is no file, or another one's ----

mkdir odd && cd odd || exit 99
: > empty.trace
run 1 check empty.trace
err_has 'empty\.trace is empty, not a trace$'
mkfifo pipe.trace pipe.trace.notes pipe.map mapscope config play.history 2> /dev/null
cp "$samples/fruit.map" w.map
run 0 record w.map
mv pipe.trace.notes w.trace.notes
rm mapscope && mkdir mapscope && mv config mapscope/config
for c in 'check pipe.trace' 'record w.map -o pipe.trace' 'record w.map -o pipe.trace --force' 'unpack w.trace -o pipe.trace'; do
	run 1 $c
done
run 0 show w.trace --keys "m a Enter '"
XDG_CONFIG_HOME=$PWD run 0 show w.trace
err_has 'no configuration file'
[ -p pipe.trace ] && [ -p w.trace.notes ] || complain "a pipe is gone"
echo mine > x.trace-wal
run 1 record w.map -o x.trace
err_has 'x\.trace-wal is there, of a trace that is gone; --force would remove it$'
[ "$(echo x*)" = x.trace-wal ] && [ "$(cat x.trace-wal)" = mine ] || complain "it is not left alone"
run 0 record w.map -o x.trace --force
run 0 check x.trace
mkdir x.trace-wal
run 1 check x.trace
err_has 'x\.trace-wal is no regular file'
rmdir x.trace-wal
run 0 unpack x.trace -o x.db
echo mine > x.db
run 1 unpack x.trace -o x.db
[ "$(cat x.db)" = mine ] || complain "it is not left alone"
run 0 unpack x.trace -o x.db --force
[ "$(ls x.* | tr '\n' ' ')" = 'x.db x.trace ' ] || complain "more is left: $(ls x.*)"
cd ..

# more maps than 16 bits number: each has its own bytes and rows
awk 'BEGIN { for (i = 1; i <= 70000; i++) printf "map int64 int64 name=m%d\n", i
	print "put 1 70000\nuse m4464\nput 2 4464\nuse m65536\nput 3 65536\nuse m70000\nput 4 70001" }' > crowd.map
run 0 record crowd.map -o crowd.trace
run 0 check crowd.trace
out_has '^4 operations, '
run 0 layout crowd.trace
out_has '^hmap count=2 '
out_has '^ 0 0100000000000000 7011010000000000$'
out_has '^ 1 0400000000000000 7111010000000000$'
run 0 sql crowd.trace "select name, count(*) from operation join map using (map) group by 1 order by 1"
out_is 'm4464	1
m65536	1
m70000	2'
run 0 profile crowd.trace -o crowd.pb
err_has ': 70003 stacks, 70003 objects'
run 0 show crowd.trace --keys A --size 80x24
out_has '^. memory: 2 entries'

# a recording without any map has all columns too, and no rows
: > none.map
run 0 memory --over 3 --csv none.map
out_is "$(echo op,step,map,entries,asked,given,live,dead,stack,blocks,per_entry,slots,outside,tophash,pointers,\
to_move,heads,headers,rounding,free,empty,spare,moved,emptied,kept,garbage,loops,other | tr -d ' ')"

# An operation whose row cannot be read: each of its steps is shown, or a sentence says why not.
if command -v sqlite3 > /dev/null; then
	for column in map kind first_step; do
		rm -f row.trace
		"$mapscope" record "$samples/iteration-during-growth.map" -o row.trace > /dev/null 2>&1
		sqlite3 row.trace "UPDATE operation SET $column = 281474976710656 WHERE op IN (SELECT op FROM operation WHERE kind = 'next')"
		for step in 1 600 1200 1290 1300 1310 1320 1340 1400 1600 2000 2300; do
			for keys in '' '<' 'E' 'C' 'I'; do
				done_with="mapscope show row.trace --step $step --keys $keys (spoilt: $column)"
				count=$((count + 1))
				"$mapscope" show row.trace --step "$step" --keys "$keys" > out 2> err
				[ $? -le 1 ] || complain "it crashes"
				[ -s out ] || grep -q 'show: .*damaged' err || complain "it does not say why"
			done
		done
	done
	rm -f row.trace
fi

# ---- what a workload may hold costs no more than its length ----

{ echo 'map int64 int64'; echo 'put 1 1'; awk 'BEGIN { for (i = 0; i < 60000; i++) print "iter a" i "\ncounter c" i "\nmap int64 int64 name=m" i "\nuse m"i "\nput 1 1" }'; } > names.map
(ulimit -t 20 && exec "$mapscope" record names.map -o names.trace) > out 2> err || complain "60,000 loops, counters and maps take more than 20 s"
rm -f names.map names.trace*

# the picture in README is what the program shows
awk '/^```$/ { if (on) exit; on = 1; next } on' "$here/../../README.md" > picture
run 0 record "$samples/fruit.map" -o fruit.trace
run 0 show fruit.trace --step "$(sed -n 's/.* step *\([0-9]*\)\/.*/\1/p' picture)" --size 80x24
sed 's/ *$//' out | cmp -s - picture || complain "README shows another frame"

echo "cli: $count runs, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# Torture: what goes wrong from outside must end in a whole file and a sentence.
#
#	torture.sh [PART...]
#
# kills        a recording, a save, an unpacking are killed before each call that changes files, and at random moments: the
#              old file or the new one is there, whole
# writes       each such call fails, once or for good: a sentence, and the old file
# allocations  each allocation fails, alone or with all that follow: a sentence
# traces       spoilt traces, with checksums that are right, are opened, stepped through, asked, checked and drawn
# workloads    spoilt workloads are read and run
# keys         random keys in all views, modes and sizes
# signals      signals end a screen: the terminal is given back, what was typed is kept
#
# Each part prints what it did and what went wrong: a crash (a signal, an abort), a loss (neither the old file nor the new
# one), a silence (it went wrong without a word). What went wrong is told on stderr.
#
# MAPSCOPE          the program (default: mapscope in the build directory)
# MAPSCOPE_TORTURE  seconds for all parts together (default 24)
# MAPSCOPE_SEED     where chance begins (default 1)
# CC                a compiler, for the library that makes calls fail
# Exit status 0: nothing went wrong; 1: something did; 77: nothing was tried.
set -u

build=$(cd "${top_builddir:-.}" && pwd) || exit 99
source=$(cd "${srcdir:-$(dirname "$0")/..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "torture: there is no $mapscope" >&2; exit 99; }
[ $# -gt 0 ] || set -- kills writes allocations traces workloads keys signals
share=$((${MAPSCOPE_TORTURE:-24} / $#))
seed=${MAPSCOPE_SEED:-1}
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent
export LC_ALL XDG_CONFIG_HOME
unset LANGUAGE
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-torture.XXXXXX") || exit 99
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99

${CC:-cc} -shared -fPIC -O1 -o fault.so "$source/tests/fault.c" 2> /dev/null || { echo "torture: no library to preload can be made"; exit 77; }
LD_PRELOAD=$tmp/fault.so FAULT=memory FAULT_COUNT=$tmp/count "$mapscope" --version > out 2>&1 || { echo "torture: the library cannot be preloaded"; exit 77; }

tries=0 crashes=0 lost=0 silent=0 wrong=0
crash() { crashes=$((crashes + 1)); echo "crash: $1" >&2; }
lose() { lost=$((lost + 1)); echo "lost: $1" >&2; }
silence() { silent=$((silent + 1)); echo "silent: $1" >&2; }
figures() {
	echo "$1 $tries: $crashes crashes $lost lost $silent silent"
	wrong=$((wrong + crashes + lost + silent))
	tries=0 crashes=0 lost=0 silent=0
}
begin_part() { deadline=$(($(date +%s) + share)); }
in_time() { [ "$(date +%s)" -lt $deadline ]; }
chance() { # below $1
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	echo $((seed / 65536 % $1))
}

# ---- what is written ----

printf 'map string int64 seed=1\nfill 0 60\n' > old.map
printf 'map string int64 seed=1\nfill 0 200\ndrain 0 100\nsay done\n' > new.map
printf 'put a 1\nput b 2\nsave foo\n' > typed
: > nothing
"$mapscope" record old.map -o old.trace > /dev/null 2>&1 || exit 99
"$mapscope" record new.map -o new.trace > /dev/null 2>&1 || exit 99
"$mapscope" unpack old.trace -o old.db > /dev/null || exit 99
awk 'BEGIN { print "map string int64"; for (i = 0; i < 100; i++) print "fill", i * 1000, i * 1000 + 1000 }' > long.map
operations_of() { "$mapscope" sql "$1" 'SELECT count(*) FROM operation' 2> /dev/null; }
old_n=$(operations_of old.trace) new_n=$(operations_of new.trace)
printf 'map string int64 seed=1\nfill 0 250\n' > cut.map
# One that a kill has cut off: what it has lies in its -wal.
LD_PRELOAD=$tmp/fault.so FAULT=kill FAULT_COUNT=$tmp/count "$mapscope" record cut.map -o cut.trace > /dev/null 2>&1 || exit 99
at=$(cat count)
while [ ! -s cut.trace-wal ]; do
	at=$((at - 1))
	[ $at -gt 0 ] || { echo "torture: no recording could be cut off" >&2; exit 99; }
	rm -f cut.trace*
	(LD_PRELOAD=$tmp/fault.so FAULT=kill FAULT_AT=$at exec "$mapscope" record cut.map -o cut.trace) > /dev/null 2>&1
done 2> /dev/null
cut_n=$(operations_of cut.trace)

# whole TRACE COUNT...: it opens, holds what check asks for, and has one of these numbers of operations.
whole() {
	name=$1
	shift
	"$mapscope" check "$name" > checked 2>&1 || return 1
	n=$(operations_of "$name")
	for want; do [ "$n" = "$want" ] && return 0; done
	echo "$n operations" >> checked
	return 1
}

# What can go wrong half-way. Each way prepares files in an empty folder, does its work there, and looks at what is left;
# $fate is killed, failed or done.
ways='fresh over cut play unpack unpack_over profile'
prepare() {
	rm -rf w && mkdir w && cd w || exit 99
	case $1 in
	over) cp ../old.trace x.trace ;;
	cut) cp ../cut.trace x.trace && cp ../cut.trace-wal x.trace-wal ;;
	unpack_over) cp ../old.db x.db ;;
	profile) echo old > x.pb.gz ;;
	esac
	cd ..
}
work() { # under what is in the environment
	case $1 in
	fresh) set -- record ../new.map -o x.trace ;;
	over | cut) set -- record ../new.map -o x.trace --force ;;
	play) set -- play 'map[string]int64' ;;
	unpack) set -- unpack ../new.trace -o x.db ;;
	unpack_over) set -- unpack ../new.trace -o x.db --force ;;
	profile) set -- profile ../new.trace -o x.pb.gz --force ;;
	esac
	(cd w && LD_PRELOAD=$tmp/fault.so exec "$mapscope" "$@" > ../out 2> ../err < ../typed)
}
database_is() { # FILE COUNT...; true where nobody can look
	command -v python3 > /dev/null || return 0
	name=$1
	shift
	n=$(python3 -c 'import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); print(c.execute("pragma integrity_check").fetchone()[0]=="ok" and c.execute("select count(*) from operation").fetchone()[0])' "$name" 2> /dev/null)
	for want; do [ "$n" = "$want" ] && return 0; done
	return 1
}
look() { # WAY WHAT
	: > checked
	case $1 in
	fresh)
		if [ ! -e w/x.trace ]; then
			[ $fate != done ] || lose "$2: there is no trace"
		elif [ $fate = done ]; then
			whole w/x.trace "$new_n" || lose "$2: $(head -n 1 checked)"
		else
			"$mapscope" check w/x.trace > checked 2>&1 || lose "$2: $(head -n 1 checked)"
		fi
		;;
	over | cut)
		before=$old_n
		[ "$1" = over ] || before=$cut_n
		case $fate in
		killed) whole w/x.trace "$before" "$new_n" ;;
		failed) whole w/x.trace "$before" ;;
		done) whole w/x.trace "$new_n" ;;
		esac || lose "$2: $(head -n 1 checked)"
		;;
	play)
		[ ! -e w/foo.map ] || [ "$(cat w/foo.map)" = "$(cat saved.map)" ] || lose "$2: foo.map is not whole"
		[ ! -e w/foo.trace ] || whole w/foo.trace 2 || lose "$2: $(head -n 1 checked)"
		[ $fate != done ] || [ -e w/foo.trace ] || lose "$2: nothing is saved"
		[ $fate != failed ] || [ -e w/foo.map ] || [ -e w/play-1.map ] || [ -s err ] || lose "$2: nothing is saved"
		;;
	unpack) [ ! -e w/x.db ] && [ $fate != done ] || database_is w/x.db "$new_n" || lose "$2: x.db is not whole" ;;
	unpack_over)
		case $fate in
		killed) database_is w/x.db "$old_n" "$new_n" ;;
		failed) database_is w/x.db "$old_n" ;;
		done) database_is w/x.db "$new_n" ;;
		esac ||
			lose "$2: x.db is not whole"
		;;
	profile)
		if [ "$(cat w/x.pb.gz)" = old ]; then [ $fate != done ]; else gzip -t w/x.pb.gz 2> /dev/null; fi || lose "$2: x.pb.gz is not whole"
		;;
	esac
	if [ $fate = failed ]; then
		left=$(echo w/*.unfinished-*)
		[ "$left" = 'w/*.unfinished-*' ] || grep -q "$(basename "${left%% *}" | cut -c 1-20)" err || lose "$2: $left is left"
	fi
}
prepare play
(cd w && "$mapscope" play 'map[string]int64' < ../typed > /dev/null 2>&1)
cp w/foo.map saved.map || exit 99

calls_of() { # WAY: how many calls it makes
	prepare "$1"
	FAULT=kill FAULT_COUNT=$tmp/count work "$1" || { echo "torture: $1 fails: $(cat err)" >&2; exit 99; }
	calls=$(cat count)
}

# ---- kills ----

kills() {
	begin_part
	# the first ones and the last ones matter most; the others a few at a time, so that all ways have their turn
	step=37
	while :; do
		for way in $ways; do
			calls_of $way
			at=$((1 + $(chance $step)))
			while [ $at -le $((calls + 1)) ]; do
				prepare $way
				FAULT=kill FAULT_AT=$at work $way 2> /dev/null
				status=$?
				case $status in
				137) fate=killed ;;
				0) fate=done ;;
				*) fate=failed; silence "kill $way before call $at: it ends with $status: $(head -n 1 err)" ;;
				esac
				tries=$((tries + 1))
				look $way "kill $way before call $at"
				at=$((at + 1 + $(chance $step)))
			done
			kill_in_time
			in_time || break 2
		done
	done
	figures kills
}
# A long recording, at a random moment.
kill_in_time() {
	rm -f late.trace*
	"$mapscope" record long.map -o late.trace > /dev/null 2>&1 &
	child=$!
	sleep "0.$(printf %03d "$(chance 400)")"
	kill -9 $child 2> /dev/null
	wait $child 2> /dev/null
	tries=$((tries + 1))
	[ ! -e late.trace ] || "$mapscope" sql late.trace 'SELECT count(*) FROM operation' > checked 2>&1 || lose "kill in time: $(head -n 1 checked)"
}

# ---- writes ----

writes() {
	begin_part
	step=23
	while :; do
		for way in $ways; do
			calls_of $way
			at=$((1 + $(chance $step)))
			while [ $at -le "$calls" ]; do
				for error in 28 5; do
					on=$(chance 2)
					prepare $way
					what="$way, call $at fails with $error, on=$on"
					FAULT=write FAULT_ERROR=$error FAULT_ON=$on FAULT_AT=$at work $way 2> /dev/null
					status=$?
					fate=failed
					[ $status -ne 0 ] || fate=done
					[ $status -le 1 ] || crash "$what: it ends with $status"
					[ $status -eq 0 ] || [ -s err ] || silence "$what"
					tries=$((tries + 1))
					look $way "$what"
				done
				at=$((at + 1 + $(chance $step)))
			done
			in_time || break 2
		done
	done
	figures 'write faults'
}

# ---- allocations ----

allocation() { # AT ON ARGUMENTS
	at=$1 on=$2
	shift 2
	rm -f alloc.trace*
	(FAULT=memory FAULT_AT=$at FAULT_ON=$on LD_PRELOAD=$tmp/fault.so exec "$mapscope" "$@" > out 2> err < typed) 2> /dev/null
	status=$?
	tries=$((tries + 1))
	[ $status -le 1 ] || crash "allocation $at (on=$on): $*: it ends with $status"
	[ $status -eq 0 ] || [ -s err ] || silence "allocation $at (on=$on): $*"
	! grep -q damaged err || lose "allocation $at (on=$on): $*: $(cat err)"
}
allocations() {
	begin_part
	from=${MAPSCOPE_FROM:-$((1 + $(chance 50)))} step=${MAPSCOPE_STEP:-50}
	at=$from
	while [ "$at" -le 10000 ]; do
		allocation $at 0 record old.map -o alloc.trace
		allocation $at 0 show new.trace --step 1000 --keys 'O T P'
		allocation $at 0 check old.trace
		allocation $at 1 play 'map[string]int64'
		rm -f foo.*
		at=$((at + step))
		in_time || { [ "$step" -eq 50 ] && [ $at -lt 2500 ] || break; }
	done
	figures 'allocation faults'
}

# ---- inputs ----

# batches NAME COMMAND...: runs COMMAND ROUNDS SEED until the time is over.
batches() {
	name=$1 rounds=$2
	[ "$3" = fuzz_workloads ] || [ -x "$build/tests/screen/fuzz_keys" ] || { echo "torture: without Check there are no $name"; return; }
	shift 2
	begin_part
	while :; do
		"$@" "$rounds" "$seed" > out 2> err
		status=$?
		[ $status -eq 0 ] || crash "$name: $* $rounds $seed ends with $status: $(tail -n 1 err)"
		tries=$((tries + rounds)) seed=$((seed + rounds))
		in_time || break
	done
	figures "$name"
}
traces() {
	for sample in fruit growth-by-doubling sync-map nil-map-and-races iteration-during-growth heap-and-collector any; do
		[ -e "$source/samples/$sample.map" ] && "$mapscope" record "$source/samples/$sample.map" -o "s-$sample.trace" > /dev/null
	done
	batches 'spoilt traces' 100 spoil
}
spoil() { # ROUNDS SEED
	set -- "$1" "$2" s-*.trace
	rounds_=$1 seed_=$2
	shift 2
	shift $((seed_ / 100 % $#))
	"$build/tests/db/fuzz_trace" "$1" "$rounds_" "$seed_" && "$build/tests/screen/fuzz_keys" spoilt "$rounds_" "$seed_" "$1"
}
workloads() { batches workloads 500 fuzz_workloads; }
fuzz_workloads() { "$build/tests/engine/fuzz_script" "$1" "$2" "$source"/samples/*.map "$source"/tests/engine/workloads/[a-f]*.map; }
keys() { batches keys 2000 fuzz_keys; }
fuzz_keys() { "$build/tests/screen/fuzz_keys" keys "$1" "$2" "$source"/samples/*.map; }

signals() {
	begin_part
	command -v python3 > /dev/null || { echo "torture: without python3 no signals are sent"; return; }
	while :; do
		python3 "$source/tests/screen/signals.py" "$mapscope" 6 "$seed" > out 2>&1 ||
			{ crashes=$((crashes + $(grep -c '^signals:' out))); tail -n 6 out >&2; }
		tries=$((tries + 6)) seed=$((seed + 6))
		in_time || break
	done
	figures signals
}

for part; do
	case $part in
	kills | writes | allocations | traces | workloads | keys | signals) $part ;;
	*) echo "torture: there is no part $part" >&2; exit 99 ;;
	esac
done
[ $wrong -eq 0 ]

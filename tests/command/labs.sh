#!/bin/sh
# The labs: their outputs are well-formed, their numbers are those of theory, the same seed gives the same numbers.
#
#	MAPSCOPE=/path/to/mapscope tests/command/labs.sh
set -u
mapscope=${MAPSCOPE:-$PWD/mapscope}
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
status=0
complain() {
	echo "labs: $*"
	status=1
}
have_sqlite=$(command -v sqlite3) || echo "labs: without sqlite3 JSON is not read"

# lab EXPECTED-STATUS ARGUMENTS...: output in out, words in err.
lab() {
	expected=$1
	shift
	"$mapscope" lab "$@" > out 2> err < /dev/null
	got=$?
	[ "$got" = "$expected" ] || complain "lab $*: exit status $got, not $expected: $(head -n 3 err)"
}

# ask "SQL": over the JSON in out, as j(t).
ask() {
	sqlite3 :memory: "create table j(t)" "insert into j values (cast(readfile('out') as text))" "$1" 2>&1
}

# ---- the command ----

lab 2
lab 2 load-fcator
grep -q 'did you mean load-factor' err || complain "a misspelt lab is not guessed"
lab 2 load-factor --json --csv
lab 2 load-factor --threads 2
grep -q 'takes no --threads' err || complain "an option of another lab is taken"
lab 2 load-factor --bits 99
lab 2 load-factor --seed x
lab 2 load-factor --go 1.4
lab 2 load-factor no-file
# too little to say anything about: refused, not concluded from
for few in 'growth-cost --entries 8' 'seeds --entries 8' 'chain --entries 1' 'search --bits 9' 'load-factor --bits 7' 'stuck-growth --bits 3'; do
	lab 1 $few
	[ -s err ] || complain "$few: no word of why"
done
lab 1 load-factor --csv --table nosuch
grep -q 'no table "nosuch"' err || complain "a table that is not there is printed"
lab 0 --list
cut -d ' ' -f 1 out > names
[ -s names ] || complain "--list is empty"

# ---- each lab: text of at most 80 columns, JSON, CSV, --ascii ----

# Times differ from run to run: columns whose name ends in _ns, and what is made of them.
while read -r name; do
	lab 0 "$name" --help
	grep -q "^Usage: mapscope lab $name" out || complain "$name --help says something else"
	if [ "$name" = false-sharing ] && [ "$(nproc)" -lt 2 ]; then
		lab 1 "$name"
		grep -q 'one processor here' err || complain "$name does not say why there is nothing"
		continue
	fi
	lab 0 "$name" --ascii
	LC_ALL=C awk -v name="$name" 'length($0) > 80 { print "labs: " name ": over 80 columns: " $0; bad = 1 } END { exit bad }' out || status=1
	LC_ALL=C grep -q '[^ -~]' out && complain "$name --ascii: $(LC_ALL=C grep -m 1 '[^ -~]' out)"
	grep -q '^What to conclude' out || complain "$name concludes nothing"
	grep -q 'DOES NOT AGREE' out && complain "$name: $(grep -m 1 -B 1 'DOES NOT AGREE' out)"
	[ -s err ] && complain "$name writes to stderr: $(head -n 1 err)"
	lab 0 "$name" --json
	cp out "$name.json"
	[ -n "$have_sqlite" ] || continue
	[ "$(ask "select json_valid(t) from j")" = 1 ] || complain "$name --json is no JSON"
	[ "$(ask "select json_array_length(t, '\$.rows') > 1 and json_array_length(t, '\$.conclusions') > 0 from j")" = 1 ] ||
		complain "$name --json has no rows or no conclusions"
	rows=$(ask "select json_array_length(t, '\$.rows') from j")
	lab 0 "$name" --csv
	[ "$(wc -l < out)" = $((rows + 1)) ] || complain "$name --csv has another number of rows"
done < names

# ---- facts that real Go shows, found in the results ----

if [ -n "$have_sqlite" ]; then
	# has LAB.json "SQL that gives 1" WORDS
	has() {
		cp "$1.json" out
		[ "$(ask "$2")" = 1 ] || complain "$1: $3"
	}
	row="json_each(t, '\$.rows') r"
	has thresholds "select group_concat(json_extract(r.value, '\$.\"go1.23\"')) like '9,14,27,53,105,209,417,833,%' from j, $row" "growths of 1.23"
	has thresholds "select group_concat(json_extract(r.value, '\$.\"go1.21\"')) like '9,13,25,49,97,193,385,769,%' from j, $row" "growths of 1.21"
	has growth-cost "select count(*) = 14 and sum(json_extract(r.value, '\$.moved') = json_extract(r.value, '\$.insert') - 1) = 14
		from j, json_each(t, '\$.tables.growths') r" "entries moved"
	has growth-cost "select json_extract(t, '\$.tables.growths[13].array') = 16384 * 144 + 1024 * 144 from j" "the array of a growth"
	has prefill "select group_concat(json_extract(r.value, '\$.growths')) = '14,3,1,0,0,0' from j, $row" "growths by hint"
	has stuck-growth "select json_extract(t, '\$.rows[0].hashes') = 0 and json_extract(t, '\$.rows[1].hashes') between 1.99 and 2 from j" "hashes of a loop"
	has seeds "select json_extract(t, '\$.rows[4].longest') = 1000 and json_extract(t, '\$.rows[6].longest') < 12 from j" "crafted keys"
	has tophash "select json_extract(t, '\$.tables.distribution[0].keys') = 0 and json_extract(t, '\$.tables.distribution[5].keys') >
		1.9 * json_extract(t, '\$.tables.distribution[10].keys') from j" "tophash 5 to 9"
	has chain "select json_extract(t, '\$.tables.fit[2].probability') < 1e-9 from j" "evil keys pass the test"
	has search "select json_extract(t, '\$.rows[7].miss_fast64') > 9 and json_extract(t, '\$.rows[7].miss_general') < 8 from j" "slots of a miss"
	has size-classes "select json_extract(t, '\$.rows[0].waste') < json_extract(t, '\$.rows[1].waste') from j" "67 classes waste more than 32"
	for claim in 'the hmap header takes 32 bytes:does not hold' 'a map with B=0 grows at its 7th element:does not hold' \
		'a map with B=3 grows at its 53rd element:holds' 'every operation on a nil map is legal:does not hold' \
		'an emptied map gives its memory back:does not hold'; do
		has claims "select count(*) from j, $row where json_extract(r.value, '\$.claim') = '${claim%:*}' and
			json_extract(r.value, '\$.verdict') = '${claim#*:}'" "$claim"
	done
	lab 0 claims --go 1.21 --json
	cp out claims.json
	has claims "select json_extract(t, '\$.rows[2].verdict') = 'does not hold' from j" "1.21 grows at 49, not 53"
fi

# ---- false-sharing: what it measures is the machine's, so only its form is looked at ----

if [ "$(nproc)" -ge 2 ]; then
	lab 0 false-sharing --threads 2 --rounds 1 --json
	cp out sharing.json
	[ -z "$have_sqlite" ] || has sharing "select json_array_length(t, '\$.rows') = 2 and min(json_extract(r.value, '\$.packed_ns')) > 0 and
		min(json_extract(r.value, '\$.ratio')) > 0 from j, $row" "two ways, each with a time and a ratio"
	lab 0 false-sharing --rounds 1
	grep -Eq 'perf_event_open says|the processor counted' out || complain "false-sharing says nothing of perf counters"
	lab 1 false-sharing --threads 1
	if command -v taskset > /dev/null; then
		taskset -c "$(taskset -cp $$ | sed 's/.*[: ,-]//')" "$mapscope" lab false-sharing > out 2> err
		[ $? = 1 ] && grep -q 'one processor here' err || complain "false-sharing on one processor: $(head -n 1 out err)"
	fi
fi

# ---- size-classes of a trace or workload ----

printf 'map int64 int64\nfill 0 100\n' > hundred.map
lab 0 size-classes hundred.map --json
cp out workload.json
"$mapscope" record hundred.map -o hundred.trace 2> /dev/null
lab 0 size-classes hundred.trace --json
cmp -s out workload.json || complain "size-classes of a trace is not that of its workload"
printf 'say "nothing"\n' > empty.map
lab 1 size-classes empty.map
lab 1 size-classes nosuch

# ---- load-factor: within 2 % of what Go's authors published ----

for seed in 1 2; do
	lab 0 load-factor --json --seed $seed
	tr '{' '\n' < out | sed -n 's/^"load":\([0-9.]*\),"overflow":\([0-9.]*\),"bytes":\([0-9.]*\),"hit":\([0-9.]*\),"miss":\([0-9.]*\),"o.*/\1 \2 \3 \4 \5/p' > measured
	cat > published <<-'END'
	4.0 2.13 20.77 3.00 4.00
	4.5 4.05 17.30 3.25 4.50
	5.0 6.85 14.77 3.50 5.00
	5.5 10.55 12.94 3.75 5.50
	6.0 15.27 11.67 4.00 6.00
	6.5 20.90 10.79 4.25 6.50
	7.0 27.14 10.15 4.50 7.00
	7.5 34.03 9.73 4.75 7.50
	8.0 41.10 9.40 5.00 8.00
	END
	paste -d ' ' measured published | awk -v seed=$seed '
		{ rows++; if ($1 != $6) bad = 1
		  for (i = 2; i <= 5; i++) if (!($i >= $(i + 5) * 0.98 && $i <= $(i + 5) * 1.02)) { print "labs: load-factor, seed " seed ", load " $1 ": " $i " is not " $(i + 5); bad = 1 } }
		END { if (rows != 9) print "labs: load-factor has " rows + 0 " rows"; exit bad || rows != 9 }' || status=1
done
cp out again
lab 0 load-factor --json --seed 2
cmp -s out again || complain "load-factor: the same seed gives other numbers"

# ---- Ctrl-C stops a lab, and leaves no half of a result ----

"$mapscope" lab load-factor --bits 20 > out 2> err &
pid=$!
sleep 0.3
kill -TERM $pid
wait $pid
[ $? = 1 ] || complain "a lab that was stopped has exit status $?"
[ -s out ] && complain "a lab that was stopped prints a result"
grep -q 'was stopped' err || complain "a lab that was stopped does not say so"
exit $status

#!/bin/sh
# The profile: decoded by hand, and opened by `go tool pprof` where there is a go.
#
# MAPSCOPE     the program (default: mapscope in the build directory)
# MAPSCOPE_GO  the go programs to try, separated by blanks (default: the one in the PATH)
# Without gzip the decoding, and without go the rest, is skipped and it is said so.
set -u

mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
here=$(cd "$(dirname "$0")" && pwd) || exit 99
[ -x "$mapscope" ] || { echo "pprof: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
LC_ALL=C.UTF-8
export LC_ALL
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-pprof.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
PPROF_TMPDIR=$tmp
export PPROF_TMPDIR
failed=0
fail() { echo "pprof: $1"; failed=1; }

cat > p.map <<'END'
map string int64 seed=3 name=words go=1.22
fill 0 300
drain 0 250
gc
fill 400 900
map int64 int64 seed=4 name=nums go=1.19
fill 0 500
range
map any [200]byte name=big hint=30
put 1 2
put "x" 3
counter c pad=64
add c
END
"$mapscope" record p.map -o p.trace 2> err || fail "it does not record: $(cat err)"
"$mapscope" profile p.trace -o p.pb.gz 2> err || fail "it fails: $(cat err)"
"$mapscope" profile p.trace -o p.pb.gz 2> err && fail "it replaces a file without being told to"
"$mapscope" profile p.trace -o p.pb.gz --force 2> err || fail "--force: $(cat err)"
"$mapscope" profile p.trace -o q.pb.gz 2> /dev/null
cmp -s p.pb.gz q.pb.gz || fail "the same trace gives another profile"
"$mapscope" profile p.trace 2> err && fail "without -o it does something"
"$mapscope" profile p.trace -o r.pb.gz --map nobody 2> err && fail "there is no such map"
[ ! -e r.pb.gz ] || fail "it leaves a file when it fails"

# Sums of the four values of all samples, by a reader that knows nothing of the writer: protobuf from the bytes.
sums() {
	gzip -dc "$1" | od -An -v -tu1 -w1 | awk '
		{ byte[n++] = $1 }
		function varint(  v, m) { v = 0; m = 1; while (byte[at] >= 128) { v += (byte[at++] - 128) * m; m *= 128 } return v + byte[at++] * m }
		function skip(wire,  l) { if (wire == 0) varint(); else if (wire == 2) { l = varint(); at += l } else exit bad = 1 }
		END {
			while (at < n) {
				tag = varint()
				if (tag != 18) { kinds[int(tag / 8)]++; skip(tag % 8); continue }
				len = varint(); stop = at + len; samples++
				while (at < stop) {
					tag = varint()
					if (tag != 18) { skip(tag % 8); continue }
					len = varint(); end = at + len
					for (i = 0; at < end; i++) sum[i] += varint()
					if (i != 4 || at != end) bad = 1
				}
				if (at != stop) bad = 1
			}
			if (bad || at != n || kinds[1] != 4 || kinds[3] != 1 || kinds[4] < 5 || kinds[4] != kinds[5] || kinds[6] < 10 || !samples) {
				print "damaged"
				exit
			}
			print sum[0], sum[1], sum[2], sum[3]
		}'
}
# The same from the rows of the trace; a piece of a tiny block that shares it has rounded 0, stacks have no class.
want=$("$mapscope" sql p.trace "select count(*), sum(rounded), sum(freed_step is null), sum(case when freed_step is null then rounded end) \
	from allocation where rounded > 0 and class is not null" | tr '\t' ' ')
if command -v gzip > /dev/null; then
	gzip -t p.pb.gz 2> err || fail "gzip: $(cat err)"
	got=$(sums p.pb.gz)
	[ "$got" = "$want" ] || fail "the profile has $got, the trace $want"
else
	echo "pprof: without gzip the profile is not decoded"
fi

# go tool pprof opens it: by function, by stack, by label.
tried=0
for go in ${MAPSCOPE_GO:-go}; do
	command -v "$go" > /dev/null || continue
	tried=$((tried + 1))
	for index in alloc_objects alloc_space inuse_objects inuse_space; do
		"$go" tool pprof -top -nodefraction=0 -sample_index=$index p.pb.gz > top 2> err || fail "$go: -top: $(cat err)"
		grep -q "^Type: $index" top || fail "$go: no $index"
		grep -q ' runtime\.makeBucketArray$' top || fail "$go: $index: makeBucketArray is missing"
		grep -q ' main\.put$' top || fail "$go: $index: main.put is missing"
	done
	"$go" tool pprof -raw p.pb.gz > raw 2> err || fail "$go: -raw: $(cat err)"
	"$go" tool pprof -traces -sample_index=alloc_space p.pb.gz > traces 2> err || fail "$go: -traces: $(cat err)"
	tr -s ' \n' ' ' < traces > line
	for stack in 'runtime.makeBucketArray runtime.hashGrow runtime.mapassign_faststr main.put' \
		'runtime.(\*hmap).newoverflow runtime.mapassign_fast64 main.put' \
		'runtime.makeBucketArray runtime.makemap main.make' 'main.keyText main.put'; do
		grep -q "$stack" line || fail "$go: no stack $stack"
	done
	"$go" tool pprof -tags p.pb.gz > tags 2> err || fail "$go: -tags: $(cat err)"
	for tag in words nums big put make buckets overflow counter; do
		grep -q ": $tag\$" tags || fail "$go: no tag $tag"
	done
	total=$("$go" tool pprof -raw -sample_index=inuse_space p.pb.gz 2> /dev/null | awk '/^Samples:/ { on = 1; next } /^Locations/ { on = 0 }
		on && $1 ~ /^[0-9]+$/ { split($0, v, ":"); n = split(v[1], w, " "); for (i = 1; i <= 4; i++) s[i] += w[i] } END { print s[1], s[2], s[3], s[4] }')
	[ "$total" = "$want" ] || fail "$go: pprof counts $total, the trace $want"
done
[ $tried -gt 0 ] || echo "pprof: without go nothing opens the profile"

# ---- the stacks are those of a program that does the same ----

# release_of GO: 1.18 to 1.23, or nothing.
release_of() {
	for r in 1.18 1.19 1.20 1.21 1.22 1.23; do
		case $(GOTOOLCHAIN=local "$1" version 2> /dev/null) in
		"go version go$r."* | "go version go$r "*) echo "$r" ;;
		esac
	done
}

# workload RELEASE: what stacks.go does.
workload() {
	awk -v go="$1" '
	function each(what, lo, hi, more,   i) {
		for (i = lo; i < hi; i++)
			print what, i, (more == "" ? "" : i + more)
	}
	function often(line, n) { while (n-- > 0) print line }
	BEGIN {
		print "syncmap int64 int64 name=s go=" go
		each("put", 1000, 1060, 0); each("get", 1000, 1070); each("del", 1000, 1010)
		each("loadorstore", 1000, 1080, 0); each("put", 1000, 1010, 5000)
		often("range", 2)
		each("loadanddelete", 1020, 1030)
		print "put 2000 3000"; print "put 1021 3000"
		often("loadanddelete 5000", 100)
		print "put 2001 3000"
		often("del 5000", 100)
		if (go >= "1.20") {
			print "swap 1000 9000\nswap 4000 9000\ncas 1000 9000 9001\ncas 1000 9000 9002\ncas 4000 9000 9003"
			often("cad 5000 1", 100)
			print "put 4001 9000"
			often("cas 4001 9000 9000", 100)
		}
		if (go >= "1.23")
			print "clear\nput 1000 1000"
	}'
}

# The boxes of stacks.go; each release has the same.
cat > boxes.map <<'END'
map any any name=boxes
put int16(3000) complex64(3+4i)
put float32(2) complex128(3+4i)
put 2.5 text
put complex64(3+4i) []int{}
put complex128(3+4i) int16(3000)
put text float32(2)
END

# stacks TRACE GO: "OBJECTS FUNCTION;FUNCTION;..." a stack, as stacks.go prints them. Go's profiler leaves out mallocgc and
# the function that calls it; pprof drops newobject and newarray here. A stack is there once for each map and kind of block.
stacks() {
	"$mapscope" profile "$1" -o s.pb.gz --force 2> /dev/null
	"$2" tool pprof -raw -drop_negative s.pb.gz 2> /dev/null | awk '
		/^Samples:/ { part = "samples"; next }
		/^Locations/ { part = "locations"; next }
		/^Mappings/ { part = "" }
		part == "samples" && $1 ~ /^[0-9]+$/ { count[++n] = $1; sub(/^[^:]*: */, ""); sample[n] = $0 }
		part == "locations" { sub(/:$/, "", $1); name[$1] = $4 }
		END {
			for (i = 1; i <= n; i++) {
				k = split(sample[i], at, " ")
				line = ""
				for (j = name[at[1]] ~ /^runtime\.conv/ ? 2 : 1; j <= k; j++)
					line = line (line == "" ? "" : ";") name[at[j]]
				sum[line] += count[i]
			}
			for (line in sum)
				print sum[line], line
		}' | sort
}

# Which keys meet in a bucket is chance: overflow buckets are left out. So are texts, and how many blocks boxes share.
same() {
	grep -v 'newoverflow\|keyText\|elemText' | sed 's/^[0-9]* \(main\.[a-z_]*\)$/\1/; s/_$//' | sort -u
}

compared=0
for go in ${MAPSCOPE_GO:-go}; do
	release=$(release_of "$go")
	[ -n "$release" ] || continue
	strip='s#x#x#'
	for since in 1.20 1.23; do
		[ "$(printf '%s\n' "$since" "$release" | sort -V | head -n 1)" = "$since" ] && strip="$strip; s#^\\([ 	]*\\)//$since #\\1#"
	done
	mkdir -p program && sed "$strip" "$here/stacks.go" > program/main.go && echo 'module stacks' > program/go.mod
	(cd program && GOTOOLCHAIN=local GOFLAGS=-mod=mod "$go" run .) 2> err | same > real || fail "$go: stacks.go: $(cat err)"
	workload "$release" > s.map
	"$mapscope" record --force s.map -o s.trace 2> err || fail "it does not record: $(cat err)"
	"$mapscope" record --force boxes.map -o boxes.trace 2> err || fail "it does not record: $(cat err)"
	{ stacks s.trace "$go"; stacks boxes.trace "$go" | sed -n 's/main\.put$/main.boxes/p'; } | sed 's/main\.make$/main.makeMap/' | same > ours
	[ -s real ] || fail "$go: the program shows no stack"
	diff -u real ours > diff || fail "$go: other stacks than Go $release: $(cat diff)"
	# the profiler leaves the conversions out; the compiler says which they are
	(cd program && GOTOOLCHAIN=local GOFLAGS=-mod=mod "$go" build -gcflags=-S -o /dev/null .) 2>&1 | awk '
		/ STEXT / { function_name = $1 }
		function_name ~ /^main\.of_/ && /CALL.*runtime\.conv/ { sub(/.*runtime/, "runtime"); sub(/(\(SB\)|\+).*/, ""); print function_name, $0 }' |
		sort -u > real
	for value in 'int16 int16(3000)' 'float32 float32(2)' 'float64 2.5' 'complex64 complex64(3+4i)' 'complex128 complex128(3+4i)' \
		'string text' 'slice []int{}'; do
		printf 'map bool any go=%s\nput true %s\n' "$release" "${value#* }" > one.map
		"$mapscope" record --force one.map -o one.trace 2> err || fail "it does not record: $(cat err)"
		"$mapscope" profile one.trace -o one.pb.gz --force 2> /dev/null
		"$go" tool pprof -raw one.pb.gz 2> /dev/null | sed -n "s/.* \\(runtime\\.conv[A-Za-z0-9]*\\).*/main.of_${value%% *} \\1/p"
	done | sort > ours
	diff -u real ours > diff || fail "$go: other conversions than Go $release: $(cat diff)"
	compared=$((compared + 1))
done
[ $compared -gt 0 ] || echo "pprof: without a Go of 1.18 to 1.23 the stacks are not compared"
[ $failed -eq 0 ] && echo "pprof: $want; opened by $tried go"
exit $failed

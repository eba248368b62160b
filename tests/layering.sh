#!/bin/sh
# The rooms of the house hold in every #include line. A file includes only libc, its own room, rooms named before its own in
# the table below, and of other folders:
#
#	trace/    nothing
#	src/      trace/                 db/  trace/, SQLite, xxHash, zstd          ui/  trace/; curses only in ui/control/term.c
#	src/command/, man/               everything: they join the folders
#
# The room of one kind of map (trace/map/classic, src/engine/sync, ui/scene/classic, ...) may be included by the rooms of
# kinds only, and it includes more: a kind is a plug-in (ui/scene/KIND may include ui/panel and ui/view). The tables end
# with more/NAME.def, which is empty in the product (src/more/). Includes are written from the root.
#
# Prints each line that breaks a rule. Exit status: 0 none, 1 some.
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT

libc=' arpa/inet.h assert.h byteswap.h complex.h ctype.h dirent.h endian.h errno.h fcntl.h fenv.h float.h
getopt.h inttypes.h langinfo.h libintl.h limits.h locale.h math.h poll.h pthread.h pwd.h sched.h setjmp.h signal.h stdalign.h
stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h sys/ioctl.h
sys/file.h
sys/mman.h sys/resource.h sys/select.h sys/stat.h sys/statvfs.h sys/syscall.h sys/time.h sys/types.h sys/uio.h sys/wait.h
termios.h time.h unistd.h wchar.h wctype.h '

rooms='
trace base go record map heap cache
src memory engine workload session lab command
db . pack rows file sql
ui . grid state pass find scene panel view mode control
'

find trace src db ui man -name '*.[ch]' -o -name '*.inc' -o -name '*.def' | LC_ALL=C sort | while read -r file; do
	sed -n 's/^[ 	]*#[ 	]*include[ 	]*\([<"][^>"]*[>"]\).*/\1/p' "$file" | while read -r header; do
		printf '%s %s\n' "$file" "$header"
	done
done | awk -v libc="$libc" -v rooms="$rooms" '
	BEGIN {
		n = split(libc, names); for (i = 1; i <= n; i++) is_libc[names[i]] = 1
		n = split(rooms, lines, "\n")
		for (i = 1; i <= n; i++) {
			m = split(lines[i], word, " ")
			for (j = 2; j <= m; j++)
				rank[word[1] "/" word[j]] = j
		}
	}
	function folder_of(path) { sub(/\/.*/, "", path); return path }
	# "trace/map" of "trace/map/classic/model.h"; "ui/." of "ui/ui.h"
	function room_of(path, part, n) {
		n = split(path, part, "/")
		return part[1] "/" (n == 2 ? "." : part[2])
	}
	# "classic" of "trace/map/classic/model.h", "" of "trace/map/value.c"
	function kind_of(path, part, n) {
		n = split(path, part, "/")
		return n == 4 && part[2] ~ /^(map|engine|lab|scene)$/ ? part[3] : ""
	}
	function may(from, to, a, b) {
		if (folder_of(from) == "man" || room_of(from) == "src/command")
			return 1
		if (kind_of(to) != "" && kind_of(from) == "")
			return 0
		if (folder_of(to) != folder_of(from))
			return folder_of(to) == "trace"
		a = kind_of(from) != "" && folder_of(from) == "ui" ? rank["ui/view"] : rank[room_of(from)]
		b = rank[room_of(to)]
		return a > 0 && b > 0 && b <= a
	}
	{
		files[$1] = 1
		from = folder_of($1)
		name = substr($2, 2, length($2) - 2)
		if ($2 ~ /^</)
			ok = name in is_libc ||
				(from == "db" && (name == "sqlite3.h" || name == "xxhash.h" || name == "zstd.h")) ||
				($1 == "src/lab/false_sharing.c" && name == "linux/perf_event.h") ||
				($1 == "ui/control/term.c" && name ~ /^(ncursesw\/)?(curses|ncurses|term)\.h$/)
		else
			ok = name ~ /^more\/[a-z_]+\.def$/ || (name ~ /^(trace|src|db|ui|man)\// && may($1, name))
		if (!ok)
			printf "%s may not include %s\n", $1, name
	}
	END {
		for (f in files) n_files++
		if (n_files < 200)
			print "only " n_files + 0 " files with includes were found: is srcdir right?"
	}' | LC_ALL=C sort > "$tmp/broken"

# Files are written, renamed and removed in one place (SQLite writes databases; lab claims has a folder for the compiler).
grep -nE '[^_a-z>.](rename|unlink|mkstemp|mkostemp|link|remove|truncate)\(|O_CREAT|fopen\([^)]*, *"[wa]' \
	$(find trace src db ui -name '*.c') | grep -vE '^(trace/base/file|src/lab/classic/claims)\.c:' |
	sed 's/$/ (files are written by trace\/base\/file.c)/' > "$tmp/writers"
grep -nE '= *f?open\(' $(find trace src db ui -name '*.c') |
	grep -vE '^(trace/base/file|src/lab/classic/claims|src/lab/false_sharing|db/file/database)\.c:' |
	sed 's/$/ (files are opened by trace\/base\/file.c)/' >> "$tmp/writers"

cat "$tmp/broken" "$tmp/writers"
[ ! -s "$tmp/broken" ] && [ ! -s "$tmp/writers" ]

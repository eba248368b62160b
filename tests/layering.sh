#!/bin/sh
# The layers of README, "How it is built", hold in every #include line:
#
#	trace/  libc and itself
#	src/    libc, trace/ and itself: the engine and what feeds it; the kernel's counters in a lab
#	db/     libc, trace/, itself, SQLite and zstd
#	ui/     libc, trace/ and itself; curses only in ui/term.c
#	src/cmd_*.c, command.*, main.c: the command line, the only place that joins them
#
# Prints each line that breaks a rule. Exit status: 0 none, 1 some.
set -u
cd "${srcdir:-$(dirname "$0")/..}" || exit 99

libc=' arpa/inet.h assert.h byteswap.h complex.h ctype.h dirent.h endian.h errno.h fcntl.h fenv.h float.h
getopt.h inttypes.h langinfo.h libintl.h limits.h locale.h math.h poll.h pthread.h pwd.h sched.h setjmp.h signal.h stdalign.h
stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h stdnoreturn.h string.h strings.h sys/ioctl.h
sys/mman.h sys/resource.h sys/select.h sys/stat.h sys/statvfs.h sys/syscall.h sys/time.h sys/types.h sys/uio.h sys/wait.h
termios.h time.h unistd.h wchar.h wctype.h '

find trace src db ui -name '*.[ch]' -o -name '*.inc' -o -name '*.def' | sort | while read -r file; do
	sed -n 's/^[ 	]*#[ 	]*include[ 	]*\([<"][^>"]*[>"]\).*/\1/p' "$file" | while read -r header; do
		printf '%s %s\n' "$file" "$header"
	done
done | awk -v libc="$libc" '
	BEGIN { n = split(libc, names); for (i = 1; i <= n; i++) is_libc[names[i]] = 1 }

	function layer_of(path) {
		if (path ~ /^src\/(cmd_|command\.|main\.)/)
			return "command"
		sub(/\/.*/, "", path)
		return path
	}
	# May a file of layer a include one of layer b?
	function may(a, b) {
		return a == b || b == "trace" || a == "command"
	}
	{
		files[$1] = 1
		from = layer_of($1)
		name = substr($2, 2, length($2) - 2)
		if ($2 ~ /^</) {
			ok = name in is_libc ||
				(from == "db" && (name == "sqlite3.h" || name == "zstd.h")) ||
				($1 == "src/lab_false_sharing.c" && name == "linux/perf_event.h") ||
				($1 == "ui/term.c" && name ~ /^(ncursesw\/)?(curses|ncurses|term)\.h$/)
		} else if (name ~ /^\.\.\/[a-z]+\/[a-z_]+\.[a-z]+$/) {
			ok = may(from, layer_of(substr(name, 4)))
		} else {
			# A name without a folder is in the same one; anything deeper is not ours.
			folder = $1
			sub(/\/.*/, "", folder)
			ok = name !~ /\// && may(from, layer_of(folder "/" name))
		}
		if (!ok) {
			printf "%s: may not include %s\n", $1, $2
			bad = 1
		}
	}
	END {
		for (f in files) n_files++
		if (n_files < 20) {
			print "only " n_files + 0 " files with includes were found: is srcdir right?"
			exit 1
		}
		exit bad
	}'

#!/bin/sh
# Makes configure; asked to, also installs what is missing, builds, and runs the demo or the tests.
#
#	./autogen.sh          autoreconf only: no network, no packages
#	./autogen.sh deps     installs what is missing (Debian, Ubuntu), without questions
#	./autogen.sh demo     builds in build/ and opens the first demo; installs what that needs
#	./autogen.sh check    deps, builds in build/, runs all tests
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 1

usage() {
	sed -n '2,7s/^# \{0,1\}//p' "$here/autogen.sh"
}

say() { printf 'autogen.sh: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# What is needed, each known by a program or library that its packages give: what was
# installed in another way counts too. "build" is for building, "test" for the tests.
needs() {
	cat <<-END
		build program gcc        gcc libc6-dev
		build program make       make
		build program autoconf   autoconf
		build program automake   automake
		build program pkg-config pkg-config
		build library sqlite3    libsqlite3-dev
		build library ncursesw   libncurses-dev
		build library libzstd    libzstd-dev
		build library libxxhash  libxxhash-dev
		test  library check      check
		build program msgfmt     gettext
		test  program tmux       tmux
		test  program go         golang-go
		test  program sqlite3    sqlite3
		test  program mandoc     mandoc
	END
}

# missing PURPOSE...: the packages to install.
missing() {
	needs | while read -r purpose kind what packages; do
		case " $* " in
		*" $purpose "*) ;;
		*) continue ;;
		esac
		case $kind in
		program) command -v "$what" > /dev/null 2>&1 ;;
		library) pkg-config --exists "$what" 2> /dev/null ;;
		esac || printf '%s ' "$packages"
	done
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo -- "$@"
	fi
}

# apt_install OPTION PACKAGE...
apt_install() {
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# deps PURPOSE...
deps() {
	packages=$(missing "$@")
	packages=${packages% }
	if [ -z "$packages" ]; then
		say "all that is needed is installed"
		return
	fi
	command -v apt-get > /dev/null 2>&1 ||
		die "there is no apt-get here. Please install what these Debian packages hold: $packages"
	[ "$(id -u)" -eq 0 ] || command -v sudo > /dev/null 2>&1 ||
		die "you are not root and there is no sudo. Please have root run: apt-get install $packages"
	say "installing $packages"
	# shellcheck disable=SC2086 # the names are split on purpose, here and below
	if ! apt_install --dry-run $packages > /dev/null 2>&1; then
		# No package lists yet, as in a fresh container.
		as_root apt-get update || die "apt-get update failed"
	fi
	# shellcheck disable=SC2086
	if ! apt_install -qq $packages; then
		say "once more, with fresh package lists"
		as_root apt-get update || die "apt-get update failed"
		# shellcheck disable=SC2086
		apt_install -qq $packages || die "these could not be installed: $packages"
	fi
	packages=$(missing "$@")
	[ -z "$packages" ] || die "still missing after the installation: $packages"
}

autogen() {
	command -v autoreconf > /dev/null 2>&1 ||
		die "autoreconf is missing; ./autogen.sh deps installs it (packages autoconf automake pkg-config)"
	(cd "$here" && autoreconf -fi) || die "autoreconf failed"
}

# Goes to build/ and builds there. A build that is configured already keeps its options.
build() {
	jobs=$(getconf _NPROCESSORS_ONLN 2> /dev/null || echo 2)
	{ mkdir -p "$here/build" && cd "$here/build"; } || die "$here/build cannot be made"
	[ -f Makefile ] || ../configure || die "configure failed; build/config.log tells why"
	make -j "$jobs" || die "make failed"
}

if [ $# -gt 1 ]; then
	say "one argument at most" >&2
	usage >&2
	exit 2
fi
case ${1-} in
'')
	autogen
	;;
deps)
	deps build test
	;;
demo)
	deps build
	autogen
	build
	exec ./mapscope demo
	;;
check)
	deps build test
	autogen
	build
	exec make -j "$jobs" check
	;;
-h | --help)
	usage
	;;
*)
	say "\"$1\" is unknown" >&2
	usage >&2
	exit 2
	;;
esac

#!/bin/sh
# Fetches Go toolchains to compare with, and prints the path of each go command.
#
#	toolchains.sh 1.22 1.23
#
# A release is taken from the PATH (go, go1.22) where it is there. Else its packages are downloaded from Debian's suites,
# with apt and Debian's signatures, and unpacked into a folder of their own; no package is installed, and the system's
# own Go stays as it is.
#
# MAPSCOPE_TOOLCHAINS  the folder (default: $XDG_CACHE_HOME/mapscope/go, ~/.cache/mapscope/go)
#
# Exit status: 0 all are there, 1 one could not be had: why is on the standard error output.
set -u
folder=${MAPSCOPE_TOOLCHAINS:-${XDG_CACHE_HOME:-$HOME/.cache}/mapscope/go}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
status=0

complain() { printf 'toolchains: %s\n' "$*" >&2; status=1; }

# is GO RELEASE: is this command there, and of this release?
is() {
	case $(GOTOOLCHAIN=local "$1" version 2> /dev/null) in
	"go version go$2"[." "]*) return 0 ;;
	esac
	return 1
}

suite_of() {
	case $1 in
	1.19) echo bookworm ;;
	1.22 | 1.23) echo bookworm-backports ;;
	1.24) echo trixie ;;
	1.25) echo trixie-backports ;;
	*) echo sid ;;
	esac
}

# The archive of Debian that this machine's apt uses.
archive() {
	apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 2> /dev/null | sed -n 's/^Debian Debian //p' | head -n 1
}

# apt with lists of its own, of one suite.
apt_of() {
	suite=$1
	shift
	apt-get -qq -o Dir::Etc::SourceList="$folder/apt/$suite/sources.list" -o Dir::Etc::SourceParts=/dev/null \
		-o Dir::State::Lists="$folder/apt/$suite/lists" -o Dir::Cache="$folder/apt/$suite/cache" "$@"
}

# The compiler's packages link into /usr/share: such links go to the unpacked folder instead.
relink() {
	find "$1/usr/lib" -type l | while read -r link; do
		to=$(readlink "$link")
		case $to in
		/*) ln -sfn "$1$to" "$link" ;;
		esac
	done
}

fetch() {
	release=$1 dest=$folder/$1 suite=$(suite_of "$1")
	[ -r "$keyring" ] || { complain "go $1 is not in the PATH, and this is no Debian to fetch it from"; return 1; }
	archive=$(archive)
	[ -n "$archive" ] || { complain "go $1 is not in the PATH, and apt knows no archive of Debian to fetch it from"; return 1; }
	mkdir -p "$dest.part" "$folder/apt/$suite/lists/partial" "$folder/apt/$suite/cache/archives/partial" || return 1
	printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$archive" "$suite" > "$folder/apt/$suite/sources.list"
	apt_of "$suite" update >&2 || { complain "Debian's list of $suite cannot be fetched"; return 1; }
	(cd "$dest.part" && apt_of "$suite" download "golang-$release-go" "golang-$release-src" >&2 &&
		for deb in *.deb; do dpkg-deb -x "$deb" . && rm -f "$deb"; done) ||
		{ complain "Debian's $suite has no go $release, or it cannot be unpacked"; return 1; }
	rm -rf "$dest" && mv "$dest.part" "$dest" && relink "$dest"
}

for release in "$@"; do
	for go in go "go$release" "/usr/lib/go-$release/bin/go" "$folder/$release/usr/lib/go-$release/bin/go"; do
		is "$go" "$release" && break
		go=
	done
	if [ -z "$go" ] && fetch "$release"; then
		go=$folder/$release/usr/lib/go-$release/bin/go
		is "$go" "$release" || { complain "$go does not run"; go=; }
	fi
	[ -n "$go" ] && command -v "$go"
done
exit $status

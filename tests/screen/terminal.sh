#!/bin/sh
# Real terminals: 256, 16, 8 colours and none, NO_COLOR, themes, a theme that changes while the replay runs, and the
# terminal as it was before on every way out. tmux is the terminal: capture-pane -e gives the colours that have arrived.
# 77 (skipped) without tmux.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
set -u

source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
command -v tmux > /dev/null 2>&1 || { echo "terminal: SKIPPED, tmux is not installed"; exit 77; }
[ -x "$mapscope" ] || { echo "terminal: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-terminal.XXXXXX") || exit 99
LC_ALL=C.UTF-8 TERM=screen-256color XDG_CONFIG_HOME=/nonexistent
export LC_ALL TERM XDG_CONFIG_HOME
unset LANGUAGE NO_COLOR TMUX COLORTERM

t() { tmux -S "$tmp/socket" -f /dev/null "$@"; }
finish() {
	t kill-server 2> /dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 99' HUP INT TERM
failed=0
complain() {
	failed=$((failed + 1))
	echo "terminal: $1"
}

# Terminals of 8 colours are in every terminfo; one of 16 is made here.
ESC=$(printf '\033')
if command -v tic > /dev/null && infocmp screen > /dev/null 2>&1; then
	cat > "$tmp/sixteen" <<'END'
mapscope-16|sixteen colours, the bright ones as aixterm has them,
	colors#16, pairs#256,
	setaf=\E[%?%p1%{8}%<%t3%p1%d%e9%p1%{8}%-%d%;m, setab=\E[%?%p1%{8}%<%t4%p1%d%e10%p1%{8}%-%d%;m, use=screen,
END
	tic -x -o "$tmp/terminfo" "$tmp/sixteen" 2> /dev/null && sixteen=yes
fi

t new-session -d -s colour -x 80 -y 24 "env PS1='ready> ' ENV= sh" || { echo "terminal: no session" >&2; exit 99; }
t set-option -g status off
t resize-window -t colour -x 80 -y 24
screen() { t capture-pane -p -t colour; }
wait_for() {
	tries=0
	until screen | grep -qE -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || { complain "$2: no line matches $1"; screen | sed 's/^/    |/'; return 1; }
		sleep 0.1
	done
}

# open ENVIRONMENT OPTION...: the replay at a step that reads and writes
open() {
	what="$*"
	environment=$1
	shift
	t send-keys -t colour "clear; env $environment '$mapscope' replay --step 390 $* '$source/samples/fruit.map'; echo left" Enter
	wait_for ' step  390/' "$what"
	sleep 0.2
	t capture-pane -e -p -t colour > "$tmp/colours"
}
leave() {
	t send-keys -t colour q
	wait_for '^left' "$what: q leaves"
}
has() { grep -qF -- "$ESC[$1" "$tmp/colours" || complain "$what: there is no $1"; }
lacks() { grep -qE -- "$ESC\\[([0-9;]*;)?$1[;m]" "$tmp/colours" && complain "$what: there is $1"; }
no_blink() {
	sed 's/[34]8;5;[0-9]*//g' "$tmp/colours" | grep -qE "$ESC\\[([0-9;]*;)?[25][;m]" && complain "$what: it blinks, or is dim"
}

wait_for 'ready>' 'the shell'

open TERM=screen-256color
has '38;5;33m'
no_blink
leave

open TERM=screen-256color --theme light
has '38;5;20m'
lacks '38;5;33'
# The theme changes while it runs: every cell, the attributes too.
t send-keys -t colour ':theme projector' Enter
tries=0
until t capture-pane -e -p -t colour | grep -qF "48;5;16"; do
	tries=$((tries + 1))
	[ $tries -lt 50 ] || { complain ':theme projector has no effect'; break; }
	sleep 0.1
done
t capture-pane -e -p -t colour > "$tmp/colours"
lacks '38;5;20'
leave

# Without a theme that of the background: by COLORFGBG, or as the terminal answers, however late, and in two pieces; an
# answer is no keys, so the step stays, and who has chosen a theme keeps it.
open "TERM=screen-256color 'COLORFGBG=0;15'"
has '38;5;20m'
lacks '38;5;33'
leave
colour_comes() {
	tries=0
	until t capture-pane -e -p -t colour | grep -qF -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 50 ] || { complain "$2"; return; }
		sleep 0.1
	done
}
answer='1b 5d 31 31 3b 72 67 62 3a 66 66 66 66 2f 66 66 66 66 2f 66 66 66 66'
open TERM=screen-256color
t send-keys -t colour -H $answer 1b 5c
colour_comes '38;5;20m' 'a white background has no effect'
screen | grep -q ' step  390/' || complain "an answer moves: $(screen | tail -n 1)"
t send-keys -t colour .
wait_for ' step  391/' 'a key behind the answer'
leave
open TERM=screen-256color --theme dark
t send-keys -t colour ,
wait_for ' step  389/' 'a key where nothing is asked'
leave

open TERM=screen-256color --theme mono
lacks '3[0-7]'
lacks '38;5;[0-9]*'
has '7m'
leave

open TERM=screen
lacks '38;5;[0-9]*'
grep -qE "$ESC\\[([0-9;]*;)?3[1-7][;m]" "$tmp/colours" || complain "$what: no colours"
no_blink
leave

if [ "${sixteen-}" ]; then
	open "TERM=mapscope-16 TERMINFO='$tmp/terminfo'"
	lacks '38;5;[0-9]*'
	grep -qE "$ESC\\[([0-9;]*;)?9[0-7][;m]" "$tmp/colours" || complain "$what: no bright colours"
	no_blink
	leave
else
	echo "terminal: without tic a terminal of 16 colours is not tested"
fi

open 'TERM=screen-256color NO_COLOR=1'
lacks '3[0-7]'
lacks '38;5;[0-9]*'
leave
open 'TERM=screen-256color NO_COLOR=1' --colour 256
has '38;5;33m'
leave
open TERM=screen-256color --colour 0
lacks '38;5;[0-9]*'
leave

# In Chinese, and in ASCII where the locale is no better.
open TERM=screen-256color --theme dark
leave
t send-keys -t colour "clear; '$mapscope' --lang zh replay --step 390 '$source/samples/fruit.map'; echo left" Enter
if wait_for '第  390/' 'in Chinese'; then
	screen | grep -q '回放$' || complain "the title's end is not at its place: $(screen | head -n 1)"
fi
t send-keys -t colour q
wait_for '^left' 'q leaves'
open 'LC_ALL=C'
screen | LC_ALL=C grep -q "$(printf '[\200-\377]')" && complain "the C locale gets more than ASCII"
leave

# ---- every way out ----

t send-keys -t colour "clear; stty -a > '$tmp/before'" Enter
for signal in INT QUIT TERM HUP SEGV BUS ABRT FPE ILL; do
	t send-keys -t colour "clear; (ulimit -c 0; sh -c 'echo \$\$ > $tmp/pid; exec $mapscope replay --mouse $source/samples/fruit.map')" Enter
	wait_for '^ mapscope  fruit' "before SIG$signal" || break
	kill -$signal "$(cat "$tmp/pid")"
	wait_for 'ready>' "SIG$signal ends it" # a shell leaves the rest of the line out after SIGINT
	t send-keys -t colour "stty -a > '$tmp/after'; echo left" Enter
	wait_for '^left' "after SIG$signal"
	state=$(t display-message -p -t colour '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}')
	[ "$state" = '0 1 0 0' ] || complain "SIG$signal: screen, cursor, mouse, keypad: $state"
	cmp -s "$tmp/before" "$tmp/after" || complain "SIG$signal: the settings of the line are not restored"
done

echo "terminal: $failed failed"
[ $failed -eq 0 ]

#!/bin/sh
# The replay in a real terminal: tmux runs it, types keys, resizes, and looks at the screen.
# 77 (skipped) without tmux. MAPSCOPE: the program (default: mapscope in the build directory).
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
command -v tmux > /dev/null 2>&1 || { echo "tmux: SKIPPED, tmux is not installed"; exit 77; }
[ -x "$mapscope" ] || { echo "tmux: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
LC_ALL=C.UTF-8
TERM=screen-256color
MAPSCOPE_SAMPLES=$here/../../samples
export LC_ALL TERM MAPSCOPE_SAMPLES
unset LANGUAGE NO_COLOR TMUX
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-tmux.XXXXXX") || exit 99

# A server of our own, which reads nobody's configuration.
t() { tmux -S "$tmp/socket" -f /dev/null "$@"; }
finish() {
	t kill-server 2> /dev/null
	rm -rf "$tmp"
}
trap finish EXIT
trap 'exit 99' HUP INT TERM

screen() { t capture-pane -p -t replay; }

fail() {
	echo "tmux: $1; the screen is:"
	screen | sed 's/^/    |/'
	exit 1
}

# expect PATTERN WHAT: waits until a line of the screen matches. Slow machines get their time.
expect() {
	tries=0
	until screen | grep -qE -- "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 150 ] || fail "$2: no line matches $1"
		sleep 0.1
	done
}

keys() { t send-keys -t replay "$@"; }
step() { screen | sed -n 's/.* step *\([0-9]*\)\/[0-9]* .*/\1/p' | tail -n 1; }

# The shell stays when the program has gone, so its screen can be looked at.
t new-session -d -s replay -x 80 -y 24 "env PS1='ready> ' ENV= sh" || { echo "tmux: no session" >&2; exit 99; }
t set-option -g status off
t resize-window -t replay -x 80 -y 24
expect 'ready>' 'the shell'
keys "stty -a > '$tmp/before'; '$mapscope' demo fruit; echo left with \$?; stty -a > '$tmp/after'" Enter

# It opens.
expect '^ mapscope  fruit' 'the title'
expect 'step +0/[0-9]+ ' 'the transport, at the first step'
expect '35 operations on a Go map' 'the card'
[ "$(screen | wc -l)" -eq 24 ] || fail "a frame of 24 rows"

# Keys step: to the start, forwards, back, to operation 15, to the end.
keys g
expect ' step +0/' 'g goes to the first step'
keys .
expect ' step +1/' '. steps forward'
keys Right
expect ' step +3/' 'Right steps forward, over a step of the allocator'
keys Left
expect ' step +1/' 'Left steps back'
keys 15G
expect 'op 15/35' '15G goes to operation 15'
keys G
expect ' step +([0-9]+)/\1 ' 'G goes to the last step'

# Resizing keeps the step.
keys 3 9 0 g
expect ' step +390/' '390g goes to step 390'
t resize-window -t replay -x 120 -y 40
expect '─ arrays ─' '120x40 has the arrays panel'
[ "$(step)" = 390 ] || fail "120x40 is at step $(step), not 390"
t resize-window -t replay -x 30 -y 6
expect 'this terminal is 30x6' '30x6 says that it is too small'
t resize-window -t replay -x 80 -y 24
expect ' step +390/' '80x24 again, at the same step'

# Playing moves on by itself; help comes and goes.
keys Space
expect ' step +39[1-9]/| step +[4-9][0-9][0-9]/' 'space plays'
keys Space
keys '?'
expect '─ help' '? shows the help'
keys Escape
expect '^─ slot' 'Esc leaves the help'

# q leaves, and the terminal is as it was: the shell's screen, the cursor, the line settings.
keys q
expect 'left with 0' 'q leaves'
screen | grep -q '^ mapscope' && fail "the replay is still on the screen"
expect 'ready>' 'the shell again'
[ "$(t display-message -p -t replay '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}')" = '0 1 0 0' ] ||
	fail "screen, cursor, mouse, keypad are not restored: $(t display-message -p -t replay '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}')"
cmp "$tmp/before" "$tmp/after" || fail "the terminal's settings are not restored"

# A signal restores it as well.
keys "clear; sh -c 'echo \$\$ > $tmp/pid; exec $mapscope demo fruit'; echo left with \$?" Enter
expect '^ mapscope  fruit' 'the replay opens again'
kill -TERM "$(cat "$tmp/pid")"
expect 'left with [0-9]+' 'SIGTERM ends it'
[ "$(t display-message -p -t replay '#{alternate_on} #{cursor_flag}')" = '0 1' ] ||
	fail "after SIGTERM the screen or the cursor is not restored"

# With --mouse: a click on the bar at the bottom goes there, a drag scrubs, the wheel steps, Alt and a key is nothing.
# tmux passes on what a terminal would send; the form is the one that TERM's table names.
mouse() { keys -l "$(printf '\033[<%d;%d;%d%s' "$1" "$2" "$3" "$4")"; }
keys "clear; sh -c 'echo \$\$ > $tmp/pid; TERM=xterm-256color exec $mapscope demo fruit --mouse'; echo left with \$?" Enter
expect '^ mapscope  fruit' 'the replay opens with --mouse'
if [ "$(t display-message -p -t replay '#{mouse_any_flag}')" = 1 ]; then
	keys g
	expect ' step +0/' 'g goes to the first step'
	mouse 0 72 24 M
	mouse 0 72 24 m
	expect ' step +([0-9]+)/\1 ' 'a click on the end of the bar goes to the last step'
	mouse 0 70 24 M
	mouse 32 64 10 M
	mouse 32 63 10 M
	mouse 0 63 10 m
	expect ' step +0/' 'a drag to the beginning of the bar goes to the first step'
	mouse 65 40 22 M
	expect ' step +1/' 'the wheel steps forward'
	mouse 64 40 22 M
	expect ' step +0/' 'the wheel steps back'
	mouse 0 10 10 M
	mouse 0 10 10 m
else
	echo "tmux: the mouse is not tested, this curses does not ask for one"
fi
keys '?'
expect '─ help' '? shows the help'
keys M-z
expect '^─ slot' 'Alt and a key closes the help as any key does'
keys Tab M-q
expect '^ mapscope  fruit' 'Alt and q is not q'

# A crash: the screen, the cursor and the mouse are given back before the program dies.
kill -SEGV "$(cat "$tmp/pid")"
expect 'left with [0-9]+' 'SIGSEGV ends it'
[ "$(t display-message -p -t replay '#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}')" = '0 1 0 0' ] ||
	fail "after SIGSEGV screen, cursor, mouse or keypad are not restored"
keys "clear; stty -a > '$tmp/after'; echo looked" Enter
expect '^looked' 'the shell after the crash'
cmp "$tmp/before" "$tmp/after" || fail "after SIGSEGV the terminal's settings are not restored"

# Clicks on a slot, on a byte, in a view, in each of the forms in which terminals tell of them.
click() { # COLUMN ROW, from 1; press and release come at once, as from a quick finger
	case $term in
	xterm*) keys -l "$(printf '\033[<0;%d;%dM\033[<0;%d;%dm' "$1" "$2" "$1" "$2")" ;;
	*) for button in 32 35; do printf '\\033[M\\%03o\\%03o\\%03o' $button $((32 + $1)) $((32 + $2)); done > "$tmp/click"
		# shellcheck disable=SC2059
		keys -l "$(printf "$(cat "$tmp/click")")" ;;
	esac
}
for term in xterm-256color tmux-256color screen-256color; do
	infocmp $term > /dev/null 2>&1 || { echo "tmux: there is no $term to test the mouse with"; continue; }
	keys "clear; TERM=$term '$mapscope' replay --mouse --step 390 '$MAPSCOPE_SAMPLES/fruit.map'; echo left with \$?" Enter
	expect ' step +390/' "the replay opens in $term"
	[ "$(t display-message -p -t replay '#{mouse_any_flag}')" = 1 ] || { keys q; expect '^left' 'q leaves'; continue; }
	click 30 12
	expect '^► 6 ' "$term: a click on a slot selects it"
	click 20 16
	expect '^► 2 ' "$term: a click on a byte selects its slot"
	click 20 16
	click 20 16
	expect ' bytes ?$' "$term: a double click on a byte opens the view of bytes"
	keys E
	expect ' events ?$' "$term: E opens the list of events"
	click 30 8
	expect ' step +38[0-9]/' "$term: a click on an event goes there"
	keys q
	expect '^left with 0' "$term: q leaves"
done
echo "tmux: opens, steps, resizes, plays, takes a mouse, leaves, crashes"

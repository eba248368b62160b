/* The terminal: the only file that includes curses.  It puts grids out, reads keys, keeps time for playing,
 * and gives the terminal back as it was on every way out.
 *
 * Cells that did not change are not given to curses again, and curses sends only what differs from the
 * screen, so a step costs some hundred bytes.  Keys that wait are all taken before the next frame: a slow
 * terminal loses frames, never steps.
 */
#define _XOPEN_SOURCE_EXTENDED 1
#include "ui/control/replay.h"
#include "ui/grid/text.h"

#include "trace/base/memory.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_MS = 33, KEYS_A_FRAME = 64 };
#define DOUBLE_CLICK 0.4 /* seconds */

/* ---- giving the terminal back ----
 *
 * Signal handlers must not call curses, so what they need is made ready before: the settings of the line and
 * the terminal's own strings.  These are the only variables of this file: handlers have no argument. */
static struct termios line_before;
static char restore_text[256];
static volatile sig_atomic_t in_use, stop_signal;
static bool mouse_in_use;

/* Those that end the program at once; what else would end it lets it come to its own end (on_quit). */
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT, SIGTRAP, SIGSYS };
/* Those that end no program, or cannot be caught; writing to nobody is an error that is seen (SIGPIPE). */
static const int other_signals[] = { SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG,
	SIGWINCH, SIGPIPE };
enum { SIGNALS = 65 }; /* more than there are */

static void on_quit(int sig)
{
	stop_signal = sig;
}

/* Async-signal-safe, and without a need for memory: it is a hook of memory.h too. */
static void give_back(void *unused)
{
	(void)unused;
	if (!in_use)
		return;
	in_use = 0;
	if (write(STDOUT_FILENO, restore_text, strlen(restore_text)) < 0) {
		/* the terminal is gone */
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &line_before);
}

static void on_crash(int sig)
{
	give_back(NULL);
	signal(sig, SIG_DFL);
	raise(sig);
}

static void remember_strings(void)
{
	static const char *const names[] = { "sgr0", "rmkx", "cnorm", "rmcup" };
	restore_text[0] = 0;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *s = tigetstr((char *)names[i]);
		if (s && s != (char *)-1 && strlen(restore_text) + strlen(s) + 1 < sizeof restore_text)
			strcat(restore_text, s);
	}
}

/* Curses asks for clicks; that the terminal tells of moves while a button is held is asked for here. */
static const char mouse_on[] = "\033[?1002h", mouse_off[] = "\033[?1002l\033[?1006l\033[?1000l";

static void mouse_ask(const char *text)
{
	if (mouse_in_use) {
		putp(text);
		fflush(stdout);
	}
}

static void leave(void)
{
	if (in_use) {
		in_use = 0;
		mouse_ask(mouse_off);
		endwin();
	}
}

static bool is_among(int sig, const int *signals, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (signals[i] == sig)
			return true;
	return false;
}

/* What was ignored stays so. */
static void set_handlers(struct sigaction before[SIGNALS])
{
	struct sigaction crash = { .sa_handler = on_crash }, quit = { .sa_handler = on_quit };
	sigemptyset(&crash.sa_mask);
	sigemptyset(&quit.sa_mask); /* no SA_RESTART: poll must come back */
	for (int sig = 1; sig < SIGNALS; sig++) {
		bool crashes = is_among(sig, crash_signals, sizeof crash_signals / sizeof *crash_signals);
		if (is_among(sig, other_signals, sizeof other_signals / sizeof *other_signals) ||
			sigaction(sig, NULL, &before[sig]) != 0 || before[sig].sa_handler == SIG_IGN)
			continue;
		sigaction(sig, crashes ? &crash : &quit, NULL);
	}
}

static void restore_handlers(const struct sigaction before[SIGNALS])
{
	for (int sig = 1; sig < SIGNALS; sig++)
		if (!is_among(sig, other_signals, sizeof other_signals / sizeof *other_signals))
			sigaction(sig, &before[sig],
				NULL); /* of some that libc keeps for itself it is refused */
}

/* ---- colours ---- */

struct output {
	int theme, colours;     /* 0, 8, 16, 256 */
	struct grid now, shown; /* shown: what curses has */
	bool all;               /* give every cell again */
};

static int terminal_colours(const struct ui_options *o)
{
	const char *no = getenv("NO_COLOR");
	int has = tigetnum("colors"), most = has >= 256 ? 256 : has >= 16 ? 16 : has >= 8 ? 8 : 0;
	switch (o->colour) {
	case UI_COLOUR_NONE: return 0;
	case UI_COLOUR_16: return most < 16 ? most : 16;
	case UI_COLOUR_256: return most;
	default: return no && no[0] ? 0 : most;
	}
}

/* Terminals with 8 colours have the bright ones as bold. */
static short colour_number(const struct output *t, int colour)
{
	return (short)(t->colours == 8 && colour >= 8 ? colour - 8 : colour);
}

static void colours_init(struct output *t)
{
	if (t->colours == 0)
		return;
	start_color();
	use_default_colors();
	for (int role = 0; role < STYLE_ROLES; role++) {
		struct look l = theme_look(t->theme, t->colours, (style)role);
		init_pair((short)(role + 1), colour_number(t, l.foreground), colour_number(t, l.background));
	}
}

static void cell_out(struct output *t, int x, int y, const struct cell *c)
{
	struct look l = theme_look(t->theme, t->colours, c->style);
	attr_t a = (l.attributes & STYLE_BOLD ? A_BOLD : 0) |
		(l.attributes & STYLE_UNDERLINE ? A_UNDERLINE : 0) |
		(l.attributes & STYLE_REVERSE ? A_REVERSE : 0);
	if (t->colours == 8 && l.foreground >= 8)
		a |= A_BOLD;
	wchar_t text[2 + GRID_COMBINING] = { (wchar_t)c->ch };
	for (int i = 0; i < GRID_COMBINING; i++)
		text[1 + i] = (wchar_t)c->combining[i];
	cchar_t out;
	setcchar(&out, text, a, t->colours ? (short)((c->style & STYLE_ROLE) + 1) : 0, NULL);
	mvadd_wch(y, x, &out);
}

static void grid_out(struct output *t)
{
	for (int y = 0; y < t->now.h; y++)
		for (int x = 0; x < t->now.w; x++) {
			const struct cell *c = &t->now.cell[y * t->now.w + x],
					  *was = &t->shown.cell[y * t->now.w + x];
			if (c->ch && (t->all || memcmp(c, was, sizeof *c) != 0))
				cell_out(t, x, y, c);
		}
	t->all = false;
	move(t->now.h - 1, t->now.w - 1);
	refresh();
	struct grid swap = t->shown;
	t->shown = t->now;
	t->now = swap;
}

static void frame_out(struct output *t, struct replay *r)
{
	int h, w;
	getmaxyx(stdscr, h, w);
	if (t->now.w != w || t->now.h != h) {
		grid_release(&t->now);
		grid_release(&t->shown);
		grid_init(&t->now, w, h, r->state.ascii);
		grid_init(&t->shown, w, h, r->state.ascii);
		erase();
		t->all = true;
	}
	if (!t->now.w || !t->now.h)
		return;
	if (r->state.theme != t->theme) {
		t->theme = r->state.theme;
		colours_init(t);
		t->all = true;
	}
	replay_draw(r, &t->now);
	grid_out(t);
}

static double seconds_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Where it was pressed last, to tell a double click, and whether it is held down. */
struct pointer {
	bool down;
	int x, y;
	double at;
};

/* ---- the background ----
 *
 * The terminal is asked for its background (OSC 11) where no theme has been chosen.  The first frame waits
 * 100 ms for the answer; one that comes later is known by how it begins, and is no keys either. */
enum { ANSWER_MS = 100, ANSWER_MOST = 64, ANSWER_SPLIT_MS = 50 };
#define ANSWER_SECONDS 0.5 /* what has not ended by then is none */

struct answer {
	bool asked;   /* and not yet answered */
	bool inside;  /* of an answer */
	bool escaped; /* an escape was in it: its end has begun */
	double began;
	char text[ANSWER_MOST];
	size_t n;
	int theme;   /* that the state had before */
	int pending; /* a key that came before the first frame */
};

/* What the keyboard and the terminal send. */
struct input {
	struct pointer pointer;
	struct answer answer;
};

static void background_ask(struct answer *a, struct replay *r, const struct output *t, const char *chosen)
{
	const char *name = getenv("TERM");
	if ((chosen && theme_find(chosen) != theme_auto()) || t->colours == 0)
		return;
	int theme = theme_of_colorfgbg(getenv("COLORFGBG"));
	r->state.theme = theme >= 0 ? theme : theme_find("dark");
	a->theme = r->state.theme;
	if (name && strcmp(name, "linux") == 0) /* it would print the question */
		return;
	a->asked = true;
	fputs("\033]11;?\033\\", stdout);
	fflush(stdout);
}

/* An answer that has ended.  Who has chosen a theme meanwhile keeps it. */
static void background_told(struct answer *a, struct replay *r)
{
	a->text[a->n] = 0;
	int theme = theme_of_background(a->text);
	if (theme >= 0 && r->state.theme == a->theme)
		r->state.theme = theme;
	a->inside = a->asked = false;
}

/* true: the character belongs to an answer. */
static bool answer_takes(struct answer *a, struct replay *r, wint_t code)
{
	if (!a->inside)
		return false;
	if (seconds_now() - a->began > ANSWER_SECONDS || a->n + 1 >= sizeof a->text) {
		a->inside = false;
		return false;
	}
	if (code == 7 || code == 0x9c || (a->escaped && code == '\\'))
		background_told(a, r);
	else if (code == K_ESCAPE)
		a->escaped = true;
	else
		a->text[a->n++] = (char)code;
	return true;
}

/* ---- keys ---- */

static int key_of_curses(wint_t code)
{
	static const struct {
		int curses, key;
	} keys[] = { { KEY_LEFT, K_LEFT }, { KEY_RIGHT, K_RIGHT }, { KEY_UP, K_UP }, { KEY_DOWN, K_DOWN },
		{ KEY_HOME, K_HOME }, { KEY_END, K_END }, { KEY_PPAGE, K_PAGE_UP },
		{ KEY_NPAGE, K_PAGE_DOWN }, { KEY_IC, K_INSERT }, { KEY_DC, K_DELETE },
		{ KEY_BTAB, K_BACK_TAB }, { KEY_ENTER, K_ENTER }, { KEY_BACKSPACE, K_BACKSPACE } };
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if ((wint_t)keys[i].curses == code)
			return keys[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return K_F1 + (int)(code - KEY_F(1));
	return K_NONE;
}

/* ---- the mouse ---- */

/* A press and a release that are read at once are a click to curses, whatever it has been told. */
#define CLICKS (BUTTON1_CLICKED | BUTTON1_DOUBLE_CLICKED | BUTTON1_TRIPLE_CLICKED)

static void pointer_open(void)
{
	const char *keys = tigetstr("kmous");
	mouseinterval(0); /* curses would wait to see whether a click becomes a double one */
	mouse_in_use = keys && keys != (char *)-1 &&
		mousemask(BUTTON1_PRESSED | BUTTON1_RELEASED | CLICKS | BUTTON4_PRESSED | BUTTON5_PRESSED |
				REPORT_MOUSE_POSITION,
			NULL) != 0;
	mouse_ask(mouse_on);
	if (mouse_in_use && strlen(restore_text) + sizeof mouse_off < sizeof restore_text)
		strcat(restore_text, mouse_off);
}

static void pointer_press(struct pointer *p, struct replay *r, int x, int y)
{
	double now = seconds_now();
	bool again = now - p->at < DOUBLE_CLICK && x == p->x && y == p->y;
	p->at = again ? 0 : now;
	p->x = x;
	p->y = y;
	p->down = true;
	replay_mouse(r, again ? MOUSE_DOUBLE : MOUSE_PRESS, x, y);
}

/* true: something has changed. */
static bool pointer_read(struct pointer *p, struct replay *r)
{
	MEVENT e;
	if (getmouse(&e) != OK)
		return false;
	if (e.bstate & BUTTON4_PRESSED) {
		replay_mouse(r, MOUSE_WHEEL_UP, e.x, e.y);
	} else if (e.bstate & BUTTON5_PRESSED) {
		replay_mouse(r, MOUSE_WHEEL_DOWN, e.x, e.y);
	} else if (e.bstate & CLICKS) {
		pointer_press(p, r, e.x, e.y);
		if (e.bstate & ~BUTTON1_CLICKED & CLICKS)
			pointer_press(p, r, e.x, e.y);
		p->down = false;
		replay_mouse(r, MOUSE_RELEASE, e.x, e.y);
	} else if (e.bstate & BUTTON1_RELEASED) {
		p->down = false;
		replay_mouse(r, MOUSE_RELEASE, e.x, e.y);
	} else if (p->down && (e.bstate & (REPORT_MOUSE_POSITION | BUTTON1_PRESSED))) {
		replay_mouse(r, MOUSE_DRAG, e.x, e.y);
	} else if (e.bstate & BUTTON1_PRESSED) {
		pointer_press(p, r, e.x, e.y);
	} else {
		return false;
	}
	return true;
}

/* What comes right behind an escape belongs to it: Alt and a key, which must not be taken as Esc. */
static int escape_key(struct answer *a)
{
	wint_t code;
	int kind = get_wch(&code);
	if (kind == ERR && a->asked) { /* an answer may come in two pieces */
		struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
		poll(&p, 1, ANSWER_SPLIT_MS);
		kind = get_wch(&code);
	}
	if (kind == ERR)
		return K_ESCAPE;
	if (kind == OK && code == ']' && a->asked) {
		a->inside = true;
		a->escaped = false;
		a->began = seconds_now();
		a->n = 0;
		return K_NONE;
	}
	if (kind == KEY_CODE_YES) {
		int key = key_of_curses(code);
		return key == K_NONE ? K_NONE : key | K_META;
	}
	return (int)code | K_META;
}

/* The next key that is there already; K_NONE: none.  *ret_resized: the size has changed. */
static int key_read(struct replay *r, struct input *in, bool *ret_resized)
{
	wint_t code;
	int kind, theme = r->state.theme;
	if (in->answer.pending) {
		int key = in->answer.pending;
		in->answer.pending = K_NONE;
		return key;
	}
	while ((kind = get_wch(&code)) != ERR) {
		if (kind == KEY_CODE_YES && code == KEY_RESIZE) {
			*ret_resized = true;
			continue;
		}
		if (kind == KEY_CODE_YES && code == KEY_MOUSE) {
			*ret_resized |= pointer_read(&in->pointer, r);
			continue;
		}
		if (kind == OK && answer_takes(&in->answer, r, code)) {
			*ret_resized |= r->state.theme != theme; /* all is drawn anew */
			continue;
		}
		if (kind == OK && code == K_ESCAPE) {
			int key = escape_key(&in->answer);
			if (in->answer.inside)
				continue;
			return key;
		}
		int key = kind == KEY_CODE_YES ? key_of_curses(code) : code == '\n' ? K_ENTER : (int)code;
		if (key != K_NONE)
			return key;
	}
	return K_NONE;
}

/* Waits for a key or a signal, timeout_ms at most (-1: for ever).  false: the terminal is gone. */
static bool wait_input(int timeout_ms)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	int n = poll(&p, 1, timeout_ms);
	return n <= 0 ? n == 0 || errno == EINTR
		      : !(p.revents & (POLLHUP | POLLERR | POLLNVAL)) || p.revents & POLLIN;
}

static void suspend(struct output *t)
{
	mouse_ask(mouse_off);
	endwin();
	kill(0, SIGTSTP); /* the whole job, as the shell would */
	t->all = true;
	clearok(stdscr, TRUE);
	refresh();
	mouse_ask(mouse_on); /* last: curses asks for less */
}

static void requests(struct output *t, struct replay *r)
{
	if (r->state.suspend) {
		r->state.suspend = false;
		suspend(t);
	}
	if (r->state.redraw) {
		r->state.redraw = false;
		t->all = true;
		clearok(stdscr, TRUE);
	}
}

/* What takes long goes on for the time of a frame, or until a key waits. */
static bool work(struct replay *r)
{
	struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
	double end = seconds_now() + FRAME_MS / 1000.0;
	bool worked = false;
	while (seconds_now() < end && poll(&p, 1, 0) == 0 && replay_work(r))
		worked = true;
	return worked;
}

/* Waits for an answer, and for a key no longer than that. */
static void background_wait(struct input *in, struct replay *r)
{
	double end = seconds_now() + ANSWER_MS / 1000.0;
	bool resized = false;
	for (double left; in->answer.asked && !stop_signal && (left = end - seconds_now()) > 0;) {
		struct pollfd p = { .fd = STDIN_FILENO, .events = POLLIN };
		poll(&p, 1, (int)(left * 1000) + 1);
		int key = key_read(r, in, &resized);
		if (key != K_NONE) {
			in->answer.pending = key;
			return;
		}
	}
}

static void run(struct output *t, struct replay *r, struct input *in)
{
	background_wait(in, r);
	double before = seconds_now();
	bool due = true;
	while (!r->state.quit && !stop_signal) {
		if (due)
			frame_out(t, r);
		due = false;
		bool at_once = replay_busy(r) || in->answer.pending;
		if (!wait_input(at_once ? 0 : r->state.playing ? FRAME_MS : -1))
			break;
		bool resized = false;
		for (int n = 0, key;
			n < KEYS_A_FRAME && !r->state.quit && (key = key_read(r, in, &resized)) != K_NONE;
			n++) {
			replay_key(r, key);
			due = true;
		}
		double now = seconds_now();
		due = replay_tick(r, now - before) || due || resized;
		due = work(r) || due;
		before = now;
		requests(t, r);
	}
}

static int open_terminal(struct source *s)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		snprintf(s->error, sizeof s->error, "%s",
			_("the replay needs a terminal; \"mapscope show\" prints a frame without one"));
		return -1;
	}
	tcgetattr(STDIN_FILENO, &line_before);
	const char *name = getenv("TERM");
	SCREEN *screen = NULL;
	int known = 0;
	if (setupterm(NULL, STDOUT_FILENO, &known) == OK) {
		TERMINAL *asked = cur_term; /* newterm has one of its own */
		screen = newterm(NULL, stdout, stdin);
		del_curterm(asked);
	}
	if (known == 1 && !screen) {
		snprintf(s->error, sizeof s->error, "%s",
			_("there is no memory for a screen of this size; are LINES and COLUMNS right?"));
		return -1;
	}
	if (known != 1) {
		snprintf(s->error, sizeof s->error,
			_("the terminal \"%s\" is not known here; try TERM=xterm"), name ? name : "");
		return -1;
	}
	remember_strings();
	in_use = 1;
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	set_escdelay(25);
	timeout(0);
	curs_set(0);
	return 0;
}

/* What was typed is not lost. What goes wrong is left to the caller, who saves what is not saved. */
static void save(const struct ui_options *o)
{
	char said[512];
	struct ui_engine *e = o->engine;
	if (e && e->save && e->unsaved && e->save(e, NULL, said, sizeof said) == 0)
		fprintf(stop_signal ? stderr : stdout, "%s\n", said);
}

int ui_run(struct source *s, const struct ui_options *o)
{
	static bool registered;
	struct sigaction before[SIGNALS] = { 0 };
	struct replay r;
	struct output t = { .theme = o->theme ? theme_find(o->theme) : 0, .all = true };
	if (t.theme < 0) {
		snprintf(s->error, sizeof s->error, _("there is no theme \"%s\""), o->theme);
		return -1;
	}
	stop_signal = 0;
	set_handlers(before); /* first: curses takes the signals that nobody has */
	if (open_terminal(s) != 0) {
		restore_handlers(before);
		return -1;
	}
	if (!registered)
		registered = atexit(leave) == 0;
	memory_hook_add(give_back, NULL);
	t.colours = terminal_colours(o);
	colours_init(&t);
	replay_init(&r, s, o);
	struct input in = { 0 };
	if (o->mouse)
		pointer_open();
	background_ask(&in.answer, &r, &t, o->theme);
	run(&t, &r, &in);
	leave();
	memory_hook_remove(give_back, NULL);
	save(o); /* before signals have their own way again */
	restore_handlers(before);
	replay_release(&r);
	grid_release(&t.now);
	grid_release(&t.shown);
	if (stop_signal) /* the parent should see what ended it */
		raise(stop_signal);
	return 0;
}

/* The prompt of a session: what is typed is recorded and seen at once. */
#include "ui/mode/private.h"
#include "ui/mode/prompt_history.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines typed in earlier sessions are kept in this file. */
static const char history_file[] = "play.history";

/* Shows the end of what has been played; the source may have grown or be another one. */
static void follow(struct mode *mode)
{
	struct state *st = mode->state;
	struct ui_engine *e = st->options.engine;
	struct session_mode *m = &mode->session;
	if (!e->source)
		return;
	m->back = 0;
	if (m->generation == e->generation && st->source == e->source) {
		st->hold.held = false;
		state_ask(st, REQUEST_GO, e->source->steps);
		return;
	}
	costs_release(&m->costs);
	if (mode->marked != m->from) /* it was in what had been played before, which is gone */
		mode->marked = NULL;
	m->away = m->away || (m->from && st->source == m->from);
	state_ask(st, m->from && st->source == m->from ? REQUEST_LEAVE : REQUEST_ADOPT, 0);
	st->request.source = e->source;
	m->generation = e->generation;
}

static void say(struct session_mode *m, bool wrong, unsigned column, const char *text)
{
	snprintf(m->said, sizeof m->said, "%s", text);
	m->wrong = wrong;
	m->column = column;
}

/* Is the operation of the step in sight under way? */
static bool in_operation(struct mode *mode)
{
	struct scene s;
	if (log_seek(mode->log, mode->player, mode->state->step) != 0)
		return false;
	scene_make(&s, mode->player, mode->log, NULL, &mode->state->hold, mode->state->ascii);
	return s.op.op && !s.after;
}

/* A session after operation op of the recording in sight, the one that has been played already if it began
 * there.  false: it cannot be. */
static bool begin(struct mode *mode, uint64_t op, char *said, size_t cap)
{
	struct ui_engine *e = mode->state->options.engine;
	struct session_mode *m = &mode->session;
	bool played = mode->state->source == e->source;
	if (played && op >= mode->state->source->ops)
		return true;
	if (!played && e->source && m->from == mode->state->source && m->from_op == op) {
		snprintf(said, cap, _("%s goes on"), e->source->name);
		return true;
	}
	if (e->from(e, mode->state->source, op, said, cap) != 0) {
		if (!played && !e->source)
			m->from = NULL;
		return false;
	}
	if (!played) {
		m->from = mode->state->source;
		m->from_op = op;
		if (!*said)
			snprintf(said, cap,
				P_("%" PRIu64 " operation run again, same bytes",
					"%" PRIu64 " operations run again, same bytes", op),
				op);
	}
	return true;
}

/* Before anything else there is to say. */
static void say_under_way(char *text, size_t cap, uint64_t op)
{
	char rest[SESSION_SAID - 64];
	snprintf(rest, sizeof rest, "%.*s", (int)sizeof rest - 1, text);
	size_t n = (size_t)snprintf(text, cap, _("op %" PRIu64 " was under way: this is its end"), op);
	if (*rest && n < cap)
		snprintf(text + n, cap - n, "; %s", rest);
}

/* From the step in sight: after the operation it belongs to. */
void session_open(struct mode *mode)
{
	struct ui_engine *e = mode->state->options.engine;
	char text[SESSION_SAID] = "";
	if (!e) {
		state_message(mode->state, false, "%s", _("there is no engine here that could go on"));
		return;
	}
	struct session_mode *m = &mode->session;
	uint64_t op = state_op(mode->state, mode->state->step);
	bool under_way = in_operation(mode);
	if (!begin(mode, op, text, sizeof text)) {
		state_message(mode->state, true, "%s", text);
		return;
	}
	mode->open = MODE_SESSION;
	mode->state->playing = false;
	if (mode->state->options.history && !m->remembered)
		prompt_history_load(&m->prompt, history_file);
	m->remembered = true;
	prompt_start(&m->prompt, "");
	if (under_way)
		say_under_way(text, sizeof text, op);
	say(m, false, 0, text);
	m->words = 0;
	m->help = false;
	follow(mode);
}

/* To the first step of the last operation: it can be stepped through. */
static void leave(struct mode *mode)
{
	struct session_mode *m = &mode->session;
	mode->open = MODE_NONE;
	if (mode->state->source->ops)
		state_ask(mode->state, REQUEST_OPERATION, mode->state->source->ops);
	else
		state_ask(mode->state, REQUEST_GO, mode->state->source->steps);
	if (m->away)
		state_message(mode->state, false, _("p types on; Esc again: back to %s"), m->from->name);
	else if (mode->state->source->ops)
		state_message(mode->state, false, "%s", _("the last operation: . steps, p types on"));
	else
		state_message(mode->state, false, "%s", _("nothing has been played yet: p types"));
}

bool session_return(struct mode *mode)
{
	struct session_mode *m = &mode->session;
	if (!m->away)
		return false;
	snprintf(m->left, sizeof m->left, "%s", mode->state->source->name);
	m->away = false;
	state_ask(mode->state, REQUEST_RETURN, 0);
	return true;
}

void session_returned(struct mode *mode)
{
	struct session_mode *m = &mode->session;
	struct state *st = mode->state;
	if (state_op(st, st->step) == m->from_op)
		state_message(st, false, _("%s again; p goes on with %s"), st->source->name, m->left);
	else
		state_message(st, false, _("%s again; %s is saved when you quit"), st->source->name, m->left);
}

static void save(struct mode *mode, const char *name)
{
	struct session_mode *m = &mode->session;
	char text[SESSION_SAID] = "";
	int status = mode->state->options.engine->save(mode->state->options.engine, name, text, sizeof text);
	say(m, status != 0, 0, text);
}

static uint64_t bucket_in_focus(struct mode *mode)
{
	struct scene s;
	if (log_seek(mode->log, mode->player, mode->state->step) != 0)
		return 0;
	scene_make(&s, mode->player, mode->log, NULL, &mode->state->hold, mode->state->ascii);
	return s.focus.ok ? s.focus.view.index : 0;
}

static void submit(struct mode *mode)
{
	struct session_mode *m = &mode->session;
	struct ui_engine *e = mode->state->options.engine;
	char word[16] = "", name[256] = "", text[SESSION_SAID] = "";
	const char *line = m->prompt.text + strspn(m->prompt.text, " ");
	unsigned column = 0;
	line += *line == ':';
	if (mode->state->options.history && m->prompt.fresh)
		prompt_history_add(history_file, m->prompt.text);
	sscanf(line, "%15s %255s", word, name);
	if (strcmp(word, "quit") == 0 || strcmp(word, "q") == 0) {
		mode->state->quit = true;
	} else if (strcmp(word, "help") == 0) {
		m->help = true;
		m->help_from = 0;
	} else if (strcmp(word, "save") == 0) {
		save(mode, name);
	} else if (e->run(e, line, bucket_in_focus(mode), text, sizeof text, &column) != 0) {
		column += column ? (unsigned)(line - m->prompt.text) : 0;
		if (m->generation != e->generation || mode->state->source != e->source)
			follow(mode); /* what had begun was taken back into a new recording */
		say(m, true, column, text);
		return; /* the line stays, to be mended */
	} else {
		say(m, false, 0, text);
		follow(mode);
	}
	prompt_start(&m->prompt, "");
}

/* ---- completion ---- */

static size_t common_prefix(const struct session_mode *m)
{
	size_t n = strlen(m->word[0]);
	for (size_t i = 1; i < m->words; i++) {
		size_t k = 0;
		while (k < n && m->word[i][k] == m->word[0][k])
			k++;
		n = k;
	}
	while (n > 0 && ((unsigned char)m->word[0][n] & 0xc0) == 0x80) /* no half characters */
		n--;
	return n;
}

static void complete(struct mode *mode)
{
	struct session_mode *m = &mode->session;
	struct ui_engine *e = mode->state->options.engine;
	char before[PROMPT_MAX], more[UI_WORD + 1];
	size_t typed = 0;
	snprintf(before, sizeof before, "%.*s", (int)m->prompt.cursor, m->prompt.text);
	m->words = e->complete(e, before, m->word, SESSION_WORDS, &typed);
	if (m->words == 0) {
		say(m, false, 0, _("nothing begins so"));
		return;
	}
	size_t common = common_prefix(m);
	if (common > typed || m->words == 1) {
		snprintf(more, sizeof more, "%.*s%s", (int)common, m->word[0], m->words == 1 ? " " : "");
		prompt_replace(&m->prompt, typed, more);
	}
	if (m->words == 1)
		m->words = 0;
}

/* ---- keys ---- */

static void scroll(struct mode *mode, int64_t by)
{
	struct session_mode *m = &mode->session;
	if (by < 0)
		m->back -= (uint64_t)-by < m->back ? (uint64_t)-by : m->back;
	else if (m->back + (uint64_t)by < mode->state->source->ops)
		m->back += (uint64_t)by;
}

/* With nothing typed yet, left and right step through what has been played.  false: it is no such key. */
static bool steps(struct mode *mode, int key)
{
	struct state *st = mode->state;
	switch (key) {
	case K_LEFT: state_ask(st, REQUEST_GO, st->step ? st->step - 1 : 0); return true;
	case K_RIGHT: state_ask(st, REQUEST_GO, st->step + 1); return true;
	case K_HOME: state_ask(st, REQUEST_OPERATION, state_op(st, st->step)); return true;
	case K_END: state_ask(st, REQUEST_GO, st->source->steps); return true;
	default: return false;
	}
}

void session_key(struct mode *mode, int key)
{
	struct session_mode *m = &mode->session;
	if (m->help && key == K_ESCAPE) {
		m->help = false;
		return;
	}
	if (key == K_PAGE_UP || key == K_PAGE_DOWN) {
		if (m->help)
			m->help_from = key == K_PAGE_DOWN ? m->help_from + 8
				: m->help_from > 8        ? m->help_from - 8
							  : 0;
		else
			scroll(mode, key == K_PAGE_UP ? 5 : -5);
		return;
	}
	if (key == K_F1 || (key == '?' && m->prompt.length == 0)) {
		m->help = !m->help;
		m->help_from = 0;
		return;
	}
	if (m->prompt.length == 0 && (key == K_BACKSPACE || steps(mode, key)))
		return;
	if (key == ('l' & 0x1f)) {
		mode->state->redraw = true;
		return;
	}
	if (key == ('z' & 0x1f)) {
		mode->state->suspend = true;
		return;
	}
	if (key != K_TAB) {
		m->words = 0;
		if (m->wrong)
			say(m, false, 0, "");
	}
	switch (prompt_key(&m->prompt, key)) {
	case PROMPT_DONE:
		m->help = false;
		submit(mode);
		break;
	case PROMPT_LEFT: leave(mode); break;
	case PROMPT_TAB: complete(mode); break;
	default: break;
	}
}

void session_release(struct session_mode *m)
{
	costs_release(&m->costs);
	prompt_release(&m->prompt);
}

/* What the operations that are listed cost; the screen has so many rows. */
void session_ready(struct mode *mode, const struct frame *f)
{
	struct session_mode *m = &mode->session;
	struct source *s = mode->state->source;
	uint64_t last = s->ops - (m->back < s->ops ? m->back : 0), rows = (uint64_t)f->layout->h;
	for (uint64_t op = last > rows ? last - rows + 1 : 1; op <= last; op++)
		cost_of(&m->costs, s, op);
	cost_of(&m->costs, s, s->ops);
	m->help_from = session_help_from(mode, f);
}

bool session_work(struct mode *mode)
{
	(void)mode;
	return false;
}

bool session_busy(const struct mode *mode)
{
	(void)mode;
	return false;
}

const struct scene *session_scene(struct mode *mode)
{
	(void)mode;
	return NULL;
}

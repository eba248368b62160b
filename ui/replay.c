/* What keys and time do to a replay; see replay.h. */
#include "replay.h"
#include "text.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* How far a search for a phase looks before it takes the end of the operation instead: some 10 ms. */
enum { PHASE_SCAN = 65536, SPEED_START = 2, SPEED_STEPS = 11, SPEED_MOST = 20 };

static void message(struct replay *r, bool alarm, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void message(struct replay *r, bool alarm, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(r->message, sizeof r->message, format, ap);
	va_end(ap);
	r->alarm = alarm;
}

/* UTF-8 is for locales that know it and draw lines in one column. */
static bool locale_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || char_width(0x2500) != 1;
}

void replay_init(struct replay *r, struct source *s, const struct ui_options *o)
{
	memset(r, 0, sizeof *r);
	r->source = s;
	r->options = *o;
	r->ascii = o->ascii || locale_is_ascii();
	r->panel = PANEL_TIMELINE;
	r->speed = SPEED_START;
	player_init(&r->player[0], s);
	player_init(&r->player[1], s);
	prompt_init(&r->prompt);
	replay_go(r, o->step);
	r->compare = false;
}

void replay_release(struct replay *r)
{
	player_release(&r->player[0]);
	player_release(&r->player[1]);
	log_release(&r->log);
	prompt_release(&r->prompt);
}

uint64_t replay_step(const struct replay *r)
{
	return r->player[r->now].step;
}

/* ---- moving ---- */

void replay_go(struct replay *r, uint64_t step)
{
	if (step > r->source->steps)
		step = r->source->steps;
	if (step == replay_step(r))
		return;
	if (!r->moved) {
		r->now = 1 - r->now;
		r->moved = r->compare = true;
	}
	r->broken = false;
	if (player_seek(&r->player[r->now], step) != 0) {
		message(r, true, "%s", r->player[r->now].error);
		r->broken = true;
		r->playing = false;
	}
}

static void go_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r);
	replay_go(r, step > n ? step - n : 0);
}

static void go_forward(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), left = r->source->steps - step;
	replay_go(r, step + (n < left ? n : left));
}

static uint64_t current_op(struct replay *r, uint64_t step)
{
	uint64_t op = 0;
	if (step && r->source->ops && r->source->operation_at(r->source, step, &op) != 0)
		message(r, true, "%s", r->source->error);
	return op;
}

/* The first step of operation op; 0 before the first, the last step after the last. */
static uint64_t op_first_step(struct replay *r, uint64_t op)
{
	struct operation row;
	if (op == 0)
		return 0;
	if (op > r->source->ops)
		return r->source->steps;
	if (r->source->operation(r->source, op, &row) != 0) {
		message(r, true, "%s", r->source->error);
		return replay_step(r);
	}
	return row.first_step;
}

static void go_op(struct replay *r, uint64_t op)
{
	replay_go(r, op_first_step(r, op));
}

static void op_forward(struct replay *r, uint64_t n)
{
	uint64_t op = current_op(r, replay_step(r)), left = r->source->ops + 1 - op;
	go_op(r, op + (n < left ? n : left));
}

/* To the beginning of this operation, then of those before. */
static void op_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), op = current_op(r, step);
	if (op && op_first_step(r, op) < step)
		n--;
	go_op(r, op > n ? op - n : 0);
}

/* Does a phase begin at a step?  An operation without phases is one. */
static bool phase_begins(struct replay *r, uint64_t step)
{
	const struct event *e = player_event(&r->player[r->now], step);
	if (!e || e->kind == EV_PHASE)
		return e != NULL;
	if (e->kind != EV_OP)
		return false;
	e = step < r->source->steps ? player_event(&r->player[r->now], step + 1) : NULL;
	return !e || e->kind != EV_PHASE;
}

static void phase_forward(struct replay *r)
{
	uint64_t from = replay_step(r), end = r->source->steps, op = current_op(r, from);
	for (uint64_t step = from + 1; step <= end; step++) {
		if (step - from > PHASE_SCAN) {
			uint64_t next = op_first_step(r, op + 1);
			replay_go(r, next > step ? next : step);
			return;
		}
		if (phase_begins(r, step)) {
			replay_go(r, step);
			return;
		}
	}
	replay_go(r, end);
}

static void phase_back(struct replay *r)
{
	uint64_t from = replay_step(r), first = op_first_step(r, current_op(r, from));
	for (uint64_t step = from; step > 1;) {
		step--;
		if (from - step > PHASE_SCAN) {
			replay_go(r, first < step ? first : step);
			return;
		}
		if (phase_begins(r, step)) {
			replay_go(r, step);
			return;
		}
	}
	replay_go(r, 0);
}

/* ---- playing ---- */

unsigned replay_rate(const struct replay *r, bool *ret_operations)
{
	*ret_operations = r->speed >= SPEED_STEPS;
	return *ret_operations ? 1u << (r->speed - SPEED_STEPS + 2) : 1u << r->speed;
}

static void play(struct replay *r, bool backwards)
{
	r->playing = true;
	r->backwards = backwards;
	r->owed = 1; /* the first step at once: the key did something */
	r->play_from = replay_step(r);
}

/* The next fatal error on the way to step, or step itself. */
static uint64_t stop_at_fault(struct replay *r, uint64_t from, uint64_t to)
{
	if (to - from > PHASE_SCAN)
		from = to - PHASE_SCAN;
	for (uint64_t step = from + 1; step <= to; step++) {
		const struct event *e = player_event(&r->player[r->now], step);
		if (!e)
			return to;
		if (e->kind == EV_FAULT && e->b) {
			r->playing = false;
			return step;
		}
	}
	return to;
}

static void play_forward(struct replay *r, uint64_t n, bool operations)
{
	uint64_t from = replay_step(r), to = r->source->steps - from > n ? from + n : r->source->steps;
	if (operations)
		to = op_first_step(r, current_op(r, from) + n);
	to = stop_at_fault(r, from, to > from ? to : r->source->steps);
	replay_go(r, to);
	if (to >= r->source->steps)
		r->playing = false;
	else if (!operations && n == 1 && phase_begins(r, to + 1))
		r->owed -= 1; /* the end of a phase rests one period more */
}

bool replay_tick(struct replay *r, double seconds)
{
	bool operations;
	if (!r->playing)
		return false;
	unsigned rate = replay_rate(r, &operations);
	if (r->options.still && !operations) { /* no motion: a frame an operation */
		operations = true;
		rate = 1;
	}
	r->owed += rate * seconds;
	if (r->owed < 1)
		return false;
	uint64_t n = (uint64_t)r->owed;
	r->owed -= (double)n;
	if (!r->backwards)
		play_forward(r, n, operations);
	else if (operations)
		op_back(r, n);
	else
		go_back(r, n);
	if (r->backwards && replay_step(r) == 0)
		r->playing = false;
	return true;
}

/* ---- the prompt ---- */

static bool parse_number(const char *text, uint64_t *ret, const char **end)
{
	char *stop;
	if (*text < '0' || *text > '9')
		return false;
	*ret = strtoull(text, &stop, 10);
	*end = stop;
	return true;
}

static void run_command(struct replay *r, const char *text)
{
	uint64_t n;
	const char *end;
	text += strspn(text, " ");
	bool op = strncmp(text, "op ", 3) == 0;
	if (op)
		text += 3 + strspn(text + 3, " ");
	if (parse_number(text, &n, &end)) {
		end += strspn(end, " ");
		if (*end == 0 && op)
			go_op(r, n);
		else if (*end == 0 || strcmp(end, "g") == 0)
			replay_go(r, n);
		else if (strcmp(end, "G") == 0)
			go_op(r, n);
		else if (strcmp(end, "%") == 0 && n <= 100)
			replay_go(r, (uint64_t)((double)r->source->steps * (double)n / 100));
		else
			message(r, true, _("not a place: %s; try 390, 15G or 50%%"), text);
	} else if (strcmp(text, "q") == 0 || strcmp(text, "quit") == 0) {
		r->quit = true;
	} else if (strcmp(text, "help") == 0) {
		r->help = true;
	} else if (*text) {
		message(r, true, _("no such command: %s; try a step, op 15, 50%%, help, quit"), text);
	}
}

static void key_in_prompt(struct replay *r, int key)
{
	switch (prompt_key(&r->prompt, key)) {
	case PROMPT_DONE:
		r->prompting = false;
		run_command(r, r->prompt.text);
		break;
	case PROMPT_LEFT: r->prompting = false; break;
	default: break;
	}
}

/* ---- panels ---- */

/* The panels that can have the focus, in the order of Tab. */
static const enum panel ring[] = { PANEL_TIMELINE, PANEL_STRIPS, PANEL_ARRAYS, PANEL_SLOTS, PANEL_TABLES, PANEL_EVENTS };
enum { RING = sizeof ring / sizeof ring[0] };

static void panel_turn(struct replay *r, int by)
{
	struct layout l;
	struct scene s;
	int at = 0;
	scene_make(&s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
	layout_make(&l, r->w, r->h, s.type_ok ? &s.type : NULL);
	for (int i = 0; i < RING; i++)
		if (ring[i] == r->panel)
			at = i;
	do
		at = (at + by + RING) % RING;
	while (ring[at] != PANEL_TIMELINE && !layout_has(&l, ring[at]));
	r->panel = ring[at];
}

/* Holds the bucket in focus where it is, if it does not already. */
static bool hold_focus(struct replay *r, struct scene *s)
{
	if (log_seek(&r->log, &r->player[r->now], replay_step(r)) != 0)
		return false;
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
	if (!s->focus.ok || s->focus.kept)
		return false;
	if (!r->hold.held)
		r->hold = (struct scene_hold){ true, s->focus.view.array, s->focus.view.index, s->focus.view.depth, s->slot < 0 ? 0 : s->slot };
	return true;
}

static void hold_bucket(struct replay *r, const struct scene *s, int by)
{
	uint64_t n = array_buckets(&s->hmap, r->hold.array);
	if (by == 2 || by == -2) { /* the other array */
		if (s->hmap.oldbuckets)
			r->hold.array = r->hold.array == ARRAY_OLD ? ARRAY_NEW : ARRAY_OLD;
		n = array_buckets(&s->hmap, r->hold.array);
		r->hold.index &= n ? n - 1 : 0;
	} else if (n) {
		r->hold.index = (r->hold.index + n + (uint64_t)(int64_t)by) & (n - 1);
	}
	r->hold.depth = 0;
}

static void hold_chain(struct replay *r, const struct scene *s, int by)
{
	struct scene_hold *h = &r->hold;
	if (by < 0 && h->depth > 0)
		h->depth--;
	else if (by > 0 && s->focus.view.overflow && scene_chain(s, h->array, h->index).overflow > h->depth)
		h->depth++;
	else
		message(r, false, "%s", by > 0 ? _("the chain ends here") : _("the chain begins here"));
}

static void arrow(struct replay *r, enum action a, uint64_t n)
{
	struct scene s;
	int by = a == ACTION_LEFT || a == ACTION_UP ? -1 : 1;
	bool across = a == ACTION_LEFT || a == ACTION_RIGHT;
	switch (r->panel) {
	case PANEL_STRIPS: case PANEL_ARRAYS:
		if (hold_focus(r, &s))
			hold_bucket(r, &s, across ? by : 2 * by);
		break;
	case PANEL_SLOTS: case PANEL_TABLES:
		if (!hold_focus(r, &s))
			break;
		if (across)
			hold_chain(r, &s, by);
		else
			r->hold.slot = (r->hold.slot + by + SLOTS) % SLOTS;
		break;
	case PANEL_EVENTS:
		if (by < 0)
			go_back(r, n);
		else
			go_forward(r, n);
		break;
	default:
		if (across && by < 0)
			go_back(r, n);
		else if (across)
			go_forward(r, n);
		else if (by < 0)
			op_back(r, n);
		else
			op_forward(r, n);
	}
}

/* Follows what is under the cursor: a slot that has moved leads to where it is now, a bucket to its slots. */
static void enter(struct replay *r)
{
	struct scene s;
	uint64_t bucket;
	unsigned depth;
	int slot;
	if ((r->panel != PANEL_SLOTS && r->panel != PANEL_TABLES) || !hold_focus(r, &s)) {
		if (r->panel == PANEL_STRIPS)
			r->panel = PANEL_SLOTS;
		else if (r->panel == PANEL_ARRAYS)
			r->panel = PANEL_TABLES;
		return;
	}
	scene_make(&s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
	if (s.focus.ok && moved_to(&s, &s.focus.view, r->hold.slot, &bucket, &depth, &slot))
		r->hold = (struct scene_hold){ true, ARRAY_NEW, bucket, depth, slot };
	else
		hold_chain(r, &s, 1);
}

/* ---- keys ---- */

static void first_or_last(struct replay *r, enum action a)
{
	if (r->counting && a == ACTION_FIRST)
		replay_go(r, r->count);
	else if (r->counting)
		go_op(r, r->count);
	else
		replay_go(r, a == ACTION_FIRST ? 0 : r->source->steps);
}

static void percent(struct replay *r)
{
	if (!r->counting || r->count > 100)
		message(r, false, "%s", _("type a number first: 50% goes to the middle"));
	else
		replay_go(r, (uint64_t)((double)r->source->steps * (double)r->count / 100));
}

static void change_speed(struct replay *r, int by)
{
	bool operations;
	r->speed += by;
	if (r->speed < 0)
		r->speed = 0;
	if (r->speed > SPEED_MOST)
		r->speed = SPEED_MOST;
	unsigned rate = replay_rate(r, &operations);
	message(r, false, operations ? _("speed: %u operations a second") : _("speed: %u steps a second"), rate);
}

static void toggle_play(struct replay *r, bool backwards)
{
	if (r->playing && r->backwards == backwards) {
		r->playing = false;
		return;
	}
	bool at_end = backwards ? replay_step(r) == 0 : replay_step(r) >= r->source->steps;
	if (at_end)
		message(r, false, "%s", backwards ? _("this is the beginning; space plays forward") : _("this is the end; r plays backwards, g goes to the beginning"));
	else
		play(r, backwards);
}

static void toggle_follow(struct replay *r)
{
	struct scene s;
	if (r->hold.held)
		r->hold.held = false;
	else
		hold_focus(r, &s);
	message(r, false, "%s", r->hold.held ? _("the bucket is held; a follows the steps again") : _("following the steps"));
}

static void repeat(struct replay *r, void (*move)(struct replay *), uint64_t n)
{
	for (uint64_t i = 0; i < n && i < 1000; i++)
		move(r);
}

static bool key_moves(struct replay *r, enum action a, uint64_t n)
{
	switch (a) {
	case ACTION_STEP_NEXT: go_forward(r, n); return true;
	case ACTION_STEP_BACK: go_back(r, n); return true;
	case ACTION_PHASE_NEXT: repeat(r, phase_forward, n); return true;
	case ACTION_PHASE_BACK: repeat(r, phase_back, n); return true;
	case ACTION_OP_NEXT: op_forward(r, n); return true;
	case ACTION_OP_BACK: op_back(r, n); return true;
	case ACTION_FIRST: case ACTION_LAST: first_or_last(r, a); return true;
	case ACTION_PERCENT: percent(r); return true;
	case ACTION_LEFT: case ACTION_RIGHT: case ACTION_UP: case ACTION_DOWN: arrow(r, a, n); return true;
	default: return false;
	}
}

static void key_acts(struct replay *r, enum action a)
{
	switch (a) {
	case ACTION_PLAY: toggle_play(r, false); break;
	case ACTION_REVERSE: toggle_play(r, true); break;
	case ACTION_FASTER: change_speed(r, 1); break;
	case ACTION_SLOWER: change_speed(r, -1); break;
	case ACTION_PANEL_NEXT: panel_turn(r, 1); break;
	case ACTION_PANEL_BACK: panel_turn(r, -1); break;
	case ACTION_ESCAPE: r->panel = PANEL_TIMELINE; break;
	case ACTION_ENTER: enter(r); break;
	case ACTION_FOLLOW: toggle_follow(r); break;
	case ACTION_COMMAND:
		r->playing = false;
		r->prompting = true;
		prompt_start(&r->prompt, "");
		break;
	case ACTION_HELP: r->help = true; break;
	case ACTION_REDRAW: r->redraw = true; break;
	case ACTION_SUSPEND: r->suspend = true; break;
	case ACTION_QUIT: r->quit = true; break;
	default: message(r, false, "%s", _("this key does nothing; ? shows those that do")); break;
	}
}

static bool key_counts(struct replay *r, int key)
{
	if (key < '0' || key > '9' || (key == '0' && !r->counting))
		return false;
	if (r->count < UINT64_MAX / 100)
		r->count = r->count * 10 + (uint64_t)(key - '0');
	r->counting = true;
	return true;
}

void replay_key(struct replay *r, int key)
{
	if (r->prompting) {
		key_in_prompt(r, key);
		return;
	}
	r->message[0] = 0;
	r->alarm = false;
	if (key_counts(r, key))
		return;
	enum action a = key_action(key);
	if (r->help) { /* any key closes it; the one that quits does both */
		r->help = false;
		if (a == ACTION_HELP || a == ACTION_ESCAPE || a == ACTION_QUIT)
			return;
	}
	bool counting = r->counting;
	if (a == ACTION_ESCAPE && counting)
		a = ACTION_NONE;
	uint64_t n = counting && r->count ? r->count : 1;
	if (key_moves(r, a, n))
		r->playing = false;
	else if (a != ACTION_NONE || !counting)
		key_acts(r, a);
	r->counting = false;
	r->count = 0;
}

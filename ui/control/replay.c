/* What keys and time do to a replay; see replay.h. */
#include "ui/control/replay_private.h"
#include "ui/mode/mode.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* How far a search for a phase looks before it takes the end of the operation instead: some 10 ms. */
enum { PHASE_SCAN = 65536 };

void replay_message(struct replay *r, bool alarm, const char *format, ...)
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
	r->drag_y = -1;
	if (o->theme)
		replay_set_theme(r, o->theme);
	if (o->speed)
		for (r->speed = 0; r->speed < 10 && o->speed >> r->speed > 1;)
			r->speed++;
	r->caches = o->caches.line ? o->caches : cache_shape_usual();
	player_init(&r->player[0], s);
	player_init(&r->player[1], s);
	moves_init(r);
	replay_go(r, o->step);
	r->compare = false;
}

void replay_release(struct replay *r)
{
	player_release(&r->player[0]);
	player_release(&r->player[1]);
	log_release(&r->log);
	views_release(&r->views);
	mode_release(r);
	moves_release(r);
}

/* What belongs to the person, not to the recording. */
static void carry_over(struct replay *r, const struct replay *was)
{
	r->mode = was->mode;
	r->theme = was->theme;
	r->ascii = was->ascii;
	r->speed = was->speed;
	r->caches = was->caches;
	r->w = was->w;
	r->h = was->h;
}

void replay_adopt(struct replay *r, struct source *s)
{
	struct replay was = *r;
	r->mode = NULL;
	replay_release(r);
	was.options.step = 0;
	replay_init(r, s, &was.options);
	carry_over(r, &was);
}

struct replay *replay_leave_for(struct replay *r, struct source *s)
{
	struct replay *home = malloc(sizeof *home);
	struct ui_options o = r->options;
	if (!home)
		abort();
	job_stop(&r->moves.job); /* it knows where r is */
	*home = *r;
	o.step = 0;
	o.trace = o.name = NULL; /* bookmarks belong to the recording that is left */
	replay_init(r, s, &o);
	carry_over(r, home);
	home->mode = NULL;
	return home;
}

void replay_return(struct replay *r, struct replay *home)
{
	struct replay was = *r;
	r->mode = NULL;
	replay_release(r);
	*r = *home;
	free(home);
	carry_over(r, &was);
	r->moved = r->compare = false;
}

void replay_free(struct replay *home)
{
	if (!home)
		return;
	replay_release(home);
	free(home);
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
		replay_message(r, true, "%s", r->player[r->now].error);
		r->broken = true;
		r->playing = false;
	}
}

void replay_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r);
	replay_go(r, step > n ? step - n : 0);
}

void replay_forward(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), left = r->source->steps - step;
	replay_go(r, step + (n < left ? n : left));
}

uint64_t replay_op(struct replay *r, uint64_t step)
{
	uint64_t op = 0;
	if (step && r->source->ops && r->source->operation_at(r->source, step, &op) != 0)
		replay_message(r, true, "%s", r->source->error);
	return op;
}

/* The first step of operation op; 0 before the first, the last step after the last. */
uint64_t replay_op_first_step(struct replay *r, uint64_t op)
{
	struct operation row;
	if (op == 0)
		return 0;
	if (op > r->source->ops)
		return r->source->steps;
	if (r->source->operation(r->source, op, &row) != 0) {
		replay_message(r, true, "%s", r->source->error);
		return replay_step(r);
	}
	return row.first_step;
}

void replay_go_op(struct replay *r, uint64_t op)
{
	replay_go(r, replay_op_first_step(r, op));
}

void replay_op_forward(struct replay *r, uint64_t n)
{
	uint64_t op = replay_op(r, replay_step(r)), left = r->source->ops + 1 - op;
	replay_go_op(r, op + (n < left ? n : left));
}

/* To the beginning of this operation, then of those before. */
void replay_op_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), op = replay_op(r, step);
	if (op && replay_op_first_step(r, op) < step)
		n--;
	replay_go_op(r, op > n ? op - n : 0);
}

/* Does a phase begin at a step?  An operation without phases is one. */
bool replay_phase_begins(struct replay *r, uint64_t step)
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
	uint64_t from = replay_step(r), end = r->source->steps, op = replay_op(r, from);
	for (uint64_t step = from + 1; step <= end; step++) {
		if (step - from > PHASE_SCAN) {
			uint64_t next = replay_op_first_step(r, op + 1);
			replay_go(r, next > step ? next : step);
			return;
		}
		if (replay_phase_begins(r, step)) {
			replay_go(r, step);
			return;
		}
	}
	replay_go(r, end);
}

static void phase_back(struct replay *r)
{
	uint64_t from = replay_step(r), first = replay_op_first_step(r, replay_op(r, from));
	for (uint64_t step = from; step > 1;) {
		step--;
		if (from - step > PHASE_SCAN) {
			replay_go(r, first < step ? first : step);
			return;
		}
		if (replay_phase_begins(r, step)) {
			replay_go(r, step);
			return;
		}
	}
	replay_go(r, 0);
}

/* ---- panels ---- */

/* The panels that can have the focus, in the order of Tab. */
static const enum panel ring[] = { PANEL_TIMELINE, PANEL_STRIPS, PANEL_ARRAYS, PANEL_SLOTS, PANEL_TABLES, PANEL_EVENTS, PANEL_LINES,
	PANEL_HEX };
enum { RING = sizeof ring / sizeof ring[0] };

bool replay_panel_takes_focus(enum panel p)
{
	for (int i = 0; i < RING; i++)
		if (ring[i] == p)
			return true;
	return false;
}

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

static bool make_scene(struct replay *r, struct scene *s)
{
	if (log_seek(&r->log, &r->player[r->now], replay_step(r)) != 0)
		return false;
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
	return true;
}

/* Holds the bucket in focus where it is, if it does not already. */
static bool hold_focus(struct replay *r, struct scene *s)
{
	if (!make_scene(r, s))
		return false;
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
		replay_message(r, false, "%s", by > 0 ? _("the chain ends here") : _("the chain begins here"));
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
	case PANEL_LINES: case PANEL_HEX:
		if (make_scene(r, &s))
			byte_move(r, &s, a, n);
		break;
	case PANEL_EVENTS:
		if (by < 0)
			replay_back(r, n);
		else
			replay_forward(r, n);
		break;
	default:
		if (across && by < 0)
			replay_back(r, n);
		else if (across)
			replay_forward(r, n);
		else if (by < 0)
			replay_op_back(r, n);
		else
			replay_op_forward(r, n);
	}
}

/* Follows what is under the cursor: a slot that has moved leads to where it is now, a bucket to its slots. */
static void enter(struct replay *r)
{
	struct scene s;
	uint64_t bucket;
	unsigned depth;
	int slot;
	if (r->panel == PANEL_LINES || r->panel == PANEL_HEX) {
		byte_open(r);
		return;
	}
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
		replay_jump(r, r->count);
	else if (r->counting)
		replay_jump(r, replay_op_first_step(r, r->count));
	else
		replay_jump(r, a == ACTION_FIRST ? 0 : r->source->steps);
}

static void percent(struct replay *r)
{
	if (!r->counting || r->count > 100)
		replay_message(r, false, "%s", /* xgettext:no-c-format */ _("type a number first: 50% goes to the middle"));
	else
		replay_jump(r, (uint64_t)((double)r->source->steps * (double)r->count / 100));
}

static void toggle_follow(struct replay *r)
{
	struct scene s;
	if (r->hold.held)
		r->hold.held = false;
	else
		hold_focus(r, &s);
	replay_message(r, false, "%s", r->hold.held ? _("the bucket is held; a follows the steps again") : _("following the steps"));
}

static void repeat(struct replay *r, void (*move)(struct replay *), uint64_t n)
{
	for (uint64_t i = 0; i < n && i < 1000; i++)
		move(r);
}

static bool key_moves(struct replay *r, enum action a, uint64_t n)
{
	switch (a) {
	case ACTION_STEP_NEXT: replay_forward(r, n); return true;
	case ACTION_STEP_BACK: replay_back(r, n); return true;
	case ACTION_PHASE_NEXT: repeat(r, phase_forward, n); return true;
	case ACTION_PHASE_BACK: repeat(r, phase_back, n); return true;
	case ACTION_OP_NEXT: replay_op_forward(r, n); return true;
	case ACTION_OP_BACK: replay_op_back(r, n); return true;
	case ACTION_FIRST: case ACTION_LAST: first_or_last(r, a); return true;
	case ACTION_PERCENT: percent(r); return true;
	case ACTION_LEFT: case ACTION_RIGHT: case ACTION_UP: case ACTION_DOWN: arrow(r, a, n); return true;
	default: return false;
	}
}

/* Whatever is under way ends first. */
static void escape(struct replay *r)
{
	if (moves_busy(r)) {
		job_stop(&r->moves.job);
		replay_message(r, false, "%s", _("the search is stopped"));
	} else if (r->panel == PANEL_TIMELINE) {
		mode_return(r);
	} else {
		r->panel = PANEL_TIMELINE;
	}
}

static void key_acts(struct replay *r, enum action a)
{
	switch (a) {
	case ACTION_PLAY: replay_toggle_play(r, false); break;
	case ACTION_REVERSE: replay_toggle_play(r, true); break;
	case ACTION_FASTER: replay_change_speed(r, 1); break;
	case ACTION_SLOWER: replay_change_speed(r, -1); break;
	case ACTION_PANEL_NEXT: panel_turn(r, 1); break;
	case ACTION_PANEL_BACK: panel_turn(r, -1); break;
	case ACTION_ESCAPE: escape(r); break;
	case ACTION_ENTER: enter(r); break;
	case ACTION_FOLLOW: toggle_follow(r); break;
	case ACTION_ALONE: r->alone = !r->alone; break;
	case ACTION_HELP:
		r->help = true;
		r->help_from = 0;
		break;
	case ACTION_REDRAW: r->redraw = true; break;
	case ACTION_SUSPEND: r->suspend = true; break;
	case ACTION_QUIT: r->quit = !mode_return(r); break;
	default:
		if (!mode_action(r, a))
			replay_message(r, false, "%s", _("this key does nothing; ? shows those that do"));
	}
}

bool replay_busy(const struct replay *r)
{
	return moves_busy(r) || views_busy(r) || mode_busy(r);
}

bool replay_work(struct replay *r)
{
	if (moves_busy(r)) {
		moves_work(r);
		return true;
	}
	if (mode_work(r))
		return true;
	if (!views_busy(r))
		return false;
	views_work(r);
	return true;
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

/* Help may be longer than the screen. */
static bool help_turned(struct replay *r, enum action a)
{
	int page = r->h > 6 ? r->h - 5 : 1;
	int by = a == ACTION_DOWN ? 1 : a == ACTION_UP ? -1 : a == ACTION_OP_NEXT || a == ACTION_PLAY ? page : a == ACTION_OP_BACK ? -page : 0;
	if (!by || !r->help_last)
		return false;
	r->help_from += by;
	r->help_from = r->help_from < 0 ? 0 : r->help_from > r->help_last ? r->help_last : r->help_from;
	return true;
}

void replay_key(struct replay *r, int key)
{
	if (mode_key(r, key))
		return;
	if (r->prompting) {
		moves_prompt_key(r, key);
		return;
	}
	r->message[0] = 0;
	r->alarm = false;
	if (r->moves.list != LIST_NONE && !r->help) {
		moves_list_key(r, key);
		return;
	}
	if (key_counts(r, key))
		return;
	enum action a = key_action(key);
	if (r->help && help_turned(r, a))
		return;
	if (r->help) { /* any other key closes it; the one that quits does both */
		r->help = false;
		if (a == ACTION_HELP || a == ACTION_ESCAPE || a == ACTION_QUIT)
			return;
	}
	bool counting = r->counting;
	if (a == ACTION_ESCAPE && counting)
		a = ACTION_NONE;
	uint64_t n = counting && r->count ? r->count : 1;
	if (views_key(r, a, n))
		;
	else if (key_moves(r, a, n))
		r->playing = false;
	else if (moves_key(r, a, n))
		;
	else if (a != ACTION_NONE || !counting)
		key_acts(r, a);
	r->counting = false;
	r->count = 0;
}

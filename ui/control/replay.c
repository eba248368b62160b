/* What keys and time do to a replay; see replay.h. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"
#include "ui/mode/mode.h"
#include "ui/panel/sheet.h"
#include "ui/view/view.h"

#include <inttypes.h>
#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* How far a search for a phase looks before it takes the end of the operation instead: some 10 ms. */
enum { PHASE_SCAN = 65536 };

/* UTF-8 is for locales that know it and draw lines in one column. */
static bool locale_is_ascii(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") != 0 || char_width(0x2500) != 1;
}

void replay_init(struct replay *r, struct source *s, const struct ui_options *o)
{
	memset(r, 0, sizeof *r);
	r->state.source = s;
	r->state.options = *o;
	r->state.ascii = o->ascii || locale_is_ascii();
	r->state.panel = PANEL_TIMELINE;
	r->state.speed = SPEED_START;
	r->drag_y = -1;
	if (o->theme)
		replay_set_theme(r, o->theme);
	if (o->speed)
		for (r->state.speed = 0; r->state.speed < 10 && o->speed >> r->state.speed > 1;)
			r->state.speed++;
	r->state.caches = o->caches.line ? o->caches : cache_shape_usual();
	player_init(&r->player[0], s);
	player_init(&r->player[1], s);
	find_init(r);
	replay_go(r, o->step);
	r->compare = false;
}

void replay_release(struct replay *r)
{
	player_release(&r->player[0]);
	player_release(&r->player[1]);
	log_release(&r->log);
	passes_release(&r->passes);
	view_release(&r->state);
	mode_release(r);
	find_release(r);
}

/* What belongs to the person, not to the recording. */
static void carry_over(struct replay *r, const struct replay *was)
{
	r->mode = was->mode;
	r->state.theme = was->state.theme;
	r->state.ascii = was->state.ascii;
	r->state.speed = was->state.speed;
	r->state.caches = was->state.caches;
	r->state.w = was->state.w;
	r->state.h = was->state.h;
}

void replay_adopt(struct replay *r, struct source *s)
{
	struct replay was = *r;
	r->mode = NULL;
	replay_release(r);
	was.state.options.step = 0;
	replay_init(r, s, &was.state.options);
	carry_over(r, &was);
}

struct replay *replay_leave_for(struct replay *r, struct source *s)
{
	struct replay *home = malloc(sizeof *home);
	struct ui_options o = r->state.options;
	if (!home)
		abort();
	job_stop(&r->find.job); /* it knows where r is */
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

bool replay_set_theme(struct replay *r, const char *name)
{
	int theme = theme_find(name);
	if (theme >= 0)
		r->state.theme = theme;
	return theme >= 0;
}

uint64_t replay_step(const struct replay *r)
{
	return r->state.step;
}

/* ---- moving ---- */

void replay_go(struct replay *r, uint64_t step)
{
	if (step > r->state.source->steps)
		step = r->state.source->steps;
	if (step == replay_step(r))
		return;
	if (!r->moved) {
		r->now = 1 - r->now;
		r->moved = r->compare = true;
	}
	r->state.broken = false;
	int status = player_seek(&r->player[r->now], step);
	r->state.step = r->player[r->now].step;
	if (status != 0) {
		state_message(&r->state, true, "%s", r->player[r->now].error);
		r->state.broken = true;
		r->state.playing = false;
	}
}

void replay_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r);
	replay_go(r, step > n ? step - n : 0);
}

void replay_forward(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), left = r->state.source->steps - step;
	replay_go(r, step + (n < left ? n : left));
}

void replay_go_op(struct replay *r, uint64_t op)
{
	replay_go(r, state_op_first_step(&r->state, op));
}

void replay_op_forward(struct replay *r, uint64_t n)
{
	uint64_t op = state_op(&r->state, replay_step(r)), left = r->state.source->ops + 1 - op;
	replay_go_op(r, op + (n < left ? n : left));
}

/* To the beginning of this operation, then of those before. */
void replay_op_back(struct replay *r, uint64_t n)
{
	uint64_t step = replay_step(r), op = state_op(&r->state, step);
	if (op && state_op_first_step(&r->state, op) < step)
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
	e = step < r->state.source->steps ? player_event(&r->player[r->now], step + 1) : NULL;
	return !e || e->kind != EV_PHASE;
}

static void phase_forward(struct replay *r)
{
	uint64_t from = replay_step(r), end = r->state.source->steps, op = state_op(&r->state, from);
	for (uint64_t step = from + 1; step <= end; step++) {
		if (step - from > PHASE_SCAN) {
			uint64_t next = state_op_first_step(&r->state, op + 1);
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
	uint64_t from = replay_step(r), first = state_op_first_step(&r->state, state_op(&r->state, from));
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
	scene_make(&s, &r->player[r->now], &r->log, NULL, &r->state.hold, r->state.ascii);
	layout_make(&l, r->state.w, r->state.h, s.type_ok ? &s.type : NULL);
	for (int i = 0; i < RING; i++)
		if (ring[i] == r->state.panel)
			at = i;
	do
		at = (at + by + RING) % RING;
	while (ring[at] != PANEL_TIMELINE && !layout_has(&l, ring[at]));
	r->state.panel = ring[at];
}

bool replay_scene(struct replay *r, struct scene *s)
{
	if (log_seek(&r->log, &r->player[r->now], replay_step(r)) != 0)
		return false;
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->state.hold, r->state.ascii);
	return true;
}

struct frame replay_frame(struct replay *r, const struct scene *s)
{
	return (struct frame){ .state = &r->state, .find = &r->find, .pass = &r->passes, .scene = s, .layout = &r->layout };
}

/* Holds the bucket in focus where it is, if it does not already. */
static bool hold_focus(struct replay *r, struct scene *s)
{
	if (!replay_scene(r, s))
		return false;
	if (!s->focus.ok || s->focus.kept)
		return false;
	if (!r->state.hold.held)
		state_hold(&r->state, s->focus.view.array, s->focus.view.index, s->focus.view.depth, s->slot < 0 ? 0 : s->slot);
	return true;
}

static void hold_bucket(struct replay *r, const struct scene *s, int by)
{
	uint64_t n = array_buckets(&s->hmap, (enum which_array)r->state.hold.array);
	if (by == 2 || by == -2) { /* the other array */
		if (s->hmap.oldbuckets)
			r->state.hold.array = r->state.hold.array == ARRAY_OLD ? ARRAY_NEW : ARRAY_OLD;
		n = array_buckets(&s->hmap, (enum which_array)r->state.hold.array);
		r->state.hold.index &= n ? n - 1 : 0;
	} else if (n) {
		r->state.hold.index = (r->state.hold.index + n + (uint64_t)(int64_t)by) & (n - 1);
	}
	r->state.hold.depth = 0;
}

static void hold_chain(struct replay *r, const struct scene *s, int by)
{
	struct hold *h = &r->state.hold;
	if (by < 0 && h->depth > 0)
		h->depth--;
	else if (by > 0 && s->focus.view.overflow && scene_chain(s, (enum which_array)h->array, h->index).overflow > h->depth)
		h->depth++;
	else
		state_message(&r->state, false, "%s", by > 0 ? _("the chain ends here") : _("the chain begins here"));
}

/* The cursor on a byte of the bucket in focus. */
static void move_byte(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	struct byte_cursor *c = &r->state.cursor;
	if (!s->focus.ok)
		return;
	c->byte = sheet_byte_moved(panel_byte_in_focus(&r->state, s), s->type.bucketsize, LINE_USUAL, a, n);
	c->held = true;
	c->object = OBJECT_BUCKET;
}

static void arrow(struct replay *r, enum action a, uint64_t n)
{
	struct scene s;
	int by = a == ACTION_LEFT || a == ACTION_UP ? -1 : 1;
	bool across = a == ACTION_LEFT || a == ACTION_RIGHT;
	switch (r->state.panel) {
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
			r->state.hold.slot = (r->state.hold.slot + by + SLOTS) % SLOTS;
		break;
	case PANEL_LINES: case PANEL_HEX:
		if (replay_scene(r, &s))
			move_byte(r, &s, a, n);
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
	if (r->state.panel == PANEL_LINES || r->state.panel == PANEL_HEX) {
		r->state.cursor.object = OBJECT_BUCKET;
		view_open(&r->state, VIEW_BYTES);
		return;
	}
	if ((r->state.panel != PANEL_SLOTS && r->state.panel != PANEL_TABLES) || !hold_focus(r, &s)) {
		if (r->state.panel == PANEL_STRIPS)
			r->state.panel = PANEL_SLOTS;
		else if (r->state.panel == PANEL_ARRAYS)
			r->state.panel = PANEL_TABLES;
		return;
	}
	scene_make(&s, &r->player[r->now], &r->log, NULL, &r->state.hold, r->state.ascii);
	if (s.focus.ok && moved_to(&s, &s.focus.view, r->state.hold.slot, &bucket, &depth, &slot))
		state_hold(&r->state, ARRAY_NEW, bucket, depth, slot);
	else
		hold_chain(r, &s, 1);
}

/* ---- keys ---- */

static void first_or_last(struct replay *r, enum action a)
{
	if (r->state.counting && a == ACTION_FIRST)
		replay_jump(r, r->state.count);
	else if (r->state.counting)
		replay_jump(r, state_op_first_step(&r->state, r->state.count));
	else
		replay_jump(r, a == ACTION_FIRST ? 0 : r->state.source->steps);
}

static void percent(struct replay *r)
{
	if (!r->state.counting || r->state.count > 100)
		state_message(&r->state, false, "%s", /* xgettext:no-c-format */ _("type a number first: 50% goes to the middle"));
	else
		replay_jump(r, (uint64_t)((double)r->state.source->steps * (double)r->state.count / 100));
}

static void toggle_follow(struct replay *r)
{
	struct scene s;
	if (r->state.hold.held)
		r->state.hold.held = false;
	else
		hold_focus(r, &s);
	state_message(&r->state, false, "%s", r->state.hold.held ? _("the bucket is held; a follows the steps again") : _("following the steps"));
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
	if (job_busy(&r->find.job)) {
		job_stop(&r->find.job);
		state_message(&r->state, false, "%s", _("the search is stopped"));
	} else if (r->state.panel == PANEL_TIMELINE) {
		mode_return(r);
	} else {
		r->state.panel = PANEL_TIMELINE;
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
	case ACTION_ALONE: r->state.alone = !r->state.alone; break;
	case ACTION_HELP:
		r->state.help = true;
		r->state.help_from = 0;
		break;
	case ACTION_REDRAW: r->state.redraw = true; break;
	case ACTION_SUSPEND: r->state.suspend = true; break;
	case ACTION_QUIT: r->state.quit = !mode_return(r); break;
	default:
		if (!mode_action(r, a))
			state_message(&r->state, false, "%s", _("this key does nothing; ? shows those that do"));
	}
}

/* The passes that what is open needs. */
static unsigned passes_needed(const struct replay *r)
{
	const struct view *v = view_info[r->state.view].view;
	return v ? v->passes : NEEDS_TIMELINE;
}

bool replay_busy(const struct replay *r)
{
	return job_busy(&r->find.job) || passes_busy(&r->passes, passes_needed(r)) || mode_busy(r);
}

bool replay_work(struct replay *r)
{
	struct scene s;
	unsigned set = passes_needed(r);
	if (job_busy(&r->find.job)) {
		find_work(r);
		return true;
	}
	if (mode_work(r))
		return true;
	if (!passes_busy(&r->passes, set))
		return false;
	if (set & NEEDS_OVERVIEW)
		replay_scene(r, &s);
	passes_work(&r->passes, set, &s);
	return true;
}

/* Whatever a view has asked for. */
void replay_request(struct replay *r)
{
	struct request q = r->state.request;
	r->state.request.kind = REQUEST_NONE;
	switch (q.kind) {
	case REQUEST_GO: replay_go(r, q.to); break;
	case REQUEST_JUMP: replay_jump(r, q.to); break;
	case REQUEST_STOP: passes_stop(&r->passes, passes_needed(r)); break;
	default: break;
	}
}

/* Help may be longer than the screen. */
static bool help_turned(struct replay *r, enum action a)
{
	int page = r->state.h > 6 ? r->state.h - 5 : 1;
	int by = a == ACTION_DOWN ? 1 : a == ACTION_UP ? -1 : a == ACTION_OP_NEXT || a == ACTION_PLAY ? page : a == ACTION_OP_BACK ? -page : 0;
	struct grid none = { .ascii = r->state.ascii };
	struct frame f = { .grid = &none };
	int last = by ? panel_help_last(&f, r->state.w, r->state.h) : 0;
	if (!last)
		return false;
	r->state.help_from += by;
	r->state.help_from = r->state.help_from < 0 ? 0 : r->state.help_from > last ? last : r->state.help_from;
	return true;
}

/* What is open may know the key. */
static bool view_answers(struct replay *r, enum action a, uint64_t n)
{
	const struct view *v = view_info[r->state.view].view;
	struct scene s;
	if (v && v->key && a != ACTION_NONE)
		replay_scene(r, &s);
	struct frame f = replay_frame(r, &s);
	bool answered = view_key(&r->state, &f, a, n);
	replay_request(r);
	return answered;
}

void replay_key(struct replay *r, int key)
{
	if (mode_key(r, key))
		return;
	if (r->state.prompting) {
		find_prompt_key(r, key);
		return;
	}
	r->state.message[0] = 0;
	r->state.alarm = false;
	if (r->find.list != LIST_NONE && !r->state.help) {
		find_list_key(r, key);
		return;
	}
	if (state_count(&r->state, key))
		return;
	enum action a = key_action(key);
	if (r->state.help && help_turned(r, a))
		return;
	if (r->state.help) { /* any other key closes it; the one that quits does both */
		r->state.help = false;
		if (a == ACTION_HELP || a == ACTION_ESCAPE || a == ACTION_QUIT)
			return;
	}
	bool counting = r->state.counting;
	if (a == ACTION_ESCAPE && counting)
		a = ACTION_NONE;
	uint64_t n = counting && r->state.count ? r->state.count : 1;
	if (view_answers(r, a, n))
		;
	else if (key_moves(r, a, n))
		r->state.playing = false;
	else if (find_key(r, a, n))
		;
	else if (a != ACTION_NONE || !counting)
		key_acts(r, a);
	r->state.counting = false;
	r->state.count = 0;
}

/* Keys: the layers that a key goes through, from the top; the first that answers it ends its way.
 *
 *     mode ─▶ prompt ─▶ list ─▶ number ─▶ help ─▶ view ─▶ panel ─▶ find ─▶ replay
 */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"
#include "ui/panel/sheet.h"
#include "ui/view/view.h"

#include <stdio.h>

/* How far a search for a phase looks before it takes the end of the operation instead: some 10 ms. */
enum { PHASE_SCAN = 65536 };

/* A key on its way: what it means, and the number typed before it. */
struct press {
	int key;
	enum action action;
	uint64_t n;
	bool counting;
};

/* ---- phases ---- */

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
static const enum panel ring[] = { PANEL_TIMELINE, PANEL_STRIPS, PANEL_ARRAYS, PANEL_SLOTS, PANEL_TABLES,
	PANEL_EVENTS, PANEL_LINES, PANEL_HEX };
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
	layout_make(&l, r->state.w, r->state.h, s.group_size, r->state.narrated);
	for (int i = 0; i < RING; i++)
		if (ring[i] == r->state.panel)
			at = i;
	do
		at = (at + by + RING) % RING;
	while (ring[at] != PANEL_TIMELINE && !layout_has(&l, ring[at]));
	r->state.panel = ring[at];
}

/* Holds the group in focus where it is, if it does not already. */
static bool hold_focus(struct replay *r, struct scene *s)
{
	if (!replay_scene(r, s))
		return false;
	if (!s->focus.ok || s->focus.kept)
		return false;
	if (!r->state.hold.held)
		state_hold(&r->state, s->focus.view.array, s->focus.view.index, s->focus.view.depth,
			s->slot < 0 ? 0 : s->slot);
	return true;
}

/* The next array that has groups, or the same. */
static unsigned other_array(const struct scene *s, unsigned array)
{
	struct map_array a;
	unsigned n = 0;
	while (s->view.kind->array(&s->view, n, &a))
		n++;
	for (unsigned i = 1; i < n; i++)
		if (scene_groups(s, (array + i) % n))
			return (array + i) % n;
	return array;
}

static bool chain_goes_on(const struct scene *s, const struct hold *h)
{
	struct scene_group b;
	group_at(s, h->array, h->index, h->depth + 1, &b);
	return b.ok;
}

static void hold_group(struct replay *r, const struct scene *s, int by)
{
	struct hold *h = &r->state.hold;
	uint64_t n = scene_groups(s, h->array);
	if (by == 2 || by == -2) {
		h->array = other_array(s, h->array);
		n = scene_groups(s, h->array);
		h->index = n ? h->index % n : 0;
	} else if (n) {
		h->index = (h->index + n + (uint64_t)(int64_t)by) % n;
	}
	h->depth = 0;
}

static void hold_chain(struct replay *r, const struct scene *s, int by)
{
	struct hold *h = &r->state.hold;
	if (by < 0 && h->depth > 0)
		h->depth--;
	else if (by > 0 && s->focus.view.next && chain_goes_on(s, h))
		h->depth++;
	else
		state_message(&r->state, false, "%s",
			by > 0 ? _("the chain ends here") : _("the chain begins here"));
}

/* The cursor on a byte of the group in focus. */
static void move_byte(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	struct byte_cursor *c = &r->state.cursor;
	if (!s->focus.ok)
		return;
	c->byte = sheet_byte_moved(panel_byte_in_focus(&r->state, s), s->focus.view.size, LINE_USUAL, a, n);
	c->held = true;
	c->object = OBJECT_GROUP;
}

static void arrow(struct replay *r, enum action a, uint64_t n)
{
	struct scene s;
	int by = a == ACTION_LEFT || a == ACTION_UP ? -1 : 1;
	bool across = a == ACTION_LEFT || a == ACTION_RIGHT;
	switch (r->state.panel) {
	case PANEL_STRIPS:
	case PANEL_ARRAYS:
		if (hold_focus(r, &s))
			hold_group(r, &s, across ? by : 2 * by);
		break;
	case PANEL_SLOTS:
	case PANEL_TABLES:
		if (!hold_focus(r, &s))
			break;
		if (across)
			hold_chain(r, &s, by);
		else if (s.focus.view.slots)
			r->state.hold.slot = (r->state.hold.slot + by + (int)s.focus.view.slots) %
				(int)s.focus.view.slots;
		break;
	case PANEL_LINES:
	case PANEL_HEX:
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

/* Follows what is under the cursor: a slot that has moved leads to where it is now, a group to its slots. */
static void enter(struct replay *r)
{
	struct scene s;
	struct hold to;
	if (r->state.panel == PANEL_LINES || r->state.panel == PANEL_HEX) {
		r->state.cursor.object = OBJECT_GROUP;
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
	if (s.focus.ok && group_moved(&s, &s.focus.view, r->state.hold.slot, &to))
		state_hold(&r->state, to.array, to.index, to.depth, to.slot);
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
		state_message(&r->state, false, "%s",
			/* xgettext:no-c-format */ _("type a number first: 50% goes to the middle"));
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
	state_message(&r->state, false, "%s",
		r->state.hold.held ? _("the bucket is held; a follows the steps again")
				   : _("following the steps"));
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
	case ACTION_FIRST:
	case ACTION_LAST: first_or_last(r, a); return true;
	case ACTION_PERCENT: percent(r); return true;
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN: arrow(r, a, n); return true;
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
		mode_return(replay_mode(r));
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
	case ACTION_UNFOLD:
		r->state.unfolded = !r->state.unfolded;
		state_message(&r->state, false, "%s",
			r->state.unfolded ? _("the allocator's steps are steps like others; o folds them")
					  : _("the allocator's steps are folded"));
		break;
	case ACTION_ALONE: r->state.alone = !r->state.alone; break;
	case ACTION_HELP:
		r->state.help = true;
		r->state.help_from = 0;
		break;
	case ACTION_REDRAW: r->state.redraw = true; break;
	case ACTION_SUSPEND: r->state.suspend = true; break;
	case ACTION_QUIT: r->state.quit = !mode_return(replay_mode(r)); break;
	default:
		if (!mode_action(replay_mode(r), a))
			state_message(
				&r->state, false, "%s", _("this key does nothing; ? shows those that do"));
	}
}

/* Help may be longer than the screen. */
static bool help_turned(struct replay *r, enum action a)
{
	int page = r->state.h > 6 ? r->state.h - 5 : 1;
	int by = a == ACTION_DOWN                         ? 1
		: a == ACTION_UP                          ? -1
		: a == ACTION_OP_NEXT || a == ACTION_PLAY ? page
		: a == ACTION_OP_BACK                     ? -page
							  : 0;
	struct grid none = { .ascii = r->state.ascii };
	struct frame f = { .grid = &none };
	int last = by ? panel_help_last(&f, r->state.w, r->state.h) : 0;
	if (!last)
		return false;
	r->state.help_from += by;
	r->state.help_from = r->state.help_from < 0 ? 0
		: r->state.help_from > last         ? last
						    : r->state.help_from;
	return true;
}

/* ---- the layers ---- */

/* What has taken over keys and screen takes all of them. */
static bool mode_layer(struct replay *r, struct press *p)
{
	bool answered = mode_key(replay_mode(r), p->key);
	replay_request(r);
	return answered;
}

static bool prompt_layer(struct replay *r, struct press *p)
{
	if (r->state.prompting) {
		find_prompt_key(r, p->key);
		replay_request(r);
		return true;
	}
	r->state.message[0] = 0; /* what was said is said */
	r->state.alarm = false;
	return false;
}

static bool list_layer(struct replay *r, struct press *p)
{
	if (r->find.list == LIST_NONE || r->state.help)
		return false;
	find_list_key(r, p->key);
	return true;
}

static bool number_layer(struct replay *r, struct press *p)
{
	return state_count(&r->state, p->key);
}

/* Help is turned, or closed: by the key that opens it, by Escape and q; any other key closes it and goes on.
 */
static bool help_layer(struct replay *r, struct press *p)
{
	enum action a = p->action;
	if (r->state.help && help_turned(r, a))
		return true;
	if (!r->state.help)
		return false;
	r->state.help = false;
	return a == ACTION_HELP || a == ACTION_ESCAPE || a == ACTION_QUIT;
}

/* From here on a number before the key counts; Escape only takes it back. */
static bool view_layer(struct replay *r, struct press *p)
{
	const struct view *v = view_info[r->state.view].view;
	struct scene s;
	p->counting = r->state.counting;
	p->n = p->counting && r->state.count ? r->state.count : 1;
	if (p->action == ACTION_ESCAPE && p->counting)
		p->action = ACTION_NONE;
	if (v && v->key && p->action != ACTION_NONE)
		replay_scene(r, &s);
	struct frame f = replay_frame(r, &s);
	bool answered = view_key(&r->state, &f, p->action, p->n);
	replay_request(r);
	return answered;
}

static bool panel_layer(struct replay *r, struct press *p)
{
	if (!key_moves(r, p->action, p->n))
		return false;
	r->state.playing = false;
	return true;
}

static bool find_layer(struct replay *r, struct press *p)
{
	return find_key(r, p->action, p->n);
}

static bool replay_layer(struct replay *r, struct press *p)
{
	if (p->action != ACTION_NONE || !p->counting)
		key_acts(r, p->action);
	replay_request(r);
	return true;
}

/* number: the key uses up the number before it. */
static const struct {
	bool (*key)(struct replay *r, struct press *p);
	bool number;
} layers[] = {
	{ mode_layer, false },
	{ prompt_layer, false },
	{ list_layer, false },
	{ number_layer, false },
	{ help_layer, false },
	{ view_layer, true },
	{ panel_layer, true },
	{ find_layer, true },
	{ replay_layer, true },
};

void replay_key(struct replay *r, int key)
{
	struct press p = { .key = key, .action = key_action(key), .n = 1 };
	size_t i = 0;
	mode_begin(replay_mode(r));
	replay_request(r);
	while (!layers[i].key(r, &p))
		i++;
	if (!layers[i].number)
		return;
	r->state.counting = false;
	r->state.count = 0;
}

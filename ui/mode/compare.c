/* Two moments, or two recordings, side by side: where each side stands, and what keys do. */
#include "ui/mode/compare.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Operations that a search for a difference looks at in one go: some milliseconds. */
enum { SEARCH_SLICE = 128 };

/* ---- where a side stands ---- */

/* The steps of operation op; 0 is what comes before the first. */
static void op_span(struct source *s, uint64_t op, uint64_t *ret_first, uint64_t *ret_last)
{
	struct operation row;
	*ret_first = 0;
	*ret_last = s->steps;
	if (op && s->operation(s, op, &row) == 0)
		*ret_first = row.first_step;
	if (op < s->ops && s->operation(s, op + 1, &row) == 0 && row.first_step)
		*ret_last = row.first_step - 1;
	if (*ret_last > s->steps)
		*ret_last = s->steps;
	if (*ret_first > *ret_last)
		*ret_first = *ret_last;
}

static void side_place(struct compare_side *d)
{
	d->op = d->want < 0 ? 0 : (uint64_t)d->want > d->source->ops ? d->source->ops : (uint64_t)d->want;
	op_span(d->source, d->op, &d->first, &d->last);
	d->step = d->offset < d->last - d->first ? d->first + d->offset : d->last;
}

static bool side_at_end(const struct compare_side *d)
{
	return d->step >= d->last;
}

/* To the end of the operation it wants; how many steps that has. */
static uint64_t side_end(struct compare_side *d)
{
	d->offset = UINT64_MAX;
	side_place(d);
	return d->last - d->first;
}

static void side_open(struct compare_side *d, struct source *s, uint64_t step)
{
	d->source = s;
	player_init(&d->player, s);
	if (step > s->steps)
		step = s->steps;
	uint64_t op;
	d->want = step && s->operation_at(s, step, &op) == 0 ? (int64_t)op : 0;
	side_place(d);
	d->offset = step - d->first;
	side_place(d);
}

static void side_release(struct compare_side *d)
{
	if (!d->source)
		return;
	player_release(&d->player);
	log_release(&d->log);
	costs_release(&d->costs);
}

void compare_release(struct compare_mode *v)
{
	if (!v)
		return;
	side_release(&v->side[0]);
	side_release(&v->side[1]);
	free(v);
}

/* ---- opening ---- */

/* x: the step in sight is moment A. */
void compare_mark(struct replay *r)
{
	struct mode *m = mode_of(r);
	m->marked = r->state.source;
	m->mark = replay_step(r);
	state_message(&r->state, false, _("step %" PRIu64 " is moment A; X compares it with where you are then"), m->mark);
}

/* Said at once, also where there is no room for what differs. */
static void say_types(struct replay *r, const struct source *a, const struct source *b)
{
	const struct map_info *x = a->maps ? &a->map[a->maps - 1] : NULL, *y = b->maps ? &b->map[b->maps - 1] : NULL;
	if (x && y && strcmp(x->key_type, y->key_type) != 0)
		state_message(&r->state, false, _("keys are %s in A, %s in B: they cannot be compared"), x->key_type, y->key_type);
}

void compare_open(struct replay *r)
{
	struct mode *m = mode_of(r);
	struct source *other = r->state.options.other;
	if (!other && !m->marked) {
		state_message(&r->state, false, "%s", _("x sets moment A, X compares it with another; or begin with mapscope compare A B"));
		return;
	}
	compare_release(m->compare);
	m->compare = calloc(1, sizeof *m->compare);
	if (!m->compare)
		abort();
	struct compare_mode *v = m->compare;
	v->locked = true;
	if (other) { /* the same operation in both, at its end */
		uint64_t op = state_op(&r->state, replay_step(r));
		side_open(&v->side[0], r->state.source, 0);
		side_open(&v->side[1], other, 0);
		compare_go(v, op ? (int64_t)op : 1);
		say_types(r, r->state.source, other);
	} else {
		side_open(&v->side[0], m->marked, m->mark <= m->marked->steps ? m->mark : 0);
		side_open(&v->side[1], r->state.source, replay_step(r));
		v->active = 1;
	}
	m->open = MODE_COMPARE;
	r->state.playing = false;
}

static void leave(struct replay *r)
{
	struct compare_mode *v = r->mode->compare;
	struct compare_side *d = &v->side[v->active];
	r->mode->open = MODE_NONE;
	if (d->source != r->state.source) /* of two recordings the replay shows one */
		d = &v->side[1 - v->active];
	if (d->source == r->state.source)
		replay_go(r, d->step);
}

/* ---- moving ---- */

int64_t compare_apart(const struct compare_mode *v)
{
	return v->side[1 - v->active].want - v->side[v->active].want;
}

/* The last operation that the active side may want.  In step by operation that may be one that only the other has. */
int64_t compare_last(const struct compare_mode *v)
{
	const struct compare_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	int64_t mine = (int64_t)d->source->ops, other = (int64_t)e->source->ops;
	return v->locked && compare_apart(v) == 0 && other > mine ? other : mine;
}

/* Brings the active side to the end of operation op, and the other as far as it is locked. */
void compare_go(struct compare_mode *v, int64_t op)
{
	struct compare_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	int64_t most = compare_last(v), by = (op < 0 ? 0 : op > most ? most : op) - d->want;
	d->want += by;
	uint64_t length = side_end(d);
	if (!v->locked) {
		d->offset = length;
		return;
	}
	e->want += by;
	uint64_t other = side_end(e);
	d->offset = e->offset = other > length ? other : length;
}

static void step_forward(struct compare_mode *v)
{
	struct compare_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	if (!side_at_end(d) || (v->locked && !side_at_end(e))) {
		d->offset++;
		e->offset += v->locked;
	} else if (d->want < compare_last(v)) {
		d->want++;
		d->offset = 0;
		if (v->locked) {
			e->want++;
			e->offset = 0;
		}
	}
	side_place(d);
	side_place(e);
}

static void step_back(struct compare_mode *v)
{
	struct compare_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	uint64_t span = d->offset > e->offset && v->locked ? d->offset : v->locked ? e->offset : d->offset;
	if (span == 0) {
		if (d->want > 0)
			compare_go(v, d->want - 1);
		return;
	}
	d->offset -= d->offset > 0;
	if (v->locked)
		e->offset -= e->offset > 0;
	side_place(d);
	side_place(e);
}

static void lock(struct replay *r, struct compare_mode *v)
{
	v->locked = !v->locked;
	if (v->locked && v->side[0].source != v->side[1].source) { /* the same operation again */
		v->side[1 - v->active].want = v->side[v->active].want;
		compare_go(v, v->side[v->active].want);
	}
	state_message(&r->state, false, "%s", v->locked ? _("both sides move") : _("only the side of Tab moves"));
}

/* ---- differences ---- */

bool compare_op_differs(struct compare_mode *v, uint64_t op_a, uint64_t op_b)
{
	const struct op_cost *a = cost_of(&v->side[0].costs, v->side[0].source, op_a);
	const struct op_cost *b = cost_of(&v->side[1].costs, v->side[1].source, op_b);
	return a && b ? cost_placed_differently(a, b) : a != b;
}

static void search(struct compare_mode *v, int by)
{
	v->searching = by;
	v->search_op = v->side[v->active].want;
}

/* A slice of a search.  true: it has ended. */
static bool search_slice(struct replay *r, struct compare_mode *v)
{
	int64_t most = compare_last(v), apart = compare_apart(v);
	for (int n = 0; n < SEARCH_SLICE; n++) {
		int64_t op = v->search_op += v->searching;
		if (op < 1 || op > most) {
			state_message(&r->state, false, "%s", op > 0 ? _("no operation after this one is placed differently") : _("no operation before this one is placed differently"));
			v->searching = 0;
			return true;
		}
		uint64_t mine = (uint64_t)op, other = (uint64_t)(op + apart);
		if (compare_op_differs(v, v->active ? other : mine, v->active ? mine : other)) {
			v->searching = 0;
			compare_go(v, op);
			return true;
		}
	}
	state_message(&r->state, false, _("looking at operation %" PRId64 "; any key stops"), v->search_op);
	return true;
}

bool compare_work(struct replay *r)
{
	struct compare_mode *v = r->mode->compare;
	return v && v->searching && search_slice(r, v);
}

/* ---- keys ---- */

static bool key_moves(struct compare_mode *v, enum action a, uint64_t n)
{
	int64_t op = v->side[v->active].want, by = (int64_t)n;
	switch (a) {
	case ACTION_STEP_NEXT: case ACTION_RIGHT:
		for (uint64_t i = 0; i < n && i < 100000; i++)
			step_forward(v);
		return true;
	case ACTION_STEP_BACK: case ACTION_LEFT:
		for (uint64_t i = 0; i < n && i < 100000; i++)
			step_back(v);
		return true;
	case ACTION_OP_NEXT: case ACTION_DOWN: case ACTION_PHASE_NEXT: compare_go(v, op + by); return true;
	case ACTION_OP_BACK: case ACTION_UP: case ACTION_PHASE_BACK: compare_go(v, op - by); return true;
	default: return false;
	}
}

static bool key_digit(struct replay *r, int key)
{
	if (key < '0' || key > '9' || (key == '0' && !r->state.counting))
		return false;
	if (r->state.count < UINT64_MAX / 100)
		r->state.count = r->state.count * 10 + (uint64_t)(key - '0');
	r->state.counting = true;
	return true;
}

void compare_key(struct replay *r, int key)
{
	struct compare_mode *v = r->mode->compare;
	enum action a = key_action(key);
	r->state.message[0] = 0;
	r->state.alarm = false;
	v->searching = 0;
	bool helped = v->help;
	v->help = !helped && a == ACTION_HELP;
	if (helped && a == ACTION_ESCAPE) /* closes the help only, as in the replay */
		return;
	if (key_digit(r, key))
		return;
	bool counting = r->state.counting;
	uint64_t n = counting && r->state.count ? r->state.count : 1;
	if (n > INT64_MAX / 4) /* more than any recording has */
		n = INT64_MAX / 4;
	r->state.counting = false;
	r->state.count = 0;
	if (key_moves(v, a, n))
		return;
	if (key == ']' || key == '[') {
		search(v, key == ']' ? 1 : -1);
		return;
	}
	if (key == '=') {
		lock(r, v);
		return;
	}
	switch (a) {
	case ACTION_FIRST: compare_go(v, counting ? (int64_t)n : 1); break;
	case ACTION_LAST: compare_go(v, counting ? (int64_t)n : INT64_MAX / 4); break;
	case ACTION_PANEL_NEXT: case ACTION_PANEL_BACK: v->active = 1 - v->active; break;
	case ACTION_ESCAPE: case ACTION_COMPARE: leave(r); break;
	case ACTION_QUIT: r->state.quit = true; break;
	case ACTION_REDRAW: r->state.redraw = true; break;
	case ACTION_SUSPEND: r->state.suspend = true; break;
	case ACTION_HELP: break;
	default: state_message(&r->state, false, "%s", _("this key does nothing here; ? shows those that do")); break;
	}
}

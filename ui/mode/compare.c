/* Two moments, or two recordings, side by side: where each side stands, and what keys do. */
#include "ui/mode/compare.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include "trace/base/memory.h"

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
void compare_mark(struct mode *mode)
{
	mode->marked = mode->state->source;
	mode->mark = mode->state->step;
	state_message(mode->state, false,
		_("step %" PRIu64 " is moment A; X compares it with where you are then"), mode->mark);
}

/* Said at once, also where there is no room for what differs. */
static void say_types(struct mode *mode, const struct source *a, const struct source *b)
{
	const struct map_info *x = a->maps ? &a->map[a->maps - 1] : NULL,
			      *y = b->maps ? &b->map[b->maps - 1] : NULL;
	if (x && y && strcmp(x->key.name, y->key.name) != 0)
		state_message(mode->state, false, _("keys are %s in A, %s in B: they cannot be compared"),
			x->key.name, y->key.name);
}

void compare_open(struct mode *mode)
{
	struct source *other = mode->state->options.other;
	if (!other && !mode->marked) {
		state_message(mode->state, false, "%s",
			_("x sets moment A, X compares it with another; or: mapscope compare A B"));
		return;
	}
	compare_release(mode->compare);
	mode->compare = memory_get(sizeof *mode->compare);
	struct compare_mode *v = mode->compare;
	v->locked = true;
	if (other) { /* the same operation in both, at its end */
		uint64_t op = state_op(mode->state, mode->state->step);
		side_open(&v->side[0], mode->state->source, 0);
		side_open(&v->side[1], other, 0);
		compare_go(v, op ? (int64_t)op : 1);
		say_types(mode, mode->state->source, other);
	} else {
		side_open(&v->side[0], mode->marked, mode->mark <= mode->marked->steps ? mode->mark : 0);
		side_open(&v->side[1], mode->state->source, mode->state->step);
		v->active = 1;
	}
	mode->open = MODE_COMPARE;
	mode->state->playing = false;
}

static void leave(struct mode *mode)
{
	struct compare_mode *v = mode->compare;
	struct compare_side *d = &v->side[v->active];
	mode->open = MODE_NONE;
	if (d->source != mode->state->source) /* of two recordings the replay shows one */
		d = &v->side[1 - v->active];
	if (d->source == mode->state->source)
		state_ask(mode->state, REQUEST_GO, d->step);
}

/* ---- moving ---- */

int64_t compare_apart(const struct compare_mode *v)
{
	return v->side[1 - v->active].want - v->side[v->active].want;
}

/* The last operation that the active side may want.  In step by operation that may be one that only the other
 * has. */
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

static void lock(struct mode *mode, struct compare_mode *v)
{
	v->locked = !v->locked;
	if (v->locked && v->side[0].source != v->side[1].source) { /* the same operation again */
		v->side[1 - v->active].want = v->side[v->active].want;
		compare_go(v, v->side[v->active].want);
	}
	state_message(
		mode->state, false, "%s", v->locked ? _("both sides move") : _("only the side of Tab moves"));
}

/* ---- differences ---- */

/* For the search; what is in sight has been worked out by compare_ready. */
static bool op_differs(struct compare_mode *v, uint64_t op_a, uint64_t op_b)
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
static bool search_slice(struct mode *mode, struct compare_mode *v)
{
	int64_t most = compare_last(v), apart = compare_apart(v);
	for (int n = 0; n < SEARCH_SLICE; n++) {
		int64_t op = v->search_op += v->searching;
		if (op < 1 || op > most) {
			state_message(mode->state, false, "%s",
				op > 0 ? _("no operation after this one is placed differently")
				       : _("no operation before this one is placed differently"));
			v->searching = 0;
			return true;
		}
		uint64_t mine = (uint64_t)op, other = (uint64_t)(op + apart);
		if (op_differs(v, v->active ? other : mine, v->active ? mine : other)) {
			v->searching = 0;
			compare_go(v, op);
			return true;
		}
	}
	state_message(mode->state, false, _("looking at operation %" PRId64 "; any key stops"), v->search_op);
	return true;
}

bool compare_work(struct mode *mode)
{
	struct compare_mode *v = mode->compare;
	return v && v->searching && search_slice(mode, v);
}

/* ---- keys ---- */

static bool key_moves(struct compare_mode *v, enum action a, uint64_t n)
{
	int64_t op = v->side[v->active].want, by = (int64_t)n;
	switch (a) {
	case ACTION_STEP_NEXT:
	case ACTION_RIGHT:
		for (uint64_t i = 0; i < n && i < 100000; i++)
			step_forward(v);
		return true;
	case ACTION_STEP_BACK:
	case ACTION_LEFT:
		for (uint64_t i = 0; i < n && i < 100000; i++)
			step_back(v);
		return true;
	case ACTION_OP_NEXT:
	case ACTION_DOWN:
	case ACTION_PHASE_NEXT: compare_go(v, op + by); return true;
	case ACTION_OP_BACK:
	case ACTION_UP:
	case ACTION_PHASE_BACK: compare_go(v, op - by); return true;
	default: return false;
	}
}

void compare_key(struct mode *mode, int key)
{
	struct compare_mode *v = mode->compare;
	enum action a = key_action(key);
	mode->state->message[0] = 0;
	mode->state->alarm = false;
	v->searching = 0;
	bool helped = v->help;
	v->help = !helped && a == ACTION_HELP;
	if (helped && a == ACTION_ESCAPE) /* closes the help only, as in the replay */
		return;
	if (state_count(mode->state, key))
		return;
	bool counting = mode->state->counting;
	uint64_t n = counting && mode->state->count ? mode->state->count : 1;
	if (n > INT64_MAX / 4) /* more than any recording has */
		n = INT64_MAX / 4;
	mode->state->counting = false;
	mode->state->count = 0;
	if (key_moves(v, a, n))
		return;
	if (key == ']' || key == '[') {
		search(v, key == ']' ? 1 : -1);
		return;
	}
	if (key == '=') {
		lock(mode, v);
		return;
	}
	switch (a) {
	case ACTION_FIRST: compare_go(v, counting ? (int64_t)n : 1); break;
	case ACTION_LAST: compare_go(v, counting ? (int64_t)n : INT64_MAX / 4); break;
	case ACTION_PANEL_NEXT:
	case ACTION_PANEL_BACK: v->active = 1 - v->active; break;
	case ACTION_ESCAPE:
	case ACTION_COMPARE: leave(mode); break;
	case ACTION_QUIT: mode->state->quit = true; break;
	case ACTION_REDRAW: mode->state->redraw = true; break;
	case ACTION_SUSPEND: mode->state->suspend = true; break;
	case ACTION_HELP: break;
	default:
		state_message(
			mode->state, false, "%s", _("this key does nothing here; ? shows those that do"));
		break;
	}
}

/* ---- what a frame shows ---- */

/* The group that both sides show: the one in focus on the side that is moved. */
static void scenes_make(struct mode *mode, struct compare_mode *v)
{
	const struct hold none = { 0 };
	struct compare_side *d = &v->side[v->active], *e = &v->side[1 - v->active];
	for (int i = 0; i < 2; i++) {
		struct compare_side *s = &v->side[i];
		if ((s->player.step != s->step && player_seek(&s->player, s->step) != 0) ||
			log_seek(&s->log, &s->player, s->player.step) != 0)
			state_message(mode->state, true, "%s",
				s->player.error[0] ? s->player.error : s->source->error);
	}
	scene_make(&d->scene, &d->player, &d->log, NULL, &none, mode->state->ascii);
	scene_make(&e->scene, &e->player, &e->log, NULL, &none, mode->state->ascii);
	const struct map_group *g = &d->scene.focus.view;
	uint64_t n = scene_groups(&e->scene, 0);
	if (!d->scene.focus.ok || d->scene.focus.kept || !n)
		return;
	struct hold hold = { true, scene_groups(&e->scene, g->array) ? g->array : 0, g->index % n, g->depth,
		0 };
	scene_make(&e->scene, &e->player, &e->log, NULL, &hold, mode->state->ascii);
	if (!e->scene.focus.ok || e->scene.focus.view.index != hold.index) { /* its chain is shorter */
		hold.depth = 0;
		scene_make(&e->scene, &e->player, &e->log, NULL, &hold, mode->state->ascii);
	}
}

/* Its kind says in what a map differs from another one; where there is none the first kind says that. */
static void find_difference(struct compare_mode *v)
{
	const struct scene *a = &v->side[0].scene, *b = &v->side[1].scene;
	if (v->difference_known && v->difference_step[0] == a->step && v->difference_step[1] == b->step)
		return;
	struct builder w = builder_in(v->difference, sizeof v->difference);
	const struct explain *x = a->map ? explain_of(a->map) : b->map ? explain_of(b->map) : explains[0];
	if (x->align)
		x->align(&w, a, b);
	v->difference_step[0] = a->step;
	v->difference_step[1] = b->step;
	v->difference_known = true;
}

/* What operations in sight cost: those of the line, and the last ones of each side. */
static void find_costs(struct compare_mode *v, const struct compare_plan *p)
{
	struct compare_line l = compare_line(v, p);
	for (int i = 0; i < 2; i++) {
		struct compare_side *d = &v->side[i];
		uint64_t rows = (uint64_t)p->last_rows + 1, first = d->op > rows ? d->op - rows : 1;
		int64_t apart = i == v->active ? 0 : compare_apart(v);
		for (int k = 0; p->line_rows && k < l.n; k++)
			cost_of(&d->costs, d->source, (uint64_t)(l.first + k + apart));
		for (uint64_t op = first; op <= d->op; op++)
			cost_of(&d->costs, d->source, op);
	}
}

void compare_ready(struct mode *mode, const struct frame *f)
{
	struct compare_mode *v = mode->compare;
	struct compare_plan p;
	compare_plan(&p, f->layout->w, f->layout->h);
	if (p.what_rows)
		find_difference(v);
	find_costs(v, &p);
}

bool compare_busy(const struct mode *mode)
{
	return mode->compare->searching != 0;
}

const struct scene *compare_scene(struct mode *mode)
{
	scenes_make(mode, mode->compare);
	return &mode->compare->side[0].scene;
}

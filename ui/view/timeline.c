/* The timeline as a view: operations at any zoom with a cursor, a list of those around it, and the growths.
 */
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { GROWTH_W = 44, PLOT_LEAST = 5 };

struct timeline_state {
	uint64_t op; /* the cursor; 0: it is at the step */
	int zoom;
};

/* The operation under the cursor. */
static uint64_t cursor_op(const struct timeline_state *v, const struct scene *s)
{
	uint64_t ops = s->player->source->ops, op = v->op ? v->op : s->op.op ? s->op.op : 1;
	return op > ops ? ops : op;
}

/* The range in sight: all, halved by each zoom, around the cursor; it moves by quarters, so that it stands
 * still while the cursor walks. */
static void range_of(
	const struct timeline_state *v, const struct scene *s, uint64_t *ret_lo, uint64_t *ret_hi)
{
	uint64_t ops = s->player->source->ops, span = ops >> v->zoom, at = cursor_op(v, s);
	if (span < 8)
		span = ops < 8 ? ops : 8;
	uint64_t quarter = span / 4 ? span / 4 : 1,
		 lo = at > span / 2 ? (at - span / 2) / quarter * quarter : 0;
	if (lo + span > ops)
		lo = ops - span;
	*ret_lo = lo + 1;
	*ret_hi = lo + span;
}

/* ---- the list of operations ---- */

static void draw_operation(const struct frame *f, struct rect r, int y, uint64_t op, bool cursor, bool now)
{
	const struct scene *s = f->scene;
	struct source *src = f->state->source;
	struct operation row;
	char words[2 * SCENE_TEXT + 32], clean[2 * SCENE_TEXT + 32], fit[2 * SCENE_TEXT + 32];
	uint64_t end = src->steps + 1;
	if (op < src->ops && src->operation(src, op + 1, &row) == 0)
		end = row.first_step;
	if (src->operation(src, op, &row) != 0)
		return;
	hits_add(f->hits, r, 0, y, r.w, (struct hit){ .kind = HIT_OWN, .a = op });
	snprintf(words, sizeof words, "%s %s %s", op_kind_name[row.kind < OP_KINDS ? row.kind : 0],
		row.key ? row.key : "", row.elem ? row.elem : "");
	scene_clean(s, words, clean, sizeof clean);
	if (now)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	style st = now ? S_TITLE : S_TEXT;
	int x = grid_printf(f->grid, r, 1, y, st, "%*" PRIu64 "  ", panel_digits(src->ops), op);
	int right = r.w - 2 * panel_digits(src->steps) - 6;
	text_fit(clean, right - x - 1, fit, sizeof fit);
	grid_put(f->grid, r, x, y, st, fit);
	grid_printf(f->grid, r, right, y, st, "%*" PRIu64 "  %*" PRIu64, panel_digits(src->steps),
		row.first_step, panel_digits(src->steps), end > row.first_step ? end - row.first_step : 0);
	if (cursor) {
		grid_attribute(f->grid, r, 0, y, r.w - 1, STYLE_REVERSE);
		grid_glyph(f->grid, r, r.w - 1, y, S_TITLE, G_FOCUS_LEFT);
	}
}

static void draw_list(const struct frame *f, struct rect r, const struct timeline_state *v)
{
	const struct scene *s = f->scene;
	uint64_t ops = s->player->source->ops, at = cursor_op(v, s), rows = (uint64_t)(r.h - 1);
	int steps = panel_digits(s->steps), right = r.w - 2 * steps - 6;
	panel_rule(f, r, 0, true, _("operations: arrows, Enter goes there, + - zoom"), NULL);
	(void)right;
	if (r.h < 2)
		return;
	uint64_t first = at > rows / 2 ? at - rows / 2 : 1;
	if (first + rows > ops + 1)
		first = ops + 1 > rows ? ops + 1 - rows : 1;
	for (uint64_t i = 0; i < rows && first + i <= ops; i++)
		draw_operation(f, r, 1 + (int)i, first + i, first + i == at, first + i == s->op.op);
}

/* ---- growths ---- */

static void draw_growths(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct source *src = f->state->source;
	const struct growth_row *row;
	size_t n = 0, at = 0;
	char title[64];
	if (src->growths(src, &row, &n) != 0)
		n = 0;
	snprintf(title, sizeof title, P_("%u growth", "%u growths", n), (unsigned)n);
	panel_rule(f, r, 0, false, title, _("op, steps, B, why"));
	while (at < n && row[at].first_step <= s->step)
		at++;
	size_t rows = (size_t)r.h - 1, first = at > rows / 2 + 1 ? at - rows / 2 - 1 : 0;
	if (n > rows && first > n - rows)
		first = n - rows;
	for (size_t i = first; i < n && i - first < rows; i++) {
		const struct growth_row *g = &row[i];
		int y = 1 + (int)(i - first);
		bool now = g->first_step <= s->step && (!g->last_step || s->step <= g->last_step);
		hits_add(f->hits, r, 0, y, r.w, (struct hit){ .kind = HIT_STEP, .a = g->first_step });
		if (now)
			grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
		int x = grid_printf(f->grid, r, 1, y, now ? S_TITLE : S_TEXT, "%*" PRIu64 "  ",
			panel_digits(src->ops), g->op);
		if (g->last_step)
			x = grid_printf(f->grid, r, x, y, S_TEXT,
				P_("%" PRIu64 " step  ", "%" PRIu64 " steps  ",
					g->last_step - g->first_step + 1),
				g->last_step - g->first_step + 1);
		else
			x = grid_put(f->grid, r, x, y, S_TEXT, _("goes on  "));
		grid_printf(f->grid, r, x, y, S_GROW, "%u → %u  %s", g->old_B, g->new_B,
			_(growth_reason_name[g->reason & 1]));
	}
	if (!n)
		grid_put(f->grid, r, 1, 1, S_DEAD, _("the map never grew"));
}

/* The cursor is a line above its bar, which stays as it is. */
static void draw_cursor(const struct frame *f, struct rect r, int x, int rows)
{
	for (int y = 1; y < rows; y++)
		if (f->grid->cell[(r.y + y) * f->grid->w + r.x + x].ch == ' ')
			grid_glyph(f->grid, r, x, y, S_TITLE, G_V);
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct scene *s = f->scene;
	const struct timeline_state *v = own;
	if (!f->state->source->ops) {
		panel_rule(f, body, 0, true, _("timeline"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("no operations"));
		return;
	}
	int plot = body.h / 2 > 16 ? 16 : body.h / 2;
	plot = plot < PLOT_LEAST ? PLOT_LEAST : plot;
	struct rect top = { body.x, body.y, body.w, plot };
	panel_timeline(f, top);
	uint64_t at = cursor_op(v, s);
	if (f->pass->timeline.ok) {
		int x = panel_timeline_column(f, top, at);
		draw_cursor(f, top, x, plot - 1);
		if (at != s->op.op) { /* where now is has its own mark */
			char words[32];
			snprintf(words, sizeof words, "▲ %" PRIu64, at);
			grid_put(f->grid, top, x + text_width(words) > top.w ? top.w - text_width(words) : x,
				plot - 1, S_CURSOR, words);
		}
	}
	int side = body.w >= 100 ? GROWTH_W : 0;
	struct rect list = { body.x, body.y + plot, body.w - side, body.h - plot };
	draw_list(f, list, v);
	if (side) {
		draw_growths(f, (struct rect){ list.w + 1, list.y, side - 1, list.h });
		panel_border(f, (struct rect){ body.x, list.y, body.w, list.h }, list.w);
	}
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)body;
	if (f->state->source->ops)
		range_of(own, f->scene, &q->timeline.lo, &q->timeline.hi);
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct timeline_state *v = own;
	uint64_t ops = st->source->ops, at = ops ? cursor_op(v, f->scene) : 0;
	(void)body;
	if (!ops)
		return false;
	switch (a) {
	case ACTION_LEFT:
	case ACTION_UP: v->op = at > n ? at - n : 1; return true;
	case ACTION_RIGHT:
	case ACTION_DOWN: v->op = n < ops - at ? at + n : ops; return true;
	case ACTION_FASTER:
		if (ops >> v->zoom > 8)
			v->zoom++;
		return true;
	case ACTION_SLOWER:
		if (v->zoom > 0)
			v->zoom--;
		return true;
	case ACTION_ENTER:
		state_ask(st, REQUEST_JUMP, state_op_first_step(st, at));
		v->op = 0;
		return true;
	case ACTION_ESCAPE:
		if (!v->op)
			return false;
		v->op = 0;
		return true;
	default: return false;
	}
}

static void press(struct state *st, void *own, const struct frame *f, const struct hit *hit)
{
	struct timeline_state *v = own;
	(void)st;
	(void)f;
	v->op = hit->a;
}

const struct view view_timeline = { .size = sizeof(struct timeline_state),
	.passes = NEEDS_TIMELINE,
	.draw = draw,
	.ask = ask,
	.key = key,
	.press = press };

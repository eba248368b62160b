/* Who wrote a byte: the list of the writes to it, and when its cache line was touched.
 */
#include "ui/panel/panel.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A value of the list: a byte in hex; of a field as the view of its struct has it. */
static void value_text(const struct passes *v, uint64_t value, char *out, size_t cap)
{
	if (v->history.size <= 1)
		snprintf(out, cap, "%02x", (unsigned)value);
	else if (v->history_number)
		snprintf(out, cap, "%" PRIu64, value);
	else if (value == 0 && v->history.size == 8)
		snprintf(out, cap, "nil");
	else
		snprintf(out, cap, "%" PRIx64, value);
}

static void row_values(const struct passes *v, const struct history_row *w, char *out, size_t cap)
{
	char old[24] = "--", new[24] = "--";
	if (w->kind != EV_ALLOC)
		value_text(v, w->old, old, sizeof old);
	if (w->kind != EV_FREE)
		value_text(v, w->new, new, sizeof new);
	snprintf(out, cap, "%s → %s", old, new);
}

/* Columns of the values. */
static int values_width(const struct passes *v)
{
	return v->history.size <= 1 ? 7 : v->history_number ? 13 : 24;
}

static const char *row_reason(const struct history_row *w)
{
	return w->kind == EV_ALLOC   ? _("allocated, zeroed")
		: w->kind == EV_FREE ? _("freed")
		: w->phase           ? _(phase_name[w->phase])
				     : "";
}

/* "put kiwi" of an operation; the source owns the text until the next call. */
static void row_operation(const struct scene *s, uint64_t op, bool brief, char *out, size_t cap)
{
	struct operation row;
	struct source *src = s->player->source;
	char text[SCENE_TEXT];
	out[0] = 0;
	if (!op || op > src->ops || src->operation(src, op, &row) != 0)
		return;
	const char *kind = op_kind_name[row.kind < OP_KINDS ? row.kind : 0];
	if (brief && row.key)
		snprintf(text, sizeof text, "%s", row.key);
	else
		snprintf(text, sizeof text, "%s %s", kind, row.key ? row.key : "");
	scene_clean(s, text, out, cap);
}

static void draw_write(const struct frame *f, struct rect r, int y, const struct history_row *w,
	bool selected, bool now, bool two)
{
	const struct scene *s = f->scene;
	struct grid *g = f->grid;
	char values[64], by[SCENE_TEXT], fit[SCENE_TEXT];
	int steps = panel_digits(s->steps), ops = panel_digits(s->player->source->ops);
	row_values(f->pass, w, values, sizeof values);
	if (now)
		grid_glyph(g, r, 0, y, S_TITLE, G_FOCUS);
	style st = now ? S_TITLE : S_TEXT;
	int x = grid_printf(g, r, 1, y, st, "%*" PRIu64 "  %*" PRIu64 "  ", steps, w->step, ops, w->op),
	    end = r.w - 1 - values_width(f->pass);
	row_operation(s, w->op, end - x < 12, by, sizeof by);
	text_fit(by, end - x - 1, fit, sizeof fit);
	grid_put(g, r, x, y, st, fit);
	grid_put_right(g, r, r.w - 1, y, st, values);
	if (selected) {
		grid_attribute(g, r, 0, y, r.w - 1, STYLE_REVERSE);
		grid_glyph(g, r, r.w - 1, y, S_TITLE, G_FOCUS_LEFT);
	}
	if (two)
		grid_put(g, r, x, y + 1, S_LABEL, row_reason(w));
}

/* The row of the list that is selected: where its user went, else the newest write before the step. */
size_t panel_who_row(const struct frame *f)
{
	const struct byte_cursor *c = &f->state->cursor;
	size_t n = history_count(&f->pass->history),
	       before = history_before(&f->pass->history, f->scene->step);
	if (c->who_focus && c->who_row != WHO_NOW)
		return c->who_row < n ? c->who_row : n ? n - 1 : 0;
	return before ? before - 1 : 0;
}

static void who_foot(const struct frame *f, struct rect r, int y, size_t before)
{
	const struct history *k = &f->pass->history;
	char words[160];
	if (history_busy(k))
		snprintf(words, sizeof words, _("looking: %u %%  Esc stops"), history_percent(k));
	else if (k->failed)
		snprintf(words, sizeof words, "%s", _("the trace is damaged here"));
	else if (k->stopped)
		snprintf(words, sizeof words, "%s", _("stopped; the list has gaps"));
	else if (k->back.cut || k->ahead.cut)
		snprintf(words, sizeof words, _("only the nearest %u writes"), (unsigned)history_count(k));
	else if (before >= history_count(k))
		snprintf(words, sizeof words, "%s", _("later: not written again"));
	else
		snprintf(words, sizeof words,
			P_("later: written once", "later: written %u times", history_count(k) - before),
			(unsigned)(history_count(k) - before));
	grid_put(f->grid, r, 1, y, S_LABEL, words);
}

void panel_who(const struct frame *f, struct rect r, const char *name)
{
	const struct history *k = &f->pass->history;
	bool focus = f->state->cursor.who_focus;
	struct grid *g = f->grid;
	size_t n = history_count(k), before = history_before(k, f->scene->step), at = panel_who_row(f);
	bool two = r.h >= 16;
	int rows = (r.h - 3) / (two ? 2 : 1);
	char title[WATCH_NAME + 32];
	snprintf(title, sizeof title, _("who wrote %s?"), name);
	panel_rule(f, r, 0, focus, title, NULL);
	if (r.h < 4)
		return;
	grid_printf(g, r, 1, 1, S_LABEL, "%*s  %*s  %s", panel_digits(f->scene->steps), _("step"),
		panel_digits(f->scene->player->source->ops), _("op"), _("by"));
	grid_put_right(g, r, r.w - 1, 1, S_LABEL, _("old   new"));
	size_t top = n > (size_t)rows && at > (size_t)rows / 2 ? at - (size_t)rows / 2 : 0;
	if (n > (size_t)rows && top > n - (size_t)rows)
		top = n - (size_t)rows;
	hits_add_area(f->hits, r, 0, 0, r.w, r.h, (struct hit){ .kind = HIT_WRITES });
	for (int i = 0; i < rows && top + (size_t)i < n; i++) {
		hits_add_area(f->hits, r, 0, 2 + i * (two ? 2 : 1), r.w, two ? 2 : 1,
			(struct hit){ .kind = HIT_WRITE, .a = top + (size_t)i });
		draw_write(f, r, 2 + i * (two ? 2 : 1), history_get(k, top + (size_t)i),
			focus && top + (size_t)i == at, top + (size_t)i + 1 == before, two);
	}
	if (!n && !history_busy(k))
		grid_put(g, r, 1, 2, S_DEAD, _("nobody so far"));
	who_foot(f, r, r.h - 1, before);
}

/* ---- the line in time ---- */

void panel_who_line(const struct frame *f, struct rect r)
{
	const struct line_history *t = line_history_now(&f->pass->line);
	const struct scene *s = f->scene;
	struct grid *g = f->grid;
	uint64_t ops = s->player->source->ops;
	char title[96], words[96];
	snprintf(title, sizeof title, _("cache line %010" PRIx64 " in time"), t->lo);
	snprintf(words, sizeof words,
		pass_busy(&f->pass->line) ? _("looking") : _("r read  w written by an operation"));
	panel_rule(f, r, 0, false, title, words);
	grid_put(g, r, 1, 1, S_LABEL, _("line"));
	grid_put(g, r, 1, 2, S_LABEL, _("op"));
	if (!t->n || !ops)
		return;
	int each = (r.w - 8) / (int)t->n > 3 ? 3 : (r.w - 8) / (int)t->n;
	each = each < 1 ? 1 : each;
	for (size_t i = 0; i < t->n; i++) {
		const char *const mark[] = { "·", "r", "w", each > 1 ? "rw" : "w" };
		grid_put(g, r, 7 + (int)i * each, 1, t->cell[i] ? S_TITLE : S_DEAD, mark[t->cell[i] & 3]);
	}
	size_t cell = s->op.op && s->op.op <= ops
		? (size_t)((double)(s->op.op - 1) * (double)t->n / (double)ops)
		: 0;
	int x = 7 + (int)cell * each;
	grid_put(g, r, 7, 2, S_LABEL, "1");
	snprintf(words, sizeof words, "%" PRIu64, ops);
	grid_put_right(g, r, 7 + (int)t->n * each, 2, S_LABEL, words);
	if (s->op.op) {
		snprintf(words, sizeof words, "▲ %" PRIu64, s->op.op);
		grid_put(g, r, x + text_width(words) > r.w ? r.w - text_width(words) : x, 2, S_TITLE, words);
	}
}

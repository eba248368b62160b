/* Time: the timeline of operations, and the transport in the last row. */
#include "ui/panel/panel.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static int decimal_width(uint64_t v)
{
	int n = 1;
	for (; v >= 10; v /= 10)
		n++;
	return n;
}

/* ---- timeline ---- */

enum { EACH_MOST = 6 }; /* columns of an operation where there are few */

/* Columns from x on; an operation takes `each` of them, or several share one. */
struct scale {
	int x, columns, each;
	uint64_t lo, hi;
};

static struct scale timeline_scale(const struct frame *f, struct rect r)
{
	struct scale c = { 7, r.w - 8, 1, f->pass->timeline.lo, f->pass->timeline.hi };
	uint64_t ops = c.hi - c.lo + 1;
	if (ops <= (uint64_t)c.columns)
		c.each = (int)((uint64_t)c.columns / ops);
	if (c.each > EACH_MOST)
		c.each = EACH_MOST;
	return c;
}

static int op_column(const struct scale *c, size_t cells, uint64_t op)
{
	if (!cells)
		return c->x;
	if (op < c->lo)
		op = c->lo;
	uint64_t ops = c->hi - c->lo + 1;
	uint64_t cell = (uint64_t)(((double)(op - c->lo)) * (double)cells / (double)ops);
	if (cell >= cells)
		cell = cells - 1;
	return c->x + (int)cell * c->each;
}

int panel_timeline_column(const struct frame *f, struct rect r, uint64_t op)
{
	struct scale c = timeline_scale(f, r);
	return op_column(&c, f->pass->timeline.n, op);
}

static void draw_steps(const struct frame *f, struct rect r, const struct scale *c, int rows, uint64_t most)
{
	for (size_t i = 0; i < f->pass->timeline.n; i++) {
		uint64_t v = f->pass->timeline.cell[i].max_steps;
		unsigned eighths = most ? (unsigned)(((double)v * rows * 8 + (double)most - 1) / (double)most)
					: 0;
		if (v && !eighths)
			eighths = 1;
		for (int row = 0; row < rows && eighths; row++) {
			unsigned part = eighths > 8 ? 8 : eighths;
			for (int k = 0; k < (c->each > 2 ? c->each - 1 : c->each); k++)
				panel_bar(f, r, c->x + (int)i * c->each + k, rows - row, S_TEXT, part);
			eighths -= part;
		}
		hits_add_area(f->hits, r, c->x + (int)i * c->each, 1, c->each, rows + 2,
			(struct hit){ .kind = HIT_OPERATION, .a = f->pass->timeline.cell[i].first_op });
	}
}

static void draw_growth(const struct frame *f, struct rect r, const struct scale *c, int y)
{
	for (size_t i = 0; i < f->pass->timeline.n; i++) {
		const struct timeline_cell *cell = &f->pass->timeline.cell[i];
		int x = c->x + (int)i * c->each;
		if (cell->growing)
			grid_repeat(f->grid, r, x, y, S_GROW, G_QUARTER3, c->each);
		/* Where many operations share a cell nearly all have an overflow: the growths are rarer. */
		if (cell->overflow && (!cell->growing || cell->first_op == cell->last_op))
			grid_put(f->grid, r, x, y, S_TITLE, "o");
		else if (f->pass->timeline.said[i])
			grid_put(f->grid, r, x, y, S_SAY, "»");
	}
}

/* Round numbers under the columns, where they do not run into each other or into the mark of now. */
static void draw_numbers(const struct frame *f, struct rect r, const struct scale *c, int y, int now)
{
	uint64_t ops = c->hi - c->lo + 1, unit = 1;
	while (ops / unit > (uint64_t)c->columns / 12) {
		uint64_t lead = unit;
		while (lead >= 10)
			lead /= 10;
		unit = lead == 1 ? unit * 2 : lead == 2 ? unit / 2 * 5 : unit * 2;
	}
	char words[32];
	int mark_end = now;
	if (f->scene->op.op) {
		snprintf(words, sizeof words, "▲ %" PRIu64, f->scene->op.op);
		if (now + text_width(words) > r.w) {
			snprintf(words, sizeof words, "%" PRIu64 " ▲", f->scene->op.op);
			now -= text_width(words) - 1;
		}
		mark_end = grid_put(f->grid, r, now, y, S_TITLE, words);
	}
	for (uint64_t op = c->lo; op <= c->hi;
		op = op == c->lo && unit > 1 ? (op / unit + 1) * unit : op + unit) {
		snprintf(words, sizeof words, "%" PRIu64, op);
		int x = op_column(c, f->pass->timeline.n, op), end = x + text_width(words);
		if (end <= r.w && (end < now || x > mark_end + 1 || !f->scene->op.op))
			grid_put(f->grid, r, x, y, S_LABEL, words);
	}
}

void panel_timeline(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char title[96], most_words[32];
	snprintf(title, sizeof title, _("timeline: %s, %s"), counted_operations(s->player->source->ops),
		counted_steps(s->steps));
	panel_head(f, r, 0, PANEL_TIMELINE, title,
		!f->state->narrated ? _("░ growth under way  o overflow bucket made")
			: r.w < 100 ? _("░ growth  o overflow bucket  » words")
				    : _("░ growth under way  o overflow bucket made  » words"));
	if (!f->pass->timeline.ok || !f->pass->timeline.n) {
		grid_put(f->grid, r, 1, 1, S_DEAD, _("no operations"));
		return;
	}
	struct scale c = timeline_scale(f, r);
	uint64_t most = 0;
	for (size_t i = 0; i < f->pass->timeline.n; i++)
		if (f->pass->timeline.cell[i].max_steps > most)
			most = f->pass->timeline.cell[i].max_steps;
	int rows = r.h - 3;
	if (rows > 0)
		grid_put(f->grid, r, 1, 1, S_LABEL, _("steps"));
	if (rows > 1) {
		snprintf(most_words, sizeof most_words, "%5" PRIu64, most);
		grid_put(f->grid, r, 1, 2, S_LABEL, most_words);
	}
	draw_steps(f, r, &c, rows, most);
	grid_put(f->grid, r, 1, rows + 1, S_LABEL, _("grow"));
	draw_growth(f, r, &c, rows + 1);
	grid_put(f->grid, r, 1, rows + 2, S_LABEL, _("op"));
	int end = c.x + (int)f->pass->timeline.n * c.each;
	snprintf(most_words, sizeof most_words, _("max %" PRIu64), most);
	if (rows == 1 && end + text_width(most_words) < r.w)
		grid_put_right(f->grid, r,
			end + 2 + text_width(most_words) < r.w ? end + 2 + text_width(most_words) : r.w - 1,
			1, S_LABEL, most_words);
	draw_numbers(f, r, &c, rows + 2, op_column(&c, f->pass->timeline.n, s->op.op ? s->op.op : 1));
}

/* ---- transport ---- */

static void play_word(const struct frame *f, char *out, size_t cap)
{
	const struct state *r = f->state;
	bool operations;
	unsigned rate = state_rate(r, &operations);
	if (job_busy(&f->find->job))
		snprintf(out, cap, _("at %u%%"), job_percent(&f->find->job));
	else if (!r->playing)
		snprintf(out, cap, "%s", _("paused"));
	else
		snprintf(out, cap, operations ? _("%s%uop") : _("%s%u/s"), r->backwards ? "<" : ">", rate);
}

static void progress(const struct frame *f, struct rect r, int x, int w)
{
	const struct scene *s = f->scene;
	int knob = s->steps > 1 && s->step ? (int)((double)(s->step - 1) * (w - 1) / (double)(s->steps - 1))
					   : 0;
	for (int i = 0; i < w; i++)
		hits_add(f->hits, r, x + i, 0, 1,
			(struct hit){ .kind = HIT_BAR,
				.a = w > 1 ? (uint64_t)((double)s->steps * i / (w - 1)) : s->steps });
	grid_repeat(f->grid, r, x, 0, S_TITLE, G_HEAVY, knob);
	grid_glyph(f->grid, r, x + knob, 0, S_TITLE, G_KNOB);
	grid_repeat(f->grid, r, x + knob + 1, 0, S_RULE, G_H, w - knob - 1);
}

/* Returns the column after it. */
static int prompt_line(const struct frame *f, struct rect r, int x)
{
	const struct find *m = f->find;
	const struct prompt *p = &m->prompt[m->ask];
	char before[PROMPT_MAX];
	x = grid_put(f->grid, r, x, 0, S_TITLE, find_sign(m->ask));
	snprintf(before, sizeof before, "%.*s", (int)p->cursor, p->text);
	int cursor = text_width(before), skip = x + cursor + 2 > r.w ? x + cursor + 2 - r.w : 0;
	const char *text = p->text;
	for (int w = 0; w < skip && *text;) {
		const char *next = text;
		w += char_width(utf8_next(&next));
		text = next;
	}
	int end = grid_put(f->grid, r, x, 0, S_TEXT, text);
	if (p->cursor == p->length)
		end = grid_put(f->grid, r, end, 0, S_TEXT, "_");
	else
		grid_attribute(f->grid, r, x + cursor - skip, 0, 1, STYLE_REVERSE);
	return end;
}

/* What has been said, from column x on; where there is too little room for it the whole row is its own, or
 * while something is typed in this one the row above. */
static void put_message(const struct frame *f, struct rect r, int x, bool typing)
{
	const struct state *p = f->state;
	char fit[STATE_MESSAGE + 8];
	if (text_width(p->message) > r.w - x - 1) {
		x = 1;
		r.y -= typing;
		grid_printf(f->grid, r, 0, 0, S_TEXT, "%*s", r.w, "");
	}
	text_fit(p->message, r.w - x - 1, fit, sizeof fit);
	grid_put(f->grid, r, x, 0, typing ? S_LABEL : p->alarm ? S_ERROR : S_TITLE, fit);
}

void panel_transport(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct state *p = f->state;
	char word[32], text[SCENE_TEXT * 2 + 64], fit[SCENE_TEXT * 2 + 64], operation[SCENE_TEXT * 2 + 32];
	char before[48];
	bool wide = r.w >= 110;
	const char *hint = wide ? _(". step  > phase  PgDn op  space play  ? help") : _("? help");
	if (job_busy(&f->find->job))
		hint = _("Esc stops");
	int x, hint_x = r.w - 1 - text_width(hint), bar = r.w >= 150 ? 30 : r.w >= 80 ? 10 : 0;
	play_word(f, word, sizeof word);
	grid_put(f->grid, r, 1, 0, p->playing ? S_TITLE : S_TEXT, word);
	if (p->panel == PANEL_TIMELINE && !layout_has(f->layout, PANEL_TIMELINE))
		grid_attribute(f->grid, r, 1, 0, text_width(word), STYLE_REVERSE);
	snprintf(text, sizeof text, _("step %*" PRIu64 "/%" PRIu64), decimal_width(s->steps), s->step,
		s->steps);
	x = grid_put(f->grid, r, 9, 0, S_TITLE, text) + 2;
	if (p->prompting) {
		int end = prompt_line(f, r, x);
		if (p->message[0]) /* what could be typed */
			put_message(f, r, end + 2, true);
		return;
	}
	if (p->message[0]) {
		put_message(f, r, x, false);
		return;
	}
	if (p->counting) {
		grid_printf(f->grid, r, x, 0, S_TITLE, _("%" PRIu64 "  then . > G g %%"), p->count);
		return;
	}
	operation_phrase(s, operation, sizeof operation);
	const char *phase = s->event.kind == EV_COUNT ? _("start")
		: s->after                            ? _("done")
		: s->phase == PHASE_NONE              ? _("begin")
						      : _(phase_name[s->phase]);
	unsigned folded = state_folds(p) ? scene_folded(s) : 0;
	if (folded) {
		snprintf(before, sizeof before, _("%s +%u"), phase, folded);
		phase = before;
	}
	int pad = text_width(phase) < 8 ? 8 - text_width(phase) : 0;
	snprintf(text, sizeof text, _("%s%*s  op %*" PRIu64 "/%" PRIu64 " %s"), phase, pad, "",
		decimal_width(p->source->ops), s->op.op, p->source->ops, s->op.op ? operation : "");
	int bar_x = hint_x - 1 - bar;
	text_fit(text, (bar ? bar_x - 2 : hint_x - 2) - x, fit, sizeof fit);
	grid_put(f->grid, r, x, 0, S_TEXT, fit);
	if (bar)
		progress(f, r, bar_x, bar);
	grid_put(f->grid, r, hint_x, 0, S_LABEL, hint);
}

/* The view of a map's memory account: a row a line with its bytes, an entry's share, what this operation
 * changed, a bar; beside it given, live, dead and an entry's bytes over operations. */
#include "ui/view/view.h"
#include "ui/panel/plot.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	TITLE = 24,
	BYTES = 8,
	ENTRY = 8,
	CHANGE = 8,
	TABLE_LEAST = TITLE + BYTES + ENTRY + CHANGE,
	WIDE = 70,
	WIDER = 2,
	SENTENCE = 66,
	SHORT_BAR = 12,
	PLOT_LEAST = 24,
	LABEL = 7
};

static const struct {
	style style;
	enum glyph bar;
} groups[ACCOUNT_GROUPS] = {
	[ACCOUNT_USED] = { S_TITLE, G_BAR8 },
	[ACCOUNT_BOOK] = { S_TEXT, G_QUARTER1 },
	[ACCOUNT_ROOM] = { S_TEXT, G_QUARTER2 },
	[ACCOUNT_DEAD] = { S_DEAD, G_QUARTER3 },
	[ACCOUNT_REST] = { S_TEXT, G_FREE },
};

static const struct {
	const char *title;
	style style;
} plots[ACCOUNT_TIME_KINDS] = {
	[ACCOUNT_TIME_GIVEN] = { N_("given"), S_TEXT },
	[ACCOUNT_TIME_LIVE] = { N_("live"), S_TITLE },
	[ACCOUNT_TIME_DEAD] = { N_("dead"), S_DEAD },
	[ACCOUNT_TIME_ENTRY] = { N_("an entry"), S_TEXT },
};

/* bytes, entry, change: where these columns end; entry 0: not shown. */
struct table {
	const struct frame *f;
	struct rect r;
	const struct account_time *l;
	const struct account_table *table;
	bool sentence;
	int title, bytes, entry, change, bar, bar_width;
};

/* ---- the table ---- */

static void draw_row(
	const struct table *t, int y, style st, int indent, const char *title, uint64_t now, uint64_t before)
{
	struct grid *g = t->f->grid;
	const struct account *a = &t->l->now.account;
	char words[64], fit[96];
	text_fit(title, t->title - indent - 1, fit, sizeof fit);
	grid_put(g, t->r, 1 + indent, y, st, fit);
	if (!t->l->now.known)
		return;
	snprintf(words, sizeof words, "%" PRIu64, now);
	grid_put_right(g, t->r, t->bytes, y, now ? st : S_DEAD, words);
	if (t->entry) {
		snprintf(words, sizeof words, a->entries ? "%.1f" : "-",
			a->entries ? (double)now / (double)a->entries : 0);
		grid_put_right(g, t->r, t->entry, y, now ? st : S_DEAD, words);
	}
	if (t->l->before.known && now != before) {
		snprintf(words, sizeof words, "%+" PRId64, (int64_t)(now - before));
		grid_put_right(g, t->r, t->change, y, S_TEXT | STYLE_BOLD, words);
	}
}

static void draw_bar(const struct table *t, int y, enum account_group group, uint64_t bytes)
{
	const struct account *a = &t->l->now.account;
	int n = a->given ? (int)((double)bytes / (double)a->given * t->bar_width + 0.5) : 0;
	if (t->l->now.known && bytes)
		grid_repeat(t->f->grid, t->r, t->bar, y, groups[group].style, groups[group].bar, n ? n : 1);
}

static void draw_group(const struct table *t, int y, enum account_group g, bool bar)
{
	uint64_t bytes = account_group_sum(&t->l->now.account, g);
	draw_row(t, y, groups[g].style | STYLE_BOLD, 0, _(account_group_title[g]), bytes,
		account_group_sum(&t->l->before.account, g));
	if (bar)
		draw_bar(t, y, g, bytes);
}

static void draw_line(const struct table *t, int y, const struct account_row *row, int indent)
{
	const struct account_info *info = row->info;
	uint64_t bytes = t->l->now.account.line[row->line];
	char fit[256];
	draw_row(t, y, groups[info->group].style, indent, _(info->title), bytes,
		t->l->before.account.line[row->line]);
	draw_bar(t, y, info->group, bytes);
	if (t->sentence) {
		int x = t->bar + t->bar_width + 2;
		text_fit(_(info->sentence), t->r.w - x - 1, fit, sizeof fit);
		grid_put(t->f->grid, t->r, x, y, S_LABEL, fit);
	}
}

static void draw_head(const struct table *t)
{
	const struct account *a = &t->l->now.account;
	char words[96];
	if (!t->l->now.known)
		snprintf(words, sizeof words, "%s", _("memory"));
	else
		snprintf(words, sizeof words,
			a->entries == 1 ? _("memory: %" PRIu64 " entry") : _("memory: %" PRIu64 " entries"),
			a->entries);
	panel_rule(t->f, t->r, 0, true, words, NULL);
	grid_put_right(t->f->grid, t->r, t->bytes, 0, S_LABEL, _(" bytes"));
	if (t->entry)
		grid_put_right(t->f->grid, t->r, t->entry, 0, S_LABEL, _(" /entry"));
	grid_put_right(t->f->grid, t->r, t->change, 0, S_LABEL, _("this op"));
}

/* Groups alone, lines alone, or lines under their groups: what there is room for.  Returns the row after. */
static int draw_table(const struct table *t)
{
	const struct account_table *all = t->table;
	int rows = (int)all->rows;
	bool lines = t->r.h >= rows + 2, both = t->r.h >= rows + ACCOUNT_GROUPS + 2;
	int y = 1;
	draw_head(t);
	for (int g = 0; g < ACCOUNT_GROUPS; g++) {
		if (both || !lines)
			draw_group(t, y++, (enum account_group)g, !lines);
		for (int i = 0; lines && i < rows; i++)
			if (all->row[i].info->group == (enum account_group)g)
				draw_line(t, y++, &all->row[i], both ? 2 : 0);
	}
	draw_row(t, y++, S_TEXT | STYLE_BOLD, 0, _("given"), t->l->now.account.given,
		t->l->before.account.given);
	return y;
}

/* What else can be said of the whole. */
static void draw_rest(const struct table *t, int y)
{
	const struct account *a = &t->l->now.account, *b = &t->l->before.account;
	const struct {
		const char *title;
		uint64_t now, before;
	} rows[] = {
		{ N_("asked for"), a->asked, b->asked },
		{ N_("live: given, not dead"), account_live(a), account_live(b) },
		{ N_("on a stack"), a->stack, b->stack },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0] && y < t->r.h; i++, y++)
		draw_row(t, y, S_TEXT, 0, _(rows[i].title), rows[i].now, rows[i].before);
}

/* ---- plots ---- */

/* The largest known of the cells that a column shows. */
static bool column_value(const struct account_time *l, const struct account_time_cell *cell,
	enum account_time_kind k, int x, int columns, double *ret)
{
	size_t from = (size_t)((double)x * (double)l->n / columns),
	       to = (size_t)((double)(x + 1) * (double)l->n / columns);
	bool any = false;
	*ret = 0;
	for (size_t i = from; i < (to > from ? to : from + 1) && i < l->n; i++) {
		any = any || cell[i].known;
		if (cell[i].known && cell[i].value[k] > *ret)
			*ret = cell[i].value[k];
	}
	return any;
}

static void here_words(const struct account_time *l, enum account_time_kind k, char *out, size_t cap)
{
	const struct account *a = &l->now.account;
	if (!l->now.known)
		snprintf(out, cap, "…");
	else if (k == ACCOUNT_TIME_ENTRY)
		snprintf(out, cap, a->entries ? "%.1f" : "-", account_per_entry(a));
	else
		snprintf(out, cap, "%" PRIu64,
			k == ACCOUNT_TIME_GIVEN          ? a->given
				: k == ACCOUNT_TIME_LIVE ? account_live(a)
							 : account_dead(a));
}

static void draw_plot(const struct frame *f, struct rect r, const struct account_time *l,
	const struct account_time_cell *cell, enum account_time_kind k, double most, int now)
{
	char words[64];
	int rows = r.h - 1, columns = r.w - LABEL - 1;
	double v;
	here_words(l, k, words, sizeof words);
	panel_rule(f, r, 0, false, _(plots[k].title), words);
	plot_number(most, words, sizeof words);
	grid_put_right(f->grid, r, LABEL - 1, 1, S_LABEL, words);
	if (rows > 1)
		grid_put_right(f->grid, r, LABEL - 1, rows, S_LABEL, "0");
	for (int x = 0; x < columns; x++) {
		hits_add_area(f->hits, r, LABEL + x, 1, 1, rows,
			(struct hit){ .kind = HIT_OPERATION,
				.a = 1 + (uint64_t)((double)x * (double)f->state->source->ops / columns) });
		if (x == now) /* above its bar, a line */
			for (int y = 1; y <= rows; y++)
				grid_glyph(f->grid, r, LABEL + x, y, S_TITLE, G_V);
		if (!column_value(l, cell, k, x, columns, &v) || most <= 0 || v <= 0)
			continue;
		int eighths = (int)(v / most * rows * 8 + 0.5);
		eighths = eighths < 1 ? 1 : eighths;
		for (int y = rows; y >= 1 && eighths > 0; y--, eighths -= 8)
			panel_bar(f, r, LABEL + x, y, x == now ? plots[k].style | STYLE_BOLD : plots[k].style,
				eighths > 8 ? 8 : (unsigned)eighths);
	}
}

/* Bytes of the first three on one scale, so that they can be compared by eye. */
static void draw_plots(const struct frame *f, struct rect r, const struct account_time *l,
	const struct account_time_cell *cell)
{
	double most[2] = { 0, 0 }, v;
	int columns = r.w - LABEL - 1, each = r.h / ACCOUNT_TIME_KINDS, more = r.h % ACCOUNT_TIME_KINDS,
	    y = r.y;
	int now = f->scene->op.op
		? (int)((double)(f->scene->op.op - 1) * columns / (double)f->state->source->ops)
		: -1;
	for (int k = 0; k < ACCOUNT_TIME_KINDS; k++)
		for (int x = 0; x < columns; x++)
			if (column_value(l, cell, (enum account_time_kind)k, x, columns, &v) &&
				v > most[k == ACCOUNT_TIME_ENTRY])
				most[k == ACCOUNT_TIME_ENTRY] = v;
	for (int k = 0; k < ACCOUNT_TIME_KINDS; k++) {
		int h = each + (k < more);
		draw_plot(f, (struct rect){ r.x, y, r.w, h }, l, cell, (enum account_time_kind)k,
			most[k == ACCOUNT_TIME_ENTRY], now);
		y += h;
	}
}

/* ---- the view ---- */

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct account_time *l = &f->pass->account;
	const struct scene *s = f->scene;
	char words[64];
	(void)own;
	if (!s->map) {
		panel_rule(f, body, 0, true, _("memory"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("no map"));
		return;
	}
	const struct account_time_cell *cell = account_time_cells(l, s->map->map);
	int plot = cell && body.w >= TABLE_LEAST + PLOT_LEAST ? body.w * 3 / 10 : 0;
	plot = plot && plot < PLOT_LEAST ? PLOT_LEAST : plot;
	struct table t = { .f = f,
		.r = { body.x, body.y, body.w - plot, body.h },
		.l = l,
		.table = map_kinds[s->map->kind]->account };
	int more = t.r.w >= WIDE ? WIDER : 0;
	t.title = TITLE + more;
	t.bytes = t.title + BYTES + more;
	t.entry = t.r.w >= TABLE_LEAST ? t.bytes + ENTRY + more : 0;
	t.change = (t.entry ? t.entry : t.bytes) + CHANGE + more;
	t.bar = t.change + 2;
	t.sentence = t.r.w - t.bar >= SENTENCE + SHORT_BAR;
	t.bar_width = t.sentence ? SHORT_BAR : t.r.w - t.bar - 2;
	t.bar_width = t.bar_width < 0 ? 0 : t.bar_width > 40 ? 40 : t.bar_width;
	draw_rest(&t, draw_table(&t));
	if (plot) {
		draw_plots(f, (struct rect){ body.x + t.r.w, body.y, plot, body.h }, l, cell);
		panel_border(f, body, t.r.w - 1);
	}
	if (l->failed)
		grid_put_right(f->grid, body, body.w - 2, 0, S_ERROR, _(" the recording is damaged "));
	else if (account_time_busy(l)) {
		snprintf(words, sizeof words, _(" computing: %u %% "), account_time_percent(l));
		grid_put_right(f->grid, body, body.w - 2, body.h - 1, S_TITLE, words);
	}
}

static const struct legend_row legend[] = {
	{ 0, "█ ▓", S_TEXT, N_("A: in use; bookkeeping") },
	{ 0, "▒ ░", S_TEXT, N_("A: room to grow; dead") },
};
const struct view view_memory = { .passes = NEEDS_ACCOUNT,
	.draw = draw,
	.legend = legend,
	.legend_rows = sizeof legend / sizeof legend[0] };

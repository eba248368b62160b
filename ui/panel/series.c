/* A plot of numbers over operations: bars, with the largest number at the left. */
#include "ui/panel/panel.h"
#include "ui/grid/text.h"

#include <stdio.h>

enum { LABEL = PLOT_LABEL };

/* The first cell that a column shows. */
static size_t column_cell(const struct series *s, int column, int columns)
{
	return (size_t)((double)column * (double)s->n / columns);
}

int panel_plot_column(const struct frame *f, const struct series *s, int columns)
{
	uint64_t op = f->scene->op.op;
	if (!op || !s->n || op > s->source->ops)
		return -1;
	size_t cell = series_cell(s, op);
	int x = (int)((double)cell * columns / (double)s->n);
	/* rounded down twice it may be the column before */
	if (x + 1 < columns && column_cell(s, x, columns) < cell && column_cell(s, x + 1, columns) <= cell)
		x++;
	return x;
}

/* The largest of the cells that a column shows. */
static bool column_value(const struct series *s, unsigned k, int column, int columns, double *ret)
{
	size_t from = column_cell(s, column, columns), to = column_cell(s, column + 1, columns);
	bool any = false;
	*ret = 0;
	for (size_t i = from; i < (to > from ? to : from + 1) && i < s->n; i++) {
		any = any || s->known[i];
		if (s->known[i] && s->value[k][i] > *ret)
			*ret = s->value[k][i];
	}
	return any;
}

/* 1234567 as "1.2M": only plots shorten. */
static void short_number(double v, bool fraction, char *out, size_t cap)
{
	if (v >= 10e6)
		snprintf(out, cap, "%.0fM", v / 1e6);
	else if (v >= 1e6)
		snprintf(out, cap, "%.1fM", v / 1e6);
	else if (v >= 10e3)
		snprintf(out, cap, "%.0fk", v / 1e3);
	else
		snprintf(out, cap, fraction ? "%.2f" : "%.0f", v);
}

/* A line across at a number, behind what is drawn after it. */
static void draw_line(const struct frame *f, struct rect r, int rows, int columns, double line, double most)
{
	char number[32];
	if (line <= 0 || line > most)
		return;
	int y = rows - (int)(line / most * rows - 1e-9);
	if (y < 1)
		return;
	grid_repeat(f->grid, r, LABEL, y, S_RULE, G_DASHED, columns);
	snprintf(number, sizeof number, "%.4g", line);
	if (y > 1 && y < rows)
		grid_put_right(f->grid, r, LABEL - 2, y, S_LABEL, number);
}

void panel_plot(const struct frame *f, struct rect r, const struct series *s, unsigned k, const char *title,
	int columns, int now)
{
	const struct series_info *plot = series_info(s, k);
	double most = 0, v, here = 0;
	char words[64], number[32];
	int rows = r.h - 1;
	for (int x = 0; x < columns; x++)
		if (column_value(s, k, x, columns, &v) && v > most)
			most = v;
	bool known = series_of(s, k, f->scene->op.op, &here);
	short_number(here, plot->fraction, number, sizeof number);
	snprintf(words, sizeof words, _("here %s"), number);
	panel_rule(f, r, 0, false, title ? title : _(plot->title), known ? words : NULL);
	short_number(most, plot->fraction, number, sizeof number);
	grid_put_right(f->grid, r, LABEL - 2, 1, S_LABEL, number);
	if (rows > 1)
		grid_put_right(f->grid, r, LABEL - 2, rows, S_LABEL, "0");
	draw_line(f, r, rows, columns, plot->line, most);
	/* Where an operation has three columns or more, one of them is a gap: bars, and no wall. */
	bool gaps = s->n == f->state->source->ops && columns >= 3 * (int)s->n;
	for (int x = 0; x < columns; x++) {
		size_t cell = column_cell(s, x, columns), next = column_cell(s, x + 1, columns);
		if (!column_value(s, k, x, columns, &v) || most <= 0 || v <= 0 || (gaps && next != cell))
			continue;
		style st = x == now ? plot->style | STYLE_BOLD : plot->style;
		int eighths = (int)(v / most * rows * 8 + 0.5), y = rows;
		for (eighths = eighths < 1 ? 1 : eighths; eighths > 8; eighths -= 8)
			grid_glyph(f->grid, r, LABEL + x, y--, st, G_QUARTER3);
		panel_bar(f, r, LABEL + x, y, st, (unsigned)eighths);
	}
}

const char *panel_plots_alike(const struct frame *f, const struct series *s)
{
	bool alike = !pass_busy(passes_series(f->pass));
	for (size_t i = 0; i < s->n && alike; i++)
		alike = !s->known[i] || s->value[SERIES_L1][i] == s->value[SERIES_L2][i];
	return alike ? _("misses in L1, each of them in L2 too: memory is read") : NULL;
}

void panel_plot_hits(const struct frame *f, struct rect r, int columns)
{
	for (int x = 0; x < columns; x++)
		hits_add_area(f->hits, r, LABEL + x, 1, 1, r.h - 1,
			(struct hit){ .kind = HIT_OPERATION,
				.a = 1 + (uint64_t)((double)x * (double)f->state->source->ops / columns) });
}

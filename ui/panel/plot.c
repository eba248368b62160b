/* Bars and marks; see plot.h. */
#include "ui/panel/plot.h"
#include "ui/grid/text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 9 };

void plot_number(double v, char *out, size_t cap)
{
	double a = fabs(v);
	if (a >= 1e9)
		snprintf(out, cap, "%.4gG", v / 1e9);
	else if (a >= 1e6)
		snprintf(out, cap, "%.4gM", v / 1e6);
	else if (a >= 1e4)
		snprintf(out, cap, "%.4gk", v / 1e3);
	else
		snprintf(out, cap, "%.4g", v);
}

static double largest(const double *v, size_t from, size_t to)
{
	double most = NAN;
	for (size_t i = from; v && i < to; i++)
		if (!isnan(v[i]) && !(v[i] <= most))
			most = v[i];
	return most;
}

/* Column x of columns belongs to which bars, and which columns belong to a bar. */
struct span {
	size_t from, to;
	int x, w, gap;
};

/* What stands in place i of places: where there are fewer bars than columns, each gets the same width and a
 * gap. */
static struct span place(const struct plot *p, int columns, size_t i, size_t places)
{
	if (p->n > (size_t)columns)
		return (struct span){ i * p->n / places, (i + 1) * p->n / places, (int)i, 1, 0 };
	int each = columns / (int)p->n;
	each = each > 12 ? 12 : each;
	return (struct span){ i, i + 1, (int)i * each, each - (each > 2), each > 2 };
}

static int eighths_of(double share, int rows)
{
	int eighths = (int)(share * rows * 8 + 0.5);
	return share > 0 && eighths == 0 ? 1 : eighths;
}

/* The mark for theory hides no part of a bar: over a bar that ends below it, else in the gap behind the bar,
 * or where bars have no gaps as a line on it. */
static void draw_mark(
	struct grid *g, struct rect r, struct span s, int rows, int y, int eighths, const struct plot *p)
{
	int filled = eighths - 8 * (rows - 1 - y);
	if (filled <= 0)
		grid_repeat(g, r, LABEL + s.x, y, p->mark, G_HEAVY, s.w + s.gap);
	else if (s.gap)
		grid_repeat(g, r, LABEL + s.x + s.w, y, p->mark, G_HEAVY, s.gap);
	else if (filled >= 8)
		grid_repeat(g, r, LABEL + s.x, y, p->bar | STYLE_REVERSE, G_HEAVY, s.w);
}

static void draw_bar(struct grid *g, struct rect r, struct span s, int rows, int eighths, style st)
{
	for (int y = rows - 1; y >= 0 && eighths > 0; y--, eighths -= 8)
		grid_repeat(g, r, LABEL + s.x, y, st, G_BAR1 + (eighths >= 8 ? 7 : eighths - 1), s.w);
}

static void draw_labels(struct grid *g, struct rect r, const struct plot *p, int columns, size_t places)
{
	int free_from = LABEL;
	for (size_t i = 0; i < places; i++) {
		struct span s = place(p, columns, i, places);
		const char *label = p->label[s.from];
		for (size_t b = s.from; b < s.to && !*label; b++)
			label = p->label[b];
		int w = text_width(label), x = LABEL + s.x + (s.w - w) / 2;
		x = x < LABEL ? LABEL : x;
		if (!w || x < free_from || x + w > r.w)
			continue;
		free_from = grid_put(g, r, x, r.h - 1, S_LABEL, label) + 1;
	}
}

void plot_draw(struct grid *g, struct rect r, const struct plot *p)
{
	char number[32];
	if (p->title) {
		grid_put(g, r, 0, 0, S_TITLE, p->title);
		r = (struct rect){ r.x, r.y + 1, r.w, r.h - 1 };
	}
	int rows = r.h - (p->label ? 1 : 0), columns = r.w - LABEL;
	if (rows < 1 || columns < 1 || p->n == 0)
		return;
	double most = largest(p->value, 0, p->n), other = largest(p->theory, 0, p->n);
	if (!(most >= other) && !isnan(other))
		most = other;
	if (!(most > 0))
		most = 1;
	plot_number(most, number, sizeof number);
	grid_put_right(g, r, LABEL - 2, 0, S_LABEL, number);
	if (rows > 1)
		grid_put_right(g, r, LABEL - 2, rows - 1, S_LABEL, "0");
	for (int y = 0; y < rows; y++)
		grid_glyph(g, r, LABEL - 1, y, S_RULE, G_V);
	size_t places = p->n > (size_t)columns ? (size_t)columns : p->n;
	for (size_t i = 0; i < places; i++) {
		struct span s = place(p, columns, i, places);
		double v = largest(p->value, s.from, s.to), theory = largest(p->theory, s.from, s.to);
		int eighths = v > 0 ? eighths_of(v / most, rows) : 0;
		draw_bar(g, r, s, rows, eighths, p->bar);
		if (theory >= 0) {
			int y = rows - 1 - (int)(theory / most * rows - 1e-9);
			draw_mark(g, r, s, rows, y < 0 ? 0 : y, eighths, p);
		}
	}
	if (p->label)
		draw_labels(g, r, p, columns, places);
}

/* Plots over operations: each a row of bars, or several rows where there is room. */
#include "ui/view/private.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = PLOT_LABEL };

static const struct { const char *title; style style; } plots[SERIES_KINDS] = {
	[SERIES_LOAD] = { N_("load factor: entries a bucket; a growth comes at 6.5"), S_TEXT },
	[SERIES_OVERFLOW] = { N_("overflow buckets made since the last growth"), S_TOP },
	[SERIES_PROBES] = { N_("probes: slots looked at by an operation"), S_KEY },
	[SERIES_LINES] = { N_("cache lines touched by an operation"), S_ELEM },
	[SERIES_L1] = { N_("misses in L1 by an operation, in the model of the cache view"), S_PTR },
	[SERIES_L2] = { N_("misses in L2, so that memory is read"), S_PTR },
	[SERIES_MOVED] = { N_("bytes moved by an operation that evacuates"), S_GROW },
};

/* The largest of the cells that a column shows. */
static bool column_value(const struct series *s, enum series_kind k, int column, int columns, double *ret)
{
	size_t from = (size_t)((double)column * (double)s->n / columns), to = (size_t)((double)(column + 1) * (double)s->n / columns);
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

void views_plot(const struct frame *f, struct rect r, const struct series *s, enum series_kind k, int columns, int now)
{
	double most = 0, v, here = 0;
	char words[64], number[32];
	int rows = r.h - 1;
	for (int x = 0; x < columns; x++)
		if (column_value(s, k, x, columns, &v) && v > most)
			most = v;
	if (now >= 0)
		column_value(s, k, now, columns, &here);
	short_number(here, k == SERIES_LOAD, number, sizeof number);
	snprintf(words, sizeof words, _("here %s"), number);
	views_rule(f, r, 0, false, _(plots[k].title), words);
	short_number(most, k == SERIES_LOAD, number, sizeof number);
	grid_put_right(f->grid, r, LABEL - 2, 1, S_LABEL, number);
	if (rows > 1)
		grid_put_right(f->grid, r, LABEL - 2, rows, S_LABEL, "0");
	for (int x = 0; x < columns; x++) {
		if (!column_value(s, k, x, columns, &v) || most <= 0 || v <= 0)
			continue;
		int eighths = (int)(v / most * rows * 8 + 0.5);
		eighths = eighths < 1 ? 1 : eighths;
		for (int y = rows; y >= 1 && eighths > 0; y--, eighths -= 8)
			view_bar(f, r, LABEL + x, y, x == now ? plots[k].style | STYLE_BOLD : plots[k].style, eighths > 8 ? 8 : (unsigned)eighths);
	}
}

void views_plot_spots(const struct frame *f, struct rect r, int columns)
{
	for (int x = 0; x < columns; x++)
		spots_add_area(f->spots, r, LABEL + x, 1, 1, r.h - 1, (struct spot){ .kind = SPOT_OPERATION,
			.a = 1 + (uint64_t)((double)x * (double)f->replay->source->ops / columns) });
}

struct series *views_series(struct replay *r, const struct scene *s)
{
	struct views *v = &r->views;
	int at = v->series[v->series_at].source ? (v->series_at + 1) % SERIES_KEPT : v->series_at;
	for (int i = 0; i < SERIES_KEPT; i++)
		if (v->series[i].source == r->source && v->series[i].map == s->map->map)
			at = i;
	v->series_at = at;
	series_ask(&v->series[at], r->source, s->map->map, &s->type, &r->caches);
	return &v->series[at];
}

void plots_draw(struct replay *r, const struct frame *f, struct rect body)
{
	const struct scene *scene = f->scene;
	char words[96];
	if (scene->map && scene->type_ok)
		views_series(r, scene);
	const struct series *s = &r->views.series[r->views.series_at];
	if (!s->source || !s->n) {
		views_rule(f, body, 0, true, _("plots"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("no operations"));
		return;
	}
	int columns = body.w - LABEL - 1, rows = body.h - 1, each = rows / SERIES_KINDS, shown = SERIES_KINDS;
	if (each < 2) {
		each = 2;
		shown = rows / each;
	}
	int now = scene->op.op && scene->op.op <= r->source->ops ? (int)((double)(scene->op.op - 1) * columns / (double)r->source->ops) : -1;
	int y = body.y, more = shown == SERIES_KINDS ? rows - each * SERIES_KINDS : 0; /* rows over, one for each of the first */
	for (int k = 0; k < shown; k++) {
		int h = each + (k < more);
		views_plot(f, (struct rect){ body.x, y, body.w, h }, s, (enum series_kind)k, columns, now);
		y += h;
	}
	views_plot_spots(f, (struct rect){ body.x, body.y, body.w, y - body.y }, columns);
	struct rect axis = { body.x, y, body.w, 1 };
	grid_put(f->grid, axis, 1, 0, S_LABEL, _("op"));
	grid_put(f->grid, axis, LABEL, 0, S_LABEL, "1");
	snprintf(words, sizeof words, "%" PRIu64, r->source->ops);
	int end = grid_put_right(f->grid, axis, LABEL + columns, 0, S_LABEL, words) - text_width(words);
	if (now >= 0) {
		snprintf(words, sizeof words, "▲ %" PRIu64, scene->op.op);
		int x = LABEL + now + text_width(words) >= end ? end - text_width(words) - 1 : LABEL + now;
		grid_put(f->grid, axis, x, 0, S_TITLE, words);
	}
	if (series_busy(s)) {
		snprintf(words, sizeof words, _(" computing: %u %% "), series_percent(s));
		grid_put_right(f->grid, body, body.w - 2, 0, S_TITLE, words);
	}
}

bool plots_busy(const struct replay *r)
{
	return series_busy(&r->views.series[r->views.series_at]);
}

bool plots_work(struct replay *r)
{
	return series_work(&r->views.series[r->views.series_at]);
}

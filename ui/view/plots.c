/* The view of plots: numbers over operations, each a row of bars, or several rows where there is room. */
#include "ui/view/view.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>

enum { LABEL = PLOT_LABEL };

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct scene *scene = f->scene;
	const struct source *source = f->state->source;
	char words[96];
	const struct series *s = series_now(passes_series(f->pass));
	(void)own;
	if (!s->n) {
		panel_rule(f, body, 0, true, _("plots"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("no operations"));
		return;
	}
	unsigned plot[SERIES_MOST];
	const char *one = panel_plots_alike(f, s);
	int all = 0;
	for (unsigned i = 0; i < series_count(s); i++)
		if (!one || series_shown(s, i) != SERIES_L2)
			plot[all++] = series_shown(s, i);
	int columns = body.w - LABEL - 1, rows = body.h - 1, each = rows / all, shown = all;
	if (each < 2) {
		each = 2;
		shown = rows / each;
	}
	int now = panel_plot_column(f, s, columns);
	int y = body.y,
	    more = shown == all ? rows - each * all : 0; /* rows over, one for each of the first */
	for (int k = 0; k < shown; k++) {
		int h = each + (k < more);
		panel_plot(f, (struct rect){ body.x, y, body.w, h }, s, plot[k],
			plot[k] == SERIES_L1 ? one : NULL, columns, now);
		y += h;
	}
	panel_plot_hits(f, (struct rect){ body.x, body.y, body.w, y - body.y }, columns);
	struct rect axis = { body.x, y, body.w, 1 };
	grid_put(f->grid, axis, 1, 0, S_LABEL, _("op"));
	grid_put(f->grid, axis, LABEL, 0, S_LABEL, "1");
	snprintf(words, sizeof words, "%" PRIu64, source->ops);
	int end = grid_put_right(f->grid, axis, LABEL + columns, 0, S_LABEL, words) - text_width(words);
	if (now >= 0) {
		snprintf(words, sizeof words, "▲ %" PRIu64, scene->op.op);
		int x = LABEL + now + text_width(words) >= end ? end - text_width(words) - 1 : LABEL + now;
		grid_put(f->grid, axis, x, 0, S_TITLE, words);
	}
	if (pass_busy(passes_series(f->pass))) {
		snprintf(words, sizeof words, _(" computing: %u %% "), pass_percent(passes_series(f->pass)));
		grid_put_right(f->grid, body, body.w - 2, 0, S_TITLE, words);
	}
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)body;
	(void)own;
	q->series = explain_series(f->scene);
}

const struct view view_plots = { .passes = NEEDS_SERIES, .draw = draw, .ask = ask };

/* A frame: the scene of a step, laid out and drawn. */
#include "ui/view/private.h"
#include "ui/mode/mode.h"
#include "ui/grid/text.h"

#include <string.h>

static view_draw *const views[PANELS] = { [PANEL_TITLE] = view_title, [PANEL_HMAP] = view_hmap, [PANEL_STRIPS] = view_strips,
	[PANEL_ARRAYS] = view_arrays, [PANEL_SLOTS] = view_slots, [PANEL_TABLES] = view_tables, [PANEL_LINES] = view_lines,
	[PANEL_HEX] = view_hex, [PANEL_EVENTS] = view_events, [PANEL_CODE] = view_code, [PANEL_HASH] = view_hash,
	[PANEL_SENTENCE] = view_sentence, [PANEL_TIMELINE] = view_timeline, [PANEL_TRANSPORT] = view_transport };

/* Asks the source for as many cells as the timeline has columns, once for a width. */
void views_timeline(struct replay *r, int columns)
{
	struct timeline *t = &r->timeline;
	uint64_t ops = r->source->ops;
	size_t n = columns < 1 ? 1 : columns > TIMELINE_CELLS ? TIMELINE_CELLS : (size_t)columns;
	if (ops < n)
		n = (size_t)ops;
	if (t->ok && t->n == n)
		return;
	*t = (struct timeline){ .n = n, .lo = 1, .hi = ops };
	t->ok = n > 0 && r->source->timeline(r->source, 1, ops, t->cell, n) == 0;
}

/* The table of buckets takes the place of the single one on a wide screen, and so on: one focus, whatever the size. */
static void focus_visible(struct replay *r, const struct layout *l)
{
	static const enum panel twins[][2] = { { PANEL_SLOTS, PANEL_TABLES }, { PANEL_STRIPS, PANEL_ARRAYS }, { PANEL_LINES, PANEL_HEX } };
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
		for (int k = 0; k < 2; k++)
			if (r->panel == twins[i][k] && !layout_has(l, r->panel) && layout_has(l, twins[i][1 - k])) {
				r->panel = twins[i][1 - k];
				return;
			}
	if (r->panel != PANEL_TIMELINE && !layout_has(l, r->panel))
		r->panel = PANEL_TIMELINE;
}

/* While playing, everything since the last frame, and what has not stood long enough, is "now". */
static void scene_span(struct scene *s, struct replay *r)
{
	replay_marks(r, &s->now_from, &s->now_to);
	log_span(&r->log, &r->player[r->now], s->now_from, s->now_to);
}

static void draw_panels(struct replay *r, const struct frame *f)
{
	if (layout_has(f->layout, PANEL_TIMELINE))
		views_timeline(r, f->layout->rect[PANEL_TIMELINE].w - 8);
	for (int p = 0; p < PANELS; p++)
		if (layout_has(f->layout, (enum panel)p))
			views[p](f, f->layout->rect[p]);
}

void replay_draw(struct replay *r, struct grid *g)
{
	struct player *now = &r->player[r->now], *was = &r->player[1 - r->now];
	struct layout layout;
	struct scene scene;
	if (mode_draw(r, g))
		return;
	uint64_t apart = now->step > was->step ? now->step - was->step : was->step - now->step;
	grid_clear(g);
	if (log_seek(&r->log, now, now->step) != 0 && !r->broken) {
		r->broken = true;
		snprintf(r->message, sizeof r->message, "%s", now->error[0] ? now->error : r->source->error);
	}
	/* A single step shows its change by W; after a jump what has changed gets a star. */
	bool compare = apart > 1 && r->compare;
	scene_make(&scene, now, &r->log, compare ? was : NULL, &r->hold, r->ascii);
	scene_span(&scene, r);
	layout_make(&layout, g->w, g->h, scene.type_ok ? &scene.type : NULL);
	focus_visible(r, &layout);
	if (r->alone)
		layout_alone(&layout, r->panel);
	r->layout = layout;
	r->spots.count = 0;
	struct frame f = { g, r, &scene, &layout, &r->timeline, &r->spots };
	r->w = g->w;
	r->h = g->h;
	if (layout.too_small) {
		view_too_small(&f, grid_rect(g));
		return;
	}
	if (r->views.open != VIEW_DEFAULT)
		views_draw(r, g, &scene);
	else
		draw_panels(r, &f);
	if (r->moves.list != LIST_NONE)
		view_list(&f, grid_rect(g));
	if (r->help)
		r->help_last = view_help(&f, (struct rect){ (g->w - (g->w > 96 ? 80 : g->w)) / 2, 1, g->w > 96 ? 80 : g->w, g->h - 2 > 26 ? 26 : g->h - 2 });
	r->moved = false;
	replay_shown(r);
}

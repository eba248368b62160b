/* A frame: the scene of a step, laid out and drawn. */
#include "ui/control/replay_private.h"
#include "ui/grid/text.h"
#include "ui/view/view.h"

#include "trace/base/file.h"
#include "trace/base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static panel_draw *const panels[PANELS] = { [PANEL_TITLE] = panel_title,
	[PANEL_HEADER] = panel_header,
	[PANEL_STRIPS] = panel_strips,
	[PANEL_ARRAYS] = panel_arrays,
	[PANEL_SLOTS] = panel_slots,
	[PANEL_TABLES] = panel_tables,
	[PANEL_LINES] = panel_lines,
	[PANEL_HEX] = panel_hex,
	[PANEL_EVENTS] = panel_events,
	[PANEL_CODE] = panel_code,
	[PANEL_HASH] = panel_hash,
	[PANEL_SENTENCE] = panel_sentence,
	[PANEL_TIMELINE] = panel_timeline,
	[PANEL_TRANSPORT] = panel_transport };

/* The table of buckets takes the place of the single one on a wide screen, and so on: one focus, whatever the
 * size. */
static void focus_visible(struct replay *r, const struct layout *l)
{
	static const enum panel twins[][2] = { { PANEL_SLOTS, PANEL_TABLES }, { PANEL_STRIPS, PANEL_ARRAYS },
		{ PANEL_LINES, PANEL_HEX } };
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
		for (int k = 0; k < 2; k++)
			if (r->state.panel == twins[i][k] && !layout_has(l, r->state.panel) &&
				layout_has(l, twins[i][1 - k])) {
				r->state.panel = twins[i][1 - k];
				return;
			}
	if (r->state.panel != PANEL_TIMELINE && !layout_has(l, r->state.panel))
		r->state.panel = PANEL_TIMELINE;
}

/* While playing, everything since the last frame, and what has not stood long enough, is "now". */
static void scene_span(struct scene *s, struct replay *r)
{
	replay_marks(r, &s->now_from, &s->now_to);
	log_span(&r->log, &r->player[r->now], s->now_from, s->now_to);
}

/* What control knows of what passes are asked. */
static struct question question_of(const struct replay *r, const struct scene *s)
{
	uint64_t before = s->op.op ? s->op.first - 1 : s->step;
	return (struct question){ .player = s->player,
		.scene = s,
		.caches = &r->state.caches,
		.before = before,
		.map = s->map ? s->map->map : 0 };
}

static void draw_panels(struct replay *r, const struct frame *f)
{
	struct question q = question_of(r, f->scene);
	q.passes = layout_has(f->layout, PANEL_TIMELINE) ? NEEDS_TIMELINE : NEEDS_NOTHING;
	q.timeline.columns = f->layout->rect[PANEL_TIMELINE].w - 8;
	passes_ask(&r->passes, &q);
	for (int p = 0; p < PANELS; p++)
		if (layout_has(f->layout, (enum panel)p))
			panels[p](f, f->layout->rect[p]);
}

/* Of the panels only those around the middle are there. */
static void draw_view(struct replay *r, const struct frame *f)
{
	struct grid *g = f->grid;
	struct question q = question_of(r, f->scene);
	struct rect body = view_body(f->state, g->w, g->h);
	struct layout l = { .w = g->w, .h = g->h, .narration = f->layout->narration };
	struct frame inside = *f;
	l.rect[PANEL_TITLE] = (struct rect){ 0, 0, g->w, 1 };
	l.rect[PANEL_HEADER] = (struct rect){ 0, 1, g->w, 1 };
	l.rect[PANEL_SENTENCE] = (struct rect){ 0, body.y + body.h, g->w, g->h - 1 - body.y - body.h };
	l.rect[PANEL_TRANSPORT] = (struct rect){ 0, g->h - 1, g->w, 1 };
	inside.layout = &l;
	r->layout = l;
	view_ask(&inside, body, &q);
	passes_ask(&r->passes, &q);
	panel_title(&inside, l.rect[PANEL_TITLE]);
	panel_header(&inside, l.rect[PANEL_HEADER]);
	view_draw(&inside, body);
	panel_sentence(&inside, l.rect[PANEL_SENTENCE]);
	panel_transport(&inside, l.rect[PANEL_TRANSPORT]);
}

/* What stands at the right end of the title. */
static const char *name_of(const struct replay *r)
{
	const char *mode = r->mode ? mode_title(r->mode) : NULL;
	return r->state.help                    ? _("help")
		: mode                          ? mode
		: r->state.view != VIEW_DEFAULT ? _(view_info[r->state.view].title)
						: _("replay");
}

/* Makes the scene of the step in sight.  Where the trace cannot be read that is said. */
static void make_scene(struct replay *r, struct scene *scene, const struct player *was)
{
	struct player *now = &r->player[r->now];
	if (log_seek(&r->log, now, now->step) != 0 && !r->state.broken) {
		r->state.broken = true;
		snprintf(r->state.message, sizeof r->state.message, "%s",
			now->error[0] ? now->error : r->state.source->error);
	}
	scene_make(scene, now, &r->log, was, &r->state.hold, r->state.ascii);
}

/* The frame of the mode that is open. */
static void draw_mode(struct replay *r, struct grid *g)
{
	struct mode *m = replay_mode(r);
	struct layout layout;
	struct scene made;
	const struct scene *scene = mode_scene(m);
	bool own = scene != NULL;
	if (!own) {
		make_scene(r, &made, NULL);
		made.now_from = made.step;
		scene = &made;
	}
	layout_make(&layout, g->w, g->h, own ? 0 : scene->group_size, false);
	struct frame f = replay_frame(r, scene);
	f.grid = g;
	f.layout = &layout;
	f.name = name_of(r);
	r->state.w = g->w;
	r->state.h = g->h;
	if (layout.too_small) {
		panel_too_small(&f, grid_rect(g));
	} else {
		mode_ready(m, &f);
		mode_draw(m, &f);
	}
	r->moved = r->moved && own;
}

void replay_draw(struct replay *r, struct grid *g)
{
	struct layout layout;
	struct scene scene;
	mode_begin(replay_mode(r));
	replay_request(r);
	grid_clear(g);
	if (r->mode->open != MODE_NONE) {
		draw_mode(r, g);
		return;
	}
	const struct player *now = &r->player[r->now], *was = &r->player[1 - r->now];
	uint64_t later = now->step > was->step ? now->step : was->step;
	uint64_t apart = later - (now->step > was->step ? was->step : now->step);
	if (apart > 1 && later > 1) /* what is folded does not count */
		apart -= later - 1 - replay_unfolded(r, later - 1, -1);
	/* A single step shows its change by W; after a jump what has changed gets a star. */
	make_scene(r, &scene, apart > 1 && r->compare ? was : NULL);
	scene_span(&scene, r);
	r->state.narrated = log_narrated(&r->log, r->state.source);
	layout_make(&layout, g->w, g->h, scene.group_size, r->state.narrated);
	focus_visible(r, &layout);
	if (r->state.alone)
		layout_alone(&layout, r->state.panel);
	r->layout = layout;
	r->hits.count = 0;
	struct frame f = replay_frame(r, &scene);
	f.grid = g;
	f.name = name_of(r);
	f.hits = &r->hits;
	r->state.w = g->w;
	r->state.h = g->h;
	if (layout.too_small) {
		panel_too_small(&f, grid_rect(g));
		return;
	}
	if (r->state.view != VIEW_DEFAULT)
		draw_view(r, &f);
	else
		draw_panels(r, &f);
	if (r->find.list != LIST_NONE)
		panel_list(&f, grid_rect(g));
	if (r->state.help)
		panel_help(&f);
	r->moved = false;
	replay_shown(r);
}

/* ---- into a file ---- */

/* The frame without the prompt, as lines of text. */
static bool print_frame(struct replay *r, FILE *out)
{
	struct grid g;
	char kept[STATE_MESSAGE];
	memcpy(kept, r->state.message, sizeof kept);
	r->state.message[0] = 0;
	grid_init(&g, r->state.w ? r->state.w : 80, r->state.h ? r->state.h : 24, r->state.ascii);
	replay_draw(r, &g);
	memcpy(r->state.message, kept, sizeof kept);
	bool ok = grid_print(&g, out);
	grid_release(&g);
	return ok;
}

void frame_save(struct replay *r, const char *path, bool replace)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = memory_need(open_memstream(&text, &n));
	bool whole = print_frame(r, out);
	if (fclose(out) != 0 || !whole)
		memory_out();
	int why = file_put(path, text, n, replace, 0666);
	free(text);
	if (why == EEXIST && !replace)
		find_ask(r, ASK_REPLACE, "");
	else if (why)
		state_message(&r->state, true, _("%s cannot be written: %s"), path, strerror(why));
	else
		state_message(&r->state, false, _("this frame is in %s"), path);
}

/* The views of the middle of the screen: the table of them, their common frame, keys and background work. */
#include "ui/view/private.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <string.h>

struct view_info {
	const char *name;
	enum action action;
	views_body *draw;
	views_keys *key;
	bool (*work)(struct replay *r);
	bool (*busy)(const struct replay *r);
};

static const struct view_info infos[VIEWS] = {
	[VIEW_OVERVIEW] = { N_("overview"), ACTION_VIEW_OVERVIEW, overview_draw, overview_key, overview_work, overview_view_busy },
	[VIEW_BUCKET] = { N_("bucket"), ACTION_VIEW_BUCKET, bucket_draw, bucket_key, NULL, NULL },
	[VIEW_BYTES] = { N_("bytes"), ACTION_VIEW_BYTES, bytes_draw, bytes_key, bytes_work, bytes_busy },
	[VIEW_HASH] = { N_("hash"), ACTION_VIEW_HASH, hash_draw, NULL, NULL, NULL },
	[VIEW_CODE] = { N_("code"), ACTION_VIEW_CODE, code_draw, NULL, NULL, NULL },
	[VIEW_EVENTS] = { N_("events"), ACTION_VIEW_EVENTS, events_draw, events_key, NULL, NULL },
	[VIEW_TIMELINE] = { N_("timeline"), ACTION_VIEW_TIMELINE, timeline_draw, timeline_key, NULL, NULL },
	[VIEW_PLOTS] = { N_("plots"), ACTION_VIEW_PLOTS, plots_draw, NULL, plots_work, plots_busy },
	[VIEW_MEASURE] = { N_("theory"), ACTION_VIEW_MEASURE, measure_draw, NULL, measure_work, measure_busy },
	[VIEW_ACCOUNT] = { N_("memory"), ACTION_VIEW_ACCOUNT, account_draw, NULL, account_view_work, account_view_busy },
	[VIEW_SHARING] = { N_("false sharing"), ACTION_VIEW_SHARING, sharing_draw, sharing_key, sharing_work, sharing_busy },
	[VIEW_HMAP] = { "hmap", ACTION_VIEW_HMAP, hmap_draw, hmap_key, bytes_work, bytes_busy },
	[VIEW_CACHE] = { N_("cache"), ACTION_VIEW_CACHE, cache_draw, cache_key, cache_work, cache_busy },
	[VIEW_SYNC] = { "sync.Map", ACTION_VIEW_SYNC, sync_draw, sync_key, NULL, NULL },
	[VIEW_SPANS] = { N_("spans"), ACTION_VIEW_SPANS, spans_draw, spans_key, spans_work, spans_busy },
	[VIEW_LEGEND] = { N_("legend"), ACTION_VIEW_LEGEND, legend_draw, legend_key, NULL, NULL },
};

void views_release(struct views *v)
{
	history_release(&v->history);
	line_history_release(&v->line);
	overview_release(&v->overview);
	for (int i = 0; i < SERIES_KEPT; i++)
		series_release(&v->series[i]);
	coherence_release(&v->coherence);
	ledger_release(&v->ledger);
	spanmap_release(&v->spans);
	marks_release(&v->marks);
	doubts_release(&v->doubts);
	cacherun_release(&v->cacherun);
}

const char *views_name(const struct views *v)
{
	return v->open == VIEW_DEFAULT ? NULL : _(infos[v->open].name);
}

/* ---- what the views share ---- */

void views_rule(const struct frame *f, struct rect r, int y, bool focus, const char *title, const char *right)
{
	char fit[256];
	grid_rule(f->grid, r, y);
	text_fit(title, r.w - 4, fit, sizeof fit);
	int end = grid_printf(f->grid, r, 1, y, S_LABEL, " %s ", fit);
	if (focus)
		grid_restyle(f->grid, r, 1, y, end - 1, S_CURSOR);
	if (right && right[0] && end + text_width(right) + 4 <= r.w)
		grid_printf(f->grid, r, r.w - text_width(right) - 3, y, S_LABEL, " %s ", right);
}

/* Is the cell part of a rule? */
static bool is_rule(const struct frame *f, struct rect r, int x, int y)
{
	x += r.x;
	y += r.y;
	return x >= 0 && x < f->grid->w && y >= 0 && y < f->grid->h && (f->grid->cell[y * f->grid->w + x].style & STYLE_ROLE) == S_RULE &&
	       f->grid->cell[y * f->grid->w + x].ch != ' ';
}

void views_border(const struct frame *f, struct rect r, int x)
{
	for (int y = 0; y < r.h; y++) {
		bool left = is_rule(f, r, x - 1, y), right = is_rule(f, r, x + 1, y);
		enum glyph middle = left && right ? G_CROSS : left ? G_T_LEFT : right ? G_T_RIGHT : G_V;
		grid_glyph(f->grid, r, x, y, S_RULE, y == 0 ? G_T_DOWN : middle);
	}
}

int views_words(const struct frame *f, struct rect r, int y, int rows, style st, const char *words)
{
	char fit[1024];
	for (int i = 0; i < rows && *words; i++, y++) {
		const char *next;
		size_t n = text_wrap(words, r.w - 2, &next);
		if (i == rows - 1 && *next)
			text_fit(words, r.w - 2, fit, sizeof fit);
		else
			snprintf(fit, sizeof fit, "%.*s", (int)n, words);
		grid_put(f->grid, r, 1, y, st, fit);
		words = next;
	}
	return y;
}

int views_digits(uint64_t v)
{
	int n = 1;
	for (; v >= 10; v /= 10)
		n++;
	return n;
}

void views_scene(struct replay *r, struct scene *s)
{
	log_seek(&r->log, &r->player[r->now], replay_step(r));
	scene_make(s, &r->player[r->now], &r->log, NULL, &r->hold, r->ascii);
}

/* ---- the frame ---- */

void views_draw(struct replay *r, struct grid *g, const struct scene *s)
{
	struct layout l = { .w = g->w, .h = g->h };
	struct frame f = { g, r, s, &l, &r->timeline, &r->spots };
	int words = g->w >= 120 && g->h >= 30 ? 3 : g->w < 80 ? 3 : 2;
	l.rect[PANEL_TITLE] = (struct rect){ 0, 0, g->w, 1 };
	l.rect[PANEL_HMAP] = (struct rect){ 0, 1, g->w, 1 };
	l.rect[PANEL_SENTENCE] = (struct rect){ 0, g->h - 1 - words, g->w, words };
	l.rect[PANEL_TRANSPORT] = (struct rect){ 0, g->h - 1, g->w, 1 };
	r->layout = l; /* the panels of the default are not there */
	view_title(&f, l.rect[PANEL_TITLE]);
	view_hmap(&f, l.rect[PANEL_HMAP]);
	r->moves.cursor.parts = 0; /* the view says what its cursor is on */
	infos[r->views.open].draw(r, &f, (struct rect){ 0, 2, g->w, g->h - 3 - words });
	view_sentence(&f, l.rect[PANEL_SENTENCE]);
	view_transport(&f, l.rect[PANEL_TRANSPORT]);
}

/* ---- keys and work ---- */

static bool opens(struct replay *r, enum action a)
{
	struct views *v = &r->views;
	if (a == ACTION_VIEW_DEFAULT) {
		v->open = VIEW_DEFAULT;
		return true;
	}
	if (a == ACTION_WHO_WROTE) { /* from everywhere: the bytes, with the list of writes in focus */
		v->who_focus = v->open != VIEW_BYTES || !v->who_focus;
		v->who_row = WHO_NOW;
		v->open = VIEW_BYTES;
		return true;
	}
	for (int i = 1; i < VIEWS; i++)
		if (infos[i].action == a) {
			v->open = v->open == (enum view)i ? VIEW_DEFAULT : (enum view)i;
			return true;
		}
	return false;
}

bool views_key(struct replay *r, enum action a, uint64_t n)
{
	struct views *v = &r->views;
	struct scene s;
	if (opens(r, a)) {
		r->moves.cursor.parts = 0;
		return true;
	}
	if (v->open == VIEW_DEFAULT || a == ACTION_NONE)
		return false;
	if (infos[v->open].key) {
		views_scene(r, &s);
		if (infos[v->open].key(r, &s, a, n))
			return true;
	}
	if (a != ACTION_ESCAPE)
		return false;
	v->open = VIEW_DEFAULT;
	r->moves.cursor.parts = 0;
	return true;
}

bool views_busy(const struct replay *r)
{
	const struct view_info *i = &infos[r->views.open];
	return i->busy && i->busy(r);
}

bool views_work(struct replay *r)
{
	const struct view_info *i = &infos[r->views.open];
	return i->work && i->work(r);
}

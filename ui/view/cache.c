/* The view of caches: where the lines of the bucket in focus are, which lines the operation has touched and
 * where it found them, how often it missed, and how full the sets of L1 are.  All of it is the model's of
 * trace/cache/cache.h, at this step.
 */
#include "ui/view/view.h"
#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	LABEL = 16,
	LABEL_WIDE = 30,
	LABEL_NARROW = 13,
	ENTRY = 26,
	ENTRY_LONG = 33,
	NUMBERS_LEAST = 6,
	SIDE_LEAST = 36,
	SET_CELLS = 64
};

struct sheet {
	const struct frame *f;
	const struct traffic *t; /* NULL: not known yet */
	uint32_t line, row;      /* bytes of a line; of a screen row */
	int label;               /* columns before the cells */
};

static const char *place_name(enum cache_place p)
{
	return p == CACHE_L1 ? "L1" : p == CACHE_L2 ? "L2" : _("memory");
}

static style place_style(enum cache_place p)
{
	return p == CACHE_L1 ? S_TEXT : p == CACHE_L2 ? S_KEY : S_TOP | STYLE_BOLD;
}

/* ---- the bucket in focus ---- */

/* Screen rows that a bucket of the type can take, wherever it begins. */
static int map_rows(const struct sheet *h)
{
	return (int)(line_count(h->line - 8, h->f->scene->group_size, h->line) * (h->line / h->row));
}

static void draw_map_row(const struct sheet *h, struct rect r, int y, uint64_t at, const uint8_t *marks)
{
	const struct scene *s = h->f->scene;
	char addr[24], fields[32];
	if (at == line_start(at, h->line)) { /* a line begins here */
		short_address(at, 4, addr, sizeof addr);
		int x = grid_printf(h->f->grid, r, 0, y, S_LABEL, "%s ", addr);
		if (h->t) {
			enum cache_place p = cache_where(&h->t->cache, at);
			grid_put(h->f->grid, r, x, y, place_style(p), place_name(p));
		}
		panel_line_label(s, &s->focus, at, h->line, fields, sizeof fields);
		if (h->label == LABEL_WIDE)
			grid_put(h->f->grid, r, x + 9, y, S_LABEL, fields);
	}
	panel_line_cells(h->f, r, h->label, y, &s->focus, at, h->row, marks);
}

/* The lines of the bucket from row 1 of r on. */
static void draw_map(const struct sheet *h, struct rect r)
{
	const struct scene *s = h->f->scene;
	uint8_t marks[GROUP_MAX];
	char title[192];
	if (!s->focus.ok) {
		panel_rule(h->f, r, 0, true, _(kind_words(s)->none_yet), NULL);
		panel_words(h->f, r, 1, r.h - 1, S_DEAD, _(kind_words(s)->none_here));
		return;
	}
	struct builder w = builder_in(title, sizeof title);
	const struct explain *x = explain_of(h->f->scene->map);
	if (x && x->fit)
		x->fit(&w, h->f->scene, h->line);
	panel_rule(h->f, r, 0, true, title, _("+ - line size"));
	scene_marks(s, s->focus.view.addr, s->focus.view.size, marks);
	uint64_t base = line_start(s->focus.view.addr, h->line),
		 end = s->focus.view.addr + s->focus.view.size;
	int rows = (int)((end - base + h->row - 1) / h->row), first = 0,
	    now = s->slot < 0 ? 0 : (int)((group_key_at(s, &s->focus.view, s->slot) - base) / h->row);
	for (uint32_t i = s->focus.view.size; i > 0; i--)
		if (marks[i - 1] & (MARK_READ | MARK_WRITE))
			now = (int)((s->focus.view.addr + i - 1 - base) / h->row);
	if (rows > r.h - 1) { /* those around what is touched */
		first = now - (r.h - 1) / 2;
		first = first < 0 ? 0 : first > rows - (r.h - 1) ? rows - (r.h - 1) : first;
	}
	for (int y = 1; y < r.h && first + y - 1 < rows; y++)
		draw_map_row(h, r, y, base + (uint64_t)(first + y - 1) * h->row, marks);
}

/* ---- the lines of the operation ---- */

static void line_name(const struct scene *s, uint64_t at, char *out, size_t cap)
{
	struct place p = scene_place(s, at);
	switch (p.kind) {
	case PLACE_OBJECT: snprintf(out, cap, "%s", p.object); break;
	case PLACE_GROUP:
		if (p.kept)
			snprintf(out, cap, "%s", _("dropped"));
		else
			group_label(s, &p.group, false, out, cap);
		break;
	case PLACE_OTHER: snprintf(out, cap, "%s", _(block_role_name[p.role])); break;
	default: snprintf(out, cap, "%s", _("freed"));
	}
}

static void draw_touched(
	const struct sheet *h, struct rect r, int x, int y, int w, const struct touched_line *l)
{
	char addr[24], name[64], fit[64];
	bool now = l->step == h->t->step;
	style st = now ? S_TITLE : S_TEXT;
	if (now)
		grid_glyph(h->f->grid, r, x, y, S_TITLE, G_FOCUS);
	short_address(l->addr, w == ENTRY ? 4 : 6, addr, sizeof addr);
	int at = grid_printf(h->f->grid, r, x + 1, y, st, "%s %c%c ", addr, l->flags & TOUCH_READ ? 'r' : ' ',
		l->flags & TOUCH_WRITTEN ? 'w' : ' ');
	grid_put(h->f->grid, r, at, y, place_style((enum cache_place)l->found),
		place_name((enum cache_place)l->found));
	line_name(h->f->scene, l->at, name, sizeof name);
	text_fit(name, x + w - 1 - at - 7, fit, sizeof fit);
	grid_put(h->f->grid, r, at + 7, y, S_LABEL, fit);
}

/* In columns, row by row; when there are more than fit, the page that holds the line touched last. */
static void draw_list(const struct sheet *h, struct rect r)
{
	char title[96], page[48] = "";
	int entry = scene_groups(h->f->scene, 0) > 64 ? ENTRY_LONG : ENTRY; /* "old 8130.1" */
	size_t columns = (size_t)(r.w / entry), fits = columns * (size_t)(r.h - 1), first = 0;
	if (r.h < 2 || columns < 1)
		return;
	if (!h->t) {
		panel_rule(h->f, r, 0, false, _("lines touched"), NULL);
		return;
	}
	size_t n = h->t->lines;
	if (n > fits) {
		first = h->t->newest / fits * fits;
		snprintf(page, sizeof page, _("%zu to %zu"), first + 1, first + fits < n ? first + fits : n);
	}
	snprintf(title, sizeof title,
		P_("%zu line touched by this operation, and where it was found",
			"%zu lines touched by this operation, and where each was found", n),
		n);
	if (text_width(title) > r.w - 6)
		snprintf(title, sizeof title, _("lines touched: %zu"), n);
	panel_rule(h->f, r, 0, false, title, page);
	if (n == 0)
		grid_put(h->f->grid, r, 1, 1, S_DEAD, _("none so far"));
	for (size_t i = 0; i < fits && first + i < n; i++)
		draw_touched(h, r, (int)(i % columns) * entry, 1 + (int)(i / columns), entry,
			&h->t->line[first + i]);
}

/* ---- numbers ---- */

enum { COLUMNS = 5 };

/* Where number column ends. */
static int number_end(struct rect r, int column)
{
	return r.w < 74 ? 19 + (column + 1) * 8 : 17 + (column + 1) * 11;
}

static void put_number(
	const struct sheet *h, struct rect r, int column, int y, style st, uint64_t v, uint64_t each)
{
	char text[32];
	if (each)
		snprintf(text, sizeof text, "%.2f", (double)v / (double)each);
	else
		snprintf(text, sizeof text, "%" PRIu64, v);
	grid_put_right(h->f->grid, r, number_end(r, column), y, st, text);
}

/* lines NULL: they are not counted there; each 0: the sums themselves. */
static void draw_counts(const struct sheet *h, struct rect r, int y, const char *label, const uint64_t *lines,
	const struct cache_counts *n, uint64_t each)
{
	style st = each ? S_TEXT : S_TITLE;
	char fit[64];
	text_fit(label, each ? 11 : 17, fit, sizeof fit);
	int x = grid_put(h->f->grid, r, 1, y, each ? S_LABEL : S_TEXT, fit);
	if (each && x <= 12)
		grid_printf(h->f->grid, r, 12, y, S_LABEL, "%*" PRIu64, 8, each);
	if (lines)
		put_number(h, r, 0, y, st, *lines, each);
	put_number(h, r, 1, y, st, counts_accesses(n), each);
	put_number(h, r, 2, y, st, n->straddling, each);
	put_number(h, r, 3, y, st, counts_l1_misses(n), each);
	put_number(h, r, 4, y, st, counts_l2_misses(n), each);
}

static void progress_words(const struct frame *f, char *out, size_t cap)
{
	const struct pass *p = &f->pass->cache;
	if (pass_failure(p))
		snprintf(out, cap, "%s", _("it cannot be worked out"));
	else if (pass_busy(p))
		snprintf(out, cap, _("worked out to step %" PRIu64), p->at);
	else
		out[0] = 0;
}

static void draw_numbers(const struct sheet *h, struct rect r)
{
	static const char *const full[COLUMNS] = { N_("lines"), N_("accesses"), N_("straddling"),
		N_("L1 misses"), N_("L2 misses") };
	static const char *const brief[COLUMNS] = { N_("lines"), N_("access"), N_("strad."), N_("L1 miss"),
		N_("L2 miss") };
	const struct cache_shape *s = &h->f->state->caches;
	char title[128], l1[40], l2[40], words[64];
	cache_level_print(s->l1, l1, sizeof l1);
	cache_level_print(s->l2, l2, sizeof l2);
	snprintf(title, sizeof title, _("a model: lines of %u, L1 %s, L2 %s"), s->line, l1, l2);
	progress_words(h->f, words, sizeof words);
	panel_rule(h->f, r, 0, false, title, words[0] ? words : r.w >= 78 ? _("empty at step 0") : NULL);
	for (int i = 0; i < COLUMNS; i++)
		grid_put_right(
			h->f->grid, r, number_end(r, i), 1, S_LABEL, r.w < 74 ? _(brief[i]) : _(full[i]));
	if (!h->t)
		return;
	uint64_t lines = h->t->lines;
	draw_counts(h, r, 2, _("this step"), NULL, &h->t->now, 0);
	draw_counts(h, r, 3, _("this operation"), &lines, &h->t->operation, 0);
	draw_counts(h, r, 4, _("all so far"), NULL, &h->t->all, 0);
	int y = 6;
	grid_put(h->f->grid, r, 1, 5, S_LABEL, _("on average"));
	grid_put_right(h->f->grid, r, 20, 5, S_LABEL, _("ops"));
	for (int k = 0; k < TRAFFIC_CLASSES && y < r.h; k++)
		if (h->t->sum[k].operations)
			draw_counts(h, r, y++, _(traffic_class_name[k]), &h->t->sum[k].lines, &h->t->sum[k].n,
				h->t->sum[k].operations);
}

/* ---- the sets of L1 ---- */

static unsigned lines_in_set(const struct cache_sets *s, uint32_t set)
{
	unsigned n = 0;
	while (n < s->ways && s->tag[(size_t)set * s->ways + n])
		n++;
	return n;
}

static int sets_rows(const struct sheet *h)
{
	uint32_t sets = h->f->state->caches.l1.size / h->f->state->caches.l1.ways / h->line;
	return (int)((sets + SET_CELLS - 1) / SET_CELLS);
}

/* A cell a set: how many of its ways hold a line. */
static void draw_sets(const struct sheet *h, struct rect r)
{
	const struct scene *s = h->f->scene;
	const struct cache_sets *l1 = h->t ? &h->t->cache.l1 : NULL;
	char title[128];
	if (r.h < 2 || !l1)
		return;
	snprintf(title, sizeof title, _("L1: the lines in each set of %u"), l1->ways);
	panel_rule(h->f, r, 0, false, title, _("reverse: the bucket's"));
	for (uint32_t set = 0; set < l1->sets && 1 + (int)(set / SET_CELLS) < r.h; set++) {
		unsigned n = lines_in_set(l1, set);
		int x = h->label + (int)(set % SET_CELLS), y = 1 + (int)(set / SET_CELLS);
		if (set % SET_CELLS == 0)
			grid_printf(h->f->grid, r, 1, y, S_LABEL, _("set %u"), set);
		if (n)
			panel_bar(h->f, r, x, y, S_ELEM, (n * 8 + l1->ways - 1) / l1->ways);
		else
			grid_put(h->f->grid, r, x, y, S_DEAD, "·");
	}
	if (!s->focus.ok)
		return;
	uint64_t base = s->focus.view.addr / h->line,
		 lines = line_count(s->focus.view.addr, s->focus.view.size, h->line);
	for (uint64_t i = 0; i < lines; i++) {
		uint32_t set = (uint32_t)((base + i) & (l1->sets - 1));
		if (1 + (int)(set / SET_CELLS) < r.h)
			grid_attribute(h->f->grid, r, h->label + (int)(set % SET_CELLS),
				1 + (int)(set / SET_CELLS), 1, STYLE_REVERSE);
	}
}

/* Misses of all operations, of both levels one above the other. */
static void draw_plots(const struct sheet *h, struct rect area)
{
	const struct scene *s = h->f->scene;
	int columns = area.w - PLOT_LABEL - 1, each = area.h / 2 < 6 ? area.h / 2 : 6;
	uint64_t ops = h->f->state->source->ops;
	if (each < 3 || !s->map || !ops)
		return;
	const struct series *series = series_now(passes_series(h->f->pass));
	int now = panel_plot_column(h->f, series, columns);
	panel_plot_hits(h->f, (struct rect){ area.x, area.y, area.w, 2 * each }, columns);
	const char *alike = panel_plots_alike(h->f, series);
	if (alike) {
		panel_plot(h->f, (struct rect){ area.x, area.y, area.w, 2 * each }, series, SERIES_L1, alike,
			columns, now);
		return;
	}
	for (int i = 0; i < 2; i++)
		panel_plot(h->f, (struct rect){ area.x, area.y + i * each, area.w, each }, series,
			SERIES_L1 + (unsigned)i, NULL, columns, now);
}

/* ---- the view ---- */

/* On a narrow screen: map, list, numbers one below the other. */
static void draw_narrow(const struct sheet *h, struct rect r)
{
	int map = map_rows(h), least = NUMBERS_LEAST + 7, rest;
	map = map < r.h - least ? map : r.h - least < 2 ? 2 : r.h - least;
	draw_map(h, (struct rect){ r.x, r.y, r.w, map + 1 });
	r.y += map + 1;
	rest = r.h - map - 1;
	int list = rest - NUMBERS_LEAST - 3; /* with its rule */
	list = list < 2 ? 0 : list > 9 ? 9 : list;
	draw_list(h, (struct rect){ r.x, r.y, r.w, list });
	draw_numbers(h, (struct rect){ r.x, r.y + list, r.w, rest - list });
}

/* The left column of a wide one: map, numbers, sets and plots; the list has the right. */
static void draw_left(const struct sheet *h, struct rect area)
{
	int map = map_rows(h), least = NUMBERS_LEAST + TRAFFIC_CLASSES, sets = sets_rows(h) + 1;
	map = map < area.h - least - 1 ? map : area.h - least - 1;
	int y = area.y + map + 1, rest = area.h - map - 1 - least;
	draw_map(h, (struct rect){ area.x, area.y, area.w, map + 1 });
	draw_numbers(h, (struct rect){ area.x, y, area.w, least });
	y += least;
	sets = sets < rest ? sets : rest;
	draw_sets(h, (struct rect){ area.x, y, area.w, sets });
	draw_plots(h, (struct rect){ area.x, y + sets, area.w, rest - sets });
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	struct sheet h = { .f = f, .line = f->state->caches.line };
	(void)own;
	h.label = body.w >= 150 ? LABEL_WIDE : body.w >= 80 ? LABEL : LABEL_NARROW;
	h.row = body.w < 80 ? 32 : 64;
	h.row = h.row < h.line ? h.row : h.line;
	if (!f->scene->group_size) {
		panel_rule(f, body, 0, true, _("cache"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("there is no map here"));
		return;
	}
	h.t = cache_known(&f->pass->cache);
	int left = h.label + 65, side = body.w - left - 1;
	if (side < SIDE_LEAST || body.h < 30) {
		draw_narrow(&h, body);
		return;
	}
	draw_left(&h, (struct rect){ body.x, body.y, left, body.h });
	draw_list(&h, (struct rect){ body.x + left + 1, body.y, side, body.h });
	panel_border(f, body, left);
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	uint32_t line = st->caches.line;
	struct cache_shape shape = st->caches;
	char error[CACHE_ERROR];
	(void)own;
	(void)f;
	(void)body;
	(void)n;
	if (a != ACTION_FASTER && a != ACTION_SLOWER)
		return false;
	shape.line = a == ACTION_FASTER ? line * 2 : line / 2;
	if (!line_size_known(shape.line))
		state_message(st, false,
			a == ACTION_FASTER ? _("a line of %u bytes is the longest")
					   : _("a line of %u bytes is the shortest"),
			line);
	else if (!cache_shape_check(&shape, error))
		state_message(st, true, "%s", error);
	else
		st->caches = shape;
	return true;
}

/* The plots of misses are two of the map's series. */
static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)body;
	(void)own;
	q->series = explain_series(f->scene);
}

static const struct legend_row legend[] = {
	{ 0, "L1 L2", S_TEXT, N_("K: the cache that had the line") },
	{ 0, N_("memory"), S_TOP | STYLE_BOLD, N_("K: in neither: a miss") },
};
const struct view view_cache = { .passes = NEEDS_CACHE | NEEDS_SERIES,
	.draw = draw,
	.ask = ask,
	.key = key,
	.legend = legend,
	.legend_rows = sizeof legend / sizeof legend[0] };

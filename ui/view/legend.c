/* The legend: marks, glyphs, states, colours, and the marks of the views that have some of their own. */
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ROWS(rows) rows, sizeof rows / sizeof rows[0]

/* Of every view; those of single views come behind them. */
static const struct legend_row mark_rows[] = {
	{ 0, "R", S_READ_NOW, N_("read in this step") },
	{ 0, "W", S_WRITE_NOW, N_("written in this step") },
	{ 0, "r", S_TEXT | STYLE_UNDERLINE, N_("read earlier in the operation") },
	{ 0, "w", S_TEXT | STYLE_BOLD, N_("written earlier in the operation") },
	{ 0, "*", S_TITLE, N_("changed since the frame before") },
	{ 0, "0-7", S_KEY, N_("byte of the full slot so named") },
	{ 0, "-", S_DEAD, N_("byte of another bucket") },
	{ 0, "o", S_PTR, N_("overflow: pointer set, or made") },
	{ 0, ">> <<", S_TITLE, N_("the field crosses a cache line") },
	{ 0, "[3]", S_TITLE, N_("bucket of this step; <3> held") },
};
static const struct legend_row glyph_rows[] = {
	{ G_FOCUS, NULL, S_TITLE, N_("what this step is about") },
	{ G_FOCUS_LEFT, NULL, S_TITLE, N_("where the cursor is") },
	{ G_BAR1, NULL, S_TITLE, N_("1 entry ...") },
	{ G_BAR8, NULL, S_TITLE, N_("... 8 entries or more") },
	{ G_MOVED, NULL, S_TITLE, N_("old bucket that has moved") },
	{ 0, "10+1", S_TITLE, N_("10 entries, 1 bucket hangs on") },
	{ 0, "1 of 9", S_TITLE, N_("entries that have moved") },
	{ G_QUARTER1, NULL, S_TITLE, N_("old buckets: under half moved") },
	{ G_QUARTER2, NULL, S_TITLE, N_("about half of them") },
	{ G_QUARTER3, NULL, S_TITLE, N_("most; on a timeline: growth") },
	{ G_FREE, NULL, S_TITLE, N_("byte of a free slot; all moved") },
	{ G_TO, NULL, S_TITLE, N_("moved to") },
	{ G_FROM, NULL, S_TITLE, N_("came from") },
	{ G_NOW, NULL, S_TITLE, N_("now") },
	{ G_HEAVY, NULL, S_TITLE, N_("what theory says") },
	{ G_CUT, NULL, S_TITLE, N_("a text was cut here") },
	{ G_DIFFERS, NULL, S_TITLE, N_("two sides differ") },
	{ G_SAID, NULL, S_TITLE, N_("what the workload says") },
	{ G_WATCHED, NULL, S_TITLE, N_("watched: w sets it") },
	{ G_FOLLOWED, NULL, S_KEY | STYLE_BOLD, N_("the key that y follows") },
};
static const struct legend_row search_rows[] = {
	{ 0, "/word", S_TITLE, N_("operations, events, moves with it") },
	{ 0, "/k ...", S_TITLE, N_("operations, by key and elem") },
	{ 0, "/e ...", S_TITLE, N_("events, by kind or sentence") },
	{ 0, "/x ...", S_TITLE, N_("bytes written, or of a hash, hex") },
};
enum { PARTS_MOST = 24, MARKS_MOST = 48, LEGEND_FIRST = 2, LEGEND_MARK = 7, LEGEND_ROWS = 160 };

/* All parts: the marks with those of views, what else there is of all views, parts of the kind of map in
 * sight and of single views. */
struct legend {
	struct legend_row marks[MARKS_MOST];
	struct legend_part part[PARTS_MOST]; /* the colours come after the first LEGEND_FIRST of them */
	int parts;
};

static void add_part(struct legend *l, const char *title, const struct legend_row *row, size_t n)
{
	if (l->parts < PARTS_MOST)
		l->part[l->parts++] = (struct legend_part){ title, row, (int)n };
}

/* The marks of views in the order of their places in the legend. */
static int view_marks(struct legend *l, int n)
{
	for (int place = 1; place < VIEWS; place++)
		for (int v = 1; v < VIEWS; v++) {
			const struct view *view = view_info[v].view;
			for (int i = 0; view_info[v].legend == place && !view->legend_title &&
				i < view->legend_rows && n < MARKS_MOST;
				i++)
				l->marks[n++] = view->legend[i];
		}
	return n;
}

static void legend_make(struct legend *l, const struct map_info *map)
{
	const struct explain *x = map ? explain_of(map) : explains[0];
	int n = 0;
	l->parts = 0;
	for (size_t i = 0; i < sizeof mark_rows / sizeof mark_rows[0]; i++)
		l->marks[n++] = mark_rows[i];
	add_part(l, N_("marks"), l->marks, (size_t)view_marks(l, n));
	add_part(l, N_("glyphs"), ROWS(glyph_rows));
	for (const struct legend_part *p = x->legend; p && p->title; p++)
		add_part(l, p->title, p->row, (size_t)p->n);
	for (int v = 1; v < VIEWS; v++)
		if (view_info[v].legend && view_info[v].view->legend_title)
			add_part(l, view_info[v].view->legend_title, view_info[v].view->legend,
				(size_t)view_info[v].view->legend_rows);
	add_part(l, N_("searching"), ROWS(search_rows));
}

static const struct {
	const char *name;
	style style;
} style_words[STYLE_ROLES] = {
#define STYLE(name, NAME, ...) { #name, S_##NAME },
#include "ui/grid/styles.def"
#undef STYLE
};

static const char legend_colours[] = N_("colours; letters and places say the same");

static int legend_columns(struct rect r)
{
	return r.w >= 150 ? 3 : r.w >= 78 ? 2 : 1;
}

static int legend_rows(struct rect r, int n)
{
	return (n + legend_columns(r) - 1) / legend_columns(r);
}

/* A part in columns, its entries `each` rows apart; returns the rows it takes, its rule included. */
static int legend_part(const struct frame *f, struct rect r, const struct legend_part *p, int each)
{
	int column = r.w / legend_columns(r), rows = legend_rows(r, p->n);
	char fit[120];
	panel_rule(f, r, 0, false, _(p->title), NULL);
	for (int i = 0; i < p->n; i++) {
		int x = 1 + i / rows * column, y = 1 + i % rows * each;
		if (p->row[i].mark)
			grid_put(f->grid, r, x, y, p->row[i].style, _(p->row[i].mark));
		else
			grid_glyph(f->grid, r, x, y, p->row[i].style, p->row[i].glyph);
		text_fit(_(p->row[i].words), column - LEGEND_MARK - 1, fit, sizeof fit);
		grid_put(f->grid, r, x + LEGEND_MARK, y, S_TEXT, fit);
	}
	return 1 + rows * each;
}

/* Returns the rows it takes. */
static int legend_styles(const struct frame *f, struct rect r)
{
	panel_rule(f, r, 0, false, _(legend_colours), NULL);
	int x = 1, y = 1;
	for (int i = 0; i < STYLE_ROLES; i++) {
		int w = text_width(style_words[i].name);
		if (x + w + 1 > r.w) {
			x = 1;
			y++;
		}
		grid_put(f->grid, r, x, y, style_words[i].style, style_words[i].name);
		x += w + 2;
	}
	return y + 1;
}

/* Where the rules are, and their titles. */
struct legend_rules {
	int n, y[PARTS_MOST + 1];
	const char *title[PARTS_MOST + 1];
};

/* All of it; returns the rows it takes. */
static int legend_all(
	const struct frame *f, struct rect r, int each, const struct legend *l, struct legend_rules *ret)
{
	int y = 0;
	ret->n = 0;
	for (int i = 0; i < l->parts; i++) {
		if (i == LEGEND_FIRST) {
			ret->y[ret->n] = y;
			ret->title[ret->n++] = legend_colours;
			y += legend_styles(f, (struct rect){ r.x, r.y + y, r.w, r.h - y });
		}
		ret->y[ret->n] = y;
		ret->title[ret->n++] = l->part[i].title;
		y += legend_part(f, (struct rect){ r.x, r.y + y, r.w, r.h - y }, &l->part[i], each);
	}
	return y;
}

/* Over a window that begins at row from: the title of the part that its first row belongs to stays in sight,
 * but for the row before another one. */
static void legend_head(const struct frame *f, struct rect r, int from, const struct legend_rules *k)
{
	int part = 0;
	while (part + 1 < k->n && k->y[part + 1] <= from)
		part++;
	bool next = part + 1 < k->n && k->y[part + 1] == from + 1;
	panel_rule(f, r, next ? 1 : 0, true, _(k->title[part + next]), _("arrows: more"));
}

/* Drawn whole on a grid of its own; returns the rows it takes. */
static int legend_tall(const struct frame *f, struct rect body, struct grid *tall, struct legend_rules *rules)
{
	struct legend l;
	struct frame inside = *f;
	inside.grid = tall;
	inside.hits = NULL;
	legend_make(&l, f->scene->map);
	grid_init(tall, body.w, LEGEND_ROWS, f->scene->ascii);
	int rows = legend_all(&inside, grid_rect(tall), 1, &l, rules);
	grid_clear(tall);
	return legend_all(&inside, grid_rect(tall), 2 * rows <= body.h + l.parts ? 2 : 1, &l,
		rules); /* a tall screen: not so tight */
}

struct legend_state {
	int from;
}; /* the row it begins with */

/* A window of it is shown. */
static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct legend_state *v = own;
	struct grid tall;
	struct legend_rules rules;
	int rows = legend_tall(f, body, &tall, &rules), last = rows > body.h ? rows - body.h : 0;
	int from = v->from < last ? v->from : last;
	for (int y = 0; y < body.h && y + from < rows && tall.w == body.w; y++)
		memcpy(f->grid->cell + (body.y + y) * f->grid->w + body.x, tall.cell + (from + y) * tall.w,
			(size_t)body.w * sizeof *tall.cell);
	grid_release(&tall);
	if (last)
		legend_head(f, body, from, &rules);
}

static bool key(
	struct state *s, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct legend_state *v = own;
	struct grid tall;
	struct legend_rules rules;
	int by = a == ACTION_UP ? -1 : a == ACTION_DOWN ? 1 : 0;
	(void)s;
	if (!by)
		return false;
	int rows = legend_tall(f, body, &tall, &rules), most = rows > body.h ? rows - body.h : 0;
	int64_t to = (int64_t)v->from + by * (int64_t)(n < 1000 ? n : 1000);
	grid_release(&tall);
	v->from = to < 0 ? 0 : to > most ? most : (int)to;
	return true;
}

const struct view view_legend = { .size = sizeof(struct legend_state), .draw = draw, .key = key };

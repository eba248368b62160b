/* The overview: both arrays, a box a bucket (boxes.h), or where they are many a cell a bucket or several, and
 * what their numbers say.
 *
 *     old  ░▓█··▒   the halves of the new array stand under the old one, cell under cell: what leaves a cell
 * above X    ▂  ▄▃▂   arrives in the two below it Y    ▃  ▂▄▁
 */
#include "ui/scene/classic/boxes.h"
#include "ui/scene/classic/draw.h"
#include "ui/scene/classic/overview.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_LEAST = 44, SIDE_MOST = 65, STATS_ROWS = 4, TIME_ROWS = 3, HASH_ROWS = 3 };

/* Buckets first .. first + count - 1 of an array, as rows of cells. */
struct section {
	enum which_array array;
	uint64_t first, count;
	const char *title;
	style style;
};

/* The bucket in focus: where its user put it, else that of the step.  zoom: how often + has been pressed. */
struct overview_state {
	bool held;
	enum which_array array;
	uint64_t cell;
	int zoom;
};

struct sheet {
	const struct frame *f;
	const struct bucket_counts *o;
	struct section section[3];
	int sections, columns, rows; /* rows of cells of each */
	int pitch;                   /* screen columns a cell: 1, or with its number where there are few */
	int label;                   /* columns of the row's number, its mark included */
	uint64_t each;               /* buckets a cell */
	uint64_t top;                /* first row of cells in sight */
	enum which_array array;      /* the bucket in focus */
	uint64_t index;
	bool boxed; /* boxes stand in place of the cells */
	struct boxes boxes;
};

static void sections_make(struct sheet *h)
{
	const struct scene *s = h->f->scene;
	uint64_t old = newbit(s), all = array_buckets(&classic_of(s)->hmap, ARRAY_NEW);
	if (!old) {
		h->section[h->sections++] = (struct section){ ARRAY_NEW, 0, all, _("buckets"), S_TEXT };
		return;
	}
	h->section[h->sections++] = (struct section){ ARRAY_OLD, 0, old, _("old"), S_TEXT };
	if (scene_same_size(s)) {
		h->section[h->sections++] = (struct section){ ARRAY_NEW, 0, all, _("new, the same size"),
			S_TO_X };
		return;
	}
	h->section[h->sections++] = (struct section){ ARRAY_NEW, 0, old, _("new, X half"), S_TO_X };
	h->section[h->sections++] = (struct section){ ARRAY_NEW, old, old, _("new, Y half"), S_TO_Y };
}

/* The bucket in focus: where its user put it, else that of the step. */
static void focus_of(const struct overview_state *v, const struct scene *s, enum which_array *ret_array,
	uint64_t *ret_index)
{
	uint64_t n;
	*ret_array = v->held ? v->array : s->focus.ok && !s->focus.kept ? s->focus.view.array : ARRAY_NEW;
	*ret_index = v->held ? v->cell : s->focus.ok && !s->focus.kept ? s->focus.view.index : 0;
	if (*ret_array == ARRAY_OLD && !newbit(s))
		*ret_array = ARRAY_NEW;
	n = array_buckets(&classic_of(s)->hmap, *ret_array);
	*ret_index &= n ? n - 1 : 0;
}

static uint64_t section_rows(const struct sheet *h)
{
	uint64_t a_row = (uint64_t)h->columns * h->each;
	return (h->section[0].count + a_row - 1) / a_row;
}

/* Cells are made as fine as rows allow, and finer when asked: then the rows around the focus are in sight. */
static void sheet_fit(struct sheet *h, int rows, int zoom)
{
	h->rows = (rows - h->sections) / h->sections;
	if (h->rows < 1)
		h->rows = 1;
	h->each = 1;
	while (section_rows(h) > (uint64_t)h->rows && h->each < UINT64_C(1) << 40)
		h->each *= 2;
	for (; zoom > 0 && h->each > 1; zoom--)
		h->each /= 2;
	uint64_t all = section_rows(h), row = h->index % h->section[0].count / h->each / (uint64_t)h->columns;
	if (all > (uint64_t)h->rows) {
		h->top = row > (uint64_t)h->rows / 2 ? row - (uint64_t)h->rows / 2 : 0;
		if (h->top > all - (uint64_t)h->rows)
			h->top = all - (uint64_t)h->rows;
	} else {
		h->rows = (int)(all ? all : 1);
	}
}

/* ---- cells ---- */

struct cell_sum {
	uint64_t known, filled, entries, moved, waiting;
	bool overflow;
};

/* Has what belongs into new bucket i come already? */
static bool has_come(const struct sheet *h, uint64_t i)
{
	const struct counted_array *old = &h->o->array[ARRAY_OLD], *a = &h->o->array[ARRAY_NEW];
	uint64_t at = old->n ? i * a->stride % old->buckets / old->stride : 0;
	return !old->n || a->count[i].entries || a->count[i].copies || (at < old->next && old->count[at].moved == 2);
}

static struct cell_sum cell_of(const struct sheet *h, enum which_array array, uint64_t first)
{
	const struct counted_array *a = &h->o->array[array];
	struct cell_sum c = { 0 };
	if (!a->stride)
		return c;
	uint64_t from = (first + a->stride - 1) / a->stride,
		 to = (first + h->each + a->stride - 1) / a->stride;
	for (uint64_t i = from; i < to && i < a->next; i++) {
		c.known++;
		c.filled += array == ARRAY_OLD || has_come(h, i);
		c.entries += a->count[i].entries + a->count[i].copies;
		c.moved += a->count[i].moved == 2;
		c.waiting += a->count[i].moved == 1;
		c.overflow = c.overflow || a->count[i].overflow;
	}
	return c;
}

/* What stands beside the glyph of a single bucket. */
static void cell_words(const struct sheet *h, struct rect r, int x, int y, const struct section *t,
	uint64_t bucket, const struct cell_sum *c)
{
	char words[32];
	const struct bucket_count *b = &h->o->array[t->array].count[bucket];
	if (b->moved == 2)
		snprintf(words, sizeof words, "%s", h->pitch >= 8 ? _("moved") : "");
	else if (b->overflow && h->pitch >= 8)
		snprintf(words, sizeof words, "%u+%u", b->entries, b->overflow);
	else
		snprintf(words, sizeof words, "%" PRIu64, c->entries);
	grid_put(h->f->grid, r, x + 1 + (h->pitch >= 8), y, b->moved ? S_DEAD : S_TEXT, words);
}

static void draw_cell(
	const struct sheet *h, struct rect r, int x, int y, const struct section *t, uint64_t first)
{
	struct cell_sum c = cell_of(h, t->array, first);
	struct grid *g = h->f->grid;
	if (!c.known)
		return;
	if (h->pitch >= 4)
		cell_words(h, r, x, y, t, first, &c);
	if (t->array == ARRAY_OLD && (c.moved || c.waiting)) {
		uint64_t quarters = c.moved * 4 / c.known;
		if (c.moved == c.known)
			grid_glyph(g, r, x, y, S_DEAD, h->each == 1 ? G_MOVED : G_FREE);
		else
			grid_glyph(g, r, x, y, S_GROW,
				quarters >= 3           ? G_QUARTER3
					: quarters == 2 ? G_QUARTER2
							: G_QUARTER1);
		return;
	}
	uint64_t mean = c.filled ? (c.entries + c.filled / 2) / c.filled : 0;
	if (c.entries && !mean)
		mean = 1;
	panel_bar(
		h->f, r, x, y, c.overflow ? t->style | STYLE_BOLD : t->style, mean > 8 ? 8 : (unsigned)mean);
}

static void draw_section(const struct sheet *h, struct rect r, int y, const struct section *t)
{
	const struct scene *s = h->f->scene;
	char title[128], each[64] = "";
	if (h->each > 1)
		snprintf(each, sizeof each, _(", %" PRIu64 " a cell"), h->each);
	if (t->first || t->count < array_buckets(&classic_of(s)->hmap, t->array))
		snprintf(title, sizeof title, _("%s: buckets %" PRIu64 " to %" PRIu64 "%s"), t->title,
			t->first, t->first + t->count - 1, each);
	else
		snprintf(title, sizeof title,
			P_("%s: %" PRIu64 " bucket%s", "%s: %" PRIu64 " buckets%s", t->count), t->title,
			t->count, each);
	bool mine = h->array == t->array && h->index >= t->first && h->index - t->first < t->count;
	panel_rule(h->f, r, y, mine, title, NULL);
	for (int row = 0; row < h->rows; row++) {
		uint64_t a_row = (uint64_t)h->columns * h->each,
			 first = t->first + (h->top + (uint64_t)row) * a_row;
		if (first - t->first >= t->count)
			break;
		uint64_t front = t->first + classic_of(s)->hmap.nevacuate;
		bool is_front = newbit(s) && front >= first && front - first < a_row;
		grid_printf(h->f->grid, r, 0, y + 1 + row, S_LABEL, "%*" PRIu64, h->label - 1, first);
		if (is_front)
			grid_glyph(h->f->grid, r, h->label - 1, y + 1 + row, S_TITLE, G_FOCUS);
		uint64_t cells = (t->count - (first - t->first) + h->each - 1) / h->each;
		hits_add(h->f->hits, r, h->label, y + 1 + row,
			(cells < (uint64_t)h->columns ? (int)cells : h->columns) * h->pitch,
			(struct hit){ .kind = HIT_OWN,
				.a = first,
				.each = h->each,
				.cell = h->pitch,
				.array = t->array });
		for (int k = 0; k < h->columns && first + (uint64_t)k * h->each - t->first < t->count; k++) {
			uint64_t at = first + (uint64_t)k * h->each;
			draw_cell(h, r, h->label + k * h->pitch, y + 1 + row, t, at);
			if (mine && h->index >= at && h->index - at < h->each) {
				grid_attribute(h->f->grid, r, h->label + k * h->pitch, y + 1 + row, 1,
					STYLE_REVERSE);
				grid_glyph(h->f->grid, r, h->label + h->columns * h->pitch, y + 1 + row,
					S_TITLE, G_FOCUS_LEFT);
			}
		}
	}
}

/* ---- numbers ---- */

/* New buckets that have got what was theirs: all without a growth. */
static uint64_t filled(const struct sheet *h)
{
	const struct counted_array *n = &h->o->array[ARRAY_NEW], *old = &h->o->array[ARRAY_OLD];
	if (!old->buckets)
		return n->n;
	return old->moved * (n->buckets / old->buckets ? n->buckets / old->buckets : 1);
}

static int draw_legend(const struct sheet *h, struct rect r, int y)
{
	struct grid *g = h->f->grid;
	char words[64];
	grid_put(g, r, 1, y, S_TEXT, "▁▂▃▄▅▆▇█");
	grid_put(g, r, 11, y++, S_LABEL,
		h->each > 1 ? _("entries a bucket, mean of the cell") : _("entries; █: 8 or more"));
	if (h->sections > 1) {
		snprintf(words, sizeof words,
			h->each == 4 ? _("1, 2, 3 of the 4 old buckets moved")
				     : _("a quarter, half, most of it moved"));
		grid_put(g, r, 1, y, S_GROW, "▓ ▒ ░");
		grid_put(g, r, 11, y++, S_LABEL, words);
		grid_put(g, r, 1, y, S_DEAD, h->each == 1 ? "×" : "·");
		grid_put(g, r, 11, y++, S_LABEL, _("all moved   blank: nothing came yet"));
		grid_put(g, r, 1, y, S_TITLE, "►");
		grid_put(g, r, 11, y++, S_LABEL, _("row of nevacuate, the front"));
	}
	grid_put(g, r, 1, y, S_TITLE, "◄");
	grid_put(g, r, 11, y++, S_LABEL, _("row of the bucket in focus"));
	return y;
}

static int draw_evacuated(const struct sheet *h, struct rect r, int y)
{
	const struct scene *s = h->f->scene;
	const struct counted_array *old = &h->o->array[ARRAY_OLD];
	uint64_t in_line = classic_of(s)->hmap.nevacuate < old->buckets ? classic_of(s)->hmap.nevacuate
									: old->buckets,
		 moved = old->moved * old->stride;
	struct grid *g = h->f->grid;
	if (!old->n)
		return y;
	grid_printf(g, r, 1, y++, S_TEXT, _("evacuated %" PRIu64 " of %" PRIu64 " (%.0f %%)"), moved,
		old->buckets, 100.0 * (double)moved / (double)old->buckets);
	grid_printf(g, r, 1, y++, S_LABEL, _("  in line, below nevacuate    %6" PRIu64), in_line);
	grid_printf(g, r, 1, y++, S_LABEL, _("  out of line, touched by ops %6" PRIu64),
		moved > in_line ? moved - in_line : 0);
	return y;
}

static void chain_row(const struct sheet *h, struct rect r, int y, int k, uint64_t waiting, uint64_t fill)
{
	const struct counted_array *n = &h->o->array[ARRAY_NEW], *old = &h->o->array[ARRAY_OLD];
	uint64_t empty = n->next > fill ? n->next - fill : 0, in_new = n->by_chain[k];
	if (k == 0)
		in_new = in_new > empty ? in_new - empty : 0;
	grid_printf(h->f->grid, r, 1, y, S_TEXT, k == OVERVIEW_CHAINS - 1 ? "%d+" : "%d", k + 1);
	if (waiting)
		grid_printf(h->f->grid, r, 10, y, S_TEXT, "%14" PRIu64, old->by_chain[k]);
	grid_printf(h->f->grid, r, 26, y, S_TEXT, "%12" PRIu64 "%8.1f", in_new,
		fill ? 100.0 * (double)in_new / (double)fill : 0.0);
}

static int draw_chains(const struct sheet *h, struct rect r, int y, int rows)
{
	const struct counted_array *n = &h->o->array[ARRAY_NEW], *old = &h->o->array[ARRAY_OLD];
	struct grid *g = h->f->grid;
	uint64_t fill = filled(h);
	int end = y + rows;
	panel_rule(h->f, r, y++, false, _("chain length, buckets with data"), NULL);
	grid_printf(g, r, 1, y, S_LABEL, "%s", _("buckets"));
	if (old->n)
		grid_printf(g, r, 10, y, S_LABEL, "%14s", _("old (waiting)"));
	grid_printf(g, r, 26, y++, S_LABEL, "%12s%8s", old->n ? _("new (filled)") : _("array"), "%");
	for (int k = 0; k < OVERVIEW_CHAINS && y < end - 3; k++) {
		bool any = false;
		for (int i = k; i < OVERVIEW_CHAINS; i++)
			any = any || n->by_chain[i] || old->by_chain[i];
		if (any)
			chain_row(h, r, y++, k, old->n, fill);
	}
	if (y < end) {
		grid_put(g, r, 1, y, S_LABEL, _("entries"));
		if (old->n)
			grid_printf(g, r, 10, y, S_TEXT, "%14" PRIu64, old->entries * old->stride);
		grid_printf(g, r, 26, y++, S_TEXT, "%12" PRIu64, n->entries * n->stride);
	}
	if (y < end) {
		uint64_t waiting = old->next - (old->moved < old->next ? old->moved : old->next);
		grid_put(g, r, 1, y, S_LABEL, _("a bucket"));
		if (old->n)
			grid_printf(g, r, 10, y, S_TEXT, "%14.2f",
				waiting ? (double)old->entries / (double)waiting : 0.0);
		grid_printf(g, r, 26, y++, S_TEXT, "%12.2f", fill ? (double)n->entries / (double)fill : 0.0);
	}
	unsigned before = counts_fullest(old), now = counts_fullest(n);
	if (y < end && old->n)
		grid_printf(g, r, 1, y++, S_LABEL,
			P_("fullest chain: old %u entry, new %u", "fullest chain: old %u entries, new %u",
				before),
			before, now);
	else if (y < end)
		grid_printf(g, r, 1, y++, S_LABEL,
			P_("fullest chain: %u entry", "fullest chain: %u entries", now), now);
	return y;
}

static void draw_focus(const struct sheet *h, struct rect r, int y)
{
	const struct scene *s = h->f->scene;
	const uint64_t old = newbit(s), mask = old ? old - 1 : UINT64_MAX;
	struct {
		enum which_array array;
		uint64_t index;
	} chains[3] = { { h->array, h->index } };
	char title[96];
	int n = 1;
	if (old) {
		chains[0].array = ARRAY_OLD;
		chains[0].index = h->index & mask;
		chains[n].array = ARRAY_NEW;
		chains[n++].index = h->index & mask;
		if (!scene_same_size(s)) {
			chains[n].array = ARRAY_NEW;
			chains[n++].index = (h->index & mask) + old;
		}
	}
	snprintf(title, sizeof title, _("focus: %s bucket %" PRIu64 "%s"),
		h->array == ARRAY_OLD ? _("old") : _("new"), h->index,
		old && (h->index & mask) == classic_of(s)->hmap.nevacuate ? _(" = nevacuate") : "");
	panel_rule(h->f, r, y++, false, title, NULL);
	for (int i = 0; i < n; i++) {
		struct map_group b;
		bool more = classic_first(s, chains[i].array, chains[i].index, &b);
		for (int depth = 0; more && y < r.h && depth < 3; depth++) {
			char label[48];
			group_label(s, &b, true, label, sizeof label);
			int x = grid_printf(h->f->grid, r, 1, y, S_LABEL, "%-14s ", label);
			for (int k = 0; k < SLOTS; k++)
				x = grid_printf(h->f->grid, r, x, y,
					tophash_full(b.control[k]) ? S_TOP : S_DEAD, " %02x", b.control[k]);
			y++;
			more = classic_next(s, &b);
		}
	}
	if (y < r.h)
		panel_words(h->f, r, y, r.h - y, S_LABEL,
			old && !scene_same_size(s)
				? _("tophash bytes of the chain, and of the two that its entries go to")
				: _("tophash bytes of the chain"));
}

static void draw_side(const struct sheet *h, struct rect r)
{
	panel_rule(h->f, r, 0, false, _("legend"), NULL);
	int y = draw_legend(h, r, 1) + (r.h > 30);
	if (y + 3 < r.h)
		y = draw_evacuated(h, r, y);
	int rows = r.h - y - 7;
	if (rows > 6)
		y = draw_chains(h, r, y, rows < 13 ? rows : 13);
	if (y + 2 < r.h)
		draw_focus(h, r, y);
}

/* Entries a bucket against what a good hash gives: Poisson. */
static void draw_poisson(const struct sheet *h, struct rect r)
{
	const struct counted_array *a = &h->o->array[ARRAY_NEW];
	struct grid *g = h->f->grid;
	uint64_t fill = filled(h), empty = a->next > fill ? a->next - fill : 0;
	double mean = fill ? (double)a->entries / (double)fill : 0, p = exp(-mean);
	bool wide = r.w >= 110;
	int columns = (r.w - 9 - (wide ? 28 : 0)) / 6;
	panel_rule(h->f, r, 0, false,
		h->o->array[ARRAY_OLD].n ? _("entries a bucket: new array, filled part")
					 : _("entries a bucket"),
		NULL);
	grid_put(g, r, 1, 1, S_LABEL, _("entries"));
	grid_put(g, r, 1, 2, S_LABEL, _("buckets"));
	grid_put(g, r, 1, 3, S_LABEL, _("Poisson"));
	for (int k = 0; k < columns && k < OVERVIEW_ENTRIES - 1; k++) {
		uint64_t n = a->by_entries[k];
		if (k == 0)
			n = n > empty ? n - empty : 0;
		grid_printf(g, r, 8 + 6 * k, 1, S_LABEL, "%6d", k);
		grid_printf(g, r, 8 + 6 * k, 2, S_TEXT, "%6" PRIu64, n * a->stride);
		grid_printf(g, r, 8 + 6 * k, 3, S_LABEL, "%6.0f", p * (double)fill * (double)a->stride);
		p *= mean / (k + 1);
	}
	if (wide) {
		grid_printf(g, r, 8 + 6 * columns + 3, 1, S_TEXT, _("mean %.2f"), mean);
		grid_put(g, r, 8 + 6 * columns + 3, 3, S_LABEL, _("expected of a good hash"));
	}
}

/* ---- the view ---- */

/* Columns of cells, a power of two, and what is left for words at the side: 0 where that is too little. */
static int columns_fit(const struct scene *s, int w, int *ret_label, int *ret_side)
{
	int label = 6;
	for (uint64_t n = array_buckets(&classic_of(s)->hmap, ARRAY_NEW); n >= 100000; n /= 10)
		label++;
	*ret_label = label;
	for (int columns = 256; columns >= 64; columns /= 2) {
		int side = w - columns - label - 1;
		*ret_side = side > SIDE_MOST ? SIDE_MOST : side;
		if (side >= SIDE_LEAST)
			return columns;
	}
	*ret_side = 0;
	return w >= 64 + label + 1 ? 64 : 32;
}

/* What has been counted; all zeros before it was asked for. */
static const struct bucket_counts *counts_of(const struct frame *f)
{
	static const struct bucket_counts none;
	return f->pass->overview.kind == &bucket_counts ? f->pass->overview.own : &none;
}

/* Where the cells are; rows of statistics and of the timeline under them. */
static struct rect cells_rect(
	const struct scene *s, struct rect body, int *ret_side, int *ret_stats, int *ret_time)
{
	int label;
	*ret_stats = body.h >= 16 ? STATS_ROWS : 0;
	*ret_time = body.h >= 30 ? TIME_ROWS : 0;
	columns_fit(s, body.w, &label, ret_side);
	return (struct rect){ body.x, body.y, body.w - *ret_side, body.h - *ret_stats - *ret_time };
}

static bool sheet_make(
	struct sheet *h, const struct overview_state *v, const struct frame *f, struct rect body)
{
	const struct scene *s = f->scene;
	int side, spare, time;
	struct rect area = cells_rect(s, body, &side, &spare, &time);
	*h = (struct sheet){ .f = f, .o = counts_of(f) };
	if (!s->live || !array_buckets(&classic_of(s)->hmap, ARRAY_NEW))
		return false;
	focus_of(v, s, &h->array, &h->index);
	sections_make(h);
	h->boxed = boxes_fit(&h->boxes, s, body.w, area.h + time, spare);
	h->boxes.array = h->array;
	h->boxes.index = h->index;
	h->columns = columns_fit(s, body.w, &h->label, &side);
	h->pitch = 1;
	while (h->pitch < 8 && h->section[0].count * (uint64_t)h->pitch * 2 <= (uint64_t)h->columns)
		h->pitch *= 2;
	h->columns /= h->pitch;
	sheet_fit(h, area.h, v->zoom);
	return true;
}

/* What is said at the right end of the first row of a growth that does not go on, or while buckets are
 * counted. */
static void draw_left_open(const struct sheet *h, struct rect r)
{
	struct grid *g = h->f->grid;
	char words[48];
	if (scene_growth_left(h->f->scene)) {
		grid_put_right(g, r, r.w - 2, 0, S_GROW,
			r.w >= 78 ? _(" a growth that nobody goes on with: read is never written ")
				  : _(" left open: read is never written "));
	} else if (overview_busy(&h->f->pass->overview)) {
		snprintf(words, sizeof words, _(" counting: %u %% "), counts_percent(h->o));
		grid_put_right(g, r, r.w - 2, 0, S_TITLE, words);
	}
}

static void draw_boxes(const struct sheet *h, struct rect body)
{
	int left = body.h - boxes_strip(&h->boxes) - boxes_rows(&h->boxes);
	boxes_draw(&h->boxes, h->f, body);
	if (!scene_growth_left(h->f->scene)) /* the boxes say so themselves */
		draw_left_open(h, body);
	if (left >= STATS_ROWS + TIME_ROWS + HASH_ROWS + 1)
		classic_hash(h->f, (struct rect){ body.x, body.y + body.h - left + 1, body.w, HASH_ROWS });
	if (left >= STATS_ROWS + TIME_ROWS) {
		panel_timeline(h->f, (struct rect){ body.x, body.y + body.h - TIME_ROWS, body.w, TIME_ROWS });
		body.h -= TIME_ROWS;
	}
	if (left >= STATS_ROWS)
		draw_poisson(h, (struct rect){ body.x, body.y + body.h - STATS_ROWS, body.w, STATS_ROWS });
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	struct sheet h;
	int side, stats, time;
	struct rect main = cells_rect(f->scene, body, &side, &stats, &time);
	if (!sheet_make(&h, own, f, body)) {
		panel_rule(f, body, 0, true, _("overview"), NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("there is no array yet"));
		return;
	}
	if (h.boxed) {
		draw_boxes(&h, body);
		return;
	}
	for (int i = 0; i < h.sections; i++)
		draw_section(&h, main, i * (h.rows + 1), &h.section[i]);
	draw_left_open(&h, main);
	if (side) {
		struct rect right = { main.w + 1, body.y, side - 1, main.h };
		draw_side(&h, right);
		panel_border(f, (struct rect){ body.x, body.y, body.w, main.h }, main.w);
	}
	int used = h.sections * (h.rows + 1);
	if (!side && main.h - used >= 5)
		draw_focus(&h, (struct rect){ main.x, main.y, main.w, main.h }, used);
	if (stats)
		draw_poisson(&h, (struct rect){ body.x, body.y + main.h, body.w, stats });
	if (time)
		panel_timeline(f, (struct rect){ body.x, body.y + body.h - time, body.w, time });
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)f, (void)body, (void)own;
	q->overview = &bucket_counts;
}

static void move_cell(
	struct overview_state *v, const struct scene *s, const struct sheet *h, enum action a, uint64_t n)
{
	uint64_t by = (a == ACTION_LEFT || a == ACTION_RIGHT ? 1 : (uint64_t)h->columns) * h->each *
		(n < 65536 ? n : 65536);
	uint64_t count = h->section[0].count, buckets = array_buckets(&classic_of(s)->hmap, h->array),
		 index = h->index - h->index % h->each;
	bool back = a == ACTION_LEFT || a == ACTION_UP;
	v->held = true;
	v->array = h->array;
	uint64_t inside = index % count;
	if (back ? inside >= by : inside + by < count) {
		v->cell = back ? index - by : index + by;
	} else if (a == ACTION_LEFT || a == ACTION_RIGHT) {
		v->cell = (index + buckets + (back ? buckets - by % buckets : by)) % buckets;
	} else if (back && h->array == ARRAY_NEW &&
		h->sections > 1) { /* from the top of a half to the section above */
		uint64_t down = (count - 1) / ((uint64_t)h->columns * h->each) * (uint64_t)h->columns *
				h->each +
			inside % ((uint64_t)h->columns * h->each);
		if (down >= count)
			down = count - 1;
		v->array = index >= count ? ARRAY_NEW : ARRAY_OLD;
		v->cell = down;
	} else if (!back && h->sections > 1) {
		uint64_t column = inside % ((uint64_t)h->columns * h->each);
		if (h->array == ARRAY_OLD) {
			v->array = ARRAY_NEW;
			v->cell = column;
		} else if (h->sections == 3 && index < count) {
			v->cell = count + column;
		}
	}
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct overview_state *v = own;
	struct sheet h;
	if (!sheet_make(&h, v, f, body))
		return false;
	if (h.boxed) {
		h.each = 1;
		h.columns = h.boxes.across;
	}
	switch (a) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN: move_cell(v, f->scene, &h, a, n); return true;
	case ACTION_FASTER:
		if (h.each > 1)
			v->zoom++;
		return true;
	case ACTION_SLOWER:
		if (v->zoom > 0)
			v->zoom--;
		return true;
	case ACTION_ENTER:
		state_hold(st, h.array, h.index, 0, 0);
		view_open(st, VIEW_BUCKET);
		return true;
	case ACTION_ESCAPE:
		if (!v->held)
			return false;
		v->held = false;
		return true;
	default: return false;
	}
}

static void press(struct state *st, void *own, const struct frame *f, const struct hit *hit)
{
	struct overview_state *v = own;
	(void)st;
	(void)f;
	v->held = true;
	v->array = (enum which_array)hit->array;
	v->cell = hit->a;
}

const struct view view_overview = { .size = sizeof(struct overview_state),
	.passes = NEEDS_OVERVIEW | NEEDS_TIMELINE,
	.draw = draw,
	.ask = ask,
	.key = key,
	.press = press };

/* The view of hmap: its fields with their bytes, what each means, and who wrote the one in focus. */
#include "ui/scene/classic/classic.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { OBJECT_EXTRA = OBJECT_HEADER + 1 };

static int hmap_all(const struct scene *s, const struct field **out)
{
	int n = 0;
	for (const struct field *k = hmap_fields; k->name; k++)
		out[n++] = k;
	for (const struct field *k = extra_fields; k->name && classic_of(s)->hmap.extra; k++)
		out[n++] = k;
	return n;
}

enum { FIELDS_MOST = 16 };

static bool is_extra(const struct field *k)
{
	return k >= extra_fields && k <= extra_fields + 2;
}

static uint64_t field_addr(const struct scene *s, const struct field *k)
{
	return (is_extra(k) ? classic_of(s)->hmap.extra : classic_of(s)->hmap.addr) + k->offset;
}

static void draw_field(const struct frame *f, struct rect r, int y, const struct field *k, bool focus)
{
	const struct scene *s = f->scene;
	uint64_t addr = field_addr(s, k), v = 0, was = 0;
	uint8_t bytes[8] = { 0 }, marks[8] = { 0 };
	bool ok = k->size <= 8 && s->mem->read(s->mem, addr, bytes, k->size);
	memcpy(&v, bytes, 8);
	scene_marks(s, addr, k->size <= 8 ? k->size : 8, marks);
	style st = marks[0] & MARK_WRITE ? S_WRITE_NOW : marks[0] & MARK_READ ? S_READ_NOW : S_TEXT;
	bool changed = s->was && s->was->read(s->was, addr, &was, k->size) && was != v;
	char letter[2] = { mark_letter(marks[0]), 0 };
	if (focus)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	if (panel_watched(f, addr, k->size))
		grid_glyph(f->grid, r, 1, y, S_TITLE, G_WATCHED);
	grid_printf(f->grid, r, 2, y, S_LABEL, "+%02u", k->offset);
	grid_put(f->grid, r, 7, y, focus ? S_TITLE : S_TEXT, k->name);
	grid_put(f->grid, r, 21, y, S_TITLE, changed ? "*" : letter);
	if (!ok) {
		grid_put(f->grid, r, 23, y, S_DEAD, "?");
		return;
	}
	for (uint32_t i = 0; i < k->size; i++)
		grid_printf(f->grid, r, 23 + 2 * (int)i, y, st, "%02x", bytes[i]);
	if (strcmp(k->role, "ptr") == 0 && v == 0)
		grid_put(f->grid, r, 41, y, S_DEAD, "nil");
	else if (strcmp(k->role, "ptr") == 0 || strcmp(k->name, "hash0") == 0)
		grid_printf(f->grid, r, 41, y, st, "%" PRIx64, v);
	else
		grid_printf(f->grid, r, 41, y, st, "%" PRIu64, v);
	if (focus)
		grid_attribute(f->grid, r, 0, y, 20, STYLE_REVERSE);
}

static bool says_much(const struct field *k)
{
	return strcmp(k->name, "flags") == 0 || strcmp(k->name, "noverflow") == 0;
}

/* One sentence for each field beside it, where the screen is wide. */
static void field_sentence(const struct frame *f, struct rect r, int y, int rows, const struct field *k)
{
	char words[512];
	int x = 55;
	if (r.w < 100)
		return;
	classic_field(f->scene, k, words, sizeof words);
	if (rows > 1) {
		panel_words(f, (struct rect){ r.x + x, r.y, r.w - x, r.h }, y, rows, S_LABEL, words);
		return;
	}
	char fit[520];
	text_fit_sentences(words, r.w - x - 2, fit, sizeof fit);
	grid_put(f->grid, r, x + 1, y, S_LABEL, fit);
}

/* The same under a rule, as long as it is. */
static void field_sentence_whole(const struct frame *f, struct rect r, const struct field *k)
{
	char words[512];
	panel_rule(f, r, 0, false, k->name, NULL);
	classic_field(f->scene, k, words, sizeof words);
	panel_words(f, r, 1, r.h - 1, S_TEXT, words);
}

/* Where a field has three rows its sentence is whole beside it. */
enum { HMAP_WORDS = 4, HMAP_WHO = 56, HMAP_WHO_ROWS = 10, HMAP_WHOLE_W = 160 };

struct hmap_state {
	int field;
};

/* The field in focus, NULL: there is no hmap. */
static const struct field *field_in_focus(const struct scene *s, const struct hmap_state *own,
	const struct field **all, int *ret_n, int *ret_at)
{
	if (!s->live)
		return NULL;
	int n = hmap_all(s, all), at = own->field < n ? own->field : n - 1;
	*ret_n = n;
	*ret_at = at;
	return all[at];
}

/* Is there room under the fields for their bytes, and for who wrote them? */
static bool has_foot(const struct frame *f)
{
	return f->layout->w >= 120 && f->layout->h >= 40;
}

/* Under the fields: the bytes, and beside them who wrote the field in focus. */
static void draw_foot(const struct frame *f, struct rect area, const struct field *k)
{
	const struct scene *s = f->scene;
	int side = area.w - HMAP_WHO;
	struct rect left = { area.x, area.y, side, area.h },
		    right = { area.x + side + 1, area.y, HMAP_WHO - 1, area.h };
	int rows = panel_sheet(f, left, OBJECT_HEADER, is_extra(k) ? UINT32_MAX : k->offset);
	left.y += rows;
	left.h -= rows;
	if (area.w < HMAP_WHOLE_W && left.h >= HMAP_WORDS) {
		field_sentence_whole(f, (struct rect){ left.x, left.y, left.w, HMAP_WORDS }, k);
		left.y += HMAP_WORDS;
		left.h -= HMAP_WORDS;
	}
	if (classic_of(s)->hmap.extra)
		panel_sheet(f, left, OBJECT_EXTRA, is_extra(k) ? k->offset : UINT32_MAX);
	panel_who(f, right, k->name);
	panel_border(f, area, side);
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	const struct field *all[FIELDS_MOST];
	char title[96];
	int n, at;
	const struct field *k = field_in_focus(s, own, all, &n, &at);
	if (!k) {
		panel_rule(f, body, 0, true, "hmap", NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("there is no hmap here: nil, or not made yet"));
		return;
	}
	snprintf(title, sizeof title,
		c->hmap.extra ? _("hmap at %010" PRIx64 ", 48 bytes; mapextra at %010" PRIx64)
			      : _("hmap at %010" PRIx64 ", 48 bytes; no mapextra%.0" PRIu64),
		c->hmap.addr, c->hmap.extra);
	panel_rule(f, body, 0, true, title,
		body.w >= 100 ? _("bytes as they stand; Enter: who wrote them") : NULL);
	int foot = has_foot(f) ? HMAP_WHO_ROWS : HMAP_WORDS, rows = body.h - 1 - foot;
	int each = body.w < 100 ? 1
		: rows >= 3 * n ? 3
		: rows >= 2 * n ? 2
				: 1,
	    first = at >= rows ? at - rows + 1 : 0, y = 1;
	int over = body.w < 100 ? 0
				: rows - each * n; /* rows more, where all have two for those that say most */
	for (int i = first; i < n && y + each <= rows + 1; i++) {
		int high = each + (over > 0 && (each == 1 || says_much(all[i])));
		over -= high - each;
		hits_add_area(
			f->hits, body, 0, y, body.w, high, (struct hit){ .kind = HIT_OWN, .a = (uint64_t)i });
		draw_field(f, body, y, all[i], i == at);
		field_sentence(f, body, y, high, all[i]);
		y += high;
	}
	if (has_foot(f))
		draw_foot(f, (struct rect){ body.x, body.y + y, body.w, body.h - y }, k);
	else
		field_sentence_whole(f,
			(struct rect){ body.x, body.y + y, body.w,
				body.h - y < HMAP_WORDS + 1 ? body.h - y : HMAP_WORDS + 1 },
			k);
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	const struct field *all[FIELDS_MOST];
	int n, at;
	const struct field *k = field_in_focus(f->scene, own, all, &n, &at);
	(void)body;
	if (!k || !has_foot(f) || f->state->playing) /* while playing the answer would be stale at once */
		return;
	q->history.addr = field_addr(f->scene, k);
	q->history.size = k->size;
	q->history.number = strcmp(k->role, "ptr") != 0 && strcmp(k->name, "hash0") != 0;
}

static bool cursor(const struct frame *f, const void *own, struct watch *ret)
{
	const struct field *all[FIELDS_MOST];
	int n, at;
	const struct field *k = field_in_focus(f->scene, own, all, &n, &at);
	if (k)
		watch_range(ret, field_addr(f->scene, k), k->size, k->name);
	return k != NULL;
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	const struct field *all[FIELDS_MOST];
	struct hmap_state *v = own;
	int count;
	const struct field *k = field_in_focus(f->scene, v, all, &count, &v->field);
	(void)body;
	(void)n;
	if (!k)
		return false;
	if (a == ACTION_UP || a == ACTION_DOWN) {
		v->field = (v->field + (a == ACTION_UP ? count - 1 : 1)) % count;
		return true;
	}
	if (a != ACTION_ENTER)
		return false;
	st->cursor = (struct byte_cursor){ is_extra(k) ? OBJECT_EXTRA : OBJECT_HEADER, true, k->offset, true,
		WHO_NOW };
	view_open(st, VIEW_BYTES);
	return true;
}

static void press(struct state *st, void *own, const struct frame *f, const struct hit *hit)
{
	struct hmap_state *v = own;
	(void)st;
	(void)f;
	v->field = (int)hit->a;
}

const struct view view_hmap = { .size = sizeof(struct hmap_state),
	.passes = NEEDS_HISTORY | NEEDS_LINE,
	.draw = draw,
	.ask = ask,
	.key = key,
	.press = press,
	.cursor = cursor };

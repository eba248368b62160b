/* The view of bytes: an object in hex by cache line, a cursor on a byte, what the byte says and who wrote it.
 *
 * A row of hex has 16, 32 or 64 bytes, so that it never crosses a cache line; under each word stand its name and whether
 * this operation has read or written it.
 */
#include "ui/view/private.h"
#include "ui/control/replay_private.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"
#include "trace/go/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 11, WORD = 18, SIDE_LEAST = 28, TIME_ROWS = 3, SAYS_ROWS = 4, TABLE_ROWS = 10 };

struct sheet {
	const struct frame *f;
	struct rect r;           /* rows of hex */
	struct object_view o;
	uint8_t marks[BUCKET_MAX];
	uint32_t row;            /* bytes a row */
	int lines, each;         /* cache lines; screen rows that each takes */
	uint32_t byte;
	int focus;               /* the arrows are here */
};

static uint32_t row_bytes(int w, uint32_t line)
{
	uint32_t most = w >= LABEL + 8 * WORD + SIDE_LEAST ? 64 : w >= LABEL + 4 * WORD + SIDE_LEAST ? 32 : 16;
	return most < line ? most : line;
}

static int byte_x(uint32_t i)
{
	return LABEL + (int)(i / 8 * WORD + i % 8 * 2);
}

/* Where the cursor is: where its user put it, else on what this step touches. */
static uint32_t cursor_at(const struct views *v, enum object_kind kind, uint64_t addr, uint32_t size, const struct scene *s)
{
	const struct event *e = &s->event;
	if (v->byte_held && v->object == kind)
		return v->byte < size ? v->byte : 0;
	if (e->kind < EV_COUNT && e->addr >= addr && e->addr - addr < size && e->size)
		return (uint32_t)(e->addr - addr);
	return kind == OBJECT_BUCKET && s->slot > 0 ? (uint32_t)s->slot : 0;
}

static uint32_t cursor_byte(const struct views *v, const struct object_view *o, const struct scene *s)
{
	return cursor_at(v, o->kind, o->addr, o->size, s);
}

uint32_t byte_in_focus(const struct views *v, const struct scene *s)
{
	return cursor_at(v, OBJECT_BUCKET, s->focus.view.addr, s->type.bucketsize, s);
}

/* ---- hex ---- */

static style marked(uint8_t mark, style plain)
{
	return mark & MARK_WRITE ? S_WRITE_NOW : mark & MARK_READ ? S_READ_NOW : mark & MARK_WRITE_OP ? plain | STYLE_BOLD
	     : mark & MARK_READ_OP ? plain | STYLE_UNDERLINE : plain;
}

static void draw_separator(const struct sheet *h, int y, int line, uint64_t lo)
{
	struct grid *g = h->f->grid;
	int end = grid_printf(g, h->r, 1, y, S_LABEL, _("line %d: %010" PRIx64 " "), line, lo);
	grid_repeat(g, h->r, end, y, S_RULE, G_DASHED, byte_x(h->row - 1) + 2 - end);
	for (uint32_t i = 8; i < h->row; i += 8) {
		char words[24];
		if (h->row == h->o.line)
			snprintf(words, sizeof words, " %u ", i);
		else
			snprintf(words, sizeof words, 2 * h->row == h->o.line ? " %u/%u " : " %u/%u.. ", i, i + h->row);
		if (byte_x(i) > end)
			grid_put(g, h->r, byte_x(i), y, S_LABEL, words);
	}
}

static void draw_hex_row(const struct sheet *h, int y, uint64_t lo)
{
	const struct object_view *o = &h->o;
	struct grid *g = h->f->grid;
	char addr[24];
	short_address(lo, 4, addr, sizeof addr);
	grid_put(g, h->r, 0, y, S_LABEL, addr);
	if (lo >= o->addr && lo - o->addr < o->size)
		grid_printf(g, h->r, 6, y, S_LABEL, "+%03u", (unsigned)(lo - o->addr));
	for (uint32_t i = 0; i < h->row; i += 8) /* the names below a word mean its bytes too */
		if (lo + i >= o->addr && lo + i + 8 <= o->addr + o->size)
			spots_add_area(h->f->spots, h->r, byte_x(i), y, 16, 2, (struct spot){ .kind = SPOT_OWN_BYTE, .a = lo + i - o->addr, .cell = 2, .each = 1 });
	for (uint32_t i = 0; i < h->row; i++) {
		uint64_t at = lo + i, offset = at - o->addr;
		if (at < o->addr || offset >= o->size) {
			grid_put(g, h->r, byte_x(i), y, S_DEAD, "--");
			continue;
		}
		struct item item = object_item(o, h->f->scene, (uint32_t)offset);
		grid_printf(g, h->r, byte_x(i), y, marked(h->marks[offset], item.style), "%02x", o->bytes[offset]);
		if (o->compare && o->bytes[offset] != o->was[offset])
			grid_attribute(g, h->r, byte_x(i), y, 2, STYLE_BOLD);
		if (offset == h->byte) {
			grid_attribute(g, h->r, byte_x(i), y, 2, STYLE_REVERSE);
			grid_glyph(g, h->r, byte_x(i | 7) + 2, y, S_TITLE, G_FOCUS_LEFT);
		}
	}
}

/* The pair under a byte or word: left read, right written. */
static bool put_pair(const struct sheet *h, int x, int y, uint8_t mark)
{
	char text[3] = { mark & MARK_READ ? 'R' : mark & MARK_READ_OP ? 'r' : ' ', mark & MARK_WRITE ? 'W' : mark & MARK_WRITE_OP ? 'w' : ' ', 0 };
	if (mark)
		grid_put(h->f->grid, h->r, x, y, marked(mark & (MARK_READ | MARK_WRITE), S_TITLE), text);
	return mark != 0;
}

/* Does the field go on over the end of the cache line, or come from the one before? */
static void straddle_words(const struct sheet *h, uint32_t offset, const struct item *i, char *out, size_t cap)
{
	uint64_t addr = h->o.addr + offset, lo = line_start(addr, h->o.line), field = h->o.addr + i->field;
	bool first = addr == lo, last = addr + 8 == lo + h->o.line;
	snprintf(out, cap, "%s%s%s", first && field < lo ? "<< " : "", i->name, last && field + i->field_size > lo + h->o.line ? " >>" : "");
}

/* Under the 8 bytes from offset on, as many as the object has: one name when they are of one part, else a pair a byte, and
 * the name of the field where blanks are left. */
static void draw_word_names(const struct sheet *h, int y, uint32_t column, uint32_t offset, uint32_t n)
{
	const struct scene *s = h->f->scene;
	struct item first = object_item(&h->o, s, offset);
	char name[64];
	int x = byte_x(column), used = 0;
	if (first.start + first.size >= offset + n || (first.size >= 8 && n == 8)) {
		uint8_t all = 0;
		for (uint32_t k = 0; k < n; k++)
			all |= h->marks[offset + k];
		put_pair(h, x, y, all);
		straddle_words(h, offset, &first, name, sizeof name);
		grid_put(h->f->grid, h->r, x + 3, y, S_LABEL, name);
		if (view_watched(h->f, h->o.addr + offset, n))
			grid_glyph(h->f->grid, h->r, x + 2, y, S_TITLE, G_WATCHED);
		return;
	}
	for (uint32_t k = 0; k < n; k++)
		if (put_pair(h, x + (int)k * 2, y, h->marks[offset + k])) {
			used = (int)k * 2 + 2;
		} else if (view_watched(h->f, h->o.addr + offset + k, 1)) {
			grid_glyph(h->f->grid, h->r, x + (int)k * 2, y, S_TITLE, G_WATCHED);
			used = (int)k * 2 + 2;
		}
	snprintf(name, sizeof name, "%s", first.name);
	if (h->o.kind == OBJECT_BUCKET) /* the field, not its first part */
		name[strcspn(name, "[")] = 0;
	if (used < 9 && text_width(name) <= 8)
		grid_put(h->f->grid, h->r, x + 9, y, S_LABEL, name);
}

static void draw_names_row(const struct sheet *h, int y, uint64_t lo)
{
	const struct object_view *o = &h->o;
	bool other = false; /* its name stands there already */
	for (uint32_t i = 0; i < h->row; i += 8) {
		uint64_t at = lo + i, offset = at - o->addr;
		bool inside = at >= o->addr && offset < o->size;
		if (inside)
			draw_word_names(h, y, i, (uint32_t)offset, o->size - offset < 8 ? (uint32_t)(o->size - offset) : 8);
		else if (!other)
			grid_put(h->f->grid, h->r, byte_x(i), y, S_DEAD, at >= o->lo && at < o->hi ? _("another bucket") : _("other object"));
		other = !inside;
	}
}

static int sheet_row(const struct sheet *h, uint32_t offset)
{
	uint64_t at = h->o.addr + offset - line_start(h->o.addr, h->o.line);
	return (int)(at / h->o.line) * h->each + 1 + 2 * (int)(at % h->o.line / h->row);
}

/* All rows, or those around the cursor; returns the row of the screen after the last. */
static int draw_sheet(const struct sheet *h)
{
	uint64_t base = line_start(h->o.addr, h->o.line);
	int all = h->lines * h->each, top = 0, y = 0;
	if (all > h->r.h) {
		top = sheet_row(h, h->byte) - h->r.h / 2;
		top = top < 0 ? 0 : top > all - h->r.h ? all - h->r.h : top;
	}
	for (; y < h->r.h && top + y < all; y++) {
		int line = (top + y) / h->each, k = (top + y) % h->each;
		uint64_t lo = base + (uint64_t)line * h->o.line;
		if (k == 0)
			draw_separator(h, y, line, lo);
		else if (k % 2)
			draw_hex_row(h, y, lo + (uint64_t)(k / 2) * h->row);
		else
			draw_names_row(h, y, lo + (uint64_t)(k / 2 - 1) * h->row);
	}
	return y;
}

/* ---- what the byte says ---- */

static void draw_says(const struct sheet *h, struct rect r)
{
	const struct scene *s = h->f->scene;
	char title[96], words[512], name[96];
	struct item i = object_item(&h->o, s, h->byte);
	snprintf(title, sizeof title, _("byte %010" PRIx64 " = +%03u"), h->o.addr + h->byte, h->byte);
	views_rule(h->f, r, 0, false, title, NULL);
	if (i.size > 1)
		snprintf(name, sizeof name, _("%s, byte %u of %u: %02x"), i.name, h->byte - i.start, i.size, h->o.bytes[h->byte]);
	else
		snprintf(name, sizeof name, "%s: %02x", i.name, h->o.bytes[h->byte]);
	object_byte_words(&h->o, s, h->byte, words, sizeof words);
	if (r.h < 4) { /* one line for both */
		char both[640];
		snprintf(both, sizeof both, "%s. %s", name, words);
		views_words(h->f, r, 1, r.h - 1, S_TEXT, both);
		return;
	}
	grid_put(h->f->grid, r, 1, 1, i.style, name);
	views_words(h->f, r, 2, r.h - 2, S_TEXT, words);
}

static void draw_key(const struct sheet *h, struct rect r)
{
	static const struct { const char *name; style style; } tints[] = { { N_("tophash"), S_TOP }, { N_("key"), S_KEY }, { N_("elem"), S_ELEM },
		{ N_("pointer"), S_PTR }, { N_("padding"), S_PAD } };
	if (r.h < 2)
		return;
	views_rule(h->f, r, 0, false, _("legend"), NULL);
	int x = 1;
	for (size_t i = 0; i < sizeof tints / sizeof tints[0]; i++)
		x = grid_put(h->f->grid, r, x, 1, tints[i].style, _(tints[i].name)) + 2;
	views_words(h->f, r, 2, r.h - 2, S_LABEL, _("Under each word: r w read, written in this operation; R W in this step. ◄ the cursor; >> << the field crosses a cache line; -- is not this object."));
}

/* ---- the view ---- */

static void sheet_make(struct sheet *h, struct replay *r, const struct frame *f, struct rect area, enum object_kind kind)
{
	const struct scene *s = f->scene;
	memset(h, 0, sizeof *h);
	h->f = f;
	h->r = area;
	h->row = row_bytes(area.w, r->caches.line);
	object_make(&h->o, s, kind);
	h->o.line = r->caches.line;
	if (!h->o.ok)
		return;
	scene_marks(s, h->o.addr, h->o.size, h->marks);
	h->lines = (int)line_count(h->o.addr, h->o.size, h->o.line);
	h->each = 1 + 2 * (int)(h->o.line / h->row);
	h->byte = cursor_byte(&r->views, &h->o, s);
}

int sheet_draw(struct replay *r, const struct frame *f, struct rect area, enum object_kind kind, uint32_t cursor)
{
	struct sheet h;
	char title[160];
	sheet_make(&h, r, f, area, kind);
	int rows = h.o.ok ? 1 + h.lines * h.each : 0;
	if (!rows || rows > area.h)
		return rows;
	h.byte = cursor;
	h.r = (struct rect){ area.x, area.y + 1, area.w, area.h - 1 };
	snprintf(title, sizeof title, kind == OBJECT_EXTRA ? _("mapextra, %u bytes") : _("hmap, %u bytes"), h.o.size);
	views_rule(f, area, 0, false, title, area.w >= 90 ? _("r w in this operation, R W in this step") : NULL);
	draw_sheet(&h);
	return rows;
}

/* Which questions are asked of the trace, so that work can go on between frames. */
static void ask(struct replay *r, const struct sheet *h, int time_columns)
{
	struct views *v = &r->views;
	uint64_t at = h->o.addr + h->byte;
	if (r->playing) /* the answer would be stale at once */
		return;
	history_ask(&v->history, r->source, at, replay_step(r));
	v->who_number = false;
	if (time_columns > 0)
		line_history_ask(&v->line, r->source, line_start(at, h->o.line), h->o.line, (size_t)time_columns);
}

/* The column at the left: where the object lies, hex, what the byte says; a legend where rows are left. */
static void draw_left(struct sheet *h, struct rect r, int says, bool focus)
{
	char title[160], words[320], place[128];
	object_title(&h->o, h->f->scene, title, sizeof title);
	if (!h->o.ok) {
		views_rule(h->f, r, 0, focus, title, NULL);
		views_words(h->f, r, 1, r.h - 1, S_DEAD, h->o.kind == OBJECT_BUCKET ? _("there is no bucket here to look at") : h->o.kind == OBJECT_EXTRA ?
			_("this map needs no mapextra, or not yet") : _("there is no hmap here: nil, or not made yet"));
		return;
	}
	snprintf(words, sizeof words, _("%s, %010" PRIx64 ", %u bytes"), title, h->o.addr, h->o.size);
	snprintf(place, sizeof place, r.w >= 70 ? _("Tab: hmap, mapextra") : "");
	views_rule(h->f, r, 0, focus, words, place);
	int want = (int)line_count(h->o.line - 8, h->f->scene->type.bucketsize, h->o.line) * h->each, room = r.h - 1 - says;
	int words_rows = room - want >= 2 ? 2 : 0;
	if (words_rows) {
		object_words(&h->o, h->f->scene, words, sizeof words);
		views_words(h->f, r, 1, words_rows, S_LABEL, words);
	}
	h->r = (struct rect){ r.x, r.y + 1 + words_rows, r.w, room - words_rows };
	int end = draw_sheet(h);
	int left = h->r.h - end, key = left > 4 ? 4 : left;
	if (left >= 3)
		draw_key(h, (struct rect){ r.x, h->r.y + end, r.w, key });
	if (left - key > TABLE_ROWS && r.w >= 120 && h->o.kind == OBJECT_BUCKET)
		view_tables(h->f, (struct rect){ r.x, h->r.y + end + key + 1, r.w, TABLE_ROWS });
	if (says)
		draw_says(h, (struct rect){ r.x, r.y + r.h - says, r.w, says });
}

/* The part that a byte belongs to, named as in "new 3.0:2 key". */
static void watch_byte(struct watch *w, const struct object_view *o, const struct scene *s, uint32_t byte)
{
	struct item i = object_item(o, s, byte);
	struct place p = scene_place(s, o->addr + byte);
	char words[128];
	watch_range(w, o->addr + i.start, i.size, NULL);
	place_phrase(s, &p, words, sizeof words);
	snprintf(w->name, sizeof w->name, "%.*s", (int)sizeof w->name - 1, words);
}

void byte_watch(const struct replay *r, const struct scene *s, struct watch *ret)
{
	struct object_view o;
	object_make(&o, s, OBJECT_BUCKET);
	watch_byte(ret, &o, s, byte_in_focus(&r->views, s));
}

void bytes_draw(struct replay *r, const struct frame *f, struct rect body)
{
	struct sheet h;
	int left = LABEL + (int)row_bytes(body.w, r->caches.line) / 8 * WORD + 1, side = body.w - left;
	int time = body.h >= 30 ? TIME_ROWS : 0;
	sheet_make(&h, r, f, body, r->views.object);
	if (h.o.ok) {
		ask(r, &h, time ? body.w - 8 : 0);
		watch_byte(&r->moves.cursor, &h.o, f->scene, h.byte);
	}
	if (side < SIDE_LEAST) {
		left = body.w;
		side = 0;
	}
	struct rect main = { body.x, body.y, left, body.h - time }, right = { left + 1, body.y, side - 1, body.h - time };
	if (!side && r->views.who_focus && h.o.ok) {
		who_draw(f, main);
	} else if (side && left < 60) { /* a narrow screen: all words at the right */
		draw_left(&h, main, 0, !r->views.who_focus);
		int says = right.h >= 14 ? 8 : 5;
		if (h.o.ok) {
			draw_says(&h, (struct rect){ right.x, right.y, right.w, says });
			who_draw(f, (struct rect){ right.x, right.y + says, right.w, right.h - says });
		}
	} else {
		draw_left(&h, main, side ? SAYS_ROWS : 3, !r->views.who_focus);
		if (side && h.o.ok)
			who_draw(f, right);
	}
	if (side)
		views_border(f, (struct rect){ body.x, body.y, body.w, body.h - time }, left);
	if (time && h.o.ok)
		who_line(f, (struct rect){ body.x, body.y + body.h - time, body.w, time });
}

/* ---- keys ---- */

/* From a byte of an object to another of it. */
static uint32_t moved_byte(uint32_t byte, uint32_t size, int64_t row, enum action a, uint64_t n)
{
	int64_t by = a == ACTION_LEFT ? -1 : a == ACTION_RIGHT ? 1 : a == ACTION_UP ? -row : row;
	int64_t at = (int64_t)byte + by * (int64_t)(n < 4096 ? n : 4096);
	return (uint32_t)(at < 0 ? 0 : at >= size ? size - 1 : at);
}

void byte_move(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	struct views *v = &r->views;
	if (!s->focus.ok)
		return;
	v->byte = moved_byte(byte_in_focus(v, s), s->type.bucketsize, LINE_USUAL, a, n);
	v->byte_held = true;
	v->object = OBJECT_BUCKET;
}

void byte_open(struct replay *r)
{
	r->views.object = OBJECT_BUCKET;
	r->views.open = VIEW_BYTES;
}

static void move_cursor(struct replay *r, const struct object_view *o, const struct scene *s, enum action a, uint64_t n)
{
	struct views *v = &r->views;
	v->byte = moved_byte(cursor_byte(v, o, s), o->size, row_bytes(r->w, r->caches.line), a, n);
	v->byte_held = true;
}

static void move_who(struct views *v, uint64_t step, enum action a)
{
	size_t n = history_count(&v->history);
	v->who_row = who_row(v, step);
	if (a == ACTION_UP && v->who_row > 0)
		v->who_row--;
	else if (a == ACTION_DOWN && v->who_row + 1 < n)
		v->who_row++;
}

/* A pointer or a moved slot leads somewhere. */
static void follow(struct replay *r, const struct object_view *o, const struct scene *s)
{
	struct views *v = &r->views;
	uint32_t byte = cursor_byte(v, o, s);
	struct item i = object_item(o, s, byte);
	uint64_t bucket;
	unsigned depth;
	int slot;
	if (o->kind == OBJECT_BUCKET && i.slot >= 0 && moved_to(s, &o->bucket->view, i.slot, &bucket, &depth, &slot)) {
		r->hold = (struct scene_hold){ true, ARRAY_NEW, bucket, depth, slot };
		v->byte = (uint32_t)slot;
		v->byte_held = true;
	} else if (o->kind == OBJECT_BUCKET && i.style == S_PTR && !o->bucket->kept && o->bucket->view.overflow) {
		r->hold = (struct scene_hold){ true, o->bucket->view.array, o->bucket->view.index, o->bucket->view.depth + 1, 0 };
	} else if (o->kind == OBJECT_HMAP && strstr(i.name, "buckets") && array_buckets(&s->hmap, strcmp(i.name, "buckets") ? ARRAY_OLD : ARRAY_NEW)) {
		r->hold = (struct scene_hold){ true, strcmp(i.name, "buckets") ? ARRAY_OLD : ARRAY_NEW, 0, 0, 0 };
		v->object = OBJECT_BUCKET;
		v->byte_held = false;
	} else if (o->kind == OBJECT_HMAP && strcmp(i.name, "extra") == 0 && s->hmap.extra) {
		v->object = OBJECT_EXTRA;
		v->byte_held = false;
	} else {
		replay_message(r, false, "%s", _("this byte leads nowhere; W looks who wrote it"));
	}
}

static void next_object(struct replay *r, const struct scene *s, int by)
{
	struct views *v = &r->views;
	do
		v->object = (enum object_kind)(((int)v->object + by + OBJECTS) % OBJECTS);
	while (v->object == OBJECT_EXTRA && !s->hmap.extra);
	v->byte_held = false;
}

static bool escape(struct views *v)
{
	if (history_busy(&v->history))
		v->history.stopped = true;
	else if (v->who_focus)
		v->who_focus = false;
	else if (v->byte_held)
		v->byte_held = false;
	else
		return false;
	return true;
}

bool bytes_key(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	struct views *v = &r->views;
	struct object_view o;
	object_make(&o, s, v->object);
	switch (a) {
	case ACTION_LEFT: case ACTION_RIGHT: case ACTION_UP: case ACTION_DOWN:
		if (v->who_focus)
			move_who(v, s->step, a);
		else if (o.ok)
			move_cursor(r, &o, s, a, n);
		return true;
	case ACTION_ENTER:
		if (v->who_focus && history_count(&v->history)) {
			size_t row = who_row(v, s->step);
			v->byte = o.ok ? cursor_byte(v, &o, s) : 0;
			v->byte_held = true; /* the byte stays, whatever that step touches */
			if (o.ok && o.kind == OBJECT_BUCKET && !r->hold.held && !s->focus.kept)
				r->hold = (struct scene_hold){ true, s->focus.view.array, s->focus.view.index, s->focus.view.depth, 0 };
			replay_jump(r, history_get(&v->history, row)->step);
		} else if (o.ok) {
			follow(r, &o, s);
		}
		return true;
	case ACTION_PANEL_NEXT: case ACTION_PANEL_BACK: next_object(r, s, a == ACTION_PANEL_NEXT ? 1 : -1); return true;
	case ACTION_ESCAPE: return escape(v);
	default: return false;
	}
}

bool bytes_busy(const struct replay *r)
{
	return history_busy(&r->views.history) || line_history_busy(&r->views.line);
}

bool bytes_work(struct replay *r)
{
	struct views *v = &r->views;
	if (history_busy(&v->history))
		history_work(&v->history);
	else
		line_history_work(&v->line);
	return bytes_busy(r);
}

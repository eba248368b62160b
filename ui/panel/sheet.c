/* An object in memory in hex, by cache line, with a cursor on a byte; see sheet.h.
 *
 * A row of hex has 16, 32 or 64 bytes, so that it never crosses a cache line; under each word stand its name
 * and whether this operation has read or written it.
 */
#include "ui/panel/sheet.h"
#include "ui/scene/explain.h"
#include "ui/scene/sentence.h"
#include "ui/grid/text.h"
#include "trace/go/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = SHEET_LABEL, WORD = SHEET_WORD, SIDE_LEAST = SHEET_SIDE };

uint32_t sheet_row_bytes(int w, uint32_t line)
{
	uint32_t most = w >= LABEL + 8 * WORD + SIDE_LEAST ? 64
		: w >= LABEL + 4 * WORD + SIDE_LEAST       ? 32
							   : 16;
	return most < line ? most : line;
}

static int byte_x(uint32_t i)
{
	return LABEL + (int)(i / 8 * WORD + i % 8 * 2);
}

/* ---- hex ---- */

static style marked(uint8_t mark, style plain)
{
	return mark & MARK_WRITE       ? S_WRITE_NOW
		: mark & MARK_READ     ? S_READ_NOW
		: mark & MARK_WRITE_OP ? plain | STYLE_BOLD
		: mark & MARK_READ_OP  ? plain | STYLE_UNDERLINE
				       : plain;
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
			snprintf(words, sizeof words, 2 * h->row == h->o.line ? " %u/%u " : " %u/%u.. ", i,
				i + h->row);
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
			hits_add_area(h->f->hits, h->r, byte_x(i), y, 16, 2,
				(struct hit){
					.kind = HIT_OWN_BYTE, .a = lo + i - o->addr, .cell = 2, .each = 1 });
	for (uint32_t i = 0; i < h->row; i++) {
		uint64_t at = lo + i, offset = at - o->addr;
		if (at < o->addr || offset >= o->size) {
			grid_put(g, h->r, byte_x(i), y, S_DEAD, "--");
			continue;
		}
		struct item item = object_item(o, h->f->scene, (uint32_t)offset);
		grid_printf(g, h->r, byte_x(i), y, marked(h->marks[offset], item.style), "%02x",
			o->bytes[offset]);
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
	char text[3] = { mark & MARK_READ     ? 'R'
			: mark & MARK_READ_OP ? 'r'
					      : ' ',
		mark & MARK_WRITE              ? 'W'
			: mark & MARK_WRITE_OP ? 'w'
					       : ' ',
		0 };
	if (mark)
		grid_put(h->f->grid, h->r, x, y, marked(mark & (MARK_READ | MARK_WRITE), S_TITLE), text);
	return mark != 0;
}

/* Does the field go on over the end of the cache line, or come from the one before? */
static void straddle_words(
	const struct sheet *h, uint32_t offset, const struct item *i, char *out, size_t cap)
{
	uint64_t addr = h->o.addr + offset, lo = line_start(addr, h->o.line), field = h->o.addr + i->field;
	bool first = addr == lo, last = addr + 8 == lo + h->o.line;
	snprintf(out, cap, "%s%s%s", first && field < lo ? "<< " : "", i->name,
		last && field + i->field_size > lo + h->o.line ? " >>" : "");
}

/* Under the 8 bytes from offset on, as many as the object has: one name when they are of one part, else a
 * pair a byte, and the name of the field where blanks are left. */
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
		panel_put_mark(h->f, h->r, x + 2, y, h->o.addr + offset, n);
		return;
	}
	for (uint32_t k = 0; k < n; k++)
		if (put_pair(h, x + (int)k * 2, y, h->marks[offset + k])) {
			used = (int)k * 2 + 2;
		} else if (panel_put_mark(h->f, h->r, x + (int)k * 2, y, h->o.addr + offset + k, 1)) {
			used = (int)k * 2 + 2;
		}
	snprintf(name, sizeof name, "%s", first.name);
	if (h->o.number == OBJECT_GROUP) /* the field, not its first part */
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
			draw_word_names(h, y, i, (uint32_t)offset,
				o->size - offset < 8 ? (uint32_t)(o->size - offset) : 8);
		else if (!other)
			grid_put(h->f->grid, h->r, byte_x(i), y, S_DEAD,
				at >= o->lo && at < o->hi ? _(kind_words(h->f->scene)->other)
							  : _("other object"));
		other = !inside;
	}
}

static int sheet_row(const struct sheet *h, uint32_t offset)
{
	uint64_t at = h->o.addr + offset - line_start(h->o.addr, h->o.line);
	return (int)(at / h->o.line) * h->each + 1 + 2 * (int)(at % h->o.line / h->row);
}

/* All rows, or those around the cursor; returns the row of the screen after the last. */
int sheet_draw(const struct sheet *h)
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

/* ---- the whole ---- */

void sheet_make(struct sheet *h, const struct frame *f, struct rect area, unsigned object)
{
	const struct scene *s = f->scene;
	memset(h, 0, sizeof *h);
	h->f = f;
	h->r = area;
	h->row = sheet_row_bytes(area.w, f->state->caches.line);
	object_make(&h->o, s, object);
	h->o.line = f->state->caches.line;
	if (!h->o.ok)
		return;
	scene_marks(s, h->o.addr, h->o.size, h->marks);
	h->lines = (int)line_count(h->o.addr, h->o.size, h->o.line);
	h->each = 1 + 2 * (int)(h->o.line / h->row);
	h->byte = panel_byte_at(f->state, h->o.number, h->o.addr, h->o.size, s);
}

int panel_sheet(const struct frame *f, struct rect area, unsigned object, uint32_t cursor)
{
	struct sheet h;
	char title[160];
	sheet_make(&h, f, area, object);
	int rows = h.o.ok ? 1 + h.lines * h.each : 0;
	if (!rows || rows > area.h)
		return rows;
	h.byte = cursor;
	h.r = (struct rect){ area.x, area.y + 1, area.w, area.h - 1 };
	snprintf(title, sizeof title, _("%s, %u bytes"), h.o.name, h.o.size);
	panel_rule(
		f, area, 0, false, title, area.w >= 90 ? _("r w in this operation, R W in this step") : NULL);
	sheet_draw(&h);
	return rows;
}

void sheet_watch(struct watch *w, const struct object_view *o, const struct scene *s, uint32_t byte)
{
	struct item i = object_item(o, s, byte);
	struct place p = scene_place(s, o->addr + byte);
	char words[128];
	watch_range(w, o->addr + i.start, i.size, NULL);
	place_phrase(s, &p, words, sizeof words);
	snprintf(w->name, sizeof w->name, "%.*s", (int)sizeof w->name - 1, words);
}

uint32_t sheet_byte_moved(uint32_t byte, uint32_t size, int64_t row, enum action a, uint64_t n)
{
	int64_t by = a == ACTION_LEFT ? -1 : a == ACTION_RIGHT ? 1 : a == ACTION_UP ? -row : row;
	int64_t at = (int64_t)byte + by * (int64_t)(n < 4096 ? n : 4096);
	return (uint32_t)(at < 0 ? 0 : at >= size ? size - 1 : at);
}

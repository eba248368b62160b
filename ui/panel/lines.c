/* The bytes of groups in rows of one cache line: a cell a byte, or in hex where the screen is wide enough.
 */
#include "ui/panel/panel.h"
#include "ui/scene/explain.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 64, LABEL = 16 };

static enum location_part part_at(const struct scene_group *b, uint32_t offset, int *slot)
{
	*slot = b->at[offset].slot;
	return (enum location_part)b->at[offset].part;
}

/* The names of the fields that have bytes in the line at lo, for its label. */
void panel_line_label(
	const struct scene *s, const struct scene_group *b, uint64_t lo, uint32_t n, char *out, size_t cap)
{
	unsigned present = 0, first = LOCATION_PARTS, last = 0;
	int slot;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = lo + i;
		if (at < b->view.addr || at - b->view.addr >= b->view.size)
			continue;
		unsigned p = part_at(b, (uint32_t)(at - b->view.addr), &slot);
		present |= 1u << p;
		first = p < first ? p : first;
		last = p > last ? p : last;
	}
	if (!present)
		out[0] = 0;
	else if (first == last)
		snprintf(out, cap, "%s", part_text(s, first)->name);
	else
		snprintf(out, cap, "%s %s", part_text(s, first)->brief,
			first == AT_CONTROL && last == AT_NEXT ? ".." : part_text(s, last)->brief);
}

static style marked_style(uint8_t mark, style plain)
{
	if (mark & MARK_WRITE)
		return S_WRITE_NOW;
	if (mark & MARK_READ)
		return S_READ_NOW;
	if (mark & MARK_WRITE_OP)
		return plain | STYLE_BOLD;
	return mark & MARK_READ_OP ? plain | STYLE_UNDERLINE : plain;
}

static void map_cell(const struct frame *f, struct rect r, int x, int y, const struct scene_group *b,
	uint32_t offset, uint8_t mark)
{
	int slot;
	enum location_part p = part_at(b, offset, &slot);
	style st = marked_style(mark, part_style(p));
	char text[2] = { mark_letter(mark), 0 };
	if (text[0]) {
		grid_put(f->grid, r, x, y, st, text);
	} else if (panel_mark(f, b->view.addr + offset, 1) != GLYPHS) {
		grid_glyph(f->grid, r, x, y, st, panel_mark(f, b->view.addr + offset, 1));
	} else if (p == AT_NEXT) {
		grid_put(f->grid, r, x, y, st, b->view.next ? "o" : "·");
	} else if (slot >= 0 && b->full >> slot & 1) {
		text[0] = (char)('0' + slot % 10);
		grid_put(f->grid, r, x, y, st, text);
	} else {
		grid_put(f->grid, r, x, y, S_DEAD, "·");
	}
}

/* Where its user put it, else on what this step touches. */
uint32_t panel_byte_at(
	const struct state *st, unsigned object, uint64_t addr, uint32_t size, const struct scene *s)
{
	const struct event *e = &s->event;
	if (st->cursor.held && st->cursor.object == object)
		return st->cursor.byte < size ? st->cursor.byte : 0;
	if (e->kind < EV_COUNT && e->addr >= addr && e->addr - addr < size && e->size)
		return (uint32_t)(e->addr - addr);
	return object == OBJECT_GROUP && s->slot > 0 ? (uint32_t)s->slot : 0;
}

uint32_t panel_byte_in_focus(const struct state *st, const struct scene *s)
{
	return panel_byte_at(st, OBJECT_GROUP, s->focus.view.addr, s->focus.view.size, s);
}

/* Where the cursor is in a group while its bytes have the focus; -1: not here. */
static int byte_cursor(const struct frame *f, const struct scene_group *b)
{
	enum panel p = f->state->panel;
	if ((p != PANEL_LINES && p != PANEL_HEX) || b->view.addr != f->scene->focus.view.addr ||
		f->state->view != VIEW_DEFAULT)
		return -1;
	return (int)panel_byte_in_focus(f->state, f->scene);
}

/* n bytes from lo on, each w columns wide: those of them that are the group's. */
static void byte_hits(const struct frame *f, struct rect r, int x, int y, int w, int n,
	const struct scene_group *b, uint64_t lo)
{
	uint64_t from = lo > b->view.addr ? lo : b->view.addr, to = b->view.addr + b->view.size;
	if (to > lo + (uint64_t)n)
		to = lo + (uint64_t)n;
	if (!b->kept && from < to)
		hits_add(f->hits, r, x + (int)(from - lo) * w, y, (int)(to - from) * w,
			(struct hit){ .kind = HIT_BYTE,
				.a = from - b->view.addr,
				.each = 1,
				.cell = w,
				.index = b->view.index,
				.array = b->view.array,
				.depth = b->view.depth });
}

void panel_line_cells(const struct frame *f, struct rect r, int x, int y, const struct scene_group *b,
	uint64_t lo, uint32_t n, const uint8_t *marks)
{
	const struct scene *s = f->scene;
	uint64_t block_lo, block_hi;
	group_block(s, b, &block_lo, &block_hi);
	int cursor = byte_cursor(f, b);
	byte_hits(f, r, x, y, 1, (int)n, b, lo);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = lo + i, offset = at - b->view.addr;
		if (at >= b->view.addr && offset < b->view.size) {
			map_cell(f, r, x + (int)i, y, b, (uint32_t)offset, marks[offset]);
			if (cursor == (int)offset)
				grid_attribute(f->grid, r, x + (int)i, y, 1, STYLE_REVERSE);
		} else if (at >= block_lo && at < block_hi)
			grid_put(f->grid, r, x + (int)i, y, S_DEAD, "-");
	}
}

static void draw_line(const struct frame *f, struct rect r, int y, const struct scene_group *b, uint64_t lo,
	const uint8_t *marks)
{
	char addr[24], label[32];
	short_address(lo, 4, addr, sizeof addr);
	panel_line_label(f->scene, b, lo, LINE, label, sizeof label);
	grid_printf(f->grid, r, 0, y, S_LABEL, "%s %s", addr, label);
	panel_line_cells(f, r, LABEL, y, b, lo, LINE, marks);
}

/* Which of the lines of a group to begin with when not all fit: that of the bytes touched now, else of the
 * slot. */
static int first_line(const struct scene *s, const struct scene_group *b, int lines, int rows,
	const uint8_t *marks, int slot)
{
	uint64_t base = b->view.addr / LINE * LINE;
	int line = slot > 0 ? (int)((group_key_at(s, &b->view, slot) - base) / LINE) : 0;
	for (uint32_t i = b->view.size; i > 0; i--)
		if (marks[i - 1] & (MARK_READ | MARK_WRITE))
			line = (int)((b->view.addr + i - 1 - base) / LINE);
	if (lines <= rows)
		return 0;
	line -= rows / 2;
	return line < 0 ? 0 : line > lines - rows ? lines - rows : line;
}

static int group_lines(const struct scene_group *b)
{
	return (int)((b->view.addr % LINE + b->view.size + LINE - 1) / LINE);
}

static void group_words(
	const struct scene *s, const struct scene_group *b, const char *role, char *out, size_t cap)
{
	char label[48], addr[24];
	if (b->kept)
		snprintf(label, sizeof label, "%s", _(kind_words(s)->dropped));
	else
		group_label(s, &b->view, true, label, sizeof label);
	short_address(b->view.addr, 4, addr, sizeof addr);
	snprintf(out, cap, _("%s%s%s, %u bytes from %s (%u mod 64)"), label, role[0] ? ", " : "", role,
		b->view.size, addr, (unsigned)(b->view.addr % LINE));
}

/* A group's lines in the rows from y on, at most rows of them. */
static void draw_map(
	const struct frame *f, struct rect r, int y, int rows, const struct scene_group *b, int slot)
{
	const struct scene *s = f->scene;
	uint8_t marks[GROUP_MAX];
	scene_marks(s, b->view.addr, b->view.size, marks);
	int lines = group_lines(b), first = first_line(s, b, lines, rows, marks, slot);
	for (int i = 0; i < rows && first + i < lines; i++)
		draw_line(f, r, y + i, b, b->view.addr / LINE * LINE + (uint64_t)(first + i) * LINE, marks);
}

static void lines_rule(const struct frame *f, struct rect r)
{
	panel_head(f, r, 0, PANEL_LINES, _("line"), NULL);
	grid_printf(f->grid, r, 8, 0, S_LABEL, " %s ", _("bytes"));
	for (int i = 0; i < LINE; i += 8)
		grid_printf(f->grid, r, LABEL + i, 0, S_LABEL, "%d", i);
}

static void draw_hex(const struct frame *f, struct rect r, int y, int lines, const struct scene_group *b);

/* The i-th group whose bytes are worth a look: that in focus, those of the tables, then the array's next
 * ones.  false: no more. */
static bool nth_group(const struct scene *s, int n, struct scene_group *ret)
{
	uint64_t all = scene_groups(s, s->focus.view.array);
	if (n == 0) {
		*ret = s->focus;
		return true;
	}
	for (int i = 0; i < SCENE_BUCKETS; i++)
		if (s->table[i].ok && s->table[i].view.addr != s->focus.view.addr && --n == 0) {
			*ret = s->table[i];
			return true;
		}
	if (s->focus.kept)
		return false;
	for (uint64_t k = 1; k < all; k++) { /* what the tables show already is not shown again */
		bool seen = false;
		group_at(s, s->focus.view.array, s->focus.view.index + k, 0, ret);
		for (int i = 0; i < SCENE_BUCKETS; i++)
			seen = seen || (s->table[i].ok && s->table[i].view.addr == ret->view.addr);
		if (ret->ok && !seen && ret->view.addr != s->focus.view.addr && --n == 0)
			return true;
		if (k > 64)
			break;
	}
	return false;
}

/* A panel alone: as many groups as there are rows for. */
static void many_groups(const struct frame *f, struct rect r, bool hex)
{
	const struct scene *s = f->scene;
	struct scene_group b;
	char words[128];
	int y = 1;
	for (int n = 0; y + 1 < r.h && nth_group(s, n, &b); n++) {
		int lines = group_lines(&b), rows = hex ? (r.h - y - 1) / 2 : r.h - y - 1;
		if (rows < 1)
			break;
		group_words(s, &b, group_role(s, &b, true), words, sizeof words);
		grid_put(f->grid, r, 1, y++, S_LABEL, words);
		if (hex)
			draw_hex(f, r, y, rows, &b);
		else
			draw_map(f, r, y, rows, &b, b.view.addr == s->focus.view.addr ? s->slot : -1);
		y += (lines < rows ? lines : rows) * (hex ? 2 : 1);
	}
}

/* Is the step about the bytes of the group beside that in focus? */
static bool touches_other(const struct scene *s)
{
	if (s->lines < 0 || s->held || s->event.kind >= EV_COUNT ||
		(s->event.kind != EV_WRITE && event_info[s->event.kind].role != EVENT_read))
		return false;
	const struct map_group *b = &s->table[s->lines].view;
	return s->table[s->lines].ok && s->event.addr >= b->addr && s->event.addr - b->addr < b->size;
}

void panel_lines(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char words[128];
	lines_rule(f, r);
	if (!s->focus.ok) {
		grid_put(f->grid, r, 1, 1, S_DEAD, _(kind_words(s)->none_here));
		return;
	}
	int each = layout_lines(s->group_size), rows = r.h - 1;
	if (rows > 2 * (1 + each) + 1) { /* more than two */
		many_groups(f, r, false);
		return;
	}
	if (rows < 6 || r.h <= 1 + each) { /* one group */
		bool other = touches_other(s);
		const struct scene_group *b = other ? &s->table[s->lines] : &s->focus;
		if (other) {
			group_label(s, &b->view, true, words, sizeof words);
			grid_printf(f->grid, r, r.w - text_width(words) - 3, 0, S_TITLE, " %s ", words);
		}
		draw_map(f, r, 1, rows, b, other ? s->table_slot[s->lines] : s->slot);
		return;
	}
	group_words(s, &s->focus, group_role(s, &s->focus, false), words, sizeof words);
	grid_put(f->grid, r, 1, 1, S_LABEL, words);
	int half = rows / 2 - 1 < each ? rows / 2 - 1 : each;
	bool two = s->lines >= 0 && half >= 2;
	draw_map(f, r, 2, two ? half : rows - 1, &s->focus, s->slot);
	if (!two)
		return;
	const struct scene_group *other = &s->table[s->lines];
	group_words(s, other, group_role(s, other, false), words, sizeof words);
	grid_put(f->grid, r, 1, 2 + half, S_LABEL, words);
	draw_map(f, r, 3 + half, rows - half - 2, other, s->table_slot[s->lines]);
}

/* ---- hex: two rows a line, bytes and what they are ---- */

static int hex_x(uint32_t i)
{
	return LABEL + (int)(2 * i + i / 8);
}

/* The pair of letters under a byte: left read, right written. */
static void pair(uint8_t mark, char out[3])
{
	out[0] = mark & MARK_READ ? 'R' : mark & MARK_READ_OP ? 'r' : ' ';
	out[1] = mark & MARK_WRITE ? 'W' : mark & MARK_WRITE_OP ? 'w' : ' ';
	out[2] = 0;
}

static void word_label(
	const struct scene *s, const struct scene_group *b, uint32_t offset, char *out, size_t cap)
{
	struct map_slot at;
	int slot;
	enum location_part p = part_at(b, offset, &slot);
	if (slot < 0) {
		snprintf(out, cap, "%s", p == AT_NEXT ? _(kind_words(s)->next) : "");
		return;
	}
	s->view.kind->slot(&s->view, &b->view, (unsigned)slot, &at);
	const struct map_value *v = p == AT_KEY ? &at.key : &at.elem;
	uint32_t inside = (uint32_t)((b->view.addr + offset - v->addr) % (v->size ? v->size : 1));
	const char *what = "";
	if (v->indirect || (v->type->kind == GO_STRING && inside == 0))
		what = _(" ptr");
	else if (v->type->kind == GO_STRING)
		what = _(" len");
	else if (v->type->kind == GO_ANY)
		what = inside == 0 ? _(" type") : _(" data");
	if (inside && !what[0])
		snprintf(out, cap, "%s %d +%u", p == AT_KEY ? _("key") : _("elem"), slot, inside);
	else
		snprintf(out, cap, "%s %d%s", p == AT_KEY ? _("key") : _("elem"), slot, what);
}

/* Under the 8 bytes from offset on: a pair and a name when they are of one field, else a pair for each byte.
 */
static void word_below(const struct frame *f, struct rect r, int y, const struct scene_group *b, uint32_t i,
	uint32_t offset, const uint8_t *marks)
{
	const struct scene *s = f->scene;
	int slot, slot_end;
	enum location_part p = part_at(b, offset, &slot);
	bool one = offset + 7 < b->view.size && part_at(b, offset + 7, &slot_end) == p && slot == slot_end;
	char text[32], letters[3];
	if (one) {
		uint8_t all = 0;
		for (int k = 0; k < 8; k++)
			all |= marks[offset + (uint32_t)k];
		pair(all, letters);
		word_label(s, b, offset, text, sizeof text);
		grid_put(f->grid, r, hex_x(i), y, marked_style(all & (MARK_READ | MARK_WRITE), S_TITLE),
			letters);
		grid_put(f->grid, r, hex_x(i) + 3, y, S_LABEL, text);
		panel_put_mark(f, r, hex_x(i) + 2, y, b->view.addr + offset, 8);
		return;
	}
	for (uint32_t k = 0; k < 8 && offset + k < b->view.size; k++) {
		pair(marks[offset + k], letters);
		grid_put(f->grid, r, hex_x(i + k), y,
			marked_style(marks[offset + k] & (MARK_READ | MARK_WRITE), S_TITLE), letters);
		if (!marks[offset + k])
			panel_put_mark(f, r, hex_x(i + k), y, b->view.addr + offset + k, 1);
	}
}

/* A value that goes on in the next line, or comes from the one before. */
static void straddle(const struct frame *f, struct rect r, int y, const struct scene_group *b, uint64_t lo)
{
	int before, after;
	for (int edge = 0; edge < 2; edge++) {
		uint64_t at = lo + (edge ? LINE : 0);
		if (at <= b->view.addr || at - b->view.addr >= b->view.size)
			continue;
		uint32_t offset = (uint32_t)(at - b->view.addr);
		enum location_part p = part_at(b, offset - 1, &before);
		if (part_at(b, offset, &after) != p || before != after)
			continue;
		if (edge)
			grid_put(f->grid, r, hex_x(LINE - 8) + 14, y, S_TITLE, ">>");
		else
			grid_put(f->grid, r, LABEL - 3, y, S_TITLE, "<<");
	}
}

static void draw_hex_line(const struct frame *f, struct rect r, int y, const struct scene_group *b,
	uint64_t lo, const uint8_t *marks)
{
	const struct scene *s = f->scene;
	uint64_t block_lo, block_hi;
	group_block(s, b, &block_lo, &block_hi);
	char addr[24], label[32];
	int slot, cursor = byte_cursor(f, b);
	short_address(lo, 6, addr, sizeof addr);
	grid_put(f->grid, r, 0, y, S_LABEL, addr);
	panel_line_label(s, b, lo, LINE, label, sizeof label);
	grid_put(f->grid, r, 2, y + 1, S_LABEL, label);
	for (uint32_t i = 0; i < LINE; i += 8)
		byte_hits(f, r, hex_x(i), y, 2, 8, b, lo + i);
	for (uint32_t i = 0; i < LINE; i++) {
		uint64_t at = lo + i, offset = at - b->view.addr;
		if (at >= b->view.addr && offset < b->view.size) {
			style st = part_style(part_at(b, (uint32_t)offset, &slot));
			grid_printf(f->grid, r, hex_x(i), y, marked_style(marks[offset], st), "%02x",
				b->bytes[offset]);
			if (b->compare && b->bytes[offset] != b->was[offset])
				grid_attribute(f->grid, r, hex_x(i), y, 2, STYLE_BOLD);
			if (cursor == (int)offset)
				grid_attribute(f->grid, r, hex_x(i), y, 2, STYLE_REVERSE);
			if (i % 8 == 0)
				word_below(f, r, y + 1, b, i, (uint32_t)offset, marks);
		} else if (at >= block_lo && at < block_hi) {
			grid_put(f->grid, r, hex_x(i), y, S_DEAD, "--");
		}
	}
	straddle(f, r, y + 1, b, lo);
}

static void draw_hex(const struct frame *f, struct rect r, int y, int lines, const struct scene_group *b)
{
	const struct scene *s = f->scene;
	uint8_t marks[GROUP_MAX];
	scene_marks(s, b->view.addr, b->view.size, marks);
	int n = group_lines(b), first = first_line(s, b, n, lines, marks, -1);
	for (int i = 0; i < lines && first + i < n; i++)
		draw_hex_line(
			f, r, y + 2 * i, b, b->view.addr / LINE * LINE + (uint64_t)(first + i) * LINE, marks);
}

void panel_hex(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char words[128];
	panel_head(f, r, 0, PANEL_HEX, _("bytes"),
		_("a row is a cache line; under it r w: read, written in this operation, R W: in this step"));
	if (!s->focus.ok) {
		grid_put(f->grid, r, 1, 1, S_DEAD, _(kind_words(s)->none_here));
		return;
	}
	int lines = (r.h - 3) / 4;
	if (r.h > 2 * (1 + 2 * layout_lines(s->group_size)) + 3) {
		many_groups(f, r, true);
		return;
	}
	group_words(s, &s->focus, group_role(s, &s->focus, false), words, sizeof words);
	grid_put(f->grid, r, 1, 1, S_LABEL, words);
	draw_hex(f, r, 2, s->lines >= 0 ? lines : 2 * lines, &s->focus);
	if (s->lines < 0)
		return;
	const struct scene_group *other = &s->table[s->lines];
	group_words(s, other, group_role(s, other, false), words, sizeof words);
	grid_put(f->grid, r, 1, 2 + 2 * lines, S_LABEL, words);
	draw_hex(f, r, 3 + 2 * lines, lines, other);
}

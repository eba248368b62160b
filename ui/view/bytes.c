/* The view of bytes: an object in hex by cache line, a cursor on a byte, what the byte says and who wrote it.
 */
#include "ui/panel/sheet.h"
#include "ui/scene/explain.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"
#include "trace/go/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TIME_ROWS = 3, SAYS_ROWS = 4, TABLE_ROWS = 10 };

/* ---- what the byte says ---- */

static void draw_says(const struct sheet *h, struct rect r)
{
	const struct scene *s = h->f->scene;
	char title[96], words[512], name[96];
	struct item i = object_item(&h->o, s, h->byte);
	snprintf(title, sizeof title, _("byte %010" PRIx64 " = +%03u"), h->o.addr + h->byte, h->byte);
	panel_rule(h->f, r, 0, false, title, NULL);
	if (i.size > 1)
		snprintf(name, sizeof name, _("%s, byte %u of %u: %02x"), i.name, h->byte - i.start, i.size,
			h->o.bytes[h->byte]);
	else
		snprintf(name, sizeof name, "%s: %02x", i.name, h->o.bytes[h->byte]);
	object_byte_words(&h->o, s, h->byte, words, sizeof words);
	if (r.h < 4) { /* one line for both */
		char both[640];
		snprintf(both, sizeof both, "%s. %s", name, words);
		panel_words(h->f, r, 1, r.h - 1, S_TEXT, both);
		return;
	}
	grid_put(h->f->grid, r, 1, 1, i.style, name);
	panel_words(h->f, r, 2, r.h - 2, S_TEXT, words);
}

static void draw_key(const struct sheet *h, struct rect r)
{
	const struct {
		const char *name;
		style style;
	} tints[] = { { part_text(h->f->scene, AT_CONTROL)->name, S_TOP }, { N_("key"), S_KEY },
		{ N_("elem"), S_ELEM }, { N_("pointer"), S_PTR }, { N_("padding"), S_PAD } };
	if (r.h < 2)
		return;
	panel_rule(h->f, r, 0, false, _("legend"), NULL);
	int x = 1;
	for (size_t i = 0; i < sizeof tints / sizeof tints[0]; i++)
		x = grid_put(h->f->grid, r, x, 1, tints[i].style, _(tints[i].name)) + 2;
	panel_words(h->f, r, 2, r.h - 2, S_LABEL,
		h->f->layout->w < 100
			? _("r w in this operation, R W in this step; ◄ the cursor; >> << the field goes on in the next line.")
			: _("Under each word: r w read, written in this operation; R W in this step. ◄ the cursor; >> << the field crosses a cache line; -- is not this object."));
}

/* ---- the view ---- */

/* The column at the left: where the object lies, hex, what the byte says; a legend where rows are left. */
static void draw_left(struct sheet *h, struct rect r, int says, bool focus)
{
	char title[160], words[320];
	object_title(&h->o, h->f->scene, title, sizeof title);
	if (!h->o.ok) {
		panel_rule(h->f, r, 0, focus, title, NULL);
		snprintf(words, sizeof words,
			h->o.number == OBJECT_GROUP ? _(kind_words(h->f->scene)->none_here)
				: h->o.number == OBJECT_HEADER
				? _("there is no %s here: nil, or not made yet")
				: _("this map needs no %s, or not yet"),
			h->o.name);
		panel_words(h->f, r, 1, r.h - 1, S_DEAD, words);
		return;
	}
	snprintf(words, sizeof words, _("%s, %010" PRIx64 ", %u bytes"), title, h->o.addr, h->o.size);
	if (text_width(words) > r.w - 4) /* the rows show how many they are */
		snprintf(words, sizeof words, "%s, %010" PRIx64, title, h->o.addr);
	panel_rule(h->f, r, 0, focus, words, r.w >= 70 ? _(kind_words(h->f->scene)->objects) : "");
	int want = (int)line_count(h->o.line - 8,
			   h->f->scene->group_size ? h->f->scene->group_size : h->o.size, h->o.line) *
		h->each,
	    room = r.h - 1 - says;
	int words_rows = room - want >= 2 ? 2 : 0;
	if (words_rows) {
		object_words(&h->o, h->f->scene, words, sizeof words);
		panel_words(h->f, r, 1, words_rows, S_LABEL, words);
	}
	h->r = (struct rect){ r.x, r.y + 1 + words_rows, r.w, room - words_rows };
	int end = sheet_draw(h);
	int left = h->r.h - end, key = left > 4 ? 4 : left;
	if (left >= 3)
		draw_key(h, (struct rect){ r.x, h->r.y + end, r.w, key });
	if (left - key > TABLE_ROWS && r.w >= 120 && h->o.number == OBJECT_GROUP)
		panel_tables(h->f, (struct rect){ r.x, h->r.y + end + key + 1, r.w, TABLE_ROWS });
	if (says)
		draw_says(h, (struct rect){ r.x, r.y + r.h - says, r.w, says });
}

static int time_rows(struct rect body)
{
	return body.h >= 30 ? TIME_ROWS : 0;
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	struct sheet h;
	struct watch w;
	bool who = f->state->cursor.who_focus;
	int left = SHEET_LABEL + (int)sheet_row_bytes(body.w, f->state->caches.line) / 8 * SHEET_WORD + 1,
	    side = body.w - left;
	int time = time_rows(body);
	(void)own;
	sheet_make(&h, f, body, f->state->cursor.object);
	if (h.o.ok)
		sheet_watch(&w, &h.o, f->scene, h.byte);
	if (side < SHEET_SIDE) {
		left = body.w;
		side = 0;
	}
	struct rect main = { body.x, body.y, left, body.h - time },
		    right = { left + 1, body.y, side - 1, body.h - time };
	if (!side && who && h.o.ok) {
		panel_who(f, main, w.name);
	} else if (side && left < 60) { /* a narrow screen: all words at the right */
		draw_left(&h, main, 0, !who);
		int says = right.h >= 14 ? 8 : 5;
		if (h.o.ok) {
			draw_says(&h, (struct rect){ right.x, right.y, right.w, says });
			panel_who(
				f, (struct rect){ right.x, right.y + says, right.w, right.h - says }, w.name);
		}
	} else {
		draw_left(&h, main, side ? SAYS_ROWS : 3, !who);
		if (side && h.o.ok)
			panel_who(f, right, w.name);
	}
	if (side)
		panel_border(f, (struct rect){ body.x, body.y, body.w, body.h - time }, left);
	if (time && h.o.ok)
		panel_who_line(f, (struct rect){ body.x, body.y + body.h - time, body.w, time });
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	struct sheet h;
	(void)own;
	sheet_make(&h, f, body, f->state->cursor.object);
	if (!h.o.ok || f->state->playing) /* while playing the answer would be stale at once */
		return;
	q->history.addr = h.o.addr + h.byte;
	q->history.size = 1;
	if (!time_rows(body))
		return;
	q->line.lo = line_start(q->history.addr, h.o.line);
	q->line.size = h.o.line;
	q->line.columns = body.w - 8;
}

static bool cursor(const struct frame *f, const void *own, struct watch *ret)
{
	struct object_view o;
	(void)own;
	object_make(&o, f->scene, f->state->cursor.object);
	if (o.ok)
		sheet_watch(ret, &o, f->scene, panel_byte_at(f->state, o.number, o.addr, o.size, f->scene));
	return o.ok;
}

/* ---- keys ---- */

static void move_who(struct byte_cursor *c, const struct frame *f, enum action a)
{
	size_t n = history_count(&f->pass->history);
	c->who_row = panel_who_row(f);
	if (a == ACTION_UP && c->who_row > 0)
		c->who_row--;
	else if (a == ACTION_DOWN && c->who_row + 1 < n)
		c->who_row++;
}

/* A pointer in a struct leads to an array, or to another struct. */
static bool follow_pointer(
	struct state *st, const struct object_view *o, const struct scene *s, const struct item *i)
{
	struct map_object made;
	struct map_array a;
	uint64_t to = 0;
	if (o->number == OBJECT_GROUP || i->style != S_PTR || i->size != sizeof to)
		return false;
	memcpy(&to, o->bytes + i->start, sizeof to);
	for (unsigned k = 0; to && s->view.kind->array && s->view.kind->array(&s->view, k, &a); k++)
		if (a.addr == to && a.groups) {
			state_hold(st, k, 0, 0, 0);
			st->cursor.object = OBJECT_GROUP;
			st->cursor.held = false;
			return true;
		}
	for (unsigned k = 0; to && object_nth(s, k, &made); k++)
		if (made.addr == to) {
			st->cursor.object = OBJECT_HEADER + k;
			st->cursor.held = false;
			return true;
		}
	return false;
}

/* A pointer or a moved slot leads somewhere. */
static void follow(struct state *st, const struct object_view *o, const struct scene *s, uint32_t byte)
{
	struct byte_cursor *c = &st->cursor;
	struct item i = object_item(o, s, byte);
	struct hold to;
	if (o->number == OBJECT_GROUP && group_moved(s, &o->group->view, i.slot, &to)) {
		state_hold(st, to.array, to.index, to.depth, to.slot);
		c->byte = (uint32_t)to.slot;
		c->held = true;
	} else if (o->number == OBJECT_GROUP && i.style == S_PTR && !o->group->kept && o->group->view.next) {
		state_hold(st, o->group->view.array, o->group->view.index, o->group->view.depth + 1, 0);
	} else if (!follow_pointer(st, o, s, &i)) {
		state_message(st, false, "%s", _("this byte leads nowhere; W looks who wrote it"));
	}
}

/* Tab passes over structs that the map does not have now; a header is always looked for. */
static void next_object(struct byte_cursor *c, const struct scene *s, int by)
{
	struct map_object made = { 0 };
	unsigned n = OBJECT_HEADER;
	while (object_nth(s, n - OBJECT_HEADER, &made))
		n++;
	do
		c->object = (unsigned)((int)c->object + by + (int)n) % n;
	while (c->object > OBJECT_HEADER && object_nth(s, c->object - OBJECT_HEADER, &made) && !made.addr);
	c->held = false;
}

static bool escape(struct state *st, const struct history *h)
{
	struct byte_cursor *c = &st->cursor;
	if (history_busy(h))
		state_ask(st, REQUEST_STOP, 0);
	else if (c->who_focus)
		c->who_focus = false;
	else if (c->held)
		c->held = false;
	else
		return false;
	return true;
}

static void enter(struct state *st, const struct frame *f, const struct object_view *o, uint32_t byte)
{
	const struct scene *s = f->scene;
	if (st->cursor.who_focus && history_count(&f->pass->history)) {
		st->cursor.byte = o->ok ? byte : 0;
		st->cursor.held = true; /* the byte stays, whatever that step touches */
		if (o->ok && o->number == OBJECT_GROUP && !st->hold.held && !s->focus.kept)
			state_hold(st, s->focus.view.array, s->focus.view.index, s->focus.view.depth, 0);
		state_ask(st, REQUEST_JUMP, history_get(&f->pass->history, panel_who_row(f))->step);
	} else if (o->ok) {
		follow(st, o, s, byte);
	}
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct byte_cursor *c = &st->cursor;
	struct object_view o;
	(void)own;
	object_make(&o, f->scene, c->object);
	uint32_t byte = o.ok ? panel_byte_at(st, o.number, o.addr, o.size, f->scene) : 0;
	switch (a) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN:
		if (c->who_focus) {
			move_who(c, f, a);
		} else if (o.ok) {
			c->byte = sheet_byte_moved(
				byte, o.size, sheet_row_bytes(body.w, st->caches.line), a, n);
			c->held = true;
		}
		return true;
	case ACTION_ENTER: enter(st, f, &o, byte); return true;
	case ACTION_PANEL_NEXT:
	case ACTION_PANEL_BACK: next_object(c, f->scene, a == ACTION_PANEL_NEXT ? 1 : -1); return true;
	case ACTION_ESCAPE: return escape(st, &f->pass->history);
	default: return false;
	}
}

const struct view view_bytes = {
	.passes = NEEDS_HISTORY | NEEDS_LINE, .draw = draw, .ask = ask, .key = key, .cursor = cursor
};
